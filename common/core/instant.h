#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/result.h"

namespace escalon {

/// Milliseconds since 1970-01-01T00:00:00Z. Every instant of a case is one of these (DESIGN §7.1, §7.11).
using InstantMs = int64_t;
/// A span in real milliseconds.
using DurationMs = int64_t;

inline constexpr InstantMs kNever = INT64_MAX;
inline constexpr DurationMs kSecondMs = 1000;
inline constexpr DurationMs kMinuteMs = 60 * kSecondMs;
inline constexpr DurationMs kHourMs = 60 * kMinuteMs;
inline constexpr DurationMs kDayMs = 24 * kHourMs;

/// RFC 3339 in UTC, `2030-04-23T16:00:00Z`; three decimals only when the milliseconds are not 0.
std::string FormatInstant(InstantMs at);
/// RFC 3339 with `Z` or an offset, years 1900–2199; digits after the millisecond are cut off.
Result<InstantMs> ParseInstant(std::string_view text);

/// `1h30m`, `45s`, `250ms`, in the order h m s ms, each at most once. No days: a day is no fixed time.
Result<DurationMs> ParseDuration(std::string_view text);
/// The shortest text that ParseDuration reads back: `1h30m`, `0s`.
std::string FormatDuration(DurationMs span);

}  // namespace escalon
