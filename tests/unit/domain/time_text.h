#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/core/instant.h"
#include "common/domain/calendar.h"

namespace escalon::test {

using WindowText = std::vector<std::pair<std::string, std::string>>;

/// An instant in RFC 3339; the test fails when it is none.
inline InstantMs At(std::string_view text) {
  const Result<InstantMs> at = ParseInstant(text);
  EXPECT_TRUE(at.ok()) << text;
  return at.ok() ? *at : kNever;
}

inline std::string Text(InstantMs at) { return at == kNever ? "never" : FormatInstant(at); }

inline LocalDate Date(std::string_view text) {
  const std::optional<LocalDate> date = ParseLocalDate(text);
  EXPECT_TRUE(date.has_value()) << text;
  return date.value_or(LocalDate());
}

inline std::vector<DayWindow> Windows(const WindowText& windows) {
  std::vector<DayWindow> out;
  for (const auto& [start, end] : windows)
    out.push_back({ParseClockTime(start).value_or(-1), ParseClockTime(end).value_or(-1)});
  return out;
}

/// Windows by weekday: `{{"mon", {{"08:30", "12:30"}}}}`.
inline WeeklyWindows Weekly(const std::map<std::string, WindowText>& weekly) {
  WeeklyWindows out;
  for (const auto& [day, windows] : weekly) out[static_cast<size_t>(ParseWeekday(day).value())] = Windows(windows);
  return out;
}

inline CalendarSpec Spec(std::string zone, const std::map<std::string, WindowText>& weekly,
                         const std::vector<std::string>& holidays = {},
                         const std::map<std::string, WindowText>& overrides = {}) {
  CalendarSpec spec;
  spec.timezone = std::move(zone);
  spec.weekly = Weekly(weekly);
  for (const std::string& day : holidays) spec.holidays.insert(Date(day));
  for (const auto& [day, windows] : overrides) spec.overrides[Date(day)] = Windows(windows);
  return spec;
}

inline std::shared_ptr<const Calendar> Build(CalendarSpec spec) {
  auto calendar = Calendar::Build(std::move(spec));
  EXPECT_TRUE(calendar.ok()) << (calendar.ok() ? "" : calendar.error().message);
  return calendar.ok() ? *calendar : nullptr;
}

inline std::shared_ptr<const Calendar> Cal(std::string zone, const std::map<std::string, WindowText>& weekly,
                                           const std::vector<std::string>& holidays = {},
                                           const std::map<std::string, WindowText>& overrides = {}) {
  return Build(Spec(std::move(zone), weekly, holidays, overrides));
}

}  // namespace escalon::test
