#include "common/simulation/made_roster.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace escalon::simulation {
namespace {

/// Gathers who is named.
class Names {
 public:
  void Take(const StepTarget& target) {
    if (!target.team.empty()) teams[target.team];
    if (!target.person.empty()) people[target.person];
    if (!target.role.empty()) roles.insert(target.role);
    if (!target.schedule.empty()) schedules.insert(target.schedule);
    if (!target.skills.empty()) skills.push_back(target.skills);
  }

  void Take(const Policy& policy) {
    if (!policy.catch_all_team.empty()) teams[policy.catch_all_team];
    for (const auto& [level, target] : policy.level_people) Take(target);
    for (const Path& path : policy.paths) {
      if (!path.catch_all_team.empty()) teams[path.catch_all_team];
      for (const PathTrack* track : {&path.functional, &path.hierarchical}) {
        for (const PathStep& step : track->steps) Take(step.to);
        for (const Trigger& trigger : track->triggers) Take(trigger.to);
      }
    }
    if (policy.major) Take(policy.major->managers);
    for (const auto& [category, needed] : policy.skills_by_category) skills.push_back(needed);
  }

  void Take(const HistoricCase& past) {
    for (const Deed& deed : past.deeds) {
      if (!deed.team.empty()) teams[deed.team];
      if (deed.person.empty()) continue;
      people[deed.person];
      if (!deed.team.empty()) teams[deed.team].insert(deed.person);
    }
    if (!past.facts.skills.empty()) skills.push_back(past.facts.skills);
  }

  std::map<std::string, std::set<std::string>> teams;      ///< with members
  std::map<std::string, std::vector<std::string>> people;  ///< with skills
  std::set<std::string> roles, schedules;
  std::vector<std::vector<std::string>> skills;
};

NamedSchedule OneOf(const std::string& id, const std::string& person) {
  NamedSchedule out;
  out.id = id;
  out.spec.timezone = "UTC";
  ScheduleSpec::Layer& layer = out.spec.layers.emplace_back();
  layer.name = "dispatcher";
  layer.users = {person};
  return out;
}

}  // namespace

RosterDocument MadeRoster(const Policy& policy, const std::vector<HistoricCase>& history) {
  Names names;
  names.Take(policy);
  for (const HistoricCase& past : history) names.Take(past);
  RosterDocument out;
  out.tenant = policy.tenant;
  out.id = "made-from-history";
  out.version = 1;
  for (auto& [team, members] : names.teams) {
    if (members.empty()) members = {team + "-1", team + "-2"};
    for (const std::string& member : members) names.people[member];
    Team& made = out.teams.emplace_back();
    made.id = made.name = made.schedule = team;
    made.members.assign(members.begin(), members.end());
    made.catch_all = team == policy.catch_all_team;
    out.schedules.push_back(OneOf(team, *members.begin()));
  }
  for (const std::string& role : names.roles) {
    const std::string person = role + "-1";
    names.people[person];
    out.roles.push_back({role, role, {person}, "", ""});
  }
  for (const std::string& schedule : names.schedules) {
    if (names.teams.contains(schedule)) continue;
    names.people[schedule + "-1"];
    out.schedules.push_back(OneOf(schedule, schedule + "-1"));
  }
  for (const std::vector<std::string>& needed : names.skills) {
    if (needed.empty()) continue;
    std::string expert = "expert";
    for (const std::string& skill : needed) expert += "-" + skill;
    names.people[expert] = needed;
  }
  for (const auto& [id, skills] : names.people) {
    Person& person = out.people.emplace_back();
    person.id = person.name = id;
    person.timezone = "UTC";
    person.skills = skills;
    person.contacts = {{"log", id}};
  }
  return out;
}

}  // namespace escalon::simulation
