#include "common/domain/rights.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/domain/who.h"

namespace escalon::decide {
namespace {

constexpr auto kDeskRoles =
    std::to_array<std::string_view>({"agent", "manager", "integrator", "approver", "service", "operator"});

bool Names(const std::vector<std::string>& people, std::string_view person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

bool SharesTeamWith(const Roster& roster, const std::vector<std::string>& people, std::string_view person) {
  return std::any_of(people.begin(), people.end(), [&](const std::string& one) {
    const auto& teams = roster.TeamsOf(one);
    return std::any_of(teams.begin(), teams.end(), [&](const Team* team) { return roster.IsMember(team->id, person); });
  });
}

bool Manages(const Roster& roster, const std::vector<std::string>& people, std::string_view person) {
  return std::any_of(people.begin(), people.end(), [&](const std::string& one) {
    const Person* manager = roster.ManagerOf(one);
    return manager != nullptr && manager->id == person;
  });
}

/// Stands on a later step of either track, or on a level above the case's.
bool StandsHigher(const Draft& d, std::string_view person, Track track) {
  const int level = d.policy().level_index(d.c().on(track).level);
  if (const Path* path = d.path()) {
    for (const PathTrack* steps : {&path->functional, &path->hierarchical}) {
      for (const PathStep& step : steps->steps) {
        if (d.policy().level_index(step.level) > level && Belongs(d.roster(), step.to, person, d.t())) return true;
      }
    }
  }
  return std::any_of(d.policy().level_people.begin(), d.policy().level_people.end(), [&](const auto& entry) {
    return d.policy().level_index(entry.first) > level && Belongs(d.roster(), entry.second, person, d.t());
  });
}

bool IsOfStep(const Draft& d, std::string_view person, Track track) {
  const Roster& roster = d.roster();
  const TrackState& state = d.c().on(track);
  const Owner& owner = d.c().owner;
  if (Names(state.people, person) || owner.person == person) return true;
  if (!state.team.empty() && roster.IsMember(state.team, person)) return true;
  if (track == Track::kFunctional && !owner.team.empty() && roster.IsMember(owner.team, person)) return true;
  if (state.team.empty() && SharesTeamWith(roster, state.people, person)) return true;
  const Team* team = roster.team(state.team);
  return (team != nullptr && team->lead == person) || Manages(roster, state.people, person);
}

/// What the requester's side may ask for.
bool IsOfRequester(const CommandBody& body) {
  if (const auto* escalate = std::get_if<Escalate>(&body))
    return escalate->reason == EscalationReason::kCustomerRequest;
  if (const auto* note = std::get_if<AddNote>(&body)) return note->from_customer;
  return std::holds_alternative<OpenCase>(body) || std::holds_alternative<ConfirmResolution>(body) ||
         std::holds_alternative<RejectResolution>(body) || std::holds_alternative<Reopen>(body) ||
         std::holds_alternative<Rate>(body) || std::holds_alternative<Cancel>(body) ||
         std::holds_alternative<ChangeFacts>(body);
}

}  // namespace

Error Denied(std::string message) { return {ErrorCode::kPermissionDenied, std::move(message)}; }
Error WrongState(std::string message) { return {ErrorCode::kWrongState, std::move(message)}; }

bool HasRole(const Actor& actor, std::string_view role) { return Names(actor.roles, role); }
bool IsManager(const Actor& actor) { return HasRole(actor, "manager"); }

bool IsRequesterOnly(const Actor& actor) {
  return HasRole(actor, "requester") && std::none_of(kDeskRoles.begin(), kDeskRoles.end(),
                                                     [&](std::string_view role) { return HasRole(actor, role); });
}

bool IsRequesterOf(const Case& c, const Actor& actor) {
  return !actor.subject.empty() &&
         (c.facts->requester.subject == actor.subject || c.facts->reporter.subject == actor.subject);
}

Status MayTouch(const Draft& d) {
  if (!d.by_person()) return {};
  // Whoever keeps the rules learns nothing of the case; the door asks for that right.
  if (std::holds_alternative<Migrate>(d.command().body)) return {};
  const Case& c = d.c();
  const Actor& actor = d.actor();
  if (IsRequesterOf(c, actor) && IsOfRequester(d.command().body)) return {};
  if (IsRequesterOnly(actor)) {
    if (!IsRequesterOf(c, actor)) return Error{ErrorCode::kNotFound, "no such case"};
    return Denied(std::string(CommandName(KindOf(d.command().body))) +
                  " is for the desk; a requester can add facts and messages, ask for "
                  "escalation, confirm, reject, reopen, withdraw and rate");
  }
  const Person* person = d.roster().person(actor.subject);
  if (c.facts->restricted && (person == nullptr || !IsCleared(*person, *c.facts))) {
    return Denied("the case is restricted; only people cleared for '" + c.facts->kind + "' may act on it");
  }
  if (person != nullptr && !IsCleared(*person, *c.facts)) {
    return Denied("the case's data stays in '" + c.facts->residency +
                  "'; only people cleared for it may act on the case");
  }
  return {};
}

Status MayAcknowledge(const Draft& d, std::string_view person, Track track) {
  if (IsOfStep(d, person, track) || StandsHigher(d, person, track)) return {};
  if (d.by_person() && d.actor().subject == person && IsManager(d.actor())) return {};
  const TrackState& state = d.c().on(track);
  std::string who = state.team.empty() ? std::string() : "team " + state.team;
  for (const std::string& one : state.people) who += (who.empty() ? "" : ", ") + one;
  return Denied("only people of the current step, their team or higher may acknowledge: " +
                (who.empty() ? "nobody is told yet" : who));
}

Status MaySteer(const Draft& d, std::string_view what) {
  if (!d.by_person() || IsManager(d.actor())) return {};
  const std::string& person = d.actor().subject;
  if (IsOfStep(d, person, Track::kFunctional) || IsOfStep(d, person, Track::kHierarchical) ||
      StandsHigher(d, person, Track::kFunctional)) {
    return {};
  }
  return Denied(std::string(what) +
                " is for the owner, the people of the current step, their team, higher levels and managers");
}

Status CanTake(const Draft& d, std::string_view person, std::string_view field) {
  const Person* found = d.roster().person(person);
  if (found == nullptr) return InvalidField(std::string(field), "no such person in the roster");
  if (!IsCleared(*found, *d.c().facts))
    return InvalidField(std::string(field), "not cleared for this case; choose somebody who is");
  if (!d.roster().IsPresent(person, d.t()))
    return InvalidField(std::string(field), "absent now; choose somebody else or the team");
  return {};
}

Status HasRoom(const Draft& d, std::string_view person) {
  const Person* found = d.roster().person(person);
  if (found == nullptr || found->capacity == 0 || d.c().owner.person == person) return {};
  if (d.load().WorkOf(person) < found->capacity) return {};
  return Error{ErrorCode::kResourceExhausted,
               std::string(person) + " is at capacity (" + std::to_string(found->capacity) +
                   " open cases); hand something over first, or let somebody else take it"};
}

}  // namespace escalon::decide
