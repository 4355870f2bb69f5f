#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "common/core/clock.h"
#include "tests/support/cluster/cluster.h"
#include "tests/support/cluster/door.h"
#include "tests/support/cluster/gate.h"
#include "tests/support/cluster/sink.h"
#include "tests/support/temp_dir.h"

namespace escalon::test {

/// Callers who raise cases through the door and never give up: what may be repeated is repeated with the same key, as a
/// good client does. What was answered is remembered, for the judgement afterwards.
class DoorLoad {
 public:
  DoorLoad(Cluster& cluster, int callers);
  ~DoorLoad();
  /// Until `more` were accepted; false after the patience.
  bool AwaitAccepted(size_t more, std::chrono::milliseconds patience = 2 * kPatience);
  /// Ends the callers after their present case.
  void Stop();
  /// By idempotency key: the case that was answered.
  std::map<std::string, std::string> Answered() { return answered_.Get(); }
  size_t refusals() const { return refusals_; }
  nlohmann::json Submission(const std::string& key) const;

 private:
  void Call(int caller);
  const Door door_;
  std::atomic<bool> stop_{false};
  std::atomic<size_t> refusals_{0};
  EventWaiter<std::map<std::string, std::string>> answered_;
  std::vector<std::thread> callers_;
};

/// All five services under two loads, through the door and straight at the owners, while a scenario breaks something.
/// End judges.
class Fault : public ::testing::Test {
 protected:
  struct Loads {
    int callers = 4;   ///< at the door
    int at_once = 40;  ///< commands in flight straight at the owners
  };
  /// A Kafka of the test's own, for faults of brokers; before Begin.
  void OwnBroker(int brokers = 1, const std::string& properties = {});
  KafkaBroker& broker() { return *broker_; }
  /// Starts everything; returns when cases flow.
  void Begin(ClusterOptions options, Loads loads);
  void Begin(ClusterOptions options = {}) { Begin(std::move(options), Loads()); }
  /// Both loads have moved on.
  void AwaitFlow();
  void KillAndRestart(const std::string& name);
  /// Every service, in good order; the loads go on asking.
  void StopServices();
  /// Returns when all are ready and cases flow again.
  void StartServices();
  /// What `escalonctl verify` says of the case log and, with `view`, of the live view; null, and the test has failed,
  /// when it says nothing.
  nlohmann::json Verify(bool view);
  /// Whatever happened: nothing is lost or double, every answer is true, the log proves itself, the view is its fold,
  /// every case has an owner, every page ended, no clock fired twice or early.
  void End();

  /// So many records more of the case log, and of the delivery log, are garbage that the test put there.
  void ExpectUnreadable(size_t cases, size_t deliveries) {
    unreadable_ += cases;
    unreadable_deliveries_ += deliveries;
  }

  Cluster& cluster() { return *cluster_; }

  std::shared_ptr<const Clock> clock_;        ///< of the services, where it is not ours; before Begin
  DurationMs late_bound_ms_ = 2 * kMinuteMs;  ///< no clock is later, whatever was away for however long
  Sink sink_;
  TempDir disks_;                        // outlives the brokers whose data a scenario has put there
  std::unique_ptr<KafkaBroker> broker_;  // outlives its cluster
  int brokers_ = 1;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<DoorLoad> door_load_;
  std::unique_ptr<Pressure> pressure_;

 private:
  size_t unreadable_ = 0, unreadable_deliveries_ = 0;
  void JudgeDoor();
  void JudgeCases();
  void JudgeDeliveries();
  /// Every message that was intended, every clock that was due, every call against the log.
  void JudgeHistory();
  void JudgeView();
};

}  // namespace escalon::test
