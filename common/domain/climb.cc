#include "common/domain/climb.h"

#include <algorithm>
#include <utility>

#include "common/domain/clock_arithmetic.h"
#include "common/domain/clock_ops.h"
#include "common/domain/hold.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/step_page.h"
#include "common/domain/who.h"

namespace escalon::decide {
namespace {

enum class StepEnd { kLanded, kTold, kSkipped };  ///< kTold: told, but without a wait of its own

struct At {
  Track track;
  int step;
  int pass;
  int attempt;
  bool arrived = false;  ///< it stands there already, waiting for its opening
};

bool HasWait(const Target& wait) { return wait.span > 0 || wait.business_days > 0; }

StepEnd Skip(Draft& d, const At& at, std::string why) {
  d.Trace(StepRule(d, at.track, at.step), "skipped: " + why);
  d.Emit(StepEmpty{at.track, at.step, false, std::move(why)});
  return StepEnd::kSkipped;
}

void ArriveAt(Draft& d, const At& at, const PathStep& step, const Move& move) {
  if (!at.arrived) Arrive(d, at.track, {step.level, at.step, at.pass, at.attempt}, move);
}

/// A step that was held until now begins when it is told.
void BeginAt(Draft& d, const At& at, const PathStep& step, Move move) {
  if (!at.arrived) return ArriveAt(d, at, step, move);
  const std::string& by = at.track == Track::kFunctional ? d.c().acknowledged_by : d.c().management_acknowledged_by;
  if (!by.empty()) return;
  move.text = "its hours begin";
  Arrive(d, at.track, {step.level, at.step, at.pass, at.attempt}, move);
}

/// Nobody is told: the step's wait, or the time to its opening, is spent.
StepEnd Hold(Draft& d, const At& at, const PathStep& step, const Move& move, std::string why,
             const std::string& calendar, const Target& wait, std::string_view tag) {
  d.Trace(StepRule(d, at.track, at.step), "held: " + why);
  ArriveAt(d, at, step, move);
  d.Emit(StepEmpty{at.track, at.step, true, why});
  if (at.track == Track::kFunctional && !step.to.team.empty()) {
    Own(d, step.to.team, "", AssignMode::kPull, move, why);
  }
  ArmStepWait(d, at.track, calendar, wait, std::move(why), std::string(tag));
  return StepEnd::kLanded;
}

/// When somebody of a team that is outside its hours is there again; kNever: it is open, or that is too far away to
/// wait for. Hours of absence are none of its hours: then the wait is spent.
InstantMs OpeningOf(const Draft& d, const StepTarget& to) {
  constexpr DurationMs kFarthest = 7 * kDayMs;
  const Team* team = d.roster().team(to.team);
  if (team == nullptr || !d.roster().OnCallOf(team->id, d.t()).empty()) return kNever;
  const Calendar* hours = d.roster().CalendarOf(*team);
  if (team->schedule.empty() && (hours == nullptr || hours->IsOpen(d.t()))) return kNever;
  const InstantMs opening = d.roster().NextHandoffOf(team->id, d.t());
  return opening == kNever || opening - d.t() > kFarthest ? kNever : opening;
}

std::string TeamToOwn(const Draft& d, const StepTarget& to) {
  if (!to.team.empty()) return to.team;
  const std::string team = to.person.empty() ? std::string() : TeamOf(d.roster(), to.person);
  return team.empty() ? CatchAllTeam(d) : team;
}

/// The case stands on the step and nobody is told; its wait begins when the rest ends.
StepEnd RestOn(Draft& d, const At& at, const PathStep& step, const Move& move) {
  const Priority priority = d.c().priority;
  const Target& wait = step.wait.of(priority);
  d.Trace(StepRule(d, at.track, at.step), "rests there, untold");
  ArriveAt(d, at, step, move);
  if (at.track == Track::kFunctional) Own(d, TeamToOwn(d, step.to), "", AssignMode::kPull, move, "rests, untold");
  ArmStepWait(d, at.track, step.wait_calendar.of(priority), HasWait(wait) ? wait : DefaultWait(d, step.level),
              "it rests");
  return StepEnd::kLanded;
}

StepEnd TryStep(Draft& d, const At& at, const PathTrack& path, const Move& move) {
  const PathStep& step = path.steps[static_cast<size_t>(at.step)];
  if (IsHeld(d.c())) return RestOn(d, at, step, move);
  const Priority priority = d.c().priority;
  const std::string& calendar_id = step.wait_calendar.of(priority);
  const Calendar* calendar = d.policy().calendar(calendar_id);
  if (calendar != nullptr && !calendar->IsOpen(d.t())) {
    const InstantMs opening = calendar->NextOpening(d.t());
    if (opening == kNever) return Skip(d, at, "its calendar never opens");
    return Hold(d, at, step, move, "outside its hours until " + FormatInstant(opening), calendar_id, Target{0},
                kOpeningTag);
  }
  const Target& wait = step.wait.of(priority);
  const Reached who = WhoIsThere(d, step.to, {step.assign, at.pass, move.not_back_to}, StepRule(d, at.track, at.step));
  if (who.empty()) {
    if (path.skip_if_empty.of(priority) || who.overloaded || !HasWait(wait)) return Skip(d, at, who.why);
    if (const InstantMs opening = OpeningOf(d, step.to); opening != kNever) {
      return Hold(d, at, step, move, "team " + step.to.team + " is closed until " + FormatInstant(opening), "",
                  Target{opening - d.t()}, kOpeningTag);
    }
    return Hold(d, at, step, move, who.why, calendar_id, wait, "");
  }
  BeginAt(d, at, step, move);
  if (who.vendor.empty() && (at.track == Track::kFunctional || move.owns)) {
    Own(d, who.team, who.person, step.assign, move, StepRule(d, at.track, at.step));
  }
  TellStep(d, at.track, who, step.channels, move);
  if (!who.vendor.empty()) StartPromises(d, "vendor_told");
  if (at.track == Track::kFunctional) {
    StartLevelPromises(d, calendar_id);
    if (move.counted) StartPromises(d, "escalated");
  }
  if (!HasWait(wait)) return StepEnd::kTold;
  ArmStepWait(d, at.track, calendar_id, wait, "step " + std::to_string(at.step) + " of " + step.level);
  return StepEnd::kLanded;
}

bool IsOverLimit(const Draft& d, const Move& move) {
  return move.counted && !move.emergency &&
         d.c().escalations >= static_cast<uint32_t>(std::max(0, d.policy().limits.escalations_per_case));
}

/// From a step on: over those that are skipped or take no time, to one that holds the case, or to the catch-all.
void Land(Draft& d, At at, Move move) {
  const PathTrack* path = d.track(at.track);
  if (path == nullptr || path->steps.empty()) return ToCatchAll(d, at.track, move);
  if (IsOverLimit(d, move)) return OverLimit(d, at.track, move, "limits.escalations_per_case");
  const int steps = static_cast<int>(path->steps.size());
  bool pass_took_no_time = at.step == 0 && at.attempt == 0;
  for (;;) {
    if (at.step >= steps) {
      const bool again = (path->repeat < 0 || at.pass < path->repeat) && !pass_took_no_time;
      if (!again) return ToCatchAll(d, at.track, move);
      at = {at.track, 0, at.pass + 1, 0};
      pass_took_no_time = true;
    }
    if (TryStep(d, at, *path, move) == StepEnd::kLanded) return;
    at = {at.track, at.step + 1, at.pass, 0};
    if (!move.entering) move.counted = true;
  }
}

const StepTarget* PeopleOfLevel(const Draft& d, const std::string& level) {
  const auto it = d.policy().level_people.find(level);
  return it != d.policy().level_people.end() ? &it->second : nullptr;
}

/// The nearest level above that says who its people are; empty: none.
std::string NextLevelWithPeople(const Draft& d, std::string_view level) {
  const auto& levels = d.policy().levels;
  for (size_t i = static_cast<size_t>(d.policy().level_index(level)) + 1; i < levels.size(); ++i) {
    if (PeopleOfLevel(d, levels[i].id) != nullptr) return levels[i].id;
  }
  return {};
}

/// Outside the steps each telling is an attempt of its own, so that no two pages look alike.
Place Outside(const Draft& d, Track track, std::string level) {
  const TrackState& state = d.c().on(track);
  return {std::move(level), kOutsideSteps, state.pass, state.step == kOutsideSteps ? state.attempt + 1 : 0};
}

bool TellLevel(Draft& d, Track track, const std::string& level, const StepTarget& to, const Move& move) {
  const bool takes_it = track == Track::kFunctional || move.owns;
  const Choice choice{takes_it ? AssignMode::kPush : AssignMode::kOffer, 1, move.not_back_to, !takes_it};
  const Reached who = WhoIsThere(d, to, choice, "levels." + level);
  if (who.empty()) {
    d.Emit(StepEmpty{track, kOutsideSteps, false, level + ": " + who.why});
    return false;
  }
  TellReached(d, track, level, who, move);
  return true;
}

void EnterOutside(Draft& d, Track track, std::string level, const Move& move) {
  if (IsOverLimit(d, move)) return OverLimit(d, track, move, "limits.escalations_per_case");
  while (!level.empty()) {
    const StepTarget* to = PeopleOfLevel(d, level);
    if (to != nullptr && TellLevel(d, track, level, *to, move)) return;
    level = NextLevelWithPeople(d, level);
  }
  ToCatchAll(d, track, move);
}

/// Where no steps say who is next, the level that owns the case is told again: a rule or a person chose it, and nobody
/// above.
void TellOutsideAgain(Draft& d, Track track) {
  const TrackState state = d.c().on(track);
  const Owner owner = d.c().owner;
  Reached who;
  who.team = state.team;
  for (const std::string& person : state.people) {
    if (d.roster().IsPresent(person, d.t())) who.people.push_back(person);
    if (person == owner.person) who.person = person;
  }
  const bool still_theirs = owner.person.empty() ? owner.team == state.team : !who.person.empty();
  if (!still_theirs) return StopClock(d, StepClock(track), "somebody else has it now");
  const Move move{.reason = EscalationReason::kNoAcknowledgement, .counted = false, .owns = true};
  if (!who.people.empty()) return TellReached(d, track, state.level, who, move);
  EnterOutside(d, track, NextLevelWithPeople(d, state.level), move);
}

}  // namespace

std::string CatchAllTeam(const Draft& d) {
  const Path* path = d.path();
  if (path != nullptr && !path->catch_all_team.empty()) return path->catch_all_team;
  if (!d.policy().catch_all_team.empty()) return d.policy().catch_all_team;
  const Team* team = d.roster().CatchAll();
  return team != nullptr ? team->id : std::string();
}

int StepOfLevel(const PathTrack* track, std::string_view level) {
  if (track == nullptr) return -1;
  const auto it = std::find_if(track->steps.begin(), track->steps.end(),
                               [level](const PathStep& step) { return step.level == level; });
  return it != track->steps.end() ? static_cast<int>(it - track->steps.begin()) : -1;
}

void EndAcknowledgement(Draft& d, Track track, const std::string& why) {
  const std::string& by = track == Track::kFunctional ? d.c().acknowledged_by : d.c().management_acknowledged_by;
  if (by.empty()) return;
  d.Emit(AcknowledgementEnded{track, why});
  if (track == Track::kFunctional) StopClock(d, kLeaseClock, why);
}

void EnterTrack(Draft& d, Track track) {
  const Move move{.reason = EscalationReason::kPriority, .counted = false, .entering = true};
  const PathTrack* path = d.track(track);
  if (path == nullptr || path->steps.empty()) {
    if (track == Track::kFunctional) ToCatchAll(d, track, move);
    return;
  }
  const std::string& level = path->enter_at.of(d.c().priority);
  // A P1 moves on both tracks; others reach the management when a trigger, a person or the policy says so.
  if (track == Track::kHierarchical && level.empty() && d.c().priority != Priority::kP1) return;
  const int step = level.empty() ? 0 : std::max(0, StepOfLevel(path, level));
  d.Trace(StepRule(d, track, step), "entered", {{"priority", std::string(Name(d.c().priority))}, {"enter_at", level}});
  Land(d, {track, step, 0, 0}, move);
}

void EnterAtLevel(Draft& d, Track track, const std::string& level, const Move& move) {
  const int step = StepOfLevel(d.track(track), level);
  if (step < 0) return EnterOutside(d, track, level, move);
  const TrackState& state = d.c().on(track);
  Land(d, {track, step, state.pass, state.step == step ? state.attempt + 1 : 0}, move);
}

void ClimbNext(Draft& d, Track track, const Move& move) {
  const TrackState state = d.c().on(track);
  if (state.step == kCatchAllStep) return ToCatchAll(d, track, move);
  if (state.step >= 0) return Land(d, {track, state.step + 1, state.pass, 0}, move);
  const PathTrack* path = d.track(track);
  const int level = d.policy().level_index(state.level);
  const int steps = path != nullptr ? static_cast<int>(path->steps.size()) : 0;
  int next = 0;
  while (next < steps && d.policy().level_index(path->steps[static_cast<size_t>(next)].level) <= level) ++next;
  if (next < steps || track == Track::kFunctional) return Land(d, {track, next, state.pass, 0}, move);
  EnterOutside(d, track, NextLevelWithPeople(d, state.level), move);
}

void TellAgain(Draft& d, Track track, const Move& move) {
  const TrackState state = d.c().on(track);
  if (state.step >= 0) return Land(d, {track, state.step, state.pass, state.attempt + 1}, move);
  if (state.step == kCatchAllStep) return ToCatchAll(d, track, move);
  if (d.c().owner.team.empty() && d.c().owner.person.empty()) return ToCatchAll(d, track, move);
  StepTarget to;
  to.team = d.c().owner.team;
  if (to.team.empty()) to.person = d.c().owner.person;
  TellTarget(d, track, state.level, to, move);
}

void ClimbUnanswered(Draft& d, std::string_view clock) {
  const Track track = clock == StepClock(Track::kHierarchical) ? Track::kHierarchical : Track::kFunctional;
  const TrackState& state = d.c().on(track);
  const bool by_level = clock == kLevelResponse;
  d.Trace(
      by_level ? "levels." + state.level + ".response" : StepRule(d, track, state.step), "not acknowledged in time",
      {{"clock", std::string(clock)}, {"reached_at", FormatInstant(state.reached_at)}, {"now", FormatInstant(d.t())}});
  if (track == Track::kHierarchical && state.step == kOutsideSteps) return TellOutsideAgain(d, track);
  Move move{.reason = by_level ? EscalationReason::kNoResponse : EscalationReason::kNoAcknowledgement};
  if (state.step == kCatchAllStep) move.counted = false;
  // A team that owns the case and does not answer gives it on: nobody else would lead it to a person.
  if (track == Track::kHierarchical) move.owns = d.c().owner.person.empty() && !d.c().acknowledged_by.empty();
  ClimbNext(d, track, move);
  // Where the climb ends with somebody being informed, no step waits any more.
  const ClockRun* run = d.c().clock(StepClock(track));
  if (run != nullptr && !run->paused() && run->alarms.empty()) StopClock(d, StepClock(track), "nobody waits for it");
}

void TellAtOpening(Draft& d, Track track) {
  const TrackState state = d.c().on(track);
  const PathTrack* path = d.track(track);
  if (path == nullptr || state.step < 0 || state.step >= static_cast<int>(path->steps.size()))
    return TellAgain(d, track, Move{.counted = false});
  const Move move{.reason = EscalationReason::kPriority, .counted = false};
  At at{track, state.step, state.pass, state.attempt, true};
  if (TryStep(d, at, *path, move) == StepEnd::kLanded) return;
  Land(d, {track, state.step + 1, state.pass, 0}, Move{.reason = EscalationReason::kNoAcknowledgement});
}

void TellTarget(Draft& d, Track track, const std::string& level, const StepTarget& to, const Move& move) {
  Reached who;
  if (!to.person.empty()) {  // a person's choice stands: the command has judged it
    who.people = {to.person};
    who.person = to.person;
    who.team = TeamOf(d.roster(), to.person, to.team);
  } else {
    who = WhoIsThere(d, to, {AssignMode::kPull, 1, move.not_back_to}, "team " + to.team);
    who.team = to.team;
  }
  EndAcknowledgement(d, track, std::string(Name(move.reason)));
  Own(d, who.team, who.person, who.person.empty() ? AssignMode::kPull : AssignMode::kPush, move, move.text);
  Arrive(d, track, Outside(d, track, level), move);
  TellStep(d, track, who, {}, move);
  ArmStepWait(d, track, DefaultWaitCalendar(d), DefaultWait(d, level), "level " + level);
}

void TellReturned(Draft& d, const std::string& level, int step) {
  const PathTrack* path = d.track(Track::kFunctional);
  const PathStep* of_path = step >= 0 ? &path->steps[static_cast<size_t>(step)] : nullptr;
  const StepTarget* to = of_path != nullptr ? &of_path->to : PeopleOfLevel(d, level);
  const Move move{
      .reason = EscalationReason::kManual, .text = "de-escalated", .automatic = !d.by_person(), .counted = false};
  Reached who;
  if (to != nullptr) {
    const AssignMode mode = of_path != nullptr ? of_path->assign : AssignMode::kPush;
    who = WhoIsThere(d, *to, {mode, 1, d.c().owner.person}, "levels." + level);
    if (who.empty()) who.team = to->team;
  }
  Own(d, who.team, who.person, AssignMode::kPull, move, "de-escalated");
  TellStep(d, Track::kFunctional, who, {}, move);
  if (of_path == nullptr)
    return ArmStepWait(d, Track::kFunctional, DefaultWaitCalendar(d), DefaultWait(d, level), "level " + level);
  const std::string& calendar = of_path->wait_calendar.of(d.c().priority);
  StartLevelPromises(d, calendar);
  ArmStepWait(d, Track::kFunctional, calendar, of_path->wait.of(d.c().priority), "level " + level);
}

void TellReached(Draft& d, Track track, const std::string& level, const Reached& who, const Move& move) {
  if (IsOverLimit(d, move)) return OverLimit(d, track, move, "limits.escalations_per_case");
  Arrive(d, track, Outside(d, track, level), move);
  if (track == Track::kFunctional || move.owns)
    Own(d, who.team, who.person, AssignMode::kPush, move, "levels." + level);
  TellStep(d, track, who, {}, move);
  if (track == Track::kHierarchical && !move.owns) return;  // informed: nobody waits for them
  ArmStepWait(d, track, DefaultWaitCalendar(d), DefaultWait(d, level), "level " + level);
}

void InformBeside(Draft& d, Track track, const std::string& level, const Reached& who, const Move& move) {
  if (who.empty()) d.Emit(StepEmpty{track, kOutsideSteps, false, level + ": " + who.why});
  EscalateBeside(d, track, level, move);
  if (who.empty()) return;
  NotifyIntended intent;
  intent.purpose = IntentPurpose::kInform;
  intent.audience = Audience::kStep;
  intent.people = who.people;
  intent.team = who.team;
  intent.message = "escalated";
  intent.track = track;
  intent.step = kBesideTrack;
  d.Notify(std::move(intent));
}

void ToCatchAll(Draft& d, Track track, const Move& move) {
  const TrackState& state = d.c().on(track);
  const bool again = state.step == kCatchAllStep;
  Move last = move;
  if (again) last.counted = false;
  Reached who;
  who.team = CatchAllTeam(d);
  for (const Person* person : d.roster().OnCallOf(who.team, d.t())) {
    if (IsCleared(*person, *d.c().facts)) who.people.push_back(person->id);
  }
  d.Trace(StepRule(d, track, kCatchAllStep), again ? "told again" : "the path has run out",
          {{"team", who.team}, {"there", std::to_string(who.people.size())}});
  Arrive(d, track, {state.level, kCatchAllStep, state.pass, again ? state.attempt + 1 : 0}, last);
  const bool takes_it = track == Track::kFunctional || move.owns;
  if (takes_it) Own(d, who.team, "", AssignMode::kOffer, last, "the catch-all");
  last.counted = true;  // told as loudly as an escalation
  TellStep(d, track, who, {}, last);
  if (takes_it) {
    ArmStepWait(d, track, DefaultWaitCalendar(d), CatchAllWait(d), "the catch-all");
  } else {
    StopClock(d, StepClock(track), "the catch-all was told");
  }
}

void OverLimit(Draft& d, Track track, const Move& move, const std::string& limit) {
  d.Trace(limit, "over the limit: catch-all and review",
          {{"escalations", std::to_string(d.c().escalations)}, {"reassignments", std::to_string(d.c().reassignments)}});
  Move last = move;
  last.counted = false;
  last.text = "over " + limit + (move.text.empty() ? "" : ": " + move.text);
  ToCatchAll(d, track, last);
  NotifyIntended review;
  review.audience = Audience::kManager;
  review.message = "review";
  review.track = track;
  review.step = kCatchAllStep;
  d.Notify(std::move(review));
}

void LeadOn(Draft& d) {
  const Case& c = d.c();
  if (!IsOpen(c.state) || c.state == CaseState::kNew || c.state == CaseState::kPending || c.snoozed_until != 0) return;
  if (!c.owner.person.empty()) return;
  for (const Track track : {Track::kFunctional, Track::kHierarchical}) {
    const ClockRun* run = c.clock(StepClock(track));
    if (run != nullptr && run->next_alarm_at() != kNever) return;
  }
  const Move move{.reason = EscalationReason::kNoAcknowledgement, .counted = false};
  d.Trace("owner", "nobody would lead on: " + (c.acknowledged_by.empty() ? "the step is told again"
                                                                         : c.acknowledged_by + " has acknowledged it"));
  if (c.acknowledged_by.empty()) return TellAgain(d, Track::kFunctional, move);
  const std::string person = c.acknowledged_by;
  Own(d, TeamOf(d.roster(), person), person, AssignMode::kPull, move, "acknowledged");
}

void RecomputeStepWait(Draft& d, Track track) {
  const ClockRun* found = d.c().clock(StepClock(track));
  const PathTrack* path = d.track(track);
  const TrackState state = d.c().on(track);
  if (found == nullptr || path == nullptr || state.step < 0 || state.step >= static_cast<int>(path->steps.size()))
    return;
  const PathStep& step = path->steps[static_cast<size_t>(state.step)];
  const ClockRun previous = *found;
  const bool waits_for_opening = !previous.alarms.empty() && previous.alarms.front().trigger == kOpeningTag;
  ClockRun next = previous;
  next.generation = NextGeneration(d.c(), previous.name);
  next.calendar = step.wait_calendar.of(d.c().priority);
  if (!waits_for_opening) next.target = step.wait.of(d.c().priority);
  if (next.calendar == previous.calendar && next.target == previous.target) return;
  next.due_at = Deadline({d.policy().calendar(next.calendar), next.started_at, next.target, next.pauses});
  if (next.due_at == kNever && !next.paused()) return;  // the old wait still leads on
  for (Alarm& alarm : next.alarms) alarm.at = next.due_at;
  const bool due = !next.paused() && next.due_at <= d.t();
  d.Emit(ClockArmed{std::move(next), "priority " + std::string(Name(d.c().priority))});
  if (!due) return;
  const ClockRun* run = d.c().clock(StepClock(track));
  d.Emit(ClockFired{run->name, run->generation, run->alarms.front(), 0, false});
  if (waits_for_opening) return TellAtOpening(d, track);
  ClimbUnanswered(d, StepClock(track));
}

}  // namespace escalon::decide
