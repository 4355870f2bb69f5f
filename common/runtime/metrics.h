#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace escalon::runtime {

/// Bound once at start, then lock-free (`->Increment()`, `->Set()`) or nearly so (`->Observe(seconds)`). They live as
/// long as their Metrics.
using CounterRef = prometheus::Counter*;
using GaugeRef = prometheus::Gauge*;
using HistogramRef = prometheus::Histogram*;
using Labels = std::map<std::string, std::string>;

/// Upper bounds in seconds, 1 ms to 60 s: how late a clock fired, how long a call took.
inline constexpr std::array<double, 15> kLatenessBuckets{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
                                                         0.5,   1,     2,     5,    10,   30,   60};
inline constexpr std::array<double, 16> kLatencyBuckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.04, 0.05, 0.1,
                                                        0.25,  0.5,    1,     2.5,  5,     10,   30,   60};
/// Sizes of batches: records, cases, commands.
inline constexpr std::array<double, 11> kBatchBuckets{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

/// One metric as the documentation lists it.
struct MetricInfo {
  std::string name;
  std::string type;  ///< `counter`, `gauge` or `histogram`
  std::string help;
  std::vector<std::string> labels;
};

/// Every metric of the process. Declare all label sets at start, so that they exist at 0; later calls only use the
/// references. Names are `escalon_*` (or `process_*`), counters end in `_total`, help says the unit. A wrong name, or
/// one name with two types, helps or label keys, is a fault of the program and ends it with a message. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  CounterRef AddCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  GaugeRef AddGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  /// `buckets` are strictly increasing upper bounds; +Inf is added.
  HistogramRef AddHistogram(const std::string& name, const std::string& help, std::span<const double> buckets,
                            const Labels& labels = {});
  /// One counter per value of one label, in the order of `values`.
  std::vector<CounterRef> AddCounters(const std::string& name, const std::string& help, const std::string& label,
                                      const std::vector<std::string>& values);

  /// Runs before each Serialize, to set gauges that are cheap to read but not worth keeping up to date (queue lengths).
  /// Must not call back into this class; what it uses must outlive every Serialize or be removed.
  int OnScrape(std::function<void()> refresh);
  /// On return the function does not run and will not run again.
  void RemoveOnScrape(int id);

  /// The text exposition format 0.0.4.
  std::string Serialize() const;
  /// Sorted by name.
  std::vector<MetricInfo> Catalogue() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace escalon::runtime
