#include <algorithm>
#include <utility>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/hold.h"
#include "common/domain/policy_words.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"

namespace escalon::decide {
namespace {

constexpr size_t kLongestText = 2000;
constexpr DurationMs kLongestSnooze = 30 * kDayMs;
constexpr std::string_view kResumeTag = "resume";  ///< in the alarm: the pause ends then by itself
constexpr size_t kMostPauses = 1000;               ///< of one case

/// A pause without a reason counts as the customer's (DESIGN §7.5).
std::string ReasonOf(const std::string& reason) { return reason.empty() ? "customer" : reason; }

const PendingReason* Find(const Policy& policy, std::string_view id) {
  const auto it = std::find_if(policy.pending_reasons.begin(), policy.pending_reasons.end(),
                               [id](const PendingReason& reason) { return reason.id == id; });
  return it != policy.pending_reasons.end() ? &*it : nullptr;
}

std::string KnownReasons(const Policy& policy) {
  std::string names;
  for (const PendingReason& reason : policy.pending_reasons) names += (names.empty() ? "" : ", ") + reason.id;
  return names.empty() ? "none" : names;
}

void RestSteps(Draft& d) {
  PauseClock(d, StepClock(Track::kFunctional));
  PauseClock(d, StepClock(Track::kHierarchical));
}

void WakeSteps(Draft& d) {
  ResumeClock(d, StepClock(Track::kFunctional));
  ResumeClock(d, StepClock(Track::kHierarchical));
}

void ArmFollowUp(Draft& d, const PendingReason& reason, InstantMs follow_up_at, bool resumes) {
  const InstantMs most = reason.most > 0 ? d.c().pending.since + reason.most : kNever;
  const bool ends_there = resumes || most <= follow_up_at;
  ArmUntil(d, kFollowUpClock, std::min(follow_up_at, most), ends_there ? "the pause ends then" : "to be followed up",
           ends_there ? std::string(kResumeTag) : std::string());
}

}  // namespace

void EndPending(Draft& d, const std::string& why) {
  if (d.c().state != CaseState::kPending) return;
  StopClock(d, kFollowUpClock, why);
  d.Emit(Resumed{why});
  StopPromises(d, "resumed");
  ResumePromises(d);
  if (d.c().snoozed_until == 0) WakeSteps(d);
  if (!d.c().acknowledged_by.empty()) RenewLease(d);
}

void EndSnooze(Draft& d, SnoozeEnd how) {
  if (d.c().snoozed_until == 0) return;
  const bool held = IsHeld(d.c());
  StopClock(d, kSnoozeClock, "over");
  d.Emit(SnoozeEnded{});
  if (d.c().state == CaseState::kPending) return;
  if (how == SnoozeEnd::kOvertaken) {
    WakeSteps(d);
    if (held) EnterWhatRested(d);
    return;
  }
  d.Trace("snooze", "over", {{"acknowledged_by", d.c().acknowledged_by}});
  ResumeClock(d, StepClock(Track::kHierarchical));
  if (!d.c().acknowledged_by.empty()) return TellOwner(d, "snooze_ended");
  // The pages of the step were withdrawn meanwhile.
  TellAgain(d, Track::kFunctional,
            Move{.reason = EscalationReason::kNoAcknowledgement, .text = "snoozed until now", .counted = false});
}

void FollowUpDue(Draft& d, const Alarm& alarm) {
  const Case& c = d.c();
  const PendingReason* reason = Find(d.policy(), c.pending.reason);
  Saw saw{{"reason", c.pending.reason}, {"since", FormatInstant(c.pending.since)}};
  if (alarm.trigger == kResumeTag || reason == nullptr) {
    d.Trace("pending.reasons." + c.pending.reason, "the pause ends", std::move(saw));
    EndPending(d, "the pause is over");
    TellOwner(d, "resumed");
    return;
  }
  d.Trace("pending.reasons." + c.pending.reason, "to be followed up", std::move(saw));
  TellOwner(d, "follow_up");
  ArmFollowUp(d, *reason, d.t() + std::max<DurationMs>(reason->follow_up, kMinuteMs), false);
}

Decision On(Draft& d, const Pause& command) {
  const Case& c = d.c();
  const std::string id = ReasonOf(command.reason);
  const PendingReason* reason = Find(d.policy(), id);
  if (reason == nullptr)
    return InvalidField("reason",
                        "'" + id + "' is no pending reason of the policy; use one of: " + KnownReasons(d.policy()));
  if (Status s = CheckText(command.text, kLongestText, "text"); !s) return s.error();
  if (command.resume_at != 0 && command.resume_at <= d.t())
    return InvalidField("resume_at", "lies in the past; name a later instant");
  if (c.pauses.size() >= kMostPauses) {
    return Error{ErrorCode::kResourceExhausted, "the case has been paused 1000 times; resolve it, or open a new one"};
  }
  if (Status s = MaySteer(d, "pause"); !s) return s.error();
  EndSnooze(d, SnoozeEnd::kOvertaken);
  PausePromises(d, id);
  RestSteps(d);
  StopClock(d, kLeaseClock, "pending");
  const bool resumes = command.resume_at != 0;
  const InstantMs follow_up_at =
      resumes ? command.resume_at : d.t() + std::max<DurationMs>(reason->follow_up, kMinuteMs);
  d.Emit(Paused{id, follow_up_at, command.text});
  StartPromises(d, std::string(kPendingWordPrefix) + id);
  ArmFollowUp(d, *reason, follow_up_at, resumes);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const Resume& command) {
  if (Status s = CheckText(command.reason, kLongestText, "reason"); !s) return s.error();
  if (Status s = MaySteer(d, "resume"); !s) return s.error();
  EndPending(d, command.reason.empty() ? "resumed by hand" : command.reason);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const Snooze& command) {
  if (Status s = CheckText(command.text, kLongestText, "text"); !s) return s.error();
  if (command.until <= d.t()) return InvalidField("until", "lies in the past; name a later instant");
  if (command.until - d.t() > kLongestSnooze)
    return InvalidField("until", "more than 30 days ahead; pause the case with a reason instead");
  if (Status s = MaySteer(d, "snooze"); !s) return s.error();
  RestSteps(d);
  d.Emit(Snoozed{command.until, command.text});
  ArmUntil(d, kSnoozeClock, command.until, "snoozed");
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
