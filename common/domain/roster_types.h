#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/calendar.h"
#include "common/domain/condition.h"
#include "common/domain/money.h"
#include "common/domain/schedule.h"

namespace escalon {

/// One way to reach a person; `channel` is a delivery channel's name (`mail`, `webhook`, `sms`, `log`).
struct ContactMethod {
  std::string channel;
  std::string address;
  bool operator==(const ContactMethod&) const = default;
};

struct Person {
  std::string id;
  std::string name;
  std::string timezone;  ///< IANA; empty: UTC
  std::string region;
  std::vector<std::string> languages;  ///< BCP 47, best first
  std::vector<std::string> skills;
  std::vector<std::string> clearance;   ///< restrictions and residencies that this person may see
  std::vector<std::string> roles;       ///< in the sense of access, as the policy of the desk names them
  std::vector<ContactMethod> contacts;  ///< in the order to try
  std::vector<DayWindow> quiet_hours;   ///< every day in `timezone`: what is not urgent waits
  std::string manager;                  ///< person id; empty: none
  int capacity = 0;                     ///< open cases at most; 0: no limit
  bool operator==(const Person&) const = default;
  bool reachable() const { return !contacts.empty(); }
};

struct Team {
  std::string id;
  std::string name;
  std::vector<std::string> members;  ///< person ids
  std::string lead;                  ///< person id; empty: none
  std::string schedule;              ///< schedule id; empty: all members who are present in the hours of `calendar`
  std::string calendar;              ///< calendar id; empty: around the clock
  std::string region;
  std::vector<std::string> languages;
  std::vector<std::string> skills;      ///< of the team as a whole
  int capacity = 0;                     ///< 0: no limit
  bool catch_all = false;               ///< where paths that run out end
  std::vector<ContactMethod> contacts;  ///< of the team itself: a channel, a list
  bool operator==(const Team&) const = default;
};

/// A duty rather than a person: technical lead, duty manager, financial approver. Filled by people or by whoever is on
/// call.
struct Duty {
  std::string id;
  std::string name;
  std::vector<std::string> people;
  std::string team;
  std::string schedule;
  bool operator==(const Duty&) const = default;
};

/// An external provider that a case may wait for.
struct Vendor {
  std::string id;
  std::string name;
  std::string calendar;
  std::vector<ContactMethod> contacts;
  bool operator==(const Vendor&) const = default;
};

struct NamedSchedule {
  std::string id;
  ScheduleSpec spec;
  bool operator==(const NamedSchedule&) const = default;
};

struct NamedCalendar {
  std::string id;
  CalendarSpec spec;
  bool operator==(const NamedCalendar&) const = default;
};

/// Holiday, illness, no working contact: cannot be on call or be chosen in that time. Applies to every schedule.
struct Absence {
  std::string person;
  std::optional<InstantMs> from, to;
  bool operator==(const Absence&) const = default;
};

/// Whoever may decide on something lets somebody else do so, for a while. Not passed on any further.
struct Delegation {
  std::string by;                      ///< person id of the delegator
  std::string to;                      ///< person id of the delegate
  std::optional<InstantMs> from;       ///< none: already
  InstantMs until = 0;                 ///< required
  std::vector<std::string> decisions;  ///< kinds; empty: all
  Money up_to;                         ///< for all decisions of a kind on one case; empty: as far as the delegator may
  bool operator==(const Delegation&) const = default;
};

/// New cases that match rest while it lasts: what is being worked on is known to be away.
struct MaintenanceWindow {
  std::string id;
  Condition when;
  InstantMs from = 0, until = 0;
  bool silent = false;  ///< `do: suppress`: those inside are told nothing either; `do: hold`: they are, but not paged
  std::string why;
  bool operator==(const MaintenanceWindow&) const = default;
};

/// The roster document of one tenant: plain data, as read from YAML. `Roster::Build` judges it.
struct RosterDocument {
  std::string tenant;
  std::string id;
  uint32_t version = 0;
  std::vector<Person> people;
  std::vector<Team> teams;
  std::vector<Duty> roles;
  std::vector<Vendor> vendors;
  std::vector<NamedSchedule> schedules;
  std::vector<NamedCalendar> calendars;
  std::vector<Absence> absences;
  std::vector<Delegation> delegations;
  std::vector<MaintenanceWindow> maintenance;
  bool operator==(const RosterDocument&) const = default;
};

}  // namespace escalon
