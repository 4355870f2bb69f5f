#pragma once

#include <string>
#include <string_view>

#include "common/domain/draft.h"

namespace escalon::decide {

// Cases that a rule lets rest before anybody is told: it is a snooze, with a tag in the alarm of its clock that tells
// it from a person's. The case has its place and an owner, its promises run on, and whoever takes it up ends the rest.

inline constexpr std::string_view kStormTag = "storm";              ///< under its parent
inline constexpr std::string_view kMaintenanceTag = "maintenance";  ///< until a maintenance window is over
inline constexpr std::string_view kSilentMaintenanceTag = "maintenance.silent";

/// It rests by a rule; with `tag`, by that one.
bool IsHeld(const Case& c);
bool IsHeld(const Case& c, std::string_view tag);
/// Those inside are told nothing of it while it rests, nor when it ends by itself meanwhile.
bool IsSilent(const Draft& d);

/// A maintenance window of the roster matches it now: it rests until the end of the last of those that do. False: none
/// does, or it must not rest.
bool RestForMaintenance(Draft& d);
/// The window that it came in is over: it climbs, unless another one has begun.
void MaintenanceOver(Draft& d);
/// A change may have made it one that does not rest for maintenance: true when it climbs now.
bool EndMaintenanceIfGrave(Draft& d);
/// Before the case enters its path.
void HoldBack(Draft& d, InstantMs until, std::string why, std::string_view tag);
/// It enters its path now, with everything that had rested.
void LetGo(Draft& d, const std::string& rule, const std::string& why);
/// A person has taken it up: the management hears of it as it would have at the opening.
void EnterWhatRested(Draft& d);

}  // namespace escalon::decide
