#include "common/rehearsal/stand_ins.h"

#include <set>
#include <string>
#include <utility>

namespace escalon::rehearsal {
namespace {

constexpr const char* kManager = "manager-1";

/// What a policy and its tests name.
struct Names {
  std::set<std::string> teams, roles, schedules, people, vendors, skills, languages{"en"}, clearances{"restricted"};

  void Add(const StepTarget& to) {
    if (!to.team.empty()) teams.insert(to.team);
    if (!to.role.empty()) roles.insert(to.role);
    if (!to.schedule.empty()) schedules.insert(to.schedule);
    if (!to.person.empty()) people.insert(to.person);
    if (!to.vendor.empty()) vendors.insert(to.vendor);
    skills.insert(to.skills.begin(), to.skills.end());
  }
  void AddTeam(const std::string& team) {
    if (!team.empty()) teams.insert(team);
  }
  void Add(const PathTrack& track) {
    for (const PathStep& step : track.steps) Add(step.to);
    for (const Trigger& trigger : track.triggers) Add(trigger.to);
  }
  void Add(const Facts& facts) {
    skills.insert(facts.skills.begin(), facts.skills.end());
    for (const std::string* word : {&facts.residency, &facts.kind}) {
      if (!word->empty()) clearances.insert(*word);
    }
    if (!facts.requester.language.empty()) languages.insert(facts.requester.language);
  }
};

Names NamesOf(const Policy& policy, std::span<const PolicyTest> tests) {
  Names names;
  for (const auto& [level, to] : policy.level_people) names.Add(to);
  for (const Path& path : policy.paths) {
    names.Add(path.functional);
    names.Add(path.hierarchical);
    names.AddTeam(path.catch_all_team);
  }
  names.AddTeam(policy.catch_all_team);
  for (const SunRegion& region : policy.sun.order) names.AddTeam(region.team);
  if (policy.major) names.Add(policy.major->managers);
  for (const auto& [category, skills] : policy.skills_by_category) names.skills.insert(skills.begin(), skills.end());
  for (const PolicyTest& test : tests) {
    names.Add(test.facts);
    for (const TestAct& act : test.acts) {
      if (act.by.who == TestActor::Who::kPerson) names.people.insert(act.by.name);
      if (act.by.who == TestActor::Who::kPlace) names.Add(act.by.place);
      if (const auto* assign = std::get_if<Assign>(&act.body)) {
        names.AddTeam(assign->team);
        if (!assign->person.empty()) names.people.insert(assign->person);
      }
    }
  }
  return names;
}

std::vector<std::string> ListOf(const std::set<std::string>& set) { return {set.begin(), set.end()}; }

/// Fills a roster; a person stands in it once, whoever names them.
class Casting {
 public:
  explicit Casting(const Names& names) : names_(names) {}

  std::vector<std::string> PairFor(const std::string& name) { return {Add(name + "-1"), Add(name + "-2")}; }

  std::string Add(const std::string& id) {
    if (!known_.insert(id).second) return id;
    Person person;
    person.id = id;
    person.name = id;
    person.timezone = "UTC";
    person.languages = ListOf(names_.languages);
    person.skills = ListOf(names_.skills);
    person.clearance = ListOf(names_.clearances);
    person.contacts = {{"log", id}};
    if (id != kManager) person.manager = kManager;
    document_.people.push_back(std::move(person));
    return id;
  }

  RosterDocument Cast() {
    document_.id = "stand-ins";
    Add(kManager);
    for (const std::string& id : names_.people) Add(id);
    for (const std::string& id : names_.teams) {
      Team team;
      team.id = id;
      team.members = PairFor(id);
      document_.teams.push_back(std::move(team));
    }
    for (const std::string& id : names_.roles) {
      Duty role;
      role.id = id;
      role.people = PairFor(id);
      document_.roles.push_back(std::move(role));
    }
    for (const std::string& id : names_.schedules) {
      NamedSchedule schedule;
      schedule.id = id;
      schedule.spec.timezone = "UTC";
      ScheduleSpec::Layer& layer = schedule.spec.layers.emplace_back();
      layer.users = PairFor(id);
      document_.schedules.push_back(std::move(schedule));
    }
    for (const std::string& id : names_.vendors) {
      Vendor vendor;
      vendor.id = id;
      vendor.contacts = {{"log", id}};
      document_.vendors.push_back(std::move(vendor));
    }
    return std::move(document_);
  }

 private:
  const Names& names_;
  std::set<std::string> known_;
  RosterDocument document_;
};

}  // namespace

Result<std::shared_ptr<const Roster>> StandIns(const Policy& policy, std::span<const PolicyTest> tests) {
  const Names names = NamesOf(policy, tests);
  return Roster::Build(Casting(names).Cast());
}

}  // namespace escalon::rehearsal
