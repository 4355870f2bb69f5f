#include <algorithm>
#include <utility>

#include "common/domain/alarms.h"
#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/hold.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

void LeaseOver(Draft& d) {
  const std::string person = d.c().acknowledged_by;
  d.Trace("paths." + d.c().path + ".functional.lease", "the acknowledgement of " + person + " has run out");
  EndAcknowledgement(d, Track::kFunctional, "the lease has run out");
  StopClock(d, kLeaseClock, "run out");
  TellAgain(d, Track::kFunctional, Move{.reason = EscalationReason::kLeaseExpired, .counted = false});
}

void EtaOver(Draft& d) {
  StopClock(d, kEtaClock, "passed");
  d.Trace("eta", "the time told to the requester has passed without a new one",
          {{"eta_at", FormatInstant(d.c().eta_at)}});
  TellOwner(d, "eta_passed");
}

void FlappingOver(Draft& d) {
  StopClock(d, kFlappingClock, "quiet");
  d.Trace("limits.flapping_window", "quiet for so long: cleared");
  ResolveCase(d, ResolutionCause::kSourceCleared, "");
}

void RetentionOver(Draft& d) {
  StopClock(d, kRetentionClock, "over");
  StopAllPromises(d, CaseOver::kForgotten);
  for (const std::string_view name : kReviewClocks) StopClock(d, name, "the live view forgets the case");
  d.Trace("after.reopen_within", "over: the live view forgets the case, the log keeps it");
  d.Emit(Retired{});
}

/// The end of a wait. What follows is the matter of whoever armed it.
void EndWait(Draft& d, const std::string& name, const Alarm& alarm) {
  if (name == StepClock(Track::kFunctional) || name == StepClock(Track::kHierarchical)) {
    const Track track = name == StepClock(Track::kFunctional) ? Track::kFunctional : Track::kHierarchical;
    if (alarm.trigger == kOpeningTag) return TellAtOpening(d, track);
    return ClimbUnanswered(d, name);
  }
  if (name == kTriageClock) return TriageByRules(d, "triage was silent");
  if (name == kLeaseClock) return LeaseOver(d);
  if (name == kHandoverClock) return HandoverOverdue(d);
  if (name == kHandoverDebtClock) return HandoverDebtOverdue(d);
  if (name == kFollowUpClock) return FollowUpDue(d, alarm);
  if (name == kSnoozeClock && alarm.trigger == kStormTag)
    return LetGo(d, "storms.parent.longest", "has rested under its parent for so long: it climbs by itself");
  if (name == kSnoozeClock && (alarm.trigger == kMaintenanceTag || alarm.trigger == kSilentMaintenanceTag))
    return MaintenanceOver(d);
  if (name == kSnoozeClock) return EndSnooze(d, SnoozeEnd::kOver);
  if (name == kMonitoringClock) return MonitoringOver(d);
  if (name == kConfirmationClock) return ConfirmationGraceOver(d);
  if (name == kRetentionClock) return RetentionOver(d);
  if (name == kCadenceClock) return SendCadence(d);
  if (name == kEtaClock) return EtaOver(d);
  if (name == kFlappingClock) return FlappingOver(d);
  if (name == kSunClock) return SunAlarm(d, alarm);
  if (name == kReviewClock) return ReviewOverdue(d);
  if (name.starts_with(kApprovalPrefix)) return DecideByDefault(d, name.substr(kApprovalPrefix.size()));
  if (name.starts_with(kDecisionPrefix)) return DecisionOverdue(d, name.substr(kDecisionPrefix.size()));
  if (name.starts_with(kConsultationPrefix)) return ConsultationOverdue(d, name.substr(kConsultationPrefix.size()));
  if (name.starts_with(kMajorPrefix)) return MajorDue(d, name.substr(kMajorPrefix.size()));
  StopClock(d, name, "nobody waits for it any more");
}

}  // namespace

Decision On(Draft& d, const ClockDue& command) {
  if (command.clock.empty()) return InvalidField("clock", "name the clock");
  const ClockRun* run = d.c().clock(command.clock);
  if (run == nullptr || run->generation != command.generation) return OutcomeKind::kUnchanged;  // no longer wanted
  const InstantMs due_at = run->next_alarm_at();
  if (due_at == kNever) return OutcomeKind::kUnchanged;
  if (due_at > d.t()) {
    Error early{ErrorCode::kNotYet, command.clock + " is due at " + FormatInstant(due_at)};
    early.retry_after_ms = due_at - d.t();
    return early;
  }
  if (IsPromise(d.policy(), run->name)) {
    RaiseDue(d, command.clock, Raise::kAct);
    if (IsOpen(d.c().state)) FireFactTriggers(d);
    return OutcomeKind::kDone;
  }
  const Alarm alarm = run->alarms.front();
  d.Emit(ClockFired{run->name, run->generation, alarm, d.t() - alarm.at, false});
  EndWait(d, command.clock, alarm);
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
