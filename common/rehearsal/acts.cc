#include "common/rehearsal/acts.h"

#include <algorithm>
#include <vector>

namespace escalon::rehearsal {
namespace {

Error Nobody(const std::string& whom) {
  return {ErrorCode::kNotFound, "nobody acts: " + whom + "; name somebody who is there with `by`"};
}

Actor AsPerson(const std::string& tenant, const Person& person) {
  const bool manages = std::find(person.roles.begin(), person.roles.end(), "manager") != person.roles.end();
  return manages ? simulation::ManagerOf(tenant, person.id) : simulation::PersonOf(tenant, person.id);
}

std::vector<const Person*> PeopleAt(const Roster& roster, const StepTarget& to, const Case& c, InstantMs at) {
  if (!to.person.empty()) {
    const Person* person = roster.person(to.person);
    return person != nullptr ? std::vector{person} : std::vector<const Person*>{};
  }
  if (!to.schedule.empty()) return roster.OnCallOfSchedule(to.schedule, at);
  if (!to.role.empty()) return roster.PeopleInRole(to.role, at);
  if (!to.team.empty()) return roster.OnCallOf(to.team, at);
  return roster.PeopleWithSkills(to.case_skills ? c.skills : to.skills);
}

const StepTarget* PeopleOfLevel(const Policy& policy, const Case& c, const std::string& level) {
  const auto it = policy.level_people.find(level);
  if (it != policy.level_people.end()) return &it->second;
  const Path* path = policy.path(c.path);
  if (path == nullptr) return nullptr;
  for (const PathTrack* track : {&path->hierarchical, &path->functional}) {
    for (const PathStep& step : track->steps) {
      if (step.level == level) return &step.to;
    }
  }
  return nullptr;
}

std::string WhoeverHasIt(const Case& c) {
  if (!c.owner.person.empty()) return c.owner.person;
  if (!c.functional.people.empty()) return c.functional.people.front();
  return c.hierarchical.people.empty() ? std::string() : c.hierarchical.people.front();
}

}  // namespace

Result<Actor> ActorFor(const TestActor& by, const simulation::VirtualWorld& world, const Case& c, InstantMs at) {
  const std::string& tenant = world.policy.tenant;
  switch (by.who) {
    case TestActor::Who::kSource:
      return simulation::SourceOf(tenant, c.facts->source);
    case TestActor::Who::kRequester:
      return simulation::RequesterOf(tenant, c.facts->requester.subject);
    case TestActor::Who::kWhoeverHasIt: {
      const Person* person = world.roster.person(WhoeverHasIt(c));
      return person != nullptr ? Result<Actor>(AsPerson(tenant, *person)) : Nobody("nobody has the case then");
    }
    case TestActor::Who::kPerson: {
      const Person* person = world.roster.person(by.name);
      return person != nullptr ? Result<Actor>(AsPerson(tenant, *person))
                               : Nobody("the roster has no person \"" + by.name + "\"");
    }
    case TestActor::Who::kLevel: {
      const StepTarget* to = PeopleOfLevel(world.policy, c, by.name);
      const auto people = to != nullptr ? PeopleAt(world.roster, *to, c, at) : std::vector<const Person*>{};
      return people.empty() ? Nobody("level " + by.name + " has nobody then")
                            : Result<Actor>(AsPerson(tenant, *people.front()));
    }
    case TestActor::Who::kPlace: {
      const auto people = PeopleAt(world.roster, by.place, c, at);
      return people.empty() ? Nobody("nobody is there then") : Result<Actor>(AsPerson(tenant, *people.front()));
    }
  }
  return Nobody("the test names nobody");
}

}  // namespace escalon::rehearsal
