#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/core/result.h"

namespace escalon {

/// An amount in whole smallest units of an ISO 4217 currency (cents, yen); never a fraction, so sums are exact.
struct Money {
  int64_t minor = 0;
  std::string currency;  ///< three letters; empty: no amount
  auto operator<=>(const Money&) const = default;
  bool empty() const { return currency.empty(); }
};

/// What one unit of a currency is worth in another, in billionths.
using RateNanos = int64_t;
inline constexpr RateNanos kRateOfOne = 1'000'000'000;

/// Digits behind the point: 2 for EUR, 0 for JPY, 3 for KWD. None: no currency of ISO 4217 that money is counted in.
std::optional<int> MinorDigits(std::string_view currency);
/// `500 EUR`, `1200.50 EUR`: not negative, with no more digits behind the point than the currency has.
Result<Money> ParseMoney(std::string_view text, std::string_view field);
/// `0.92` as 920000000: greater than 0, at most a million, nine digits behind the point.
Result<RateNanos> ParseRate(std::string_view text, std::string_view field);
/// `1200.50 EUR`
std::string FormatMoney(const Money& money);

/// Of one currency; none when the sum does not fit.
std::optional<Money> Sum(const Money& a, const Money& b);
/// In another currency; `from` and `to` are what one unit of each is worth in a third. Rounded up to the smallest unit,
/// so that converting never stretches a limit. None when it does not fit.
std::optional<Money> Convert(const Money& money, std::string_view currency, RateNanos from, RateNanos to);

}  // namespace escalon
