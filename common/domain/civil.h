#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "common/core/instant.h"

namespace escalon {

/// A date on a wall calendar, in no zone.
using LocalDate = absl::CivilDay;

/// `mon` … `sun`, Monday first: the order of weekly windows and of masks.
inline constexpr std::array<std::string_view, 7> kWeekdayNames{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// 0 for Monday … 6 for Sunday.
inline int WeekdayIndex(LocalDate date) { return static_cast<int>(absl::GetWeekday(date)); }
std::optional<int> ParseWeekday(std::string_view text);

/// `2030-04-25`, years 1900–2199; none when it is no such date (30 February).
std::optional<LocalDate> ParseLocalDate(std::string_view text);
std::string FormatLocalDate(LocalDate date);

/// `HH:MM` in minutes since midnight, 0–1440; `24:00` is 1440.
std::optional<int> ParseClockTime(std::string_view text);
std::string FormatClockTime(int minutes);

/// A date and the time since its midnight on the wall clock. `of_day` may reach past 24 h: it then lies on a later
/// date.
struct LocalTime {
  LocalDate date;
  DurationMs of_day = 0;
  auto operator<=>(const LocalTime&) const = default;
};

/// `YYYY-MM-DDTHH:MM`, with `:SS` and `.mmm` if need be, without an offset; digits after the millisecond are cut off.
std::optional<LocalTime> ParseLocalTime(std::string_view text);

}  // namespace escalon
