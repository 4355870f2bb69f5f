#include "common/domain/civil.h"

#include <cstdio>

#include "absl/strings/ascii.h"

namespace escalon {
namespace {

bool Digits(std::string_view text, size_t from, size_t count, int* value) {
  if (from + count > text.size()) return false;
  *value = 0;
  for (size_t i = from; i < from + count; ++i) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return false;
    *value = *value * 10 + (text[i] - '0');
  }
  return true;
}

bool Is(std::string_view text, size_t at, char c) { return at < text.size() && text[at] == c; }

}  // namespace

std::optional<int> ParseWeekday(std::string_view text) {
  for (size_t i = 0; i < kWeekdayNames.size(); ++i) {
    if (kWeekdayNames[i] == text) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::optional<LocalDate> ParseLocalDate(std::string_view text) {
  int year, month, day;
  if (text.size() != 10 || !Digits(text, 0, 4, &year) || !Is(text, 4, '-') || !Digits(text, 5, 2, &month) ||
      !Is(text, 7, '-') || !Digits(text, 8, 2, &day) || year < 1900 || year > 2199)
    return std::nullopt;
  const LocalDate date(year, month, day);
  if (date.month() != month || date.day() != day) return std::nullopt;
  return date;
}

std::string FormatLocalDate(LocalDate date) { return absl::FormatCivilTime(date); }

std::optional<int> ParseClockTime(std::string_view text) {
  int hour, minute;
  if (text.size() != 5 || !Digits(text, 0, 2, &hour) || text[2] != ':' || !Digits(text, 3, 2, &minute) || hour > 24 ||
      minute > 59 || (hour == 24 && minute != 0))
    return std::nullopt;
  return hour * 60 + minute;
}

std::string FormatClockTime(int minutes) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
  return text;
}

std::optional<LocalTime> ParseLocalTime(std::string_view text) {
  if (text.size() < 16 || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  const std::optional<LocalDate> date = ParseLocalDate(text.substr(0, 10));
  const std::optional<int> minutes = ParseClockTime(text.substr(11, 5));
  if (!date || !minutes || *minutes >= 1440) return std::nullopt;
  LocalTime local{*date, *minutes * kMinuteMs};
  size_t at = 16;
  if (at == text.size()) return local;
  int second;
  if (text[at] != ':' || !Digits(text, at + 1, 2, &second) || second > 59) return std::nullopt;
  local.of_day += second * kSecondMs;
  at += 3;
  if (at == text.size()) return local;
  if (text[at] != '.' || at + 1 == text.size()) return std::nullopt;
  DurationMs scale = 100;
  for (++at; at < text.size(); ++at) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[at]))) return std::nullopt;
    local.of_day += (text[at] - '0') * scale;
    scale /= 10;
  }
  return local;
}

}  // namespace escalon
