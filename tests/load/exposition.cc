#include "tests/load/exposition.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace escalon::load {
namespace {

/// `{a="x",b="y"}` from `at`, which is moved behind it. False: not well formed.
bool ReadLabels(std::string_view line, size_t* at, Exposition::Labels* out) {
  ++*at;
  while (*at < line.size() && line[*at] != '}') {
    const size_t equals = line.find("=\"", *at);
    if (equals == std::string_view::npos) return false;
    const std::string name(line.substr(*at, equals - *at));
    std::string value;
    size_t i = equals + 2;
    for (; i < line.size() && line[i] != '"'; ++i) {
      if (line[i] == '\\' && i + 1 < line.size()) {
        ++i;
        value += line[i] == 'n' ? '\n' : line[i];
      } else {
        value += line[i];
      }
    }
    if (i >= line.size()) return false;
    (*out)[name] = std::move(value);
    *at = i + 1;
    if (*at < line.size() && line[*at] == ',') ++*at;
  }
  if (*at >= line.size()) return false;
  ++*at;
  return true;
}

bool Includes(const Exposition::Labels& all, const Exposition::Labels& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& one) {
    const auto found = all.find(one.first);
    return found != all.end() && found->second == one.second;
  });
}

double BoundOf(const Exposition::Labels& labels) {
  const auto found = labels.find("le");
  if (found == labels.end() || found->second == "+Inf") return std::numeric_limits<double>::infinity();
  return std::strtod(found->second.c_str(), nullptr);
}

}  // namespace

Exposition Exposition::Parse(std::string_view text) {
  Exposition out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    Series series;
    size_t at = line.find_first_of("{ ");
    if (at == std::string_view::npos) continue;
    series.name = line.substr(0, at);
    if (line[at] == '{' && !ReadLabels(line, &at, &series.labels)) continue;
    const std::string number(line.substr(std::min(at, line.size())));
    char* rest = nullptr;
    series.value = std::strtod(number.c_str(), &rest);
    if (rest == number.c_str()) continue;
    out.series_.push_back(std::move(series));
  }
  return out;
}

double Exposition::Sum(std::string_view name, const Labels& labels) const {
  double sum = 0;
  for (const Series& series : series_) {
    if (series.name == name && Includes(series.labels, labels)) sum += series.value;
  }
  return sum;
}

std::map<std::string, double> Exposition::By(std::string_view name, std::string_view label) const {
  std::map<std::string, double> out;
  for (const Series& series : series_) {
    if (series.name != name) continue;
    const auto found = series.labels.find(label);
    if (found != series.labels.end()) out[found->second] += series.value;
  }
  return out;
}

double Exposition::Quantile(std::string_view histogram, double share) const {
  const std::string name = std::string(histogram) + "_bucket";
  std::map<double, double> buckets;
  for (const Series& series : series_) {
    if (series.name == name) buckets[BoundOf(series.labels)] += series.value;
  }
  if (buckets.empty() || buckets.rbegin()->second <= 0) return 0;
  const double wanted = share * buckets.rbegin()->second;
  double last_finite = 0;
  for (const auto& [bound, count] : buckets) {
    if (std::isinf(bound)) break;
    last_finite = bound;
    if (count >= wanted) return bound;
  }
  return last_finite;
}

}  // namespace escalon::load
