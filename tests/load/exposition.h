#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace escalon::load {

/// What a /metrics page says, as far as it can be read: lines that are none are left out. Immutable.
class Exposition {
 public:
  using Labels = std::map<std::string, std::string, std::less<>>;
  static Exposition Parse(std::string_view text);

  /// Sum over all series of that name whose labels include `labels`; 0: none.
  double Sum(std::string_view name, const Labels& labels = {}) const;
  /// By one label's values, summed over the others.
  std::map<std::string, double> By(std::string_view name, std::string_view label) const;
  /// From a histogram's buckets: the upper bound of the one that holds the share, in the histogram's unit; the largest
  /// finite bound when it lies beyond; 0 when empty.
  double Quantile(std::string_view histogram, double share) const;

 private:
  struct Series {
    std::string name;
    Labels labels;
    double value = 0;
  };
  std::vector<Series> series_;
};

}  // namespace escalon::load
