#pragma once

#include <string>

#include "common/core/result.h"
#include "common/log/kafka_config.h"
#include "tests/load/log_facts.h"

namespace escalon::load {

struct ClusterLogPlace {
  log::KafkaConfig kafka;
  std::string prefix;
  double factor = 1;
  InstantMs since = 0;  ///< case time from which lateness is judged
  int timeout_ms = 60'000;
};

/// Reads the case log and the delivery log of a cluster from their beginnings to their ends as they are now. Blocks.
Result<LogFacts> ReadClusterLog(const ClusterLogPlace& place);

}  // namespace escalon::load
