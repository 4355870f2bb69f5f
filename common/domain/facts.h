#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/vocabulary.h"

namespace escalon {

/// A person outside the roster: who raised a case, or for whom. What names them is sealed under the key of (tenant,
/// subject) before it gets here (DESIGN §11); the domain never opens it.
struct Party {
  std::string subject;         ///< stable opaque id of the person at the tenant; chooses the sealing key
  std::string sealed_name;     ///< sealed bytes
  std::string sealed_contact;  ///< sealed bytes of `mail:…`, `sms:…` or a webhook address
  std::string language;        ///< BCP 47, empty: the tenant's default
  bool vip = false;
  auto operator<=>(const Party&) const = default;
};

/// A title in any script: 200 characters, which are four bytes each at most.
inline constexpr size_t kLongestTitle = 200;
inline constexpr size_t kMostTitleBytes = 4 * kLongestTitle;
/// Characters (Unicode code points) of a text that is UTF-8.
size_t CharactersOf(std::string_view text);
/// So many of them from the front.
std::string_view CutToCharacters(std::string_view text, size_t most);

/// What is known of a case, as its source told it and people corrected it. Immutable once shared between versions of a
/// case.
struct Facts {
  std::string kind;         ///< incident, request, complaint, alert, security, …: chooses the path; data, not an enum
  std::string title;        ///< one line, shown everywhere; bounded as below
  std::string sealed_text;  ///< description, sealed bytes
  std::string service;      ///< the affected service, the ITSM's own name of it
  std::string category;     ///< as given; triage may set another on the case
  std::string region;       ///< of the requester: emea, amer, apac, …
  std::string residency;    ///< where personal data must stay; empty: anywhere
  std::string customer;     ///< customer or department id
  std::string contract;     ///< id of the contract, empty: none
  std::string source;       ///< who submitted: `servicenow`, `alertmanager:prod`, …
  std::string external_ref;  ///< the source's own number, unique per (tenant, source)
  std::string external_url;
  Grade impact = Grade::kUnset;
  Grade urgency = Grade::kUnset;
  Grade risk = Grade::kUnset;
  Grade business_value = Grade::kUnset;
  bool proactive = false;   ///< no requester: a sensor or rule saw it first
  bool restricted = false;  ///< HR, legal, security: need-to-know only
  Party reporter;
  Party requester;
  std::vector<std::string> tags;
  std::vector<std::string> skills;            ///< needed, as far as the source knows
  std::map<std::string, std::string> labels;  ///< free keys of the source
  InstantMs occurred_at = 0;                  ///< when the source says it happened; 0: not said
  auto operator<=>(const Facts&) const = default;
};

}  // namespace escalon
