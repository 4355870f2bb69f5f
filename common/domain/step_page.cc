#include "common/domain/step_page.h"

#include <array>
#include <utility>

#include "common/domain/clock_ops.h"
#include "common/domain/hold.h"
#include "common/domain/promise_clocks.h"

namespace escalon::decide {
namespace {

constexpr std::array<DurationMs, 4> kOutsideWait = {15 * kMinuteMs, 30 * kMinuteMs, 4 * kHourMs, 8 * kHourMs};
constexpr std::array<DurationMs, 4> kCatchAllWait = {15 * kMinuteMs, 30 * kMinuteMs, 2 * kHourMs, 4 * kHourMs};

DurationMs OfPriority(const std::array<DurationMs, 4>& waits, Priority priority) {
  return waits[priority == Priority::kUnset ? 2 : static_cast<size_t>(priority) - 1];
}

Escalated EscalatedTo(const Draft& d, Track track, const std::string& level, int step, const Move& move) {
  Escalated e;
  e.track = track;
  e.from_level = d.c().on(track).level;
  e.to_level = level;
  e.step = step;
  e.reason = move.reason;
  e.text = move.text;
  e.automatic = move.automatic;
  e.counted = move.counted;
  return e;
}

}  // namespace

void Arrive(Draft& d, Track track, const Place& place, const Move& move) {
  EndAcknowledgement(d, track, std::string(Name(move.reason)));
  if (track == Track::kFunctional) {
    StopLevelPromises(d, kLevelResponse, "the case moved on");
    StopLevelPromises(d, kLevelResolution, "the case moved on");
  }
  Escalated e = EscalatedTo(d, track, place.level, place.step, move);
  e.pass = place.pass;
  e.attempt = place.attempt;
  e.emergency = move.emergency;
  e.inform_only = track == Track::kHierarchical && !move.owns;
  e.skipped_levels = move.skipped;
  d.Emit(std::move(e));
}

void EscalateBeside(Draft& d, Track track, const std::string& level, const Move& move) {
  Escalated e = EscalatedTo(d, track, level, kBesideTrack, move);
  e.inform_only = true;
  d.Emit(std::move(e));
}

void Own(Draft& d, const std::string& team, const std::string& person, AssignMode mode, const Move& move,
         std::string why) {
  const Owner& owner = d.c().owner;
  if (owner.team == team && owner.person == person && d.c().state >= CaseState::kAssigned) return;
  const bool another_team = owner.team != team;
  d.Emit(Assigned{team, person, mode, d.c().functional.level, move.automatic, std::move(why)});
  if (another_team) {
    RestartVisitPromises(d);
  } else {
    StartPromises(d, "assigned");
  }
  if (!person.empty()) StopPromises(d, "assigned");
}

void TellStep(Draft& d, Track track, const Reached& who, const std::vector<std::string>& channels, const Move& move) {
  if (IsHeld(d.c())) return;
  const TrackState& state = d.c().on(track);
  // Outside its steps a rule of the hierarchical track only tells: nobody waits for an answer.
  const bool only_told = track == Track::kHierarchical && !move.owns && !move.asks && state.step == kOutsideSteps;
  NotifyIntended intent;
  intent.purpose = only_told ? IntentPurpose::kInform : IntentPurpose::kPage;
  intent.audience = who.vendor.empty() ? Audience::kStep : Audience::kProvider;
  intent.people = who.people;
  intent.team = who.vendor.empty() ? who.team : who.vendor;
  intent.message = move.counted || only_told ? "escalated" : "assigned";
  intent.channels = channels;
  intent.track = track;
  intent.step = state.step;
  intent.pass = state.pass;
  intent.attempt = state.attempt;
  d.Notify(std::move(intent));
}

void ArmStepWait(Draft& d, Track track, const std::string& calendar, const Target& wait, std::string why,
                 std::string tag) {
  const std::string_view name = StepClock(track);
  // A calendar that never opens again must not leave the case without a way on.
  if (!ArmWait(d, name, calendar, d.t(), wait, why, tag))
    (void)ArmWait(d, name, "", d.t(), DefaultWait(d, ""), std::move(why), std::move(tag));
  if (d.c().pending.since != 0 || d.c().snoozed_until != 0) PauseClock(d, name);
}

std::string DefaultWaitCalendar(const Draft& d) {
  const Priority priority = d.c().priority;
  const bool around_the_clock = priority == Priority::kP1 || priority == Priority::kP2;
  return around_the_clock ? std::string() : d.policy().business_calendar;
}

Target DefaultWait(const Draft& d, std::string_view level) {
  const Level* found = d.policy().level(level);
  if (found != nullptr && found->response.has_value()) return *found->response;
  return Target{OfPriority(kOutsideWait, d.c().priority)};
}

Target CatchAllWait(const Draft& d) { return Target{OfPriority(kCatchAllWait, d.c().priority)}; }

std::string StepRule(const Draft& d, Track track, int step) {
  std::string rule = "paths." + d.c().path + "." + std::string(Name(track));
  if (step >= 0) return rule + ".steps[" + std::to_string(step) + "]";
  return rule + (step == kCatchAllStep ? ".catch_all" : ".levels");
}

}  // namespace escalon::decide
