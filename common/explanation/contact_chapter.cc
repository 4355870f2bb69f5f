#include <set>
#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

/// Whom the policy can mean, so that nobody else's contacts are spread.
struct Meant {
  std::set<std::string> teams, roles, schedules, people;

  void Add(const StepTarget& to) {
    if (!to.team.empty()) teams.insert(to.team);
    if (!to.role.empty()) roles.insert(to.role);
    if (!to.schedule.empty()) schedules.insert(to.schedule);
    if (!to.person.empty()) people.insert(to.person);
  }
  void Add(const PathTrack& track) {
    for (const PathStep& step : track.steps) Add(step.to);
    for (const Trigger& trigger : track.triggers) Add(trigger.to);
  }
};

Meant MeantBy(const Policy& policy) {
  Meant meant;
  for (const auto& [level, to] : policy.level_people) meant.Add(to);
  for (const Path& path : policy.paths) {
    meant.Add(path.functional);
    meant.Add(path.hierarchical);
    if (!path.catch_all_team.empty()) meant.teams.insert(path.catch_all_team);
  }
  if (!policy.catch_all_team.empty()) meant.teams.insert(policy.catch_all_team);
  if (policy.major) meant.Add(policy.major->managers);
  return meant;
}

std::string Shown(const Person& person) { return person.name.empty() ? person.id : person.name; }

std::string Names(const std::vector<std::string>& ids, const Roster& roster) {
  std::vector<std::string> names;
  for (const std::string& id : ids) {
    const Person* person = roster.person(id);
    names.push_back(person != nullptr ? Shown(*person) : id);
  }
  return Listed(names);
}

std::string Contacts(const std::vector<ContactMethod>& contacts) {
  std::vector<std::string> words;
  for (const ContactMethod& contact : contacts) words.push_back(contact.channel + " " + contact.address);
  return words.empty() ? "none" : Listed(words, "then");
}

}  // namespace

Chapter ContactChapter(const Policy& policy, const Roster& roster) {
  Chapter chapter{"Contacts", 2, {}};
  const Meant meant = MeantBy(policy);
  PageTable groups{{"Group", "Who", "On duty"}, {}};
  std::set<std::string> people = meant.people;
  std::set<std::string> teams = meant.teams;
  for (const std::string& id : meant.roles) {
    const Duty* role = roster.role(id);
    if (role == nullptr) continue;
    people.insert(role->people.begin(), role->people.end());
    if (!role->team.empty()) teams.insert(role->team);
    groups.rows.push_back({"role " + id, Names(role->people, roster),
                           !role->schedule.empty() ? "by schedule " + role->schedule
                           : !role->team.empty()   ? "whoever is on duty in team " + role->team
                                                   : "always"});
  }
  for (const std::string& id : teams) {
    const Team* team = roster.team(id);
    if (team == nullptr) continue;
    people.insert(team->members.begin(), team->members.end());
    groups.rows.push_back({"team " + id, Names(team->members, roster),
                           !team->schedule.empty()   ? "by schedule " + team->schedule
                           : !team->calendar.empty() ? "in the hours of " + team->calendar
                                                     : "around the clock"});
  }
  chapter.Say(std::move(groups));
  PageTable table{{"Person", "Zone", "Reached by"}, {}};
  for (const std::string& id : people) {
    if (const Person* person = roster.person(id)) {
      table.rows.push_back(
          {Shown(*person), person->timezone.empty() ? "UTC" : person->timezone, Contacts(person->contacts)});
    }
  }
  chapter.Say(std::move(table));
  return chapter;
}

}  // namespace escalon::explanation
