#include "common/runtime/option_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "common/runtime/utf8.h"

namespace escalon::runtime {
namespace {

std::string Bounds(const Option& option) {
  const bool low = option.min != INT64_MIN, high = option.max != INT64_MAX;
  const auto text = [&](int64_t bound) {
    return option.type == OptionType::kDuration ? FormatDuration(bound) : std::to_string(bound);
  };
  if (low && high) return " of " + text(option.min) + " to " + text(option.max);
  if (low) return " of at least " + text(option.min);
  if (high) return " of at most " + text(option.max);
  return "";
}

}  // namespace

bool ParseInt(std::string_view text, int64_t* value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return failure == std::errc() && end == text.data() + text.size();
}

bool ParseNumber(std::string_view text, double* value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return failure == std::errc() && end == text.data() + text.size() && std::isfinite(*value);
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

std::string Expected(const Option& option) {
  const std::string unit = option.unit.empty() ? "" : " (" + option.unit + ")";
  switch (option.type) {
    case OptionType::kInt:
      return "a whole number" + Bounds(option) + unit;
    case OptionType::kNumber:
      return "a number" + Bounds(option) + unit;
    case OptionType::kBool:
      return "true or false";
    case OptionType::kDuration:
      return "a duration such as 45s or 1h30m" + Bounds(option);
    case OptionType::kList:
      return "a list" + (Bounds(option).empty() ? "" : Bounds(option) + " entries");
    case OptionType::kPath:
      return "a path";
    case OptionType::kSecret:
      return "a secret in one line of text";
    case OptionType::kString:
      break;
  }
  if (option.allowed.empty()) return "text without control characters";
  std::string list = "one of ";
  for (const std::string& choice : option.allowed) list += (&choice == &option.allowed.front() ? "" : ", ") + choice;
  return list;
}

std::string CheckScalar(const Option& option, std::string_view text) {
  bool good = IsValidUtf8(text) && !HasControlCharacter(text);
  const auto within = [&](int64_t value) { return value >= option.min && value <= option.max; };
  switch (option.type) {
    case OptionType::kInt: {
      int64_t value = 0;
      good = ParseInt(text, &value) && within(value);
      break;
    }
    case OptionType::kNumber: {
      double value = 0;
      good = ParseNumber(text, &value) && value >= static_cast<double>(option.min) &&
             value <= static_cast<double>(option.max);
      break;
    }
    case OptionType::kBool:
      good = text == "true" || text == "false";
      break;
    case OptionType::kDuration: {
      const Result<DurationMs> value = ParseDuration(text);
      good = value.ok() && within(*value);
      break;
    }
    case OptionType::kString:
      if (!option.allowed.empty())
        good = std::find(option.allowed.begin(), option.allowed.end(), text) != option.allowed.end();
      break;
    case OptionType::kPath:
    case OptionType::kSecret:
    case OptionType::kList:
      break;
  }
  return good ? "" : "must be " + Expected(option);
}

std::string CheckList(const Option& option, const std::vector<std::string>& items) {
  const auto count = static_cast<int64_t>(items.size());
  for (const std::string& item : items)
    if (!IsValidUtf8(item) || HasControlCharacter(item)) return "must be a list of texts without control characters";
  return count >= option.min && count <= option.max ? "" : "must be " + Expected(option);
}

}  // namespace escalon::runtime
