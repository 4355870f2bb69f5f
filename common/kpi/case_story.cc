#include "common/kpi/case_story.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace escalon::kpi {
namespace {

/// An update that a cadence owes is late after so long.
constexpr DurationMs kCadenceGrace = kMinuteMs;
constexpr std::string_view kCadence = "cadence";
constexpr std::string_view kMonitoring = "monitoring";
constexpr std::string_view kReviewed = "reviewed";  ///< why a review's clock stops when it was written in time

bool IsReview(std::string_view clock) { return clock == "review" || clock == "major.review"; }

bool IsPromise(const ClockRun& run) {
  return std::any_of(run.alarms.begin(), run.alarms.end(),
                     [](const Alarm& alarm) { return alarm.kind == AlarmKind::kBreach; });
}

template <typename T>
T* ById(std::vector<T>* all, const std::string& id) {
  const auto found = std::find_if(all->begin(), all->end(), [&id](const T& one) { return one.id == id; });
  return found == all->end() ? nullptr : &*found;
}

}  // namespace

/// Reads one batch into the story.
class CaseStory::Reader {
 public:
  Reader(CaseStory* story, const Case& after, const EventBatch& batch) : s_(*story), after_(after), at_(batch.at) {}

  template <typename E>
  void On(const E&) {}

  void On(const Opened& e) {
    s_.id = after_.id;
    s_.opened_at = at_;
    s_.ref = e.facts.external_ref;
    s_.kind = e.facts.kind;
    s_.region = e.facts.region;
    s_.path = e.path;
    s_.imported = e.imported;
  }

  void On(const Escalated& e) {
    Move& move = s_.moves.emplace_back();
    move.at = at_;
    move.track = e.track;
    move.from = e.from_level;
    move.to = e.to_level;
    move.reason = e.reason;
    move.counted = e.counted;
    move.automatic = e.automatic;
    move.inform = e.inform_only;
    if (e.counted) {
      move.again = s_.came_back_;
      s_.came_back_ = false;
    }
    if (!e.inform_only) Arrive(e.track, e.to_level);
  }

  void On(const StepEmpty& e) { s_.empty_steps.push_back({at_, e.track, after_.on(e.track).level, e.why}); }

  void On(const Assigned& e) {
    s_.team = e.team;
    s_.owner = e.person;
    BeginVisit(e.team);
    EndWaiting();
    if (after_.acknowledged_by.empty()) s_.waitings.push_back({s_.level_now_, e.team, at_, kNever});
  }

  void On(const Acknowledged& e) {
    if (e.track != Track::kFunctional) return;
    EndWaiting();
    if (s_.acknowledged_at == 0) s_.acknowledged_at = at_;
  }

  void On(const AcknowledgementEnded& e) {
    if (e.track == Track::kFunctional && IsOpen(after_.state)) BeginWaiting();
  }

  void On(const ClockArmed& e) {
    if (e.clock.name == kMonitoring && !s_.resolutions.empty()) s_.resolutions.back().monitored = true;
    PromiseRun* run = Running(e.clock.name);
    if (run == nullptr) {
      if (!IsPromise(e.clock)) return;
      run = &s_.promises.emplace_back();
      run->name = e.clock.name;
      run->level = s_.level_now_.empty() ? after_.functional.level : s_.level_now_;
    }
    run->calendar = e.clock.calendar;
    run->started_at = e.clock.started_at;
    run->due_at = e.clock.due_at;
    run->target = e.clock.target.business_days == 0 ? e.clock.target.span : 0;
    run->pauses = e.clock.pauses;
    run->paused_since = e.clock.paused_since;
    run->legs = e.clock.legs;
    if (e.clock.breached_at != 0 && run->breached_at == 0) run->breached_at = e.clock.breached_at;
  }

  void On(const ClockPaused& e) {
    if (PromiseRun* run = Running(e.name)) run->paused_since = at_;
  }

  void On(const ClockResumed& e) {
    PromiseRun* run = Running(e.name);
    if (run == nullptr) return;
    run->due_at = e.due_at;
    if (run->paused_since != 0) run->pauses.push_back({run->paused_since, at_});
    run->paused_since = 0;
  }

  void On(const ClockStopped& e) {
    if (IsReview(e.name) && e.why == kReviewed) {
      ++s_.reviews_due;
      ++s_.reviews_in_time;
    }
    PromiseRun* run = Running(e.name);
    if (run == nullptr) return;
    run->ended_at = at_;
    // A stop behind the deadline is a breach even where none was raised.
    if (!e.met && run->breached_at == 0) run->breached_at = at_;
    run->cancelled = e.why == ClockStopped::kCancelled;
  }

  void On(const ClockFired& e) {
    if (IsReview(e.name)) ++s_.reviews_due;
    if (e.name != kCadence || e.superseded) return;
    ++s_.cadences;
    if (e.late_by_ms <= kCadenceGrace) ++s_.cadences_on_time;
  }

  void On(const Breached& e) {
    PromiseRun* run = Last(e.name);
    if (run == nullptr) return;
    if (run->breached_at == 0) run->breached_at = at_;
    if (!e.penalty.empty()) run->penalty = e.penalty;
  }

  void On(const BreachAnnulled& e) {
    PromiseRun* run = Last(e.name);
    if (run == nullptr) return;
    run->breached_at = 0;
    run->penalty = {};
  }

  void On(const NotifyIntended& e) {
    if (e.audience == Audience::kRequester && e.message.ends_with("resolved")) ++s_.surveys;
    if (e.purpose != IntentPurpose::kPage) return;
    s_.pages.push_back({at_, e.track, after_.on(e.track).level, e.team, e.people, e.priority});
  }

  void On(const NobodyReached&) { ++s_.unreached; }

  void On(const Paused&) { s_.pauses.push_back({at_, kNever}); }
  void On(const Resumed&) { EndPause(); }

  void On(const HandoverOffered& e) {
    HandoverStory& handover = s_.handovers.emplace_back();
    handover.id = e.id;
    handover.offered_at = at_;
    handover.emergency = e.emergency;
    handover.asked_for_more = !e.missing.empty();
  }
  void On(const HandoverAccepted& e) {
    HandoverStory* handover = ById(&s_.handovers, e.id);
    if (handover == nullptr) return;
    handover->accepted = true;
    handover->answered_at = at_;
  }
  void On(const HandoverDeclined& e) {
    HandoverStory* handover = ById(&s_.handovers, e.id);
    if (handover != nullptr) {
      handover->declined = true;
      handover->answered_at = at_;
    }
    Return();
  }
  void On(const HandoverAskedForMore& e) {
    if (HandoverStory* handover = ById(&s_.handovers, e.id)) handover->asked_for_more = true;
  }
  void On(const HandoverExpired& e) {
    if (HandoverStory* handover = ById(&s_.handovers, e.id)) handover->expired = true;
  }

  void On(const DeEscalated& e) {
    ++s_.de_escalations;
    Return();
    Arrive(e.track, e.to_level);
  }

  void On(const ApprovalRequested& e) {
    ApprovalStory& approval = s_.approvals.emplace_back();
    approval.id = e.request.id;
    approval.asked_at = at_;
    approval.ratify = e.request.ratify;
  }
  void On(const ApprovalDecided& e) {
    ApprovalStory* approval = ById(&s_.approvals, e.id);
    if (approval == nullptr) return;
    approval->decided_at = at_;
    approval->outcome = e.outcome;
  }

  void On(const ConsultationAsked&) { ++s_.consultations; }
  void On(const MajorOpened&) { ++s_.majors; }
  void On(const ConsultationAnswered&) { ++s_.consultations_answered; }
  void On(const Rated& e) { s_.ratings.push_back({at_, e.what, e.score}); }

  void On(const Resolved& e) {
    s_.resolutions.push_back({at_, e.level, false, 0, ReopenCause::kPerson});
    EndPause();
    Depart();
  }
  void On(const Reopened& e) {
    s_.ended_at = 0;
    s_.came_back_ = true;
    if (!s_.resolutions.empty()) {
      s_.resolutions.back().reopened_at = at_;
      s_.resolutions.back().reopened_by = e.cause;
    }
    Arrive(Track::kFunctional, s_.level_now_);
    BeginVisit(s_.team);
    if (after_.acknowledged_by.empty()) BeginWaiting();
  }
  void On(const Closed&) { End(); }
  void On(const Cancelled&) {
    EndPause();
    End();
  }

 private:
  PromiseRun* Last(const std::string& name) {
    const auto found = std::find_if(s_.promises.rbegin(), s_.promises.rend(),
                                    [&name](const PromiseRun& run) { return run.name == name; });
    return found == s_.promises.rend() ? nullptr : &*found;
  }
  PromiseRun* Running(const std::string& name) {
    PromiseRun* run = Last(name);
    return run != nullptr && run->ended_at == 0 ? run : nullptr;
  }

  void Arrive(Track track, const std::string& level) {
    if (level.empty()) return;
    if (track == Track::kFunctional) s_.level_now_ = level;
    for (Stay& stay : s_.stays) {
      if (stay.track != track || stay.to != kNever) continue;
      if (stay.level == level) return;
      stay.to = at_;
    }
    // The first level has the case from its opening on.
    const bool first = track == Track::kFunctional && s_.stays.empty();
    s_.stays.push_back({track, level, first ? s_.opened_at : at_, kNever});
  }

  void Depart() {
    for (Stay& stay : s_.stays) {
      if (stay.to == kNever) stay.to = at_;
    }
    EndVisit();
    EndWaiting();
  }

  void Return() {
    s_.came_back_ = true;
    const auto last = std::find_if(s_.moves.rbegin(), s_.moves.rend(), [](const Move& move) { return move.counted; });
    if (last != s_.moves.rend()) last->returned = true;
  }

  void BeginVisit(const std::string& team) {
    if (team.empty()) return EndVisit();
    if (!s_.visits.empty() && s_.visits.back().to == kNever && s_.visits.back().team == team) return;
    EndVisit();
    s_.visits.push_back({team, at_, kNever});
  }
  void EndVisit() {
    if (!s_.visits.empty() && s_.visits.back().to == kNever) s_.visits.back().to = at_;
  }
  void BeginWaiting() {
    EndWaiting();
    s_.waitings.push_back({s_.level_now_, after_.owner.team, at_, kNever});
  }
  void EndWaiting() {
    if (!s_.waitings.empty() && s_.waitings.back().to == kNever) s_.waitings.back().to = at_;
  }
  void EndPause() {
    if (!s_.pauses.empty() && s_.pauses.back().to == kNever) s_.pauses.back().to = at_;
  }
  void End() {
    s_.ended_at = at_;
    Depart();
  }

  CaseStory& s_;
  const Case& after_;
  const InstantMs at_;
};

void CaseStory::Take(const Case& after, const EventBatch& batch) {
  Reader reader(this, after, batch);
  for (const Event& event : batch.events) std::visit([&](const auto& e) { reader.On(e); }, event);
  priority = after.priority;
  category = after.category;
  state = after.state;
  last_at = batch.at;
}

CaseStory CaseStory::Standing(const Case& c) {
  CaseStory out;
  out.id = c.id;
  out.ref = c.facts->external_ref;
  out.kind = c.facts->kind;
  out.region = c.facts->region;
  out.category = c.category;
  out.path = c.path;
  out.priority = c.priority;
  out.state = c.state;
  out.imported = c.imported;
  out.team = c.owner.team;
  out.owner = c.owner.person;
  out.opened_at = c.opened_at;
  out.acknowledged_at = c.acknowledged_at;
  out.last_at = c.last_at;
  out.level_now_ = c.functional.level;
  const bool worked_on = IsOpen(c.state) && c.resolved_at == 0;
  for (const Track track : {Track::kFunctional, Track::kHierarchical}) {
    const TrackState& state = c.on(track);
    if (state.level.empty()) continue;
    out.stays.push_back({track, state.level, state.reached_at, worked_on ? kNever : c.last_at});
  }
  if (worked_on && c.acknowledged_by.empty() && c.owner.since != 0)
    out.waitings.push_back({out.level_now_, out.team, c.owner.since, kNever});
  if (worked_on && !out.team.empty()) out.visits.push_back({out.team, c.owner.since, kNever});
  for (const ClockRun& run : c.clocks) {
    if (!IsPromise(run) && run.breached_at == 0) continue;
    PromiseRun& promise = out.promises.emplace_back();
    promise.name = run.name;
    promise.level = out.level_now_;
    promise.calendar = run.calendar;
    promise.started_at = run.started_at;
    promise.due_at = run.due_at;
    promise.target = run.target.business_days == 0 ? run.target.span : 0;
    promise.breached_at = run.breached_at;
    promise.pauses = run.pauses;
    promise.legs = run.legs;
    promise.paused_since = run.paused_since;
    // The pause that lasts is added when it ends.
    if (run.paused_since != 0 && !promise.pauses.empty() && promise.pauses.back().from == run.paused_since)
      promise.pauses.pop_back();
  }
  if (c.resolved_at != 0)
    out.resolutions.push_back({c.resolved_at, c.resolved_level, c.monitoring_until != 0, 0, ReopenCause::kPerson});
  for (const OpenHandover& open : c.handovers) {
    HandoverStory& handover = out.handovers.emplace_back();
    handover.id = open.offer.id;
    handover.offered_at = open.since;
    handover.emergency = open.offer.emergency;
    handover.asked_for_more = !open.offer.missing.empty() || open.state == HandoverState::kAskedForMore;
  }
  for (const OpenApproval& open : c.approvals) {
    ApprovalStory& approval = out.approvals.emplace_back();
    approval.id = open.request.id;
    approval.asked_at = open.since;
    approval.ratify = open.request.ratify;
  }
  return out;
}

uint32_t CaseStory::escalations() const {
  return static_cast<uint32_t>(
      std::count_if(moves.begin(), moves.end(), [](const Move& move) { return move.counted; }));
}

const Resolution* CaseStory::final_resolution() const {
  return resolutions.empty() || resolutions.back().reopened_at != 0 ? nullptr : &resolutions.back();
}

const std::string& CaseStory::level() const {
  const Resolution* resolution = final_resolution();
  return resolution != nullptr && !resolution->level.empty() ? resolution->level : level_now_;
}

}  // namespace escalon::kpi
