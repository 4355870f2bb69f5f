#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "tests/load/door.h"
#include "tests/load/histogram.h"
#include "tests/load/history.h"
#include "tests/load/log_commands.h"
#include "tests/load/tally.h"

namespace escalon::load {

struct ReplayParts {
  Door& door;
  History& history;
  Tally& tally;
  const std::string& authorization;  ///< of the source
  const Clock& case_clock;
  const Clock& machine_clock;
};

/// Walks through the cases of a log in its order of time, one command a case at a time. One thread.
class ReplayDriver {
 public:
  ReplayDriver(const std::vector<LogCase>& cases, size_t most_in_flight, ReplayParts parts);

  /// Until every row has been told or `stop`. False: nothing was answered for `give_up_ms`.
  bool Run(const std::atomic<bool>& stop, DurationMs give_up_ms);

  uint64_t rows_told() const { return rows_told_.load(std::memory_order_relaxed); }
  uint64_t cases_over() const { return cases_over_.load(std::memory_order_relaxed); }
  /// How far behind the log's clock a row was begun, in real time.
  const Histogram& behind() const { return behind_; }

 private:
  struct Walk {
    const LogCase* log = nullptr;
    size_t row = 0;
    InstantMs release_at = 0;  ///< rows of one case keep their order
    CaseId id;
    ReplayState state;
    std::vector<cases::v1::Command> commands;
    size_t next = 0;
  };
  struct Due {
    InstantMs at;
    Walk* walk;
    bool operator>(const Due& other) const { return at > other.at; }
  };

  void Begin(Walk* walk);
  void Submit(Walk* walk);
  void Commands(Walk* walk);
  void NextCommand(Walk* walk);
  void RowOver(Walk* walk);
  void Schedule(Walk* walk);

  const std::vector<LogCase>& cases_;
  const size_t most_in_flight_;
  const ReplayParts parts_;
  std::vector<Walk> walks_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  size_t under_way_ = 0;
  uint64_t answers_ = 0;
  uint64_t commands_ = 0;
  std::atomic<uint64_t> rows_told_{0}, cases_over_{0};
  Histogram behind_;
};

}  // namespace escalon::load
