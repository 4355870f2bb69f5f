#include "common/documents/values.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace escalon::documents {
namespace {

constexpr size_t kLongestName = 128;
constexpr size_t kLongestText = 4096;

/// A plain scalar as text, without asking what it means.
bool TextOf(const Value& value, std::string* out, const std::string& wanted) {
  if (!value.is_text()) {
    value.Fault("must be " + wanted);
    return false;
  }
  *out = value.node->text;
  return true;
}

bool ParseWhole(std::string_view text, int* out) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return fault == std::errc() && end == text.data() + text.size();
}

/// `+1`, `-5`, `30`
bool ParseSigned(std::string_view text, int* out) {
  return ParseWhole(text.starts_with('+') ? text.substr(1) : text, out);
}

/// `1d12h`, `2d`, `4h`: days of 24 hours in front of what ParseDuration reads.
std::optional<DurationMs> ParseDayDuration(std::string_view text) {
  DurationMs days_ms = 0;
  const size_t d = text.find('d');
  if (d != std::string_view::npos && d > 0) {
    int days = 0;
    if (!ParseWhole(text.substr(0, d), &days) || days < 0 || days > 36'600) return std::nullopt;
    days_ms = days * kDayMs;
    text.remove_prefix(d + 1);
    if (text.empty()) return days_ms;
  }
  const Result<DurationMs> rest = ParseDuration(text);
  if (!rest || *rest > std::numeric_limits<int>::max() * kSecondMs) return std::nullopt;
  return days_ms + *rest;
}

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == ':' || c == '@' || c == '/' || c == '-';
}

bool ReadDaysTarget(const Value& value, Target* out) {
  Fields fields(value);
  Target target;
  fields.Need("days", &target.business_days, ReadCount);
  if (const auto snap = fields.Take("snap")) {
    bool closing = false;
    ReadWord(*snap, &closing,
             [](std::string_view word) -> std::optional<bool> {
               if (word == "closing") return true;
               if (word == "none") return false;
               return std::nullopt;
             },
             {"closing", "none"});
    target.snap_to_close = closing;
  }
  *out = target;
  return fields.readable();
}

}  // namespace

bool ReadText(const Value& value, std::string* out) {
  std::string text;
  if (!TextOf(value, &text, "text")) return false;
  if (const std::string trap = QuotingTrap(text, value.node->quoted); !trap.empty()) {
    value.Fault(trap);
    return false;
  }
  if (text.size() > kLongestText) {
    value.Fault("is longer than 4096 bytes; make it shorter");
    return false;
  }
  *out = std::move(text);
  return true;
}

bool ReadName(const Value& value, std::string* out) {
  std::string text;
  if (!ReadText(value, &text)) return false;
  if (text.empty() || text.size() > kLongestName || !std::all_of(text.begin(), text.end(), IsNameByte)) {
    value.Fault("must be a name of letters, digits and . _ : @ / - ; at most 128 of them");
    return false;
  }
  *out = std::move(text);
  return true;
}

bool ReadFlag(const Value& value, bool* out) {
  std::string text;
  if (!TextOf(value, &text, "true or false")) return false;
  if (value.node->quoted || (text != "true" && text != "false")) {
    value.Fault("must be true or false, without quotes");
    return false;
  }
  *out = text == "true";
  return true;
}

bool ReadCount(const Value& value, int* out) {
  std::string text;
  int number = 0;
  if (!TextOf(value, &text, "a whole number")) return false;
  if (!ParseWhole(text, &number) || number < 0 || number > 1'000'000) {
    value.Fault("must be a whole number from 0 to 1000000");
    return false;
  }
  *out = number;
  return true;
}

bool ReadSteps(const Value& value, int* out) {
  std::string text;
  int number = 0;
  if (!TextOf(value, &text, "+1 or -1")) return false;
  if (!ParseSigned(text, &number) || number < -2 || number > 2) {
    value.Fault("must be a number of grades: +1 for one higher, -1 for one lower");
    return false;
  }
  *out = number;
  return true;
}

bool ReadPoints(const Value& value, int* out) {
  std::string text;
  int number = 0;
  if (!TextOf(value, &text, "points")) return false;
  if (!ParseSigned(text, &number) || number < -kMostPoints || number > kMostPoints) {
    value.Fault("must be a whole number of points from -1000 to 1000");
    return false;
  }
  *out = number;
  return true;
}

bool ReadPercent(const Value& value, int* out) {
  std::string text;
  int number = 0;
  if (!TextOf(value, &text, "a share such as 75%")) return false;
  if (!text.ends_with('%') || !ParseWhole(std::string_view(text).substr(0, text.size() - 1), &number) || number < 0 ||
      number > 100) {
    value.Fault("must be a share from 0% to 100%, such as 75%");
    return false;
  }
  *out = number;
  return true;
}

bool ReadShare(const Value& value, double* out) {
  int percent = 0;
  if (!ReadPercent(value, &percent)) return false;
  *out = percent / 100.0;
  return true;
}

bool ReadDuration(const Value& value, DurationMs* out) {
  std::string text;
  if (!TextOf(value, &text, "a duration such as 45s, 30m or 1h30m")) return false;
  const std::optional<DurationMs> parsed = ParseDayDuration(text);
  if (!parsed) {
    value.Fault(text.ends_with("bd")
                    ? "must be a duration; business days are not possible here, write days of 24 hours (3d) or hours"
                    : "must be a duration such as 45s, 30m, 1h30m or 2d (units d, h, m, s, ms, in that order)");
    return false;
  }
  *out = *parsed;
  return true;
}

bool ReadTarget(const Value& value, Target* out) {
  if (value.is_map()) return ReadDaysTarget(value, out);
  std::string text;
  if (!TextOf(value, &text, "a length such as 15m, 4h or 1bd")) return false;
  int days = 0;
  if (text.ends_with("bd") && ParseWhole(std::string_view(text).substr(0, text.size() - 2), &days) && days > 0 &&
      days <= 1000) {
    *out = Target{0, days, false};
    return true;
  }
  const Result<DurationMs> span = ParseDuration(text);
  if (!span) {
    value.Fault(text.ends_with('d') && !text.ends_with("bd")
                    ? "a day is no fixed time on a calendar; write 24h, or 1bd for a business day"
                    : "must be a length such as 15m, 1h30m, 1bd or {days: 1, snap: closing}");
    return false;
  }
  *out = Target{*span, 0, false};
  return true;
}

bool ReadMoney(const Value& value, Money* out) {
  std::string text;
  if (!TextOf(value, &text, "an amount with its currency, such as 500 EUR")) return false;
  Result<Money> money = ParseMoney(text, "");
  if (!money) {
    value.Fault(money.error().fields.front().message);
    return false;
  }
  *out = *std::move(money);
  return true;
}

bool ReadOptionalTarget(const Value& value, std::optional<Target>* out) {
  if (value.is_null() || (value.is_text() && value.node->text == "none")) {
    out->reset();
    return true;
  }
  Target target;
  if (!ReadTarget(value, &target)) return false;
  *out = target;
  return true;
}

bool NamesPriorities(const Value& value) {
  if (!value.is_map()) return false;
  return std::any_of(value.node->entries.begin(), value.node->entries.end(), [](const Node::Entry& entry) {
    return entry.key == "default" || ParsePriority(entry.key).has_value();
  });
}

bool ReadInstant(const Value& value, InstantMs* out) {
  std::string text;
  if (!TextOf(value, &text, "an instant such as \"2030-04-23T16:00:00Z\"")) return false;
  const Result<InstantMs> parsed = ParseInstant(text);
  if (!parsed) {
    value.Fault("must be an instant with Z or an offset, such as \"2030-04-23T16:00:00+01:00\"");
    return false;
  }
  *out = *parsed;
  return true;
}

bool ReadDate(const Value& value, LocalDate* out) {
  std::string text;
  if (!TextOf(value, &text, "a date such as \"2030-04-25\"")) return false;
  const std::optional<LocalDate> parsed = ParseLocalDate(text);
  if (!parsed) {
    value.Fault("must be a date that exists, such as \"2030-04-25\"");
    return false;
  }
  *out = *parsed;
  return true;
}

bool ReadGrade(const Value& value, Grade* out) { return ReadWord(value, out, ParseGrade, {"high", "medium", "low"}); }

bool ReadPriority(const Value& value, Priority* out) {
  return ReadWord(value, out, ParsePriority, {"P1", "P2", "P3", "P4"});
}

bool ReadTexts(const Value& value, std::vector<std::string>* out) { return ReadList(value, out, ReadText); }

bool ReadNames(const Value& value, std::vector<std::string>* out) { return ReadList(value, out, ReadName); }

}  // namespace escalon::documents
