#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "common/core/instant.h"
#include "common/core/mutex.h"
#include "common/runtime/logging.h"
#include "common/runtime/move_function.h"

namespace escalon::runtime {

/// A fixed number of threads and a bounded queue, for work that blocks. Tasks start in the order posted. A task that
/// throws is logged and counted as done; the thread goes on. Thread-safe.
class Executor {
 public:
  /// Threads are named `name-0`, `name-1`, … (15 characters are kept). `queue_limit` counts tasks that wait.
  Executor(std::string name, int threads, size_t queue_limit, Logger log);
  /// Finishes what runs, destroys what waits.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// False, without touching the task's work, when the queue is full or Drain has begun.
  [[nodiscard]] bool TryPost(Task task);
  /// Takes no more; true when all accepted tasks are done within `limit_ms`. Not from one of its threads.
  bool Drain(DurationMs limit_ms);
  size_t queued() const;

 private:
  void Work(int index);

  const std::string name_;
  const size_t queue_limit_;
  const Logger log_;
  mutable Mutex mutex_;
  ConditionVariable work_;
  ConditionVariable idle_;
  std::deque<Task> queue_ ABSL_GUARDED_BY(mutex_);
  int busy_ ABSL_GUARDED_BY(mutex_) = 0;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace escalon::runtime
