#include <algorithm>
#include <utility>

#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/ending.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"

namespace escalon::decide {
namespace {

constexpr size_t kLongestSealed = 64 * 1024;
constexpr size_t kLongestReason = 2000;
/// An end may be taken back for so long (DESIGN §6 "Holding off").
constexpr DurationMs kUndoWindow = 10 * kMinuteMs;

bool HasRequester(const Facts& facts) {
  return !facts.proactive && (!facts.requester.subject.empty() || !facts.reporter.subject.empty());
}

/// Silence closes an ordinary case only after the grace; who has nobody to ask need not wait for a word.
bool NeedsConsent(const Draft& d) {
  const Case& c = d.c();
  if (!d.policy().after.confirmation_needed || c.resolution == ResolutionCause::kSourceClosed) return false;
  return c.resolution != ResolutionCause::kSourceCleared || HasRequester(*c.facts);
}

CloseCause CauseOfClosing(const Draft& d) {
  if (d.c().confirmed) return CloseCause::kConfirmed;
  return NeedsConsent(d) ? CloseCause::kGraceOver : CloseCause::kNoConfirmationNeeded;
}

/// Closing needs monitoring over, and consent or the end of its grace: two clocks, whichever ends last (DESIGN §6).
void CloseIfDone(Draft& d) {
  const Case& c = d.c();
  if (c.open_major() != nullptr) return;  // neither a word nor silence closes it: its manager does
  const ClockRun* monitoring = c.clock(kMonitoringClock);
  const bool consent = c.confirmed || c.clock(kConfirmationClock) == nullptr;
  if (!consent) return;
  if (monitoring == nullptr) {
    const CloseCause cause = CauseOfClosing(d);
    d.Trace("after", "closed: " + std::string(Name(cause)),
            {{"confirmed", c.confirmed ? "true" : "false"}, {"monitoring", "over"}});
    CloseCase(d, cause);
  } else if (c.state == CaseState::kResolved) {
    d.Emit(MonitoringStarted{monitoring->due_at});
  }
}

/// A calendar that never opens again must not keep the case for ever.
void AwaitConsent(Draft& d) {
  const Target& grace = d.policy().after.confirm_grace;
  const std::string why = "the requester's word is awaited";
  if (ArmWait(d, kConfirmationClock, d.policy().confirmation_calendar(), d.t(), grace, why)) return;
  const DurationMs around_the_clock = grace.business_days != 0 ? grace.business_days * kDayMs : grace.span;
  ArmUntil(d, kConfirmationClock, d.t() + around_the_clock, why);
}

}  // namespace

void ResolveCase(Draft& d, ResolutionCause cause, const std::string& sealed_text) {
  StopAllPromises(d, CaseOver::kResolved);
  if (d.c().pending.since != 0) {  // it waits for nobody any more, and what goes on runs again
    StopPromises(d, "resumed");
    ResumePromises(d);
  }
  DropDecisionRequests(d, "resolved");
  StopWaits(d, "resolved");
  d.Emit(Resolved{d.person(), cause, sealed_text, d.c().functional.level});
  LetChildrenGo(d, kParentResolved);
  StartPromises(d, "resolved");
  if (d.c().open_major() != nullptr) return TellLead(d, "major_word_wanted");  // monitoring begins with it
  const AfterResolution& after = d.policy().after;
  const DurationMs monitoring = after.monitoring.of(d.c().priority);
  if (monitoring > 0) ArmUntil(d, kMonitoringClock, d.t() + monitoring, "watched for a recurrence");
  if (NeedsConsent(d)) AwaitConsent(d);
  CloseIfDone(d);
}

void MonitoringOver(Draft& d) {
  StopClock(d, kMonitoringClock, "over");
  d.Trace("after.monitoring", "over without a recurrence");
  d.Emit(MonitoringEnded{});
  if (d.c().open_major() != nullptr) TellLead(d, "major_closing_wanted");
  CloseIfDone(d);
}

void ConfirmationGraceOver(Draft& d) {
  StopClock(d, kConfirmationClock, "the grace is over");
  d.Trace("after.confirm_grace", "no word from the requester in time");
  CloseIfDone(d);
}

Decision On(Draft& d, const Resolve& command) {
  if (Status s = CheckText(command.sealed_text, kLongestSealed, "sealed_text"); !s) return s.error();
  if (command.cause == ResolutionCause::kSourceCleared || command.cause == ResolutionCause::kSourceClosed) {
    return InvalidField("cause", "that is the source's own news; report it as source_ended");
  }
  if (Status s = MaySteer(d, "resolve"); !s) return s.error();
  ResolveCase(d, command.cause, command.sealed_text);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const ConfirmResolution&) {
  if (const MajorRecord* record = d.c().open_major()) {
    const std::string& who = d.actor().subject;
    if (d.by_person() && !IsRequesterOf(d.c(), d.actor()) && !record->Leads(who)) {
      return Denied(
          "the customer's word on a major escalation comes from the requester, or is recorded by its manager");
    }
    return TakeCustomersWord(d, who, 0);
  }
  if (d.c().confirmed) return OutcomeKind::kUnchanged;
  d.Emit(ResolutionConfirmed{d.person()});
  StopClock(d, kConfirmationClock, "confirmed");
  CloseIfDone(d);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const RejectResolution& command) {
  if (command.reason.empty()) return InvalidField("reason", "say what is still wrong: the owner goes on from there");
  if (Status s = CheckText(command.reason, kLongestReason, "reason"); !s) return s.error();
  d.Emit(ResolutionRejected{d.person(), command.reason});
  ReopenCase(d, ReopenCause::kRejectedByRequester, command.reason);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const Reopen& command) {
  const Case& c = d.c();
  if (command.reason.empty()) return InvalidField("reason", "say why it is taken up again");
  if (Status s = CheckText(command.reason, kLongestReason, "reason"); !s) return s.error();
  const InstantMs since = c.ended_at;
  if (c.state == CaseState::kClosed && d.t() - since > d.policy().after.reopen_within) {
    return WrongState("closed at " + FormatInstant(since) + ", longer ago than " +
                      FormatDuration(d.policy().after.reopen_within) + "; open a new case and link it to this one");
  }
  if (c.state == CaseState::kCancelled && d.t() - since > kUndoWindow) {
    return WrongState("cancelled at " + FormatInstant(since) + "; that can be undone for " +
                      FormatDuration(kUndoWindow) + ", open a new case and link it to this one");
  }
  ReopenCase(d, c.state == CaseState::kCancelled ? ReopenCause::kUndo : ReopenCause::kPerson, command.reason);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const Close& command) {
  const Case& c = d.c();
  if (Status s = CheckText(command.reason, kLongestReason, "reason"); !s) return s.error();
  if (c.open_major() != nullptr) return CloseMajor(d, command.reason);
  const bool may = !d.by_person() || IsManager(d.actor());
  if (!may) {
    return Denied(
        std::string("closing before its time is a manager's: ") +
        (c.clock(kMonitoringClock) != nullptr ? "monitoring still runs" : "the requester has not confirmed yet") +
        "; it closes by itself afterwards");
  }
  CloseCase(d, CloseCause::kManager);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const Cancel& command) {
  if (Status s = CheckText(command.reason, kLongestReason, "reason"); !s) return s.error();
  if (command.cause == CancelCause::kMerged)
    return InvalidField("cause", "use merge, so that the survivor learns of it");
  if (command.cause == CancelCause::kDuplicate && command.other.empty()) {
    return InvalidField("other", "name the case of which this is a duplicate");
  }
  if (command.other == d.c().id) return InvalidField("other", "a case is no duplicate of itself");
  if (command.cause == CancelCause::kWithdrawn && command.reason.empty())
    return InvalidField("reason", "say why it is withdrawn");
  if (Status s = MayEndMajor(d, "cancel"); !s) return s.error();
  CancelCase(d, command.cause, command.other, command.reason);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const SourceEnded& command) {
  const Case& c = d.c();
  const std::string news = command.cleared ? "the source says that it has cleared" : "closed at its source";
  if (IsEnded(c.state)) return OutcomeKind::kUnchanged;
  if (IsOpen(c.state)) {
    if (command.cleared && IsFlapping(d)) {
      d.Trace("limits.flapping_opens", "flapping: held open until it has been quiet",
              {{"window", FormatDuration(d.policy().limits.flapping_window)}});
      ArmUntil(d, kFlappingClock, d.t() + d.policy().limits.flapping_window, "quiet for so long");
      return OutcomeKind::kDone;
    }
    d.Trace("source", news, {{"state", std::string(Name(c.state))}, {"text", command.text}});
    ResolveCase(d, command.cleared ? ResolutionCause::kSourceCleared : ResolutionCause::kSourceClosed, "");
    return OutcomeKind::kDone;
  }
  if (command.cleared || c.confirmed) return OutcomeKind::kUnchanged;
  if (c.open_major() != nullptr) {
    d.Trace("source", news + ", which is not the customer's word on a major escalation");
    return OutcomeKind::kUnchanged;
  }
  d.Trace("source", news + ": its word for the requester's");
  d.Emit(ResolutionConfirmed{d.person()});
  StopClock(d, kConfirmationClock, "confirmed");
  CloseIfDone(d);
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
