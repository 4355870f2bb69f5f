#pragma once

#include <string_view>
#include <vector>

#include "common/domain/calendar.h"

namespace escalon::notification {

/// The end of the quiet hours that `at` lies in, by the wall clock of the zone (DESIGN §7.4: a window starts at the
/// first occurrence of its start and ends at the last of its end); 0: not in any. Windows that follow on each other are
/// one. An unknown zone counts as UTC. Pure.
InstantMs QuietUntil(const std::vector<DayWindow>& windows, std::string_view timezone, InstantMs at);

}  // namespace escalon::notification
