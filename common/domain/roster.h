#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/roster_types.h"
#include "common/domain/schedule.h"

namespace escalon {

/// Who there is, who may be called now, and how. Immutable, shared by shared_ptr<const Roster>, thread-safe. Pointers
/// and views that it hands out live as long as it does. Lookups by id are one hash. Orders are those of the document
/// unless said otherwise.
class Roster {
 public:
  /// Judges the whole document; on a fault the error's `fields` hold every one of them (`people[3].manager`), with the
  /// remedy.
  static Result<std::shared_ptr<const Roster>> Build(RosterDocument document);
  /// Nobody: what stands in before a tenant has a roster.
  static std::shared_ptr<const Roster> Empty();

  Roster(const Roster&) = delete;
  Roster& operator=(const Roster&) = delete;

  const Person* person(std::string_view id) const;  ///< nullptr: unknown
  const Team* team(std::string_view id) const;
  const Duty* role(std::string_view id) const;
  const Vendor* vendor(std::string_view id) const;
  const Schedule* schedule(std::string_view id) const;
  std::shared_ptr<const Calendar> calendar(std::string_view id) const;
  /// The team's calendar; nullptr: around the clock.
  const Calendar* CalendarOf(const Team& team) const;
  const Person* ManagerOf(std::string_view person) const;

  /// The members of a team; empty when it is unknown.
  const std::vector<const Person*>& PeopleOf(std::string_view team) const;
  /// The teams that a person is a member of.
  const std::vector<const Team*>& TeamsOf(std::string_view person) const;
  bool IsMember(std::string_view team, std::string_view person) const;
  const Team* CatchAll() const;  ///< the first team that says so, else nullptr

  /// Not absent at that instant. Unknown people are absent.
  bool IsPresent(std::string_view person, InstantMs at) const;
  /// The team's schedule at an instant; without one, all members present, in the hours of its calendar.
  std::vector<const Person*> OnCallOf(std::string_view team, InstantMs at) const;
  /// By a schedule's id; people sorted by id.
  std::vector<const Person*> OnCallOfSchedule(std::string_view schedule, InstantMs at) const;
  /// Whoever fills a role at an instant: its people who are present, its team's and its schedule's people on call.
  std::vector<const Person*> PeopleInRole(std::string_view role, InstantMs at) const;
  /// Those who have all of the skills, present or not; everybody when `skills` is empty.
  std::vector<const Person*> PeopleWithSkills(std::span<const std::string> skills) const;
  /// The first instant after `at` at which the people on call of the team change; kNever: not within a year.
  InstantMs NextHandoffOf(std::string_view team, InstantMs at) const;
  /// Stretches of [from, to) in which OnCallOf(team) would be empty.
  std::vector<Stretch> GapsOf(std::string_view team, InstantMs from, InstantMs to) const;

  const RosterDocument& document() const { return document_; }
  /// What is allowed but likely wrong: people without a contact method, nobody in a schedule, no catch-all team.
  const std::vector<FieldViolation>& warnings() const { return warnings_; }

 private:
  using Index = std::unordered_map<std::string_view, size_t>;

  explicit Roster(RosterDocument document);
  /// Builds what is named in the document; false: `findings_` says why not.
  bool Link();
  std::vector<const Person*> ByIds(const std::vector<std::string_view>& ids) const;
  const Schedule* ScheduleOf(const Team& team) const;
  /// For a team without a schedule: when its hours or its members' absences change next.
  InstantMs NextChangeOf(const Team& team, InstantMs at) const;

  RosterDocument document_;
  std::vector<FieldViolation> findings_, warnings_;
  Index people_, teams_, roles_, vendors_, schedules_, calendars_;
  std::vector<Schedule> built_schedules_;
  std::vector<std::shared_ptr<const Calendar>> built_calendars_;
  std::vector<std::vector<const Person*>> team_people_;
  std::vector<std::vector<const Team*>> person_teams_;
  std::vector<std::vector<Stretch>> person_absences_;
  std::unordered_map<std::string_view, std::vector<size_t>> people_by_skill_;
  std::vector<const Person*> nobody_;
  std::vector<const Team*> no_team_;
};

}  // namespace escalon
