#pragma once

#include <string>
#include <vector>

#include "common/core/instant.h"

namespace escalon::icalendar {

/// A stretch of duty of one person.
struct Shift {
  std::string schedule;  ///< id; part of the event's own id
  std::string person;    ///< id
  std::string name;      ///< shown; empty: the id
  InstantMs from = 0, to = 0;
};

/// One VEVENT each, in UTC, with an id that stays the same as long as schedule, person and begin do, so that a calendar
/// that subscribes does not show it twice. `stamp`: when the roster was looked at. `ReadCalendar` reads it back. Pure.
std::string WriteShifts(const std::vector<Shift>& shifts, const std::string& calendar_name, InstantMs stamp);

}  // namespace escalon::icalendar
