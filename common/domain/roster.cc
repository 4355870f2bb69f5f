#include "common/domain/roster.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "common/domain/roster_check.h"

namespace escalon {
namespace {

template <typename T>
std::unordered_map<std::string_view, size_t> IndexById(const std::vector<T>& items) {
  std::unordered_map<std::string_view, size_t> index;
  index.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) index.emplace(items[i].id, i);
  return index;
}

std::optional<size_t> Find(const std::unordered_map<std::string_view, size_t>& index, std::string_view id) {
  const auto it = index.find(id);
  return it == index.end() ? std::nullopt : std::optional<size_t>(it->second);
}

template <typename T>
const T* FindIn(const std::vector<T>& items, const std::unordered_map<std::string_view, size_t>& index,
                std::string_view id) {
  const auto it = index.find(id);
  return it == index.end() ? nullptr : &items[it->second];
}

void AddOnce(std::vector<const Person*>* people, const Person* person) {
  if (std::find(people->begin(), people->end(), person) == people->end()) people->push_back(person);
}

}  // namespace

Result<std::shared_ptr<const Roster>> Roster::Build(RosterDocument document) {
  std::shared_ptr<Roster> roster(new Roster(std::move(document)));
  RosterFindings findings = CheckRoster(roster->document_);
  roster->findings_ = std::move(findings.faults);
  roster->warnings_ = std::move(findings.warnings);
  if (roster->Link()) return std::shared_ptr<const Roster>(std::move(roster));
  Error error = InvalidField(roster->findings_.front().field, roster->findings_.front().message);
  error.fields = std::move(roster->findings_);
  return error;
}

std::shared_ptr<const Roster> Roster::Empty() { return std::shared_ptr<const Roster>(new Roster({})); }

Roster::Roster(RosterDocument document) : document_(std::move(document)) {}

bool Roster::Link() {
  for (size_t i = 0; i < document_.calendars.size(); ++i) {
    auto calendar = Calendar::Build(document_.calendars[i].spec, "calendars[" + std::to_string(i) + "]");
    if (calendar) {
      built_calendars_.push_back(std::move(calendar).value());
    } else {
      findings_.insert(findings_.end(), calendar.error().fields.begin(), calendar.error().fields.end());
    }
  }
  for (size_t i = 0; i < document_.schedules.size(); ++i) {
    ScheduleSpec spec = document_.schedules[i].spec;
    for (const Absence& absence : document_.absences) {
      const bool fine = !absence.person.empty() && (!absence.from || !absence.to || *absence.from < *absence.to);
      if (fine) spec.absences.push_back({absence.person, absence.from, absence.to});  // else judged where it stands
    }
    Result<Schedule> schedule = Schedule::Build(std::move(spec), "schedules[" + std::to_string(i) + "]");
    if (schedule) {
      built_schedules_.push_back(std::move(schedule).value());
    } else {
      findings_.insert(findings_.end(), schedule.error().fields.begin(), schedule.error().fields.end());
    }
  }
  if (!findings_.empty()) return false;

  people_ = IndexById(document_.people);
  teams_ = IndexById(document_.teams);
  roles_ = IndexById(document_.roles);
  vendors_ = IndexById(document_.vendors);
  schedules_ = IndexById(document_.schedules);
  calendars_ = IndexById(document_.calendars);
  person_teams_.resize(document_.people.size());
  person_absences_.resize(document_.people.size());
  for (const Team& team : document_.teams) {
    std::vector<const Person*>& members = team_people_.emplace_back();
    for (const std::string& member : team.members) {
      const size_t i = people_.at(member);
      members.push_back(&document_.people[i]);
      person_teams_[i].push_back(&team);
    }
  }
  for (const Absence& absence : document_.absences)
    person_absences_[people_.at(absence.person)].push_back(
        {absence.from.value_or(std::numeric_limits<InstantMs>::min()), absence.to.value_or(kNever)});
  for (size_t i = 0; i < document_.people.size(); ++i) {
    for (const std::string& skill : document_.people[i].skills) {
      std::vector<size_t>& having = people_by_skill_[skill];
      if (having.empty() || having.back() != i) having.push_back(i);
    }
  }
  return true;
}

const Person* Roster::person(std::string_view id) const { return FindIn(document_.people, people_, id); }
const Team* Roster::team(std::string_view id) const { return FindIn(document_.teams, teams_, id); }
const Duty* Roster::role(std::string_view id) const { return FindIn(document_.roles, roles_, id); }
const Vendor* Roster::vendor(std::string_view id) const { return FindIn(document_.vendors, vendors_, id); }
const Schedule* Roster::schedule(std::string_view id) const { return FindIn(built_schedules_, schedules_, id); }

std::shared_ptr<const Calendar> Roster::calendar(std::string_view id) const {
  const auto* found = FindIn(built_calendars_, calendars_, id);
  return found == nullptr ? nullptr : *found;
}

const Calendar* Roster::CalendarOf(const Team& team) const {
  const auto* found = FindIn(built_calendars_, calendars_, team.calendar);
  return found == nullptr ? nullptr : found->get();
}

const Person* Roster::ManagerOf(std::string_view id) const {
  const Person* who = person(id);
  return who == nullptr ? nullptr : person(who->manager);
}

const std::vector<const Person*>& Roster::PeopleOf(std::string_view id) const {
  const auto* found = FindIn(team_people_, teams_, id);
  return found == nullptr ? nobody_ : *found;
}

const std::vector<const Team*>& Roster::TeamsOf(std::string_view id) const {
  const auto* found = FindIn(person_teams_, people_, id);
  return found == nullptr ? no_team_ : *found;
}

bool Roster::IsMember(std::string_view team_id, std::string_view person_id) const {
  const std::vector<const Team*>& teams = TeamsOf(person_id);
  return std::any_of(teams.begin(), teams.end(), [team_id](const Team* t) { return t->id == team_id; });
}

const Team* Roster::CatchAll() const {
  const auto it =
      std::find_if(document_.teams.begin(), document_.teams.end(), [](const Team& t) { return t.catch_all; });
  return it == document_.teams.end() ? nullptr : &*it;
}

bool Roster::IsPresent(std::string_view id, InstantMs at) const {
  const std::optional<size_t> i = Find(people_, id);
  if (!i) return false;
  const std::vector<Stretch>& absences = person_absences_[*i];
  return std::none_of(absences.begin(), absences.end(),
                      [at](const Stretch& away) { return away.from <= at && at < away.to; });
}

std::vector<const Person*> Roster::ByIds(const std::vector<std::string_view>& ids) const {
  std::vector<const Person*> out;
  out.reserve(ids.size());
  for (const std::string_view id : ids) {
    if (const Person* who = person(id)) out.push_back(who);
  }
  return out;
}

const Schedule* Roster::ScheduleOf(const Team& team) const { return schedule(team.schedule); }

std::vector<const Person*> Roster::OnCallOf(std::string_view id, InstantMs at) const {
  const Team* who = team(id);
  if (who == nullptr) return {};
  if (const Schedule* plan = ScheduleOf(*who)) return ByIds(plan->OnCall(at));
  std::vector<const Person*> out;
  const Calendar* hours = CalendarOf(*who);
  if (hours != nullptr && !hours->IsOpen(at)) return out;
  for (const Person* member : PeopleOf(id)) {
    if (IsPresent(member->id, at)) out.push_back(member);
  }
  return out;
}

std::vector<const Person*> Roster::OnCallOfSchedule(std::string_view id, InstantMs at) const {
  const Schedule* plan = schedule(id);
  return plan == nullptr ? std::vector<const Person*>{} : ByIds(plan->OnCall(at));
}

std::vector<const Person*> Roster::PeopleInRole(std::string_view id, InstantMs at) const {
  std::vector<const Person*> out;
  const Duty* duty = role(id);
  if (duty == nullptr) return out;
  for (const std::string& name : duty->people) {
    if (IsPresent(name, at)) AddOnce(&out, person(name));
  }
  for (const Person* who : OnCallOf(duty->team, at)) AddOnce(&out, who);
  for (const Person* who : OnCallOfSchedule(duty->schedule, at)) AddOnce(&out, who);
  return out;
}

std::vector<const Person*> Roster::PeopleWithSkills(std::span<const std::string> skills) const {
  std::vector<const Person*> out;
  if (skills.empty()) {
    for (const Person& who : document_.people) out.push_back(&who);
    return out;
  }
  const std::vector<size_t>* fewest = nullptr;
  for (const std::string& skill : skills) {
    const auto it = people_by_skill_.find(skill);
    if (it == people_by_skill_.end()) return out;
    if (fewest == nullptr || it->second.size() < fewest->size()) fewest = &it->second;
  }
  if (fewest == nullptr) return out;
  for (const size_t i : *fewest) {
    const bool all = std::all_of(skills.begin(), skills.end(), [this, i](const std::string& skill) {
      const std::vector<size_t>& having = people_by_skill_.at(skill);
      return std::binary_search(having.begin(), having.end(), i);
    });
    if (all) out.push_back(&document_.people[i]);
  }
  return out;
}

InstantMs Roster::NextHandoffOf(std::string_view id, InstantMs at) const {
  const Team* who = team(id);
  if (who == nullptr) return kNever;
  if (const Schedule* plan = ScheduleOf(*who)) return plan->NextHandoff(at);
  const std::vector<const Person*> now = OnCallOf(id, at);
  const InstantMs end = at + 366 * kDayMs;
  for (InstantMs next = NextChangeOf(*who, at); next < end; next = NextChangeOf(*who, next)) {
    if (OnCallOf(id, next) != now) return next;
  }
  return kNever;
}

InstantMs Roster::NextChangeOf(const Team& team, InstantMs at) const {
  InstantMs next = kNever;
  if (const Calendar* hours = CalendarOf(team))
    next = hours->IsOpen(at) ? hours->NextClosing(at) : hours->NextOpening(at);
  for (const std::string& member : team.members) {
    for (const Stretch& away : person_absences_[people_.at(member)]) {
      if (away.from > at) next = std::min(next, away.from);
      if (away.to > at) next = std::min(next, away.to);
    }
  }
  return next;
}

std::vector<Stretch> Roster::GapsOf(std::string_view id, InstantMs from, InstantMs to) const {
  const Team* who = team(id);
  if (who == nullptr) return from < to ? std::vector<Stretch>{{from, to}} : std::vector<Stretch>{};
  if (const Schedule* plan = ScheduleOf(*who)) return plan->Gaps(from, to);
  std::vector<Stretch> out;
  for (InstantMs at = from; at < to;) {
    const InstantMs next = std::min(NextChangeOf(*who, at), to);
    if (OnCallOf(id, at).empty()) {
      if (!out.empty() && out.back().to == at) {
        out.back().to = next;
      } else {
        out.push_back({at, next});
      }
    }
    at = next;
  }
  return out;
}

}  // namespace escalon
