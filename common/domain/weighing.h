#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace escalon {

struct Case;

/// What one fact of a case counts for in a weighted condition. Either `points` or `each` says it; what the case does
/// not say counts `missing`.
struct WeighedFactor {
  std::string field;                  ///< as of a comparison
  std::map<std::string, int> points;  ///< by value; others count nothing. Of a list: the sum over what is in it
  int each = 0;                       ///< of a number: for each whole `per` of it …
  int per = 1;
  int most = 0;  ///< … up to this in all, whatever the sign
  int missing = 0;
  bool operator==(const WeighedFactor&) const = default;
};

/// What no rule needs more of, so that sums stay far from overflow.
inline constexpr int kMostPoints = 1'000;
inline constexpr size_t kMostFactors = 50;

/// The sum of the factors' points: the same facts weigh the same. `saw` (optional) collects for each its value and what
/// it counted, such as `high +30` or `missing +10`.
int WeightOf(const std::vector<WeighedFactor>& factors, const Case& c,
             std::vector<std::pair<std::string, std::string>>* saw);
/// The least and the most that a case can weigh.
std::pair<int, int> WeightRange(const std::vector<WeighedFactor>& factors);
/// Points with their sign: `+30`, `-5`, `0`.
std::string SignedPoints(int points);

}  // namespace escalon
