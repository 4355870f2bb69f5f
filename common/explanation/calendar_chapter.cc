#include <string>
#include <utility>

#include "common/domain/civil.h"
#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

constexpr size_t kMostDates = 20;

std::string Dates(const CalendarSpec& spec) {
  std::vector<std::string> dates;
  for (const LocalDate& date : spec.holidays) {
    if (dates.size() < kMostDates) dates.push_back(FormatLocalDate(date));
  }
  const size_t more = spec.holidays.size() - dates.size();
  return dates.empty() ? "–" : Listed(dates) + (more > 0 ? " and " + std::to_string(more) + " more" : std::string());
}

}  // namespace

Chapter CalendarChapter(const Policy& policy) {
  Chapter chapter{"Calendars", 2, {}};
  PageTable table{{"Calendar", "Zone", "Hours", "Closed on", "Other hours on"}, {}};
  for (const auto& [id, calendar] : policy.calendars) {
    const CalendarSpec& spec = calendar->spec();
    std::vector<std::string> overrides;
    for (const auto& [date, windows] : spec.overrides) overrides.push_back(FormatLocalDate(date));
    table.rows.push_back(
        {id, spec.timezone, Spoken(spec.weekly), Dates(spec), overrides.empty() ? "–" : Listed(overrides)});
  }
  chapter.Say(std::move(table));
  return chapter;
}

}  // namespace escalon::explanation
