#pragma once

#include <string>
#include <vector>

#include "tests/load/live.h"

namespace escalon::load {

struct BenchOptions {
  ClusterPlace place;
  std::string name = "product";
  double rate = 0;  ///< cases a second, open loop; 0: as many as every stage sustains, at most `window` between
                    ///< submission and owner
  int window = 1024;
  int many = 1;  ///< cases a call
  int channels = 2;
  double warm_s = 10, measure_s = 10;
  std::vector<std::string> processes;  ///< name=pid, whose CPU is measured
};

/// Accepts, assigns and notifies at a rate or at most; prints one line of JSON. Fields as the bare floor's harness
/// prints them.
int RunThroughputBench(const BenchOptions& options);

struct ClockBenchOptions {
  ClusterPlace place;
  std::string name = "clocks";
  int armed_cases = 100'000;
  int due = 20'000;         ///< cases with a clock that comes due within the measured time
  double due_per_s = 1000;  ///< 0: all at one instant
  int many = 16;
  std::vector<std::string> processes;
};

/// Opens many cases, lets clocks of some come due at even distances or at once, and reads from the log how late each
/// was handled, and by how much the memory of routing, Redis and sla-timer grew. One line of JSON.
int RunClockBench(const ClockBenchOptions& options);

struct QueryBenchOptions {
  ClusterPlace place;
  double rate = 200;  ///< questions a second, single cases and pages by turns
  double seconds = 10;
};

/// Asks for single cases and pages of open ones while something else loads the cluster. One line of JSON.
int RunQueryBench(const QueryBenchOptions& options);

/// A table of goals, measured values and the floor's, from lines of JSON of the functions above and of the floor's
/// harness. `floor_file` may be empty.
int PrintBenchTable(const std::string& product_file, const std::string& floor_file);

}  // namespace escalon::load
