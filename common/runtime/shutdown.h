#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "common/core/instant.h"
#include "common/core/mutex.h"

namespace escalon::runtime {

/// The wish that the process ends: asked for once, by a signal or by a component that cannot go on. Thread-safe.
class ShutdownRequest {
 public:
  /// The first reason is kept; `failed` makes the process exit with 1. Later calls only can turn failed on.
  void Request(std::string reason, bool failed = false);
  bool requested() const;
  bool failed() const;
  std::string reason() const;
  void Wait() const;
  /// True as soon as it is requested, false after `limit_ms` (steady): the interruptible pause of start-up loops.
  bool WaitFor(DurationMs limit_ms) const;
  /// Runs in the requesting thread, or now if it was requested already. Must not block.
  void OnRequest(std::function<void()> callback);

 private:
  mutable Mutex mutex_;
  mutable ConditionVariable changed_;
  bool requested_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  std::string reason_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> callbacks_ ABSL_GUARDED_BY(mutex_);
};

/// Turns SIGTERM and SIGINT into a ShutdownRequest; a second one ends the process at once with 128 + its number.
/// SIGPIPE is ignored from construction on. Construct before the first other thread, so that all inherit the mask.
class SignalListener {
 public:
  explicit SignalListener(ShutdownRequest& request);
  ~SignalListener();
  SignalListener(const SignalListener&) = delete;
  SignalListener& operator=(const SignalListener&) = delete;

 private:
  void Listen();

  ShutdownRequest& request_;
  int signal_fd_ = -1;
  int end_fd_ = -1;
  std::thread thread_;
};

}  // namespace escalon::runtime
