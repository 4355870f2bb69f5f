#pragma once

#include <vector>

#include "common/core/result.h"
#include "common/domain/roster_types.h"

namespace escalon {

/// What the names of a roster document lead to. Everything wrong goes to `faults`, what is likely wrong to `warnings`;
/// each with its path in the document and the remedy. Schedules and calendars in themselves are judged by their own
/// Build.
struct RosterFindings {
  std::vector<FieldViolation> faults;
  std::vector<FieldViolation> warnings;
};
RosterFindings CheckRoster(const RosterDocument& document);

}  // namespace escalon
