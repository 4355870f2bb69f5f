#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace escalon::test {

inline constexpr std::chrono::seconds kPatience{30};  ///< for events that come in milliseconds on a quiet machine

/// State that callbacks of other threads change and a test waits on. Thread-safe.
template <typename State>
class EventWaiter {
 public:
  /// Calls change(State&) and wakes the waiters.
  template <typename F>
  void Change(F&& change) {
    // Under the lock, because a waiter that sees the change may destroy this object at once.
    const std::lock_guard lock(mutex_);
    std::forward<F>(change)(state_);
    changed_.notify_all();
  }
  /// Until holds(const State&) is true; false after the deadline.
  template <typename P>
  bool Wait(P&& holds, std::chrono::milliseconds deadline = kPatience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, deadline, [&] { return holds(std::as_const(state_)); });
  }
  State Get() {
    const std::lock_guard lock(mutex_);
    return state_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_{};
};

}  // namespace escalon::test
