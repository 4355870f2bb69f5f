#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/calendar.h"
#include "common/domain/clock_run.h"

namespace escalon {

// The arithmetic of one clock (DESIGN §7.2–7.10, calc.md §5): a target on a calendar, counted from an instant, with the
// pauses that stop this clock left out. Pure, thread-safe, no allocation unless said. Throughout:
//   - a null calendar is around the clock (working days are then UTC dates);
//   - pauses are sorted, do not overlap, and only the last may be open (`to` = kNever);
//   - kNever as a result: not known while a pause is open, or out of the calendar's reach.

/// A stretch of a clock on a calendar of its own; begins where the one before ends, the first at the clock's start.
struct MeasuredLeg {
  const Calendar* calendar = nullptr;
  InstantMs until = 0;
};

/// One clock's basis. References must outlive the call.
struct Measure {
  const Calendar* calendar = nullptr;
  InstantMs start = 0;
  Target target;
  std::span<const PauseSpan> pauses = {};
  /// When the clock stopped: pauses end there for it, and later ones are not its own. kNever: it has not.
  InstantMs stopped_at = kNever;
  /// Before `calendar` took over. Working days are counted on `calendar` alone.
  std::span<const MeasuredLeg> legs = {};
};

// --- business time on a calendar that may be null
DurationMs BusinessElapsed(const Calendar* calendar, InstantMs from, InstantMs to);
InstantMs AddBusiness(const Calendar* calendar, InstantMs from, DurationMs span);
InstantMs SubtractBusiness(const Calendar* calendar, InstantMs from, DurationMs span);
InstantMs AddBusinessDays(const Calendar* calendar, InstantMs from, int64_t days, DaySnap snap = DaySnap::kNone);
/// The end of a wait that no pause touches: a path step, a lease, a follow-up. `target` by span or by working days.
InstantMs AddTarget(const Calendar* calendar, InstantMs from, const Target& target);

// --- business time with standing still left out
DurationMs CountedElapsed(const Calendar* calendar, InstantMs from, InstantMs to, std::span<const PauseSpan> pauses);
/// 0 gives the first instant from `from` on that counts.
InstantMs CountedAdd(const Calendar* calendar, InstantMs from, DurationMs span, std::span<const PauseSpan> pauses);
/// 0 gives the last instant up to `from` at which it was counting.
InstantMs CountedSubtract(const Calendar* calendar, InstantMs from, DurationMs span, std::span<const PauseSpan> pauses);
/// Business time that the pauses took in [from, to).
DurationMs PausedTime(const Calendar* calendar, InstantMs from, InstantMs to, std::span<const PauseSpan> pauses);
/// The stretches of [from, to) that counted, in order, at most `most`. Allocates.
std::vector<Stretch> CountedSegments(const Calendar* calendar, InstantMs from, InstantMs to,
                                     std::span<const PauseSpan> pauses, size_t most);

// --- a clock
/// Business time from the start until `until` that counted.
DurationMs Elapsed(const Measure& measure, InstantMs until);
/// When the target is used up; acting at this instant is in time. kNever while paused before it.
InstantMs Deadline(const Measure& measure);
/// The same for a clock whose target changes at `change` (DESIGN §7.6): `measure` has the new target and calendar and
/// the clock's own start; `previous` is the deadline in effect before the change (kNever: unknown or none).
enum class OnChange { kFromStart, kFromChange, kStricterOfBoth };
InstantMs DeadlineAfterChange(const Measure& measure, OnChange rule, InstantMs change, InstantMs previous);
/// Target less what counted until `until`, negative when overdrawn; for a target in working days the business time to
/// the deadline.
DurationMs Remaining(const Measure& measure, InstantMs until);
/// Business time from `deadline` until `until`, pauses left out; 0 before it, and for kNever.
DurationMs Overdue(const Measure& measure, InstantMs deadline, InstantMs until);
/// Strictly after the deadline (DESIGN §7.7).
inline bool IsBreached(InstantMs deadline, InstantMs until) { return deadline != kNever && until > deadline; }

/// When the warning is due. `deadline` is what `Deadline(measure)` gave. A share may be known while the deadline is
/// not. Never before the start.
InstantMs WarningAt(const Measure& measure, const WarningRule& rule, InstantMs deadline);

/// All that can be said of a clock at `until`: its stop (then also `stopped_at`), or the instant of the question.
struct ClockReading {
  InstantMs counting_from = kNever;  ///< the first instant that counts
  InstantMs deadline = kNever;
  DurationMs elapsed = 0;
  DurationMs paused = 0;
  DurationMs remaining = 0;
  DurationMs overdue = 0;
  bool breached = false;
};
ClockReading ReadClock(const Measure& measure, InstantMs until);

/// Sorts, drops what is empty, and joins what overlaps or touches: for pauses gathered from several places.
std::vector<PauseSpan> MergePauses(std::vector<PauseSpan> pauses);

}  // namespace escalon
