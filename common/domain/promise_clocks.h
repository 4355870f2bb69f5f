#pragma once

#include <string>
#include <string_view>

#include "common/domain/draft.h"

namespace escalon::decide {

// The promises of a policy (ClockRule) and of a level (`level.response`, `level.resolution`): started and stopped by
// facts, measured on their own calendars, independent of each other (DESIGN §7.6–7.8). A fact is a word of `start_on`
// and `stop_on` (policy_words.h), or a milestone of the policy's own.

inline constexpr std::string_view kLevelResponse = "level.response";
inline constexpr std::string_view kLevelResolution = "level.resolution";

/// Whether the clock is a promise (it has a breach), not a wait.
bool IsPromise(const Policy& policy, std::string_view name);

/// Starts what the fact starts and is not running. Reports that put a start into the past are heeded as the rule
/// allows.
void StartPromises(Draft& d, std::string_view fact);
/// A visit to a team has an agreement of its own: clocks that start on `assigned` begin anew, or go on with the team's
/// earlier visits where the rule says so (DESIGN §7.8). `only_of_the_team`: the others run on.
void RestartVisitPromises(Draft& d, bool only_of_the_team = false);
/// Targets of the level just reached, counted from when its people were told.
void StartLevelPromises(Draft& d, const std::string& calendar);
/// Stops what the fact stops, settling what was due before. A trusted source's `occurred_at` is heeded within the
/// rule's window: then a breach that was none is annulled.
/// Of an imported case: from the instants that it brings, else from its opening elsewhere, less its pauses. What was
/// due before is recorded as broken now, and acts no more.
void StartImportedPromises(Draft& d, const Standing& standing);
void StopPromises(Draft& d, std::string_view fact);
void StopLevelPromises(Draft& d, std::string_view name, std::string_view why);
/// Resolution stops every promise but those of a policy's own making that do not list it; an end stops all.
void StopAllPromises(Draft& d, bool ended);

/// The table *reason × clock* (DESIGN §6): those that this reason stops.
void PausePromises(Draft& d, const std::string& reason);
void ResumePromises(Draft& d);
/// What resolution stopped goes on, the time in between counting as a pause; or begins anew where the rule says so.
void ResumeAfterReopening(Draft& d);

/// New generations by the targets of the priority that the case now has, from each clock's own start (DESIGN §7.6).
void RecomputePromises(Draft& d, const std::string& why);

}  // namespace escalon::decide
