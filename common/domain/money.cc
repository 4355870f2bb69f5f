#include "common/domain/money.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "absl/numeric/int128.h"

namespace escalon {
namespace {

// ISO 4217, the currencies of countries, by the digits that they count in.
constexpr std::string_view kNoDigits = " BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
constexpr std::string_view kThreeDigits = " BHD IQD JOD KWD LYD OMR TND ";
constexpr std::string_view kTwoDigits =
    " AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
    "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN "
    "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG ";

constexpr int kMostRateDigits = 9;
constexpr RateNanos kGreatestRate = 1'000'000 * kRateOfOne;

bool Lists(std::string_view currencies, std::string_view currency) {
  return currencies.find(" " + std::string(currency) + " ") != std::string_view::npos;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int64_t PowerOfTen(int digits) {
  int64_t power = 1;
  for (int i = 0; i < digits; ++i) power *= 10;
  return power;
}

/// `12`, `12.5` as a whole number of 10^-digits. None: no such number, or too many digits.
std::optional<int64_t> ParseDecimal(std::string_view text, int digits) {
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const bool formed = !whole.empty() && (point == std::string_view::npos || !fraction.empty()) &&
                      std::all_of(whole.begin(), whole.end(), IsDigit) &&
                      std::all_of(fraction.begin(), fraction.end(), IsDigit);
  if (!formed || fraction.size() > static_cast<size_t>(digits)) return std::nullopt;
  std::string number(whole);
  number += fraction;
  number.append(static_cast<size_t>(digits) - fraction.size(), '0');
  int64_t value = 0;
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (fault != std::errc() || end != number.data() + number.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<int> MinorDigits(std::string_view currency) {
  const bool three_letters = currency.size() == 3 &&
                             std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!three_letters) return std::nullopt;
  if (Lists(kTwoDigits, currency)) return 2;
  if (Lists(kNoDigits, currency)) return 0;
  if (Lists(kThreeDigits, currency)) return 3;
  return std::nullopt;
}

Result<Money> ParseMoney(std::string_view text, std::string_view field) {
  const size_t space = text.find(' ');
  if (space == std::string_view::npos) {
    return InvalidField(std::string(field), "must be an amount with its currency, such as 500 EUR");
  }
  const std::string_view currency = text.substr(space + 1);
  const std::optional<int> digits = MinorDigits(currency);
  if (!digits) {
    return InvalidField(std::string(field), "has no currency \"" + std::string(currency.substr(0, 16)) +
                                                "\" of ISO 4217; write three letters such as EUR");
  }
  const std::optional<int64_t> minor = ParseDecimal(text.substr(0, space), *digits);
  if (!minor) {
    return InvalidField(std::string(field), "must be an amount such as " +
                                                FormatMoney({50'000, std::string(currency)}) +
                                                ": not negative, below 2^63 of the smallest unit, with at most " +
                                                std::to_string(*digits) + " digits behind the point");
  }
  return Money{*minor, std::string(currency)};
}

Result<RateNanos> ParseRate(std::string_view text, std::string_view field) {
  const std::optional<int64_t> rate = ParseDecimal(text, kMostRateDigits);
  if (!rate || *rate <= 0 || *rate > kGreatestRate) {
    return InvalidField(std::string(field),
                        "must be what one unit is worth, such as 0.92: above 0, at most a million, nine digits behind "
                        "the point");
  }
  return *rate;
}

std::string FormatMoney(const Money& money) {
  if (money.empty()) return {};
  const int digits = MinorDigits(money.currency).value_or(0);
  const int64_t power = PowerOfTen(digits);
  std::string text = std::to_string(money.minor / power);
  if (digits > 0) {
    const std::string fraction = std::to_string(money.minor % power);
    text += "." + std::string(static_cast<size_t>(digits) - fraction.size(), '0') + fraction;
  }
  return text + " " + money.currency;
}

std::optional<Money> Sum(const Money& a, const Money& b) {
  int64_t minor = 0;
  if (a.currency != b.currency || __builtin_add_overflow(a.minor, b.minor, &minor)) return std::nullopt;
  return Money{minor, a.currency};
}

std::optional<Money> Convert(const Money& money, std::string_view currency, RateNanos from, RateNanos to) {
  if (money.currency == currency) return money;
  const std::optional<int> digits = MinorDigits(money.currency);
  const std::optional<int> wanted = MinorDigits(currency);
  const bool sane =
      digits && wanted && money.minor >= 0 && from > 0 && to > 0 && from <= kGreatestRate && to <= kGreatestRate;
  if (!sane) return std::nullopt;
  // At most 63 + 50 + 10 bits.
  const absl::uint128 worth = absl::uint128(static_cast<uint64_t>(money.minor)) * static_cast<uint64_t>(from) *
                              static_cast<uint64_t>(PowerOfTen(std::max(*wanted - *digits, 0)));
  const absl::uint128 unit =
      absl::uint128(static_cast<uint64_t>(to)) * static_cast<uint64_t>(PowerOfTen(std::max(*digits - *wanted, 0)));
  const absl::uint128 minor = (worth + unit - 1) / unit;
  if (minor > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return std::nullopt;
  return Money{static_cast<int64_t>(absl::Uint128Low64(minor)), std::string(currency)};
}

}  // namespace escalon
