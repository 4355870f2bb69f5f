#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/documents/report.h"
#include "common/domain/calendar.h"

namespace escalon::documents {

/// Named lists of dates: {de-be: ["2030-01-01", …]}, or the text of an iCalendar file with whole days that may recur,
/// read for the years 2000 to 2100: {de-be: {ical: "BEGIN:VCALENDAR …"}}.
using HolidaySets = std::map<std::string, std::set<LocalDate>>;

bool ReadIcalHolidays(const Value& value, std::set<LocalDate>* out);  ///< ical_holidays.cc
bool ReadHolidaySets(const Value& value, HolidaySets* out);
/// A calendar: timezone (or zone), weekly (or hours), holidays (dates or names of sets), overrides. calc.md §2 and the
/// sketch's forms.
bool ReadCalendar(const Value& value, const HolidaySets& sets, CalendarSpec* out);
/// {mon: [["09:00","17:00"]], tue-fri: ["09:00-17:00"]}
bool ReadWeekly(const Value& value, WeeklyWindows* out);
/// Windows of one day, as in `weekly`.
bool ReadWindows(const Value& value, std::vector<DayWindow>* out);
/// `mon` … `sun` as 0 … 6.
bool ReadWeekday(const Value& value, int* out);

}  // namespace escalon::documents
