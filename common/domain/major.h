#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/vocabulary.h"

namespace escalon {

// The major escalation record of a case (DESIGN §6): its people, its plan, what the customer has said. Plain data; UTC
// ms.

/// Of a plan's actions: who does what by when.
struct PlanAction {
  std::string what;
  std::string owner;     ///< person id, or a name in words where it is the customer's or a provider's
  InstantMs due_at = 0;  ///< 0: with the plan
  auto operator<=>(const PlanAction&) const = default;
};

struct MajorMember {
  MajorPart part = MajorPart::kExpert;
  std::string person;
  InstantMs acknowledged_at = 0;  ///< 0: asked, without a word yet
  auto operator<=>(const MajorMember&) const = default;
};

/// Somebody at the customer or a provider.
struct MajorContact {
  MajorPart part = MajorPart::kCustomer;
  std::string person;  ///< id, under whose key the address is sealed
  std::string channel, language;
  std::string sealed_contact;
  auto operator<=>(const MajorContact&) const = default;
};

/// An incident, problem or request here or in another system.
struct MajorReference {
  MajorPart part = MajorPart::kIncident;
  std::string reference;
  std::string owner;  ///< empty: not said
  auto operator<=>(const MajorReference&) const = default;
};

/// One revision of the plan with the customer, beside the technical plans of the records that are linked.
struct MajorPlan {
  uint32_t revision = 0;
  std::string sealed_text;
  std::string resources;  ///< extra people and means, in words
  std::vector<PlanAction> actions;
  bool agreed = false;  ///< by the customer
  std::string by;
  InstantMs at = 0;
  auto operator<=>(const MajorPlan&) const = default;
};

struct MajorRecord {
  std::string id;
  std::string because;    ///< the condition that held, or a person's reason
  std::string opened_by;  ///< empty: the rule
  InstantMs opened_at = 0;
  std::vector<MajorMember> team;  ///< with manager and deputy
  std::vector<MajorContact> contacts;
  std::vector<MajorReference> references;
  std::string sealed_assessment, assessed_by;
  InstantMs assessed_at = 0;     ///< 0: owed
  std::vector<MajorPlan> plans;  ///< the last revisions, oldest first; all of them are in the log
  DurationMs monitoring = 0;     ///< the agreed period
  bool consented = false;        ///< to closing, since the last resolution
  std::vector<std::string> overdue;
  InstantMs closed_at = 0;    ///< 0: open
  InstantMs reviewed_at = 0;  ///< 0: no review yet
  auto operator<=>(const MajorRecord&) const = default;

  bool is_open() const { return closed_at == 0; }
  /// Whoever has the part; empty: nobody, or not yet.
  std::string PersonOf(MajorPart part) const;
  bool Leads(std::string_view person) const;     ///< manager or deputy
  bool IsMember(std::string_view person) const;  ///< in any part
  std::vector<std::string> Members() const;      ///< each once, in the order of their naming
  std::vector<std::string> Silent() const;       ///< of them those who have not acknowledged
};

}  // namespace escalon
