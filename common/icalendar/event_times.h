#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/domain/zone.h"
#include "common/icalendar/ical_handles.h"
#include "common/icalendar/reader.h"

namespace escalon::icalendar {

/// When an event happens, by its own wall clock. Private to the room.
struct EventTimes {
  Zone zone;
  bool all_day = false;
  Wall start;
  int64_t length = 0;  ///< seconds on the wall clock
  std::vector<icalrecurrencetype> rules;
  std::vector<Wall> added, left_out;  ///< RDATE, EXDATE
  std::optional<Wall> replaces;       ///< RECURRENCE-ID: the occurrence that this one stands for
};

/// What DTSTART, DTEND, DURATION, RRULE, RDATE, EXDATE and RECURRENCE-ID say; or why not, in words.
Result<EventTimes> TimesOf(icalcomponent* event, const std::optional<Zone>& local);

inline constexpr int kFirstYear = 1900, kLastYear = 2199;

}  // namespace escalon::icalendar
