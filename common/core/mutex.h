#pragma once

#include <absl/base/thread_annotations.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace escalon {

/// std::mutex as clang's thread-safety analysis knows it: what it guards bears ABSL_GUARDED_BY, and
/// scripts/thread-safety proves that nobody touches that without the lock. The same cost as std::mutex.
class ABSL_LOCKABLE Mutex {
  friend class MutexLock;
  std::mutex mutex_;
};

/// Holds a mutex until the end of its block.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : lock_(mutex.mutex_) {}
  ~MutexLock() ABSL_UNLOCK_FUNCTION() {}
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  friend class ConditionVariable;
  std::unique_lock<std::mutex> lock_;
};

/// std::condition_variable for the two above. A predicate runs under the lock; one that reads what the mutex guards
/// says so: `[this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return done_; }`.
class ConditionVariable {
 public:
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }
  template <typename Predicate>
  void Wait(MutexLock& lock, Predicate holds) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    condition_.wait(lock.lock_, holds);
  }
  /// Whether it holds in the end.
  template <typename Predicate>
  bool WaitFor(MutexLock& lock, std::chrono::milliseconds limit, Predicate holds) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return condition_.wait_for(lock.lock_, limit, holds);
  }

 private:
  std::condition_variable condition_;
};

}  // namespace escalon
