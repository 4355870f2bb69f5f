#include "common/domain/weighing.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "absl/strings/str_join.h"
#include "common/domain/condition.h"

namespace escalon {
namespace {

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// None: the case does not say it. A label that is no number says nothing that could be counted.
std::optional<int> PointsOf(const WeighedFactor& factor, const std::vector<std::string>& values) {
  if (values.empty()) return std::nullopt;
  if (factor.each != 0) {
    const auto number = WholeNumber(values.front());
    if (!number) return std::nullopt;
    const int64_t units = std::clamp<int64_t>(*number / factor.per, 0, factor.most);
    return static_cast<int>(std::clamp<int64_t>(units * factor.each, -factor.most, factor.most));
  }
  int sum = 0;
  for (const std::string& value : values) {
    const auto it = factor.points.find(value);
    if (it != factor.points.end()) sum += it->second;
  }
  return sum;
}

}  // namespace

std::string SignedPoints(int points) { return (points > 0 ? "+" : "") + std::to_string(points); }

int WeightOf(const std::vector<WeighedFactor>& factors, const Case& c,
             std::vector<std::pair<std::string, std::string>>* saw) {
  int sum = 0;
  for (const WeighedFactor& factor : factors) {
    const std::vector<std::string> values = FieldValues(c, factor.field);
    const std::optional<int> said = PointsOf(factor, values);
    const int points = said.value_or(factor.missing);
    sum += points;
    if (saw == nullptr) continue;
    const std::string value = said ? absl::StrJoin(values, ",") : "missing";
    saw->emplace_back(factor.field, value + " " + SignedPoints(points));
  }
  return sum;
}

std::pair<int, int> WeightRange(const std::vector<WeighedFactor>& factors) {
  int least = 0, most = 0;
  for (const WeighedFactor& factor : factors) {
    // What a value that is not named counts.
    int low = 0, high = 0;
    const auto take = [&](int points) {
      low = std::min(low, points);
      high = std::max(high, points);
    };
    if (!IsAlwaysSaid(factor.field)) take(factor.missing);
    if (factor.each != 0) take(factor.each > 0 ? factor.most : -factor.most);
    if (IsListField(factor.field)) {
      int all_low = 0, all_high = 0;
      for (const auto& [value, points] : factor.points) (points < 0 ? all_low : all_high) += points;
      take(all_low);
      take(all_high);
    } else {
      for (const auto& [value, points] : factor.points) take(points);
    }
    least += low;
    most += high;
  }
  return {least, most};
}

}  // namespace escalon
