#include "common/core/instant.h"

#include <array>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

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

Error NotAnInstant() {
  return Error{ErrorCode::kInvalidArgument,
               "must be an instant in RFC 3339 with Z or an offset, such as 2030-04-23T16:00:00Z, years 1900-2199"};
}

Error NotADuration() {
  return Error{ErrorCode::kInvalidArgument,
               "must be a duration such as 45s, 30m or 1h30m (units h, m, s, ms, in that order)"};
}

/// `digits` digits of a value that is not negative.
void Put(int64_t value, size_t digits, char* to) {
  for (size_t i = digits; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

// Between these absl's general formatter is not needed, which takes ten times as long: instants stand in every trace.
constexpr InstantMs kFirstShort = -2'208'988'800'000;  // 1900-01-01T00:00:00Z
constexpr InstantMs kEndShort = 7'258'118'400'000;     // 2200-01-01T00:00:00Z

std::string FormatShort(InstantMs at) {
  const InstantMs day = (at - kFirstShort) / kDayMs;
  const DurationMs rest = (at - kFirstShort) % kDayMs;
  const absl::CivilDay date = absl::CivilDay(1900, 1, 1) + day;
  const DurationMs millis = rest % kSecondMs;
  std::string text = millis == 0 ? "0000-00-00T00:00:00Z" : "0000-00-00T00:00:00.000Z";
  Put(date.year(), 4, text.data());
  Put(date.month(), 2, &text[5]);
  Put(date.day(), 2, &text[8]);
  Put(rest / kHourMs, 2, &text[11]);
  Put(rest % kHourMs / kMinuteMs, 2, &text[14]);
  Put(rest % kMinuteMs / kSecondMs, 2, &text[17]);
  if (millis != 0) Put(millis, 3, &text[20]);
  return text;
}

}  // namespace

std::string FormatInstant(InstantMs at) {
  if (at >= kFirstShort && at < kEndShort) return FormatShort(at);
  const absl::Time time = absl::FromUnixMillis(at);
  return absl::FormatTime(at % 1000 == 0 ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

Result<InstantMs> ParseInstant(std::string_view text) {
  int year, month, day, hour, minute, second;
  const bool shape = Digits(text, 0, 4, &year) && Digits(text, 5, 2, &month) && Digits(text, 8, 2, &day) &&
                     Digits(text, 11, 2, &hour) && Digits(text, 14, 2, &minute) && Digits(text, 17, 2, &second) &&
                     text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == 't') && text[13] == ':' &&
                     text[16] == ':';
  if (!shape || year < 1900 || year > 2199 || hour > 23 || minute > 59 || second > 59) return NotAnInstant();
  size_t at = 19;
  int millis = 0;
  if (at < text.size() && text[at] == '.') {
    int scale = 100;
    size_t digits = 0;
    for (++at; at < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[at])); ++at, ++digits) {
      millis += (text[at] - '0') * scale;
      scale /= 10;
    }
    if (digits == 0) return NotAnInstant();
  }
  int offset_minutes = 0;
  if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    ++at;
  } else if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    int hours, minutes;
    if (!Digits(text, at + 1, 2, &hours) || !Digits(text, at + 4, 2, &minutes) || text[at + 3] != ':' || hours > 23 ||
        minutes > 59)
      return NotAnInstant();
    offset_minutes = (text[at] == '-' ? -1 : 1) * (hours * 60 + minutes);
    at += 6;
  } else {
    return NotAnInstant();
  }
  if (at != text.size()) return NotAnInstant();
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  if (civil.month() != month || civil.day() != day) return NotAnInstant();  // 30 February
  return absl::ToUnixMillis(absl::FromCivil(civil, absl::UTCTimeZone())) + millis - offset_minutes * kMinuteMs;
}

Result<DurationMs> ParseDuration(std::string_view text) {
  struct Unit {
    std::string_view name;
    DurationMs ms;
  };
  static constexpr std::array<Unit, 4> kUnits{{{"h", kHourMs}, {"m", kMinuteMs}, {"s", kSecondMs}, {"ms", 1}}};
  if (text.empty()) return NotADuration();
  DurationMs sum = 0;
  size_t next_unit = 0, at = 0;
  while (at < text.size()) {
    DurationMs number = 0;
    const size_t first = at;
    for (; at < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[at])); ++at) {
      number = number * 10 + (text[at] - '0');
      if (number > 10'000'000'000'000) return NotADuration();
    }
    if (at == first) return NotADuration();
    const size_t unit_at = at;
    while (at < text.size() && absl::ascii_isalpha(static_cast<unsigned char>(text[at]))) ++at;
    const std::string_view unit = text.substr(unit_at, at - unit_at);
    size_t u = next_unit;
    while (u < kUnits.size() && kUnits[u].name != unit) ++u;
    if (u == kUnits.size()) return NotADuration();
    DurationMs part;
    if (__builtin_mul_overflow(number, kUnits[u].ms, &part) || __builtin_add_overflow(sum, part, &sum))
      return NotADuration();
    next_unit = u + 1;
  }
  // 300 years: what the calendar arithmetic carries without overflow.
  if (sum > 300LL * 366 * kDayMs) return NotADuration();
  return sum;
}

std::string FormatDuration(DurationMs span) {
  if (span == 0) return "0s";
  std::string out = span < 0 ? "-" : "";
  if (span < 0) span = -span;
  const auto part = [&](DurationMs unit, const char* name) {
    if (span / unit > 0) out += std::to_string(span / unit) + name;
    span %= unit;
  };
  part(kHourMs, "h");
  part(kMinuteMs, "m");
  part(kSecondMs, "s");
  part(1, "ms");
  return out;
}

}  // namespace escalon
