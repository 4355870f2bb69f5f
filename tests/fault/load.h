#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/cluster/cluster.h"

namespace escalon::fault {

/// Callers who raise cases through the door and never give up: an answer that may be repeated is repeated with the same
/// key, as a good client does. What was answered is remembered, for the judgement afterwards.
class Load {
 public:
  Load(const e2e::Cluster& cluster, int callers);
  ~Load();
  /// Returns when so many were accepted since the start; fails the test when nothing moves for the patience of tests.
  void AwaitAccepted(size_t count);
  /// Ends the callers after their present case.
  void Stop();
  size_t accepted() const;
  /// By idempotency key: the case that was answered.
  std::map<std::string, std::string> Answered() const;
  size_t refusals() const { return refusals_; }

 private:
  void Call(int caller);
  const e2e::Cluster& cluster_;
  const std::string key_;
  std::atomic<bool> stop_{false};
  std::atomic<size_t> refusals_{0};
  mutable std::mutex mutex_;
  std::map<std::string, std::string> answered_;
  std::vector<std::thread> callers_;
};

/// Everything that must hold after whatever happened: nothing lost, nothing double, the log proves itself, the view is
/// its fold, every case was triaged and assigned, and a repeat of every submission names the same case.
void Judge(const e2e::Cluster& cluster, const Load& load);

}  // namespace escalon::fault
