#pragma once

#include <libical/ical.h>

#include <memory>

#include "common/domain/civil.h"

namespace escalon::icalendar {

// libical's objects, freed by themselves, and its times as the domain has them. Private to the room.

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

struct FreeIterator {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};
using Iterator = std::unique_ptr<icalrecur_iterator, FreeIterator>;

/// A date and clock time in no zone, to the second.
using Wall = absl::CivilSecond;

inline LocalTime LocalOf(const Wall& wall) {
  return {LocalDate(wall), wall.hour() * kHourMs + wall.minute() * kMinuteMs + wall.second() * kSecondMs};
}

inline Wall WallOf(const LocalTime& local) { return Wall(local.date) + local.of_day / kSecondMs; }

inline Wall WallOf(const icaltimetype& time) {
  if (time.is_date != 0) return Wall(time.year, time.month, time.day);
  return Wall(time.year, time.month, time.day, time.hour, time.minute, time.second);
}

inline icaltimetype IcalOf(const Wall& wall, bool is_date) {
  icaltimetype time = icaltime_null_time();
  time.year = static_cast<int>(wall.year());
  time.month = wall.month();
  time.day = wall.day();
  time.is_date = is_date ? 1 : 0;
  if (is_date) return time;
  time.hour = wall.hour();
  time.minute = wall.minute();
  time.second = wall.second();
  return time;
}

}  // namespace escalon::icalendar
