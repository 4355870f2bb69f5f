#include "common/runtime/executor.h"

#include <pthread.h>

#include <chrono>
#include <exception>

namespace escalon::runtime {

Executor::Executor(std::string name, int threads, size_t queue_limit, Logger log)
    : name_(std::move(name)), queue_limit_(queue_limit), log_(std::move(log)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this, i] { Work(i); });
}

Executor::~Executor() {
  std::deque<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    draining_ = ending_ = true;
    dropped.swap(queue_);
  }
  work_.notify_all();
  dropped.clear();  // now: somebody may wait for what these tasks own
  for (std::thread& thread : threads_) thread.join();
}

bool Executor::TryPost(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (draining_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(task));
  }
  work_.notify_one();
  return true;
}

bool Executor::Drain(DurationMs limit_ms) {
  std::unique_lock lock(mutex_);
  draining_ = true;
  return idle_.wait_for(lock, std::chrono::milliseconds(limit_ms), [this] { return queue_.empty() && busy_ == 0; });
}

size_t Executor::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Executor::Work(int index) {
  pthread_setname_np(pthread_self(), (name_ + "-" + std::to_string(index)).substr(0, 15).c_str());
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (ending_) return;
    {
      Task task = std::move(queue_.front());
      queue_.pop_front();
      ++busy_;
      lock.unlock();
      try {
        task();
      } catch (const std::exception& fault) {
        log_.Error("a task threw; the thread goes on", {{"executor", name_}, {"exception", fault.what()}});
      } catch (...) {
        log_.Error("a task threw; the thread goes on", {{"executor", name_}, {"exception", "unknown"}});
      }
    }  // what the task owns is destroyed before it counts as done
    lock.lock();
    if (--busy_ == 0 && queue_.empty()) idle_.notify_all();
  }
}

}  // namespace escalon::runtime
