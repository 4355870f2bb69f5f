#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"

namespace escalon::load {

/// Where a running cluster is, and the private folder with its secrets (installation.h) and its roster.yaml.
struct ClusterPlace {
  std::string dir;
  std::string intake;  ///< gRPC, `host:port`
  std::string http;    ///< intake's `http://host:port`
  std::string brokers;
  std::string prefix;
  std::map<std::string, std::string> metrics;  ///< service to URL
  std::string dev_clock;                       ///< as the services' option; empty: the machine's
};

struct LiveOptions {
  ClusterPlace place;
  double rate = 10;
  int batch = 1;
  uint64_t seed = 1;
  DurationMs run_for_ms = 0;  ///< 0: until a signal
  int sink_port = 0, mail_port = 0;
  double click_share = 0.4;
  double patience = 1;
  double unanswered = 0.15;
  DurationMs late_bound_ms = 1000;
  bool feed = true;  ///< false: only the screen
  std::vector<std::string> to_try;
  std::string json_file;  ///< gets the summary
};

/// The demonstration's load with its screen, sinks and final check. The exit code: 0 all is well, 1 an invariant is
/// broken.
int RunLive(const LiveOptions& options);

/// Compares a saved history with a cluster's log.
int RunCheck(const std::string& history_file, const ClusterPlace& place, DurationMs late_bound_ms);

}  // namespace escalon::load
