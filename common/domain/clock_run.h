#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/vocabulary.h"

namespace escalon {

/// How long a promise or a wait may take: real or business time on a calendar, or whole business days (DESIGN §7.10).
struct Target {
  DurationMs span = 0;  ///< used when `business_days` is 0
  int business_days = 0;
  bool snap_to_close = false;  ///< with business days: end at that day's closing
  auto operator<=>(const Target&) const = default;
};

/// One instant at which a clock wants to be looked at.
struct Alarm {
  InstantMs at = 0;
  AlarmKind kind = AlarmKind::kDeadline;
  int percent = 0;      ///< of the target, for warnings and triggers by share; -1: by offset
  std::string trigger;  ///< id of the policy's trigger, for kTrigger
  auto operator<=>(const Alarm&) const = default;
};

/// Time that did not count on a clock; `to` = kNever while it lasts.
struct PauseSpan {
  InstantMs from = 0;
  InstantMs to = kNever;
  auto operator<=>(const PauseSpan&) const = default;
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
  auto operator<=>(const ClockRun&) const = default;

  bool paused() const { return paused_since != 0; }
  /// kNever when there is nothing to wait for.
  InstantMs next_alarm_at() const { return paused() || alarms.empty() ? kNever : alarms.front().at; }
};

}  // namespace escalon
