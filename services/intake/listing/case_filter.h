#pragma once

#include <string>
#include <vector>

#include "common/domain/case.h"

namespace escalon::intake {

/// What all conditions hold of; empty ones hold of everything (cases.v1.CaseFilter).
struct CaseFilter {
  std::vector<CaseState> states;
  std::vector<Priority> priorities;
  std::string team, person;  ///< of the owner; an ended case has none any more
  std::string level, service, requester, source, external_ref, pageable;
  bool breached = false;
  bool open = false;  ///< neither closed nor cancelled
  bool operator==(const CaseFilter&) const = default;
};

enum class CaseOrder : uint8_t { kPriorityAndDue = 1, kOpened = 2, kChanged = 3, kNextDue = 4 };

/// Pure. The tenant is not part of it.
bool Matches(const CaseFilter& filter, const Case& c);
/// The next promise that is due, as the view's priority index orders; 0: none.
InstantMs NextPromiseOf(const Case& c);

}  // namespace escalon::intake
