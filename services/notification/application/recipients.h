#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/domain/case.h"
#include "common/domain/roster.h"
#include "services/notification/application/delivery.h"

namespace escalon::notification {

/// Whom an intent is for, and why nobody when there is none.
struct Addressed {
  std::vector<Recipient> to;
  std::string nobody;  ///< in words, with the remedy; empty when `to` is not
};

/// From the roster as it is now: the people named, else the team by its own contacts or whoever is on call in it, else
/// (stakeholders, executives, affected users, customer contacts) the role or team whose id is the audience's name.
/// Requester and provider come as one recipient of kind kOfCase. Preferred channels come first, a person's other
/// contacts after them; `log` is always there when preferred. Pure.
Addressed Address(const Roster& roster, const NotifyIntended& intent, InstantMs now);

/// One of them again, from the roster as it is now: for what the delivery log remembers.
Recipient AddressAgain(const Roster& roster, const std::string& person, const std::string& team,
                       const std::vector<std::string>& channels);

/// Opens a sealed contact. kNotFound: its key was erased.
using OpenContact = std::function<Result<std::string>(const std::string& tenant, const std::string& sealed)>;

/// Requester (else the reporter) or provider (the vendor that the label `vendor` names), as the case knows them.
/// kNotFound: there is none, with the reason. kInvalidArgument: there is one without a usable contact.
Result<Recipient> AddressOfCase(const Roster& roster, const Case& c, Audience audience, const OpenContact& open);

}  // namespace escalon::notification
