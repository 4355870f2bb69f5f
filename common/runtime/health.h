#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/core/backoff.h"
#include "common/core/mutex.h"
#include "common/core/result.h"
#include "common/runtime/logging.h"
#include "common/runtime/shutdown.h"

namespace escalon::runtime {

/// What must hold before the process is ready (kafka, redis, shards, caught up, …), each with why it does not. Changes
/// are logged. Thread-safe.
class Health {
 public:
  struct Condition {
    std::string name;
    bool met = false;
    std::string reason;  ///< why not, or what is known; "" is fine when met
  };

  explicit Health(Logger log) : log_(std::move(log)) {}

  /// Declares it as not met. Declare all at start: a process with no conditions is ready.
  void Require(const std::string& name, const std::string& reason = "starting");
  /// Also declares. Cheap when nothing changes.
  void Set(const std::string& name, bool met, const std::string& reason = "");
  bool Ready() const;
  std::vector<Condition> Conditions() const;  ///< sorted by name
  /// Called with the new readiness in the thread that changed it, and now with the present one. Must not call Set.
  void OnReadiness(std::function<void(bool ready)> callback);

 private:
  bool ReadyLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Logger log_;
  mutable Mutex mutex_;
  Mutex notify_mutex_;  ///< keeps callbacks in the order of changes
  std::map<std::string, Condition> conditions_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void(bool)>> callbacks_ ABSL_GUARDED_BY(notify_mutex_);
  bool told_ ABSL_GUARDED_BY(notify_mutex_) = false;
};

/// A start-up wait: calls `attempt` with growing pauses until it succeeds, says in the log and in `health` (condition
/// `name`) what it waits for, and ends with kUnavailable when shutdown is requested meanwhile. An error that a repeat
/// cannot cure (!Retryable) is returned at once. Blocks the calling thread.
Status WaitForDependency(const std::string& name, const std::function<Status()>& attempt, Health& health,
                         const ShutdownRequest& shutdown, const Logger& log,
                         Backoff backoff = {.first = 50, .most = 2 * kSecondMs});

}  // namespace escalon::runtime
