#include "common/documents/calendar_section.h"

#include <optional>
#include <utility>

#include "common/documents/fields.h"
#include "common/documents/values.h"
#include "common/domain/civil.h"

namespace escalon::documents {
namespace {

constexpr const char* kWindowForm =
    "must be hours such as \"09:00-17:00\" or [\"09:00\",\"17:00\"], clock times in quotes";

/// `mon`, or `mon-fri` (also over the week's end: `fri-mon`), as first and last day.
std::optional<std::pair<int, int>> ParseDays(std::string_view text) {
  const size_t dash = text.find('-');
  const std::optional<int> first = ParseWeekday(text.substr(0, dash));
  const std::optional<int> last = dash == std::string_view::npos ? first : ParseWeekday(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  return std::pair(*first, *last);
}

bool ReadWindow(const Value& value, DayWindow* out) {
  std::string start, end;
  if (value.is_list() && value.node->items.size() == 2 && value.At(0).is_text() && value.At(1).is_text()) {
    start = value.node->items[0].text;
    end = value.node->items[1].text;
  } else if (value.is_text()) {
    const size_t dash = value.node->text.find('-');
    start = value.node->text.substr(0, dash);
    if (dash != std::string::npos) end = value.node->text.substr(dash + 1);
  }
  const std::optional<int> from = ParseClockTime(start);
  const std::optional<int> to = ParseClockTime(end);
  if (!from || !to) {
    value.Fault(kWindowForm);
    return false;
  }
  *out = {*from, *to};
  return true;
}

bool ReadHolidays(const Value& value, const HolidaySets& sets, std::set<LocalDate>* out) {
  if (!value.is_list()) {
    value.Fault("must be a list of dates, or of names of lists under `holidays`");
    return false;
  }
  for (size_t i = 0; i < value.node->items.size(); ++i) {
    const Value item = value.At(i);
    const auto set = item.is_text() ? sets.find(item.node->text) : sets.end();
    LocalDate date;
    if (set != sets.end()) {
      out->insert(set->second.begin(), set->second.end());
    } else if (item.is_text() && !item.node->text.empty() && (item.node->text[0] < '0' || item.node->text[0] > '9')) {
      item.Fault("no list of holidays \"" + item.node->text + "\"; define it under `holidays`, or write dates");
    } else if (ReadDate(item, &date)) {
      out->insert(date);
    }
  }
  return true;
}

void ReadOverrides(const Value& value, std::map<LocalDate, std::vector<DayWindow>>* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> days = fields.TakeRest(&names);
  for (size_t i = 0; i < days.size(); ++i) {
    const std::optional<LocalDate> date = ParseLocalDate(names[i]);
    if (!date) {
      days[i].Fault("no date \"" + names[i] + "\"; write one that exists, such as \"2030-04-25\"");
      continue;
    }
    ReadWindows(days[i], &(*out)[*date]);
  }
}

}  // namespace

bool ReadWindows(const Value& value, std::vector<DayWindow>* out) {
  // A single window written as a pair is a list of two texts as well; the clock times tell them apart.
  const bool is_pair = value.is_list() && value.node->items.size() == 2 &&
                       value.node->items[0].kind == Node::Kind::kText &&
                       ParseClockTime(value.node->items[0].text).has_value();
  if (is_pair) {
    value.Fault("must be a list of windows: write [[\"09:00\",\"17:00\"]] or [\"09:00-17:00\"]");
    return false;
  }
  return ReadList(value, out, ReadWindow);
}

bool ReadWeekday(const Value& value, int* out) {
  return ReadWord(value, out, [](std::string_view word) { return ParseWeekday(word); },
                  {"mon", "tue", "wed", "thu", "fri", "sat", "sun"});
}

bool ReadWeekly(const Value& value, WeeklyWindows* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> days = fields.TakeRest(&names);
  std::array<bool, 7> said{};
  for (size_t i = 0; i < days.size(); ++i) {
    const auto range = ParseDays(names[i]);
    if (!range) {
      days[i].Fault("no weekday \"" + names[i] + "\"; write mon, tue, … or a range such as mon-fri");
      continue;
    }
    std::vector<DayWindow> windows;
    ReadWindows(days[i], &windows);
    for (int day = range->first;; day = (day + 1) % 7) {
      const auto index = static_cast<size_t>(day);
      if (said[index]) days[i].Fault("names " + std::string(kWeekdayNames[index]) + " a second time; keep one");
      said[index] = true;
      (*out)[index] = windows;
      if (day == range->second) break;
    }
  }
  return fields.readable();
}

bool ReadHolidaySets(const Value& value, HolidaySets* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> sets = fields.TakeRest(&names);
  for (size_t i = 0; i < sets.size(); ++i) {
    std::set<LocalDate>& dates = (*out)[names[i]];
    if (sets[i].is_map()) {
      Fields of(sets[i]);
      of.Need("ical", &dates, ReadIcalHolidays);
      continue;
    }
    std::vector<LocalDate> listed;
    ReadList(sets[i], &listed, ReadDate);
    dates = {listed.begin(), listed.end()};
  }
  return fields.readable();
}

bool ReadCalendar(const Value& value, const HolidaySets& sets, CalendarSpec* out) {
  Fields fields(value);
  if (const auto zone = fields.Take("timezone", "zone")) {
    ReadName(*zone, &out->timezone);
  } else {
    fields.Missing("timezone");
  }
  if (const auto weekly = fields.Take("weekly", "hours")) {
    ReadWeekly(*weekly, &out->weekly);
  } else {
    fields.Missing("weekly");
  }
  fields.Read("holidays", &out->holidays,
              [&sets](const Value& v, std::set<LocalDate>* dates) { return ReadHolidays(v, sets, dates); });
  if (const auto overrides = fields.Take("overrides")) ReadOverrides(*overrides, &out->overrides);
  return fields.readable();
}

}  // namespace escalon::documents
