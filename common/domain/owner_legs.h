#pragma once

#include <string>
#include <vector>

#include "common/domain/clock_run.h"
#include "common/domain/draft.h"

namespace escalon::decide {

/// The calendars of one clock since its start: that of whichever region owned the case (DESIGN §7.8).
struct OwnerLegs {
  std::vector<ClockLeg> before;
  std::string calendar;  ///< now
};

/// From the visits of the case to teams, by the regions that their teams have now. A rule without `region_calendars`
/// has one calendar throughout, and so has a clock that no team has had yet.
OwnerLegs LegsOf(const Draft& d, const ClockRule& rule, InstantMs start);

}  // namespace escalon::decide
