#include "common/domain/roster_check.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "common/domain/policy_checks.h"
#include "common/domain/zone.h"

namespace escalon {
namespace {

using Names = std::unordered_set<std::string_view>;

constexpr size_t kLongestId = 128;
constexpr size_t kLongestWhy = 500;
constexpr DurationMs kLongestMaintenance = 31 * kDayMs;

/// Collects findings about one document; each check names where it looked.
class Checker {
 public:
  explicit Checker(const RosterDocument& document) : document_(document) {}

  RosterFindings Run() {
    people_ = Ids(document_.people, "people", "person");
    teams_ = Ids(document_.teams, "teams", "team");
    Ids(document_.roles, "roles", "role");
    Ids(document_.vendors, "vendors", "vendor");
    schedules_ = Ids(document_.schedules, "schedules", "schedule");
    calendars_ = Ids(document_.calendars, "calendars", "calendar");
    for (size_t i = 0; i < document_.people.size(); ++i) CheckPerson(document_.people[i], At("people", i));
    CheckManagers();
    for (size_t i = 0; i < document_.teams.size(); ++i) CheckTeam(document_.teams[i], At("teams", i));
    for (size_t i = 0; i < document_.roles.size(); ++i) CheckRole(document_.roles[i], At("roles", i));
    for (size_t i = 0; i < document_.vendors.size(); ++i) {
      const Vendor& vendor = document_.vendors[i];
      Known(calendars_, vendor.calendar, At("vendors", i) + ".calendar", "calendar", "calendars");
      CheckContacts(vendor.contacts, At("vendors", i));
    }
    for (size_t i = 0; i < document_.schedules.size(); ++i)
      CheckSchedulePeople(document_.schedules[i].spec, At("schedules", i));
    for (size_t i = 0; i < document_.absences.size(); ++i) {
      const Absence& absence = document_.absences[i];
      Needed(people_, absence.person, At("absences", i) + ".person", "person", "people");
      if (absence.from && absence.to && *absence.to <= *absence.from)
        Fault(At("absences", i) + ".to", "must be after from");
    }
    for (size_t i = 0; i < document_.delegations.size(); ++i)
      CheckDelegation(document_.delegations[i], At("delegations", i));
    Ids(document_.maintenance, "maintenance", "window");
    for (size_t i = 0; i < document_.maintenance.size(); ++i)
      CheckMaintenance(document_.maintenance[i], At("maintenance", i));
    if (std::none_of(document_.teams.begin(), document_.teams.end(), [](const Team& t) { return t.catch_all; }))
      Warn("teams", "no team has catch_all: true; a path that runs out needs one unless the policy names it");
    return std::move(out_);
  }

 private:
  static std::string At(std::string_view list, size_t i) { return std::string(list) + "[" + std::to_string(i) + "]"; }
  void Fault(std::string field, std::string message) { out_.faults.push_back({std::move(field), std::move(message)}); }
  void Warn(std::string field, std::string message) { out_.warnings.push_back({std::move(field), std::move(message)}); }

  template <typename T>
  Names Ids(const std::vector<T>& items, std::string_view list, std::string_view kind) {
    Names names;
    for (size_t i = 0; i < items.size(); ++i) {
      const std::string& id = items[i].id;
      if (id.empty() || id.size() > kLongestId) {
        Fault(At(list, i) + ".id", "must be a name of 1 to 128 bytes");
      } else if (!names.insert(id).second) {
        Fault(At(list, i) + ".id", "a " + std::string(kind) + " named '" + id + "' stands above; ids must be unique");
      }
    }
    return names;
  }

  /// An empty name means none.
  void Known(const Names& names, const std::string& name, std::string field, std::string_view kind,
             std::string_view list) {
    if (name.empty() || names.contains(name)) return;
    Fault(std::move(field), "unknown " + std::string(kind) + " '" + name + "'; add it under " + std::string(list) +
                                " or correct the name");
  }
  void Needed(const Names& names, const std::string& name, std::string field, std::string_view kind,
              std::string_view list) {
    if (name.empty()) {
      Fault(std::move(field), "must name a " + std::string(kind));
    } else {
      Known(names, name, std::move(field), kind, list);
    }
  }

  void CheckContacts(const std::vector<ContactMethod>& contacts, const std::string& at) {
    for (size_t i = 0; i < contacts.size(); ++i) {
      if (contacts[i].channel.empty()) Fault(at + "." + At("contacts", i) + ".channel", "must name a channel");
      if (contacts[i].address.empty()) Fault(at + "." + At("contacts", i) + ".address", "must not be empty");
    }
  }

  void CheckPerson(const Person& person, const std::string& at) {
    if (!person.timezone.empty()) {
      if (const Result<Zone> zone = Zone::Load(person.timezone, at + ".timezone"); !zone)
        out_.faults.insert(out_.faults.end(), zone.error().fields.begin(), zone.error().fields.end());
    }
    CheckWindows(person.quiet_hours, at + ".quiet_hours", &out_.faults);
    CheckContacts(person.contacts, at);
    Known(people_, person.manager, at + ".manager", "person", "people");
    if (person.capacity < 0) Fault(at + ".capacity", "must be 0 (no limit) or more");
    if (!person.reachable())
      Warn(at + ".contacts", "'" + person.id + "' has no contact method and cannot be told anything; add one");
  }

  void CheckDelegation(const Delegation& delegation, const std::string& at) {
    Needed(people_, delegation.by, at + ".by", "person", "people");
    Needed(people_, delegation.to, at + ".to", "person", "people");
    if (!delegation.by.empty() && delegation.by == delegation.to)
      Fault(at + ".to", "'" + delegation.to + "' would act for themselves; name somebody else");
    if (delegation.from && delegation.until <= *delegation.from) Fault(at + ".until", "must be after from");
  }

  void CheckMaintenance(const MaintenanceWindow& window, const std::string& at) {
    checks::FindingList found;
    checks::CheckCondition(window.when, at + ".when", &found);
    for (FieldViolation& one : found.Take()) out_.faults.push_back(std::move(one));
    if (window.when.kind == Condition::Kind::kAlways)
      Fault(at + ".when", "is empty, so every case would rest; name a service, a tag or another field");
    if (window.until <= window.from) {
      Fault(at + ".until", "must be after from");
    } else if (window.until - window.from > kLongestMaintenance) {
      Warn(at + ".until", "is more than 31 days after from; cases that come meanwhile rest until then");
    }
    if (window.why.size() > kLongestWhy) Fault(at + ".why", "longer than 500 bytes; say it shorter");
  }

  void CheckManagers() {
    std::unordered_map<std::string_view, std::string_view> manager_of;
    for (const Person& person : document_.people) manager_of.emplace(person.id, person.manager);
    for (size_t i = 0; i < document_.people.size(); ++i) {
      const std::string_view first = document_.people[i].id;
      std::string_view above = document_.people[i].manager;
      // A circle that does not lead back to this person is reported at the people in it.
      for (size_t steps = 0; !above.empty() && above != first && steps < document_.people.size(); ++steps) {
        const auto it = manager_of.find(above);
        above = it == manager_of.end() ? std::string_view() : it->second;
      }
      if (!first.empty() && above == first)
        Fault(At("people", i) + ".manager", "'" + std::string(first) + "' would be above themselves; break the circle");
    }
  }

  void CheckTeam(const Team& team, const std::string& at) {
    Names members;
    for (size_t i = 0; i < team.members.size(); ++i) {
      const std::string field = at + "." + At("members", i);
      Needed(people_, team.members[i], field, "person", "people");
      if (!members.insert(team.members[i]).second)
        Fault(field, "'" + team.members[i] + "' stands in the team twice; remove one");
    }
    if (team.members.empty()) Fault(at + ".members", "a team needs at least one member");
    Known(people_, team.lead, at + ".lead", "person", "people");
    Known(schedules_, team.schedule, at + ".schedule", "schedule", "schedules");
    Known(calendars_, team.calendar, at + ".calendar", "calendar", "calendars");
    if (team.capacity < 0) Fault(at + ".capacity", "must be 0 (no limit) or more");
    CheckContacts(team.contacts, at);
  }

  void CheckRole(const Duty& role, const std::string& at) {
    for (size_t i = 0; i < role.people.size(); ++i)
      Needed(people_, role.people[i], at + "." + At("people", i), "person", "people");
    Known(teams_, role.team, at + ".team", "team", "teams");
    Known(schedules_, role.schedule, at + ".schedule", "schedule", "schedules");
    if (role.people.empty() && role.team.empty() && role.schedule.empty())
      Fault(at, "needs people, a team or a schedule to fill it");
  }

  void CheckSchedulePeople(const ScheduleSpec& spec, const std::string& at) {
    const auto person = [this, &at](const std::string& name, const std::string& field) {
      Known(people_, name, at + "." + field, "person", "people");
    };
    if (spec.layers.empty() && spec.temporary.empty()) Warn(at + ".layers", "nobody is ever on call; add a layer");
    for (size_t l = 0; l < spec.layers.size(); ++l) {
      const ScheduleSpec::Layer& layer = spec.layers[l];
      const std::string in = At("layers", l) + ".";
      for (size_t i = 0; i < layer.users.size(); ++i) person(layer.users[i], in + At("users", i));
      if (!layer.rotation) continue;
      const auto& participants = layer.rotation->participants;
      if (participants.empty()) Warn(at + "." + in + "rotation.participants", "nobody takes turns; add somebody");
      for (size_t i = 0; i < participants.size(); ++i) {
        for (const std::string& name : participants[i]) person(name, in + At("rotation.participants", i));
      }
    }
    for (size_t i = 0; i < spec.overrides.size(); ++i) {
      person(spec.overrides[i].remove, At("overrides", i) + ".remove");
      person(spec.overrides[i].add, At("overrides", i) + ".add");
    }
    for (size_t t = 0; t < spec.temporary.size(); ++t) {
      for (size_t i = 0; i < spec.temporary[t].shifts.size(); ++i)
        person(spec.temporary[t].shifts[i].user, At("temporary", t) + "." + At("shifts", i) + ".user");
    }
    for (size_t i = 0; i < spec.absences.size(); ++i) person(spec.absences[i].user, At("absences", i) + ".user");
  }

  const RosterDocument& document_;
  Names people_, teams_, schedules_, calendars_;
  RosterFindings out_;
};

}  // namespace

RosterFindings CheckRoster(const RosterDocument& document) { return Checker(document).Run(); }

}  // namespace escalon
