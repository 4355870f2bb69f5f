#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/log/shard_source.h"
#include "tests/support/event_waiter.h"
#include "tests/support/oracle/log_oracle.h"

namespace escalon::test {

/// Follows the case log of a cluster and knows what really happened in it, whatever its services say. Thread-safe.
class ClusterLog {
 public:
  static Result<std::unique_ptr<ClusterLog>> Follow(const log::KafkaConfig& kafka, const std::string& topic,
                                                    int shards);

  /// The counted state of a case; nullptr: there is none (yet, or any more).
  std::shared_ptr<const Case> Get(const CaseId& id);
  /// Until the counted state of a case is so; nullptr after the patience.
  std::shared_ptr<const Case> Wait(const CaseId& id, const std::function<bool(const Case&)>& holds,
                                   std::chrono::milliseconds patience = kPatience);
  bool WaitFor(const std::function<bool(const std::vector<LogOracle>&)>& holds,
               std::chrono::milliseconds patience = kPatience);
  /// Reads up to where the log ends now.
  Status CatchUp();
  /// What the protocol forbids and the log shows, of all shards.
  std::vector<std::string> Faults();
  /// With the oracles, by shard. `look` must not call this object.
  void With(const std::function<void(const std::vector<LogOracle>&)>& look);
  int ShardOf(const CaseId& id) const;
  size_t counted_batches();
  /// Of all alarms that were acted on, how late the latest was.
  DurationMs worst_late_ms();

 private:
  ClusterLog() = default;
  struct State {
    std::vector<LogOracle> shards;
    std::string trouble;
  };
  int shards_ = 0;
  std::unique_ptr<log::RangeReader> ends_;
  EventWaiter<State> state_;
  std::unique_ptr<log::ShardSource> source_;  // last: its thread changes state_
};

}  // namespace escalon::test
