#pragma once

#include <string>
#include <vector>

#include "common/runtime/metrics.h"

namespace escalon::routing {

/// Every metric of the keeper, bound once. Thread-safe as prometheus-cpp is.
struct KeeperMetrics {
  explicit KeeperMetrics(runtime::Metrics& metrics);

  runtime::CounterRef commands_done, commands_rejected, commands_unknown, commands_refused, commands_repeated;
  runtime::CounterRef records, ticks, fences, gaps, answered_unknown;
  runtime::CounterRef take_overs, ownership_ended, quarantined;
  runtime::CounterRef rescued;  ///< must stay 0 while sla-timer lives
  runtime::CounterRef skipped;  ///< records that did not count
  runtime::CounterRef bases;
  runtime::HistogramRef append_seconds;  ///< handed over to counted
  runtime::HistogramRef take_over_seconds;
  runtime::HistogramRef lateness;  ///< of fired alarms, from their instant to the decision
  runtime::GaugeRef shards_owned, shards_closed, pending, live_cases, awake_cases, live_keys;
  std::vector<runtime::CounterRef> events;  ///< by kind, index kind - 1
};

}  // namespace escalon::routing
