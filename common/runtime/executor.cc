#include "common/runtime/executor.h"

#include <pthread.h>

#include <chrono>
#include <exception>
#include <optional>

namespace escalon::runtime {

Executor::Executor(std::string name, int threads, size_t queue_limit, Logger log)
    : name_(std::move(name)), queue_limit_(queue_limit), log_(std::move(log)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this, i] { Work(i); });
}

Executor::~Executor() {
  std::deque<Task> dropped;
  {
    const MutexLock lock(mutex_);
    draining_ = ending_ = true;
    dropped.swap(queue_);
  }
  work_.NotifyAll();
  dropped.clear();  // now: somebody may wait for what these tasks own
  for (std::thread& thread : threads_) thread.join();
}

bool Executor::TryPost(Task task) {
  {
    const MutexLock lock(mutex_);
    if (draining_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(task));
  }
  work_.NotifyOne();
  return true;
}

bool Executor::Drain(DurationMs limit_ms) {
  MutexLock lock(mutex_);
  draining_ = true;
  return idle_.WaitFor(lock, std::chrono::milliseconds(limit_ms),
                       [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return queue_.empty() && busy_ == 0; });
}

size_t Executor::queued() const {
  const MutexLock lock(mutex_);
  return queue_.size();
}

void Executor::Work(int index) {
  pthread_setname_np(pthread_self(), (name_ + "-" + std::to_string(index)).substr(0, 15).c_str());
  while (true) {
    std::optional<Task> task;
    {
      MutexLock lock(mutex_);
      work_.Wait(lock, [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return ending_ || !queue_.empty(); });
      if (ending_) return;
      task = std::move(queue_.front());
      queue_.pop_front();
      ++busy_;
    }
    try {
      (*task)();
    } catch (const std::exception& fault) {
      log_.Error("a task threw; the thread goes on", {{"executor", name_}, {"exception", fault.what()}});
    } catch (...) {
      log_.Error("a task threw; the thread goes on", {{"executor", name_}, {"exception", "unknown"}});
    }
    task.reset();  // what the task owns is destroyed before it counts as done
    const MutexLock lock(mutex_);
    if (--busy_ == 0 && queue_.empty()) idle_.NotifyAll();
  }
}

}  // namespace escalon::runtime
