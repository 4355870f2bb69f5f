#include "common/domain/ending.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

/// A ratification is owed even after the resolution (DESIGN §6).
bool IsOwedRatification(const Case& c, std::string_view clock) {
  if (!clock.starts_with(kApprovalPrefix)) return false;
  for (const OpenApproval& open : c.approvals) {
    if (open.request.ratify && clock.substr(kApprovalPrefix.size()) == open.request.id) return true;
  }
  return false;
}

/// Asked for on a case at rest, it is still wanted when that is taken up again.
bool IsAwaitedDecision(const Case& c, std::string_view clock) {
  if (!clock.starts_with(kDecisionPrefix)) return false;
  for (const OpenDecision& open : c.decision_requests) {
    if (clock.substr(kDecisionPrefix.size()) == open.request.id) return true;
  }
  return false;
}

std::vector<std::string> ClockNames(const Case& c) {
  std::vector<std::string> names;
  for (const ClockRun& run : c.clocks) names.push_back(run.name);
  return names;
}

void Rest(Draft& d, CaseOver over, const std::string& why) {
  StopAllPromises(d, over);
  for (const std::string& name : ClockNames(d.c())) {
    if (!Outlasts(d, name)) StopClock(d, name, why);
  }
}

CaseOver OverBy(const Draft& d, CancelCause cause) {
  return cause == CancelCause::kWithdrawn && d.by_person() ? CaseOver::kWithdrawn : CaseOver::kAbsorbed;
}

void KeepForReopening(Draft& d) {
  // What is owed can still be done when it is late; a breach lies behind the deadline.
  InstantMs from = std::max(d.t(), LastDueOfWhatOutlasts(d) + 1);
  for (const std::string_view name : kReviewClocks) {
    if (const ClockRun* review = d.c().clock(name)) from = std::max(from, review->due_at);
  }
  ArmUntil(d, kRetentionClock, from + d.policy().after.reopen_within, "may be reopened until then");
}

/// The same people go on: they are told, and answer for it again.
void GoOnWithOwner(Draft& d, const Move& move) {
  if (d.c().functional.level.empty() && d.c().functional.step == kOutsideSteps) {
    EnterTrack(d, Track::kFunctional);
  } else if (d.c().acknowledged_by.empty()) {
    TellAgain(d, Track::kFunctional, move);
  } else {
    RenewLease(d);
    TellOwner(d, "reopened");
  }
}

/// The case that took this one in learns that it stands for itself again.
void TellSurvivor(Draft& d) {
  const auto& links = d.c().links;
  for (auto it = links.rbegin(); it != links.rend(); ++it) {
    if (it->relation != LinkRelation::kMergedInto) continue;
    const CaseId other = it->other;
    d.Emit(CrossCaseIntended{d.cross_case_index(), other, "link", LinkRelation::kRelated});
    return;
  }
}

}  // namespace

void StopWaits(Draft& d, const std::string& why) {
  for (const std::string& name : ClockNames(d.c())) {
    const bool kept = IsPromise(d.policy(), name) || IsOwedRatification(d.c(), name) || IsAwaitedDecision(d.c(), name);
    if (!kept) StopClock(d, name, why);
  }
}

void KeepWhatIsOwed(Draft& d) {
  const ClockRun* retention = d.c().clock(kRetentionClock);
  const InstantMs owed_until = LastDueOfWhatOutlasts(d) + 1 + d.policy().after.reopen_within;
  if (retention != nullptr && owed_until > retention->due_at) KeepForReopening(d);
}

void CloseCase(Draft& d, CloseCause cause) {
  Rest(d, CaseOver::kClosed, "closed");
  d.Emit(Closed{cause, d.person()});
  OweReview(d);
  KeepForReopening(d);
}

void CancelCase(Draft& d, CancelCause cause, const CaseId& other, const std::string& reason) {
  const bool was_open = IsOpen(d.c().state);
  Rest(d, OverBy(d, cause), "cancelled");
  if (!other.empty()) {
    const bool merged = cause == CancelCause::kMerged;
    d.Emit(Linked{other, "", merged ? LinkRelation::kMergedInto : LinkRelation::kDuplicateOf});
    if (!merged) d.Emit(CrossCaseIntended{d.cross_case_index(), other, "link", LinkRelation::kSurvivorOf});
  }
  if (d.c().open_major() != nullptr) d.Emit(MajorClosed{d.person(), "the case is cancelled: " + reason});
  d.Emit(Cancelled{cause, other, reason});
  if (was_open) LetChildrenGo(d, kParentEnded);  // one that was resolved has told them
  KeepForReopening(d);
}

void ReopenCase(Draft& d, ReopenCause cause, const std::string& reason) {
  StopWaits(d, "reopened");
  const std::string level = d.c().resolved_level.empty() ? d.c().functional.level : d.c().resolved_level;
  const bool judged = d.c().priority != Priority::kUnset;
  d.Emit(Reopened{cause, reason});
  if (cause == ReopenCause::kUndo) TellSurvivor(d);
  if (!judged) return TriageByRules(d, "resolved before triage had spoken");
  ResumeAfterReopening(d);
  Move move{.reason = EscalationReason::kCustomer, .text = reason, .automatic = !d.by_person(), .counted = false};
  if (cause == ReopenCause::kRecurrence && !level.empty()) {
    // Back to those who resolved it, as a re-escalation (DESIGN §6 "Resolution").
    move.reason = EscalationReason::kRecurrence;
    move.counted = true;
    EnterAtLevel(d, Track::kFunctional, level, move);
  } else {
    GoOnWithOwner(d, move);
  }
  if (d.c().hierarchical.step >= 0 && d.c().management_acknowledged_by.empty())
    TellAgain(d, Track::kHierarchical, move);
  if (cause != ReopenCause::kUndo) PageMajorTeam(d);
  RestartCadence(d, "reopened");
  FireFactTriggers(d);
}

}  // namespace escalon::decide
