#include "common/domain/evolve_parts.h"

namespace escalon::evolve {
namespace {

void StopTracks(Case& c) {
  c.functional.stopped = true;
  c.hierarchical.stopped = true;
}

/// Nothing is worked on any more: for good, or until somebody reopens.
void ComeToRest(Case& c, CaseState state, InstantMs at) {
  EndPause(c, at);
  c.snoozed_until = 0;
  c.state = state;
  StopTracks(c);
  WithdrawOpenRequests(c);
}

void End(Case& c, CaseState state, InstantMs at) {
  ComeToRest(c, state, at);
  c.ended_at = at;
}

}  // namespace

void EndPause(Case& c, InstantMs at) {
  if (c.pending.since == 0) return;
  if (!c.pauses.empty() && c.pauses.back().to == kNever) c.pauses.back().to = at;
  c.pending = {};
}

void On(Case& c, const Paused& e, InstantMs at) {
  const CaseState before = c.state == CaseState::kPending ? c.pending.before : c.state;
  EndPause(c, at);
  c.pending = {e.reason, at, e.follow_up_at, before};
  c.pauses.push_back({at, kNever});
  c.pause_reasons.push_back(e.reason);
  c.state = CaseState::kPending;
}

void On(Case& c, const Resumed&, InstantMs at) {
  if (c.state == CaseState::kPending) c.state = c.pending.before;
  EndPause(c, at);
}

void On(Case& c, const Snoozed& e, InstantMs) { c.snoozed_until = e.until; }

void On(Case& c, const SnoozeEnded&, InstantMs) { c.snoozed_until = 0; }

void On(Case& c, const Resolved& e, InstantMs at) {
  ComeToRest(c, CaseState::kResolved, at);
  c.resolved_at = at;
  c.resolved_by = e.person;
  c.resolved_level = e.level;
  c.resolution = e.cause;
  c.confirmed = false;
  c.monitoring_over = false;
  c.gave_up.clear();
  ForgetConsent(c);
}

void On(Case& c, const ResolutionConfirmed&, InstantMs) { c.confirmed = true; }

void On(Case& c, const ResolutionRejected&, InstantMs) { c.confirmed = false; }  // `Reopened` follows in the same batch

void On(Case& c, const MonitoringStarted& e, InstantMs) {
  c.state = CaseState::kMonitoring;
  c.monitoring_until = e.until;
  c.monitoring_over = false;
}

void On(Case& c, const MonitoringEnded&, InstantMs) {
  c.monitoring_over = true;
  if (c.state == CaseState::kMonitoring) c.state = CaseState::kResolved;
}

void On(Case& c, const Reopened& e, InstantMs at) {
  // Resolved until reopened counts as a pause (DESIGN §7.5), and so does cancelled until that is undone.
  if (const InstantMs since = c.resolved_at != 0 ? c.resolved_at : c.ended_at; since != 0) {
    c.pauses.push_back({since, at});
    c.pause_reasons.push_back("resolved");
  }
  const bool same_work_goes_on = e.cause == ReopenCause::kRejectedByRequester || e.cause == ReopenCause::kUndo;
  if (!same_work_goes_on) {
    EndAcknowledgement(c, Track::kFunctional);
    EndAcknowledgement(c, Track::kHierarchical);
  }
  c.functional.stopped = !c.acknowledged_by.empty();
  c.hierarchical.stopped = !c.management_acknowledged_by.empty();
  const bool owned = !c.owner.team.empty() || !c.owner.person.empty();
  c.state = !owned ? CaseState::kTriaged : c.acknowledged_by.empty() ? CaseState::kAssigned : CaseState::kInProgress;
  c.resolved_at = 0;
  c.ended_at = 0;
  c.monitoring_until = 0;
  c.monitoring_over = false;
  c.confirmed = false;
  if (e.cause != ReopenCause::kUndo) ++c.reopens;
  if (e.cause == ReopenCause::kRecurrence) ++c.re_escalations;
  ReopenMajor(c);
}

void On(Case& c, const Closed&, InstantMs at) { End(c, CaseState::kClosed, at); }

void On(Case& c, const Cancelled&, InstantMs at) { End(c, CaseState::kCancelled, at); }

void On(Case& c, const Retired&, InstantMs) { c.retired = true; }

}  // namespace escalon::evolve
