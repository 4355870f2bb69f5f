#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/domain/draft.h"
#include "common/domain/policy.h"

namespace escalon::decide {

// Whose day it is, and until when. A region that names its team and calendar has its day where that calendar is open;
// one that is a name only has it while somebody of the roster's teams of that region is on call. Private to the
// decider.

/// The region whose team, or whose person, owns the case; nullptr: none.
const SunRegion* RegionOf(const Draft& d, const Owner& owner);
/// By the name under which follow-the-sun or the roster has the team's region; empty: none.
std::string RegionNameOf(const Draft& d, std::string_view team);
/// Those who may take a case over for the region, best first: what the case needs, then the order of the roster.
std::vector<std::string> TeamsOf(const Draft& d, const SunRegion& region);

bool IsDay(const Draft& d, const SunRegion& region, InstantMs at);
/// The first instant after `at`, while it is its day, at which that ends; kNever: it does not.
InstantMs DayEnd(const Draft& d, const SunRegion& region, InstantMs at);
/// The first instant not before `at` at which it is its day; kNever: none.
InstantMs DayStart(const Draft& d, const SunRegion& region, InstantMs at);

}  // namespace escalon::decide
