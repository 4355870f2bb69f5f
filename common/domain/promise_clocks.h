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

/// How the work on a case is over. Resolution stops every promise but those of a policy's own making that do not list
/// it. A close and another case that takes this one in stop all but regulators' clocks, whose duty outlasts the work:
/// only what they list stops them, a person who withdraws the case, and the live view when it forgets it.
enum class CaseOver { kResolved, kClosed, kAbsorbed, kWithdrawn, kForgotten };
void StopAllPromises(Draft& d, CaseOver over);
/// Whether it is a regulator's clock that goes on when the case is closed.
bool Outlasts(const Draft& d, std::string_view clock);
/// Whether the fact stops such a clock, or may still start one.
bool ConcernsWhatOutlasts(const Draft& d, std::string_view fact);
/// Of those that run; 0: none.
InstantMs LastDueOfWhatOutlasts(const Draft& d);

/// The table *reason × clock* (DESIGN §6): those that this reason stops.
void PausePromises(Draft& d, const std::string& reason);
void ResumePromises(Draft& d);
/// What resolution stopped goes on, the time in between counting as a pause; or begins anew where the rule says so.
void ResumeAfterReopening(Draft& d);

/// What breaking it costs, as the case stands; empty: nothing.
Money PenaltyOf(const Draft& d, std::string_view clock);
/// Promises with calendars by region go on, as a new generation, on that of the region which owns the case now; what
/// was counted stays counted. After every command.
void FollowOwnersRegion(Draft& d);

/// New generations by the targets of the priority that the case now has, from each clock's own start (DESIGN §7.6).
void RecomputePromises(Draft& d, const std::string& why);

/// Of an open case whose policy is another than `before` from now on: what is no promise any more ends as neither kept
/// nor broken, what is new begins as at the opening, the rest goes by its targets, calendars, warnings and pauses of
/// now.
void MigratePromises(Draft& d, const Policy& before, const std::string& why);

}  // namespace escalon::decide
