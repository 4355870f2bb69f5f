#include "common/calc/values.h"

#include <algorithm>
#include <utility>

#include "common/core/result.h"

namespace escalon::calc {
namespace {

/// Of one day: more would make the index of a long span too big for one question.
constexpr size_t kMostWindows = 100;

/// The text; a fault and none when it is no text.
std::optional<std::string_view> ReadText(const Place& place, const char* wanted) {
  if (place.is(Json::Kind::kString)) return place.json().text;
  place.Refuse(wanted);
  return std::nullopt;
}

int ReadClockTime(const Place& place, bool end) {
  const char* wanted =
      end ? "must be a clock time HH:MM, from 00:00 to 24:00" : "must be a clock time HH:MM, from 00:00 to 23:59";
  constexpr int kMidnight = 1440;
  const std::optional<std::string_view> text = ReadText(place, wanted);
  if (!text) return 0;
  const std::optional<int> minutes = ParseClockTime(*text);
  if (!minutes || (!end && *minutes == kMidnight)) {
    place.Refuse(wanted);
    return 0;
  }
  return *minutes;
}

std::vector<DayWindow> ReadWindows(const Place& place) {
  std::vector<DayWindow> windows;
  const std::vector<Place> items = place.Items();
  if (items.size() > kMostWindows) place.Refuse("must be at most 100 windows");
  for (const Place& window : items) {
    if (!window.is(Json::Kind::kArray) || window.json().items.size() != 2) {
      window.Refuse("must be a start and an end, such as [\"09:00\",\"17:00\"]");
      continue;
    }
    const std::vector<Place> edges = window.Items();
    windows.push_back({ReadClockTime(edges[0], false), ReadClockTime(edges[1], true)});
    if (windows.back().start == windows.back().end)
      window.Refuse("start equals end; for a whole day write [\"00:00\",\"24:00\"]");
  }
  return windows;
}

std::optional<LocalDate> ReadDate(const Place& place, std::string_view text) {
  const std::optional<LocalDate> date = ParseLocalDate(text);
  if (!date) place.Refuse("must be a date such as 2030-04-25, years 1900-2199");
  return date;
}

}  // namespace

InstantMs ReadInstant(const Place& place) {
  const std::optional<std::string_view> text = ReadText(place, "must be an instant, such as \"2030-04-23T16:00:00Z\"");
  if (!text) return 0;
  const Result<InstantMs> at = ParseInstant(*text);
  if (at) return at.value();
  place.Refuse(at.error().message);
  return 0;
}

DurationMs ReadDuration(const Place& place) {
  const std::optional<std::string_view> text = ReadText(place, "must be a duration, such as \"1h30m\"");
  if (!text) return 0;
  const Result<DurationMs> span = ParseDuration(*text);
  if (span) return span.value();
  place.Refuse(span.error().message);
  return 0;
}

int64_t ReadWhole(const Place& place, int64_t least, int64_t most) {
  if (place.is(Json::Kind::kInteger) && place.json().integer >= least && place.json().integer <= most)
    return place.json().integer;
  place.Refuse("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return least;
}

bool ReadFlag(const Place& place) {
  if (place.is(Json::Kind::kBool)) return place.json().flag;
  place.Refuse("must be true or false");
  return false;
}

std::string ReadName(const Place& place) {
  if (place.is(Json::Kind::kString) && !place.json().text.empty()) return place.json().text;
  place.Refuse("must be a name: a text that is not empty");
  return {};
}

std::vector<std::string> ReadNames(const Place& place) {
  std::vector<std::string> names;
  for (const Place& item : place.Items()) names.push_back(ReadName(item));
  return names;
}

size_t ReadChoice(const Place& place, std::span<const std::string_view> choices) {
  if (place.is(Json::Kind::kString)) {
    const auto found = std::find(choices.begin(), choices.end(), place.json().text);
    if (found != choices.end()) return static_cast<size_t>(found - choices.begin());
  }
  std::string wanted = "must be ";
  for (size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) wanted += i + 1 < choices.size() ? ", " : " or ";
    wanted += choices[i];
  }
  place.Refuse(std::move(wanted));
  return 0;
}

WeeklyWindows ReadWeekly(const Place& place) {
  WeeklyWindows weekly;
  for (const auto& [name, windows] : place.Members()) {
    if (const std::optional<int> day = ParseWeekday(name)) {
      weekly[static_cast<size_t>(*day)] = ReadWindows(windows);
    } else {
      windows.Refuse("unknown field; weekdays are mon, tue, wed, thu, fri, sat, sun");
    }
  }
  return weekly;
}

std::shared_ptr<const Calendar> ReadCalendar(const Place& place) {
  const Fields fields(place, {"timezone", "weekly", "holidays", "overrides"});
  CalendarSpec spec;
  spec.timezone = RequiredName(fields, "timezone");
  if (const auto weekly = fields.Required("weekly")) spec.weekly = ReadWeekly(*weekly);
  if (const auto holidays = fields.Optional("holidays")) {
    for (const Place& item : holidays->Items()) {
      const std::optional<LocalDate> date = ReadDate(item, item.json().text);
      if (date) spec.holidays.insert(*date);
    }
  }
  if (const auto overrides = fields.Optional("overrides")) {
    for (const auto& [name, windows] : overrides->Members()) {
      const std::optional<LocalDate> date = ReadDate(windows, name);
      if (date) spec.overrides[*date] = ReadWindows(windows);
    }
  }
  if (*place.fault()) return nullptr;
  Result<std::shared_ptr<const Calendar>> calendar = Calendar::Build(std::move(spec), place.path());
  if (calendar) return std::move(calendar).value();
  AddFault(calendar.error(), place.fault());
  return nullptr;
}

InstantMs RequiredInstant(const Fields& fields, std::string_view name) {
  const std::optional<Place> place = fields.Required(name);
  return place ? ReadInstant(*place) : 0;
}

std::optional<InstantMs> OptionalInstant(const Fields& fields, std::string_view name) {
  const std::optional<Place> place = fields.Optional(name);
  if (!place) return std::nullopt;
  return ReadInstant(*place);
}

std::string RequiredName(const Fields& fields, std::string_view name) {
  const std::optional<Place> place = fields.Required(name);
  return place ? ReadName(*place) : std::string();
}

bool OptionalFlag(const Fields& fields, std::string_view name) {
  const std::optional<Place> place = fields.Optional(name);
  return place && ReadFlag(*place);
}

std::shared_ptr<const Calendar> OptionalCalendar(const Fields& fields) {
  const std::optional<Place> place = fields.Optional("calendar");
  return place ? ReadCalendar(*place) : nullptr;
}

void AddFault(const Error& error, FirstFault* fault) {
  if (error.fields.empty()) {
    fault->Add("", error.message);
  } else {
    fault->Add(error.fields.front().field, error.fields.front().message);
  }
}

}  // namespace escalon::calc
