#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/core/instant.h"
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
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  std::deque<Task> queue_;
  int busy_ = 0;
  bool draining_ = false;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace escalon::runtime
