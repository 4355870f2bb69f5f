#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/money.h"
#include "common/domain/vocabulary.h"

namespace escalon {

/// How long a promise or a wait may take: real or business time on a calendar, or whole business days (DESIGN §7.10).
struct Target {
  DurationMs span = 0;  ///< used when `business_days` is 0
  int business_days = 0;
  bool snap_to_close = false;  ///< with business days: end at that day's closing
  auto operator<=>(const Target&) const = default;
};

/// Where a warning lies on its clock: at a share of the target, or at an offset from the deadline (DESIGN §7.9).
struct WarningRule {
  enum class Kind : uint8_t { kShare, kBefore, kAfter, kBeforeDays, kAfterDays };
  Kind kind = Kind::kShare;
  /// kShare: millionths of the target (750'000 is 75 %); kBefore, kAfter: business milliseconds; the others: working
  /// days.
  int64_t value = 0;
  static constexpr WarningRule Percent(int percent) { return {Kind::kShare, percent * kPerPercent}; }
  /// Of a share; 0 for an offset.
  int percent() const { return kind == Kind::kShare ? static_cast<int>(value / kPerPercent) : 0; }
  auto operator<=>(const WarningRule&) const = default;

 private:
  static constexpr int64_t kPerPercent = 10'000;
};
/// `75 %`, `15m before the deadline`, `2 working days after the deadline`
std::string SpokenPlace(const WarningRule& rule);

/// One instant at which a clock wants to be looked at.
struct Alarm {
  InstantMs at = 0;
  AlarmKind kind = AlarmKind::kDeadline;
  WarningRule place = {};  ///< of warnings, and of triggers by a share
  std::string trigger;     ///< id of the policy's trigger, for kTrigger
  auto operator<=>(const Alarm&) const = default;
};

/// Time that did not count on a clock; `to` = kNever while it lasts.
struct PauseSpan {
  InstantMs from = 0;
  InstantMs to = kNever;
  auto operator<=>(const PauseSpan&) const = default;
};

/// Business time that a clock was counted on another calendar than now: that of the region which owned the case then
/// (DESIGN §7.8). Begins where the one before ends, the first with the clock.
struct ClockLeg {
  std::string calendar;  ///< id in the policy; empty: around the clock
  InstantMs until = 0;
  auto operator<=>(const ClockLeg&) const = default;
};

/// One running measurement on a case. All instants were computed by `Decide` and written into the event: `Evolve` does
/// no arithmetic. Names: triage, acknowledgement, response, resolution, update, owner, step.functional,
/// step.hierarchical, lease, handover, approval, consultation, follow_up, snooze, monitoring, confirmation, retention,
/// cadence, and those that a policy adds.
struct ClockRun {
  std::string name;
  uint32_t generation = 1;  ///< a recompute or a restart makes a new one; per name and case
  std::string calendar;     ///< id in the policy; empty: around the clock
  InstantMs started_at = 0;
  Target target;
  InstantMs due_at = 0;       ///< kNever while paused without a known end
  std::vector<Alarm> alarms;  ///< not yet fired, by instant
  std::vector<PauseSpan> pauses;
  InstantMs paused_since = 0;  ///< 0: running
  InstantMs breached_at = 0;   ///< first breach, never erased
  std::vector<ClockLeg> legs;  ///< before the present calendar, for a clock that follows its owner's region
  Money penalty;               ///< that the contract asks when it is broken; empty: none
  auto operator<=>(const ClockRun&) const = default;

  bool paused() const { return paused_since != 0; }
  /// kNever when there is nothing to wait for.
  InstantMs next_alarm_at() const { return paused() || alarms.empty() ? kNever : alarms.front().at; }
};

}  // namespace escalon
