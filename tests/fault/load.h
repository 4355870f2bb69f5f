#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/cluster/cluster.h"
#include "tests/support/cluster/door.h"
#include "tests/support/cluster/gate.h"
#include "tests/support/cluster/sink.h"

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
  /// Starts everything; returns when cases flow.
  void Begin(ClusterOptions options = {});
  /// Both loads have moved on.
  void AwaitFlow();
  void KillAndRestart(const std::string& name);
  /// Whatever happened: nothing is lost or double, every answer is true, the log proves itself, the view is its fold,
  /// every case has an owner, every page ended, no clock fired twice or early.
  void End();

  Cluster& cluster() { return *cluster_; }

  Sink sink_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<DoorLoad> door_load_;
  std::unique_ptr<Pressure> pressure_;

 private:
  void JudgeDoor();
  void JudgeCases();
  void JudgeDeliveries();
  void JudgeView();
};

}  // namespace escalon::test
