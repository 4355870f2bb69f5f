#include <algorithm>
#include <string_view>

#include "common/domain/evolve_parts.h"

namespace escalon::evolve {
namespace {

constexpr int kOutsideSteps = -2;
constexpr int kBesideTrack = -3;

TrackState& On(Case& c, Track track) { return track == Track::kFunctional ? c.functional : c.hierarchical; }

std::string& AcknowledgedBy(Case& c, Track track) {
  return track == Track::kFunctional ? c.acknowledged_by : c.management_acknowledged_by;
}

void AddOnce(std::vector<std::string>& people, const std::string& person) {
  if (!person.empty() && std::find(people.begin(), people.end(), person) == people.end()) people.push_back(person);
}

void Reach(TrackState& state, int step, InstantMs at) {
  state.step = step;
  state.reached_at = at;
  state.stopped = false;
  state.people.clear();
  state.team.clear();
}

/// Those told of the step just reached may acknowledge it; those asked for something else (to take over, to consent)
/// may not.
bool TellsTheStep(const NotifyIntended& e) {
  if (e.audience == Audience::kStep) return true;
  return e.purpose == IntentPurpose::kPage && !e.message.starts_with("handover") &&
         !e.message.starts_with("approval") && !e.message.starts_with("consultation") &&
         !e.message.starts_with("decision") && !e.message.starts_with("major");
}

}  // namespace

void EndAcknowledgement(Case& c, Track track) {
  AcknowledgedBy(c, track).clear();
  On(c, track).stopped = false;
}

void RememberGaveUp(Case& c, const std::string& person) {
  constexpr size_t kKept = 8;
  if (person.empty()) return;
  std::erase(c.gave_up, person);
  c.gave_up.push_back(person);
  if (c.gave_up.size() > kKept) c.gave_up.erase(c.gave_up.begin());
}

void MoveVisit(Case& c, std::string_view from, const std::string& to, InstantMs at) {
  const auto visit_of = [&c](std::string_view team) {
    return std::find_if(c.visits.begin(), c.visits.end(),
                        [team](const TeamVisit& visit) { return visit.team == team; });
  };
  if (const auto left = visit_of(from); left != c.visits.end() && !from.empty()) left->away.push_back({at, kNever});
  if (to.empty()) return;
  const auto back = visit_of(to);
  if (back == c.visits.end()) {
    c.visits.push_back({to, at, {}});
  } else if (!back->away.empty()) {
    back->away.back().to = at;
  }
}

void TakeOver(Case& c, const std::string& team, const std::string& person, InstantMs at) {
  Owner& owner = c.owner;
  if (owner.team == team && owner.person == person) return;
  const bool had_owner = !owner.team.empty() || !owner.person.empty();
  const bool taken_from_own_team = owner.person.empty() && owner.team == team;
  const bool part_of_a_move = c.functional.reached_at == at || c.hierarchical.reached_at == at;
  if (had_owner && !taken_from_own_team && !part_of_a_move) ++c.reassignments;
  if (owner.team != team) MoveVisit(c, owner.team, team, at);
  if (owner.person != person) RememberGaveUp(c, owner.person);
  std::erase(c.gave_up, person);
  owner = {team, person, at};
}

void On(Case& c, const Escalated& e, InstantMs at) {
  if (e.counted) ++c.escalations;
  if (e.inform_only && !e.counted) AddOnce(On(c, e.track).informed, e.to_level);
  if (e.step == kBesideTrack) return;
  if (e.counted) c.last_escalated_at = at;
  TrackState& state = On(c, e.track);
  if (!e.to_level.empty()) state.level = e.to_level;
  // Told outside the steps, the climb stays where it is.
  const bool beside_the_climb = e.inform_only && e.step == kOutsideSteps && state.step != kOutsideSteps;
  if (!beside_the_climb) {
    Reach(state, e.step, at);
    state.pass = e.pass;
    state.attempt = e.attempt;
    EndAcknowledgement(c, e.track);
  }
}

void On(Case& c, const StepEmpty& e, InstantMs at) {
  TrackState& state = On(c, e.track);
  if (!e.held || (e.step == state.step && state.reached_at == at)) return;
  if (state.step >= 0 && e.step < state.step) ++state.pass;
  if (e.step != state.step) state.attempt = 0;
  Reach(state, e.step, at);
}

void On(Case& c, const Assigned& e, InstantMs at) {
  TakeOver(c, e.team, e.person, at);
  if (c.functional.level.empty()) c.functional.level = e.level;
  if (c.state == CaseState::kNew || c.state == CaseState::kTriaged) c.state = CaseState::kAssigned;
}

void On(Case& c, const Acknowledged& e, InstantMs at) {
  AcknowledgedBy(c, e.track) = e.person;
  On(c, e.track).stopped = true;
  if (e.track != Track::kFunctional) return;
  if (c.acknowledged_at == 0) c.acknowledged_at = at;
  if (c.state < CaseState::kAcknowledged) c.state = CaseState::kAcknowledged;
}

void On(Case& c, const AcknowledgementEnded& e, InstantMs) {
  EndAcknowledgement(c, e.track);
  if (e.track != Track::kFunctional) return;
  CaseState& state = c.state == CaseState::kPending ? c.pending.before : c.state;
  if (state == CaseState::kAcknowledged || state == CaseState::kInProgress) state = CaseState::kAssigned;
}

void On(Case& c, const WorkStarted&, InstantMs) {
  if (c.state < CaseState::kInProgress) c.state = CaseState::kInProgress;
}

void On(Case& c, const DeEscalated& e, InstantMs at) {
  TrackState& state = On(c, e.track);
  EndAcknowledgement(c, e.track);
  Reach(state, kOutsideSteps, at);
  state.level = e.to_level;
  state.informed.clear();
  state.pass = 0;
  state.attempt = 0;
  state.stopped = e.track == Track::kHierarchical;  // its own stop (DESIGN §6)
}

void On(Case& c, const NotifyIntended& e, InstantMs) {
  if (e.purpose == IntentPurpose::kPage) c.intents.push_back({c.version, e});
  TrackState& state = On(c, e.track);
  const bool of_this_step = e.step == state.step && e.pass == state.pass && e.attempt == state.attempt;
  if (!of_this_step || !TellsTheStep(e)) return;
  for (const std::string& person : e.people) AddOnce(state.people, person);
  if (!e.team.empty()) state.team = e.team;
}

void On(Case& c, const NobodyReached& e, InstantMs) {
  std::erase_if(c.intents, [&e](const OpenIntent& open) {
    return open.version == e.intent_version && open.intent.index == e.intent_index;
  });
}

}  // namespace escalon::evolve
