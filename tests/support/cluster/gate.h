#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/rpc/keeper_client.h"
#include "common/runtime/metrics.h"
#include "common/runtime/system_clock.h"
#include "tests/support/cluster/cluster.h"

namespace escalon::test {

/// Straight to the owners of the cases, as a service goes. Thread-safe.
class Gate {
 public:
  /// `clock` is that of the service it stands for; null: the machine's.
  explicit Gate(Cluster& cluster, const Clock* clock = nullptr);
  ~Gate();
  /// Waits for the answer; within `patience` the client repeats with the same id.
  Result<ports::Answered> Execute(Command command, DurationMs patience_ms = 20 * kSecondMs);
  /// What the owner answers with once it has counted that version: the broker shows a record to readers a moment before
  /// its owner hears that it is written. The last answer when that never comes.
  Result<Case> Read(const CaseId& id, uint64_t at_least);
  std::vector<rpc::ShardStanding> Standings();
  Result<rpc::WrittenBase> WriteBase(int shard);
  Result<rpc::Reconciled> Reconcile(int shard, bool dry_run);
  rpc::KeeperClient& client() { return *client_; }
  const Clock& clock() const { return clock_; }

 private:
  const runtime::SystemClock machine_clock_;
  const Clock& clock_;
  runtime::Metrics metrics_;
  std::unique_ptr<rpc::KeeperClient> client_;
};

/// A submission as intake would send it on: the id's bucket comes from the keys. `id` by the machine's clock.
Command OpenCommand(const std::string& idempotency_key, const std::string& dedup_key = {},
                    const std::string& tenant = "acme");
Command CommandOn(const CaseId& id, CommandBody body, const std::string& command_id, const std::string& person = "ann",
                  std::vector<std::string> roles = {"agent"}, const std::string& tenant = "acme");

/// Many callers at once, each with the next command as soon as it has heard of the last: openings, and attempts logged
/// on cases that are open. Remembers every answer, to hold it against the log in the end.
class Pressure {
 public:
  struct Counts {
    size_t answered = 0, unknown = 0, refused = 0, rejected = 0;
  };
  /// `at_once` commands in flight, each given up as unknown after `patience_ms`.
  Pressure(Gate& gate, int at_once, DurationMs patience_ms = 60 * kSecondMs);
  ~Pressure();  ///< as Stop

  /// Until `more` commands more were answered. False after the patience.
  bool WaitAnswered(size_t more, std::chrono::milliseconds patience = kPatience);
  /// No new commands; true when every caller has heard an answer.
  bool Stop(std::chrono::milliseconds patience = 2 * kPatience);
  /// Sends again, with the same ids, what was unknown; everything must now be answered. After Stop.
  void AskAgain();
  Counts counts() const;
  /// What was answered and is not so in the log, or in the log and should not be. After Stop and ClusterLog::CatchUp.
  std::vector<std::string> Judge(ClusterLog& log) const;
  /// What was answered in the end. `look` must not call this object.
  void ForEachAnswered(const std::function<void(const Command&, const ports::Answered&)>& look) const;
  /// Cases whose opening was answered.
  std::vector<CaseId> opened() const;

 private:
  struct Asked {
    Command command;
    std::string key;  ///< of an opening
    std::optional<Result<ports::Answered>> answer;
  };
  void Next();
  void Send(size_t n);
  void Heard(size_t n, Result<ports::Answered> answer);

  Gate& gate_;
  const DurationMs patience_ms_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Asked> asked_;
  std::vector<CaseId> opened_;
  std::mt19937_64 random_{42};
  std::string name_;
  size_t in_flight_ = 0, answered_ = 0;
  bool stopped_ = false;
};

}  // namespace escalon::test
