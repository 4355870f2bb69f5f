#pragma once

#include <string>

#include "tests/load/live.h"

namespace escalon::load {

/// What a log asks of the cluster that shall replay it.
struct ReplayPlan {
  InstantMs first = 0, last = 0;  ///< of its changes
  double factor = 1;              ///< so that it takes `seconds`
  size_t cases = 0, rows = 0;
};

/// Reads the log; writes the roster of its people to `roster_file`.
Result<ReplayPlan> PlanReplay(const std::string& log_file, double seconds, const std::string& roster_file);

struct ReplayOptions {
  ClusterPlace place;
  std::string log_file;
  DurationMs late_bound_ms = 10'000;
  size_t most_in_flight = 2000;
  DurationMs give_up_ms = 60 * kSecondMs;  ///< without any answer
  int sink_port = 0, mail_port = 0;
  std::vector<std::string> to_try;
  std::string json_file;
};

/// Replays an event log through the cluster's development clock: every change of the log becomes commands that are sent
/// when that clock shows its instant, and that bear it. The exit code: 0 as many cases as in the log, all closed,
/// nothing lost; 1 otherwise.
int RunReplay(const ReplayOptions& options);

}  // namespace escalon::load
