#include "common/runtime/lifecycle.h"

#include <chrono>
#include <memory>
#include <thread>

#include "common/core/mutex.h"

namespace escalon::runtime {
namespace {

int64_t MsSince(const Clock& clock, std::chrono::steady_clock::time_point since) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock.Steady() - since).count();
}

// What a stop that uses its whole limit may take on top, before it counts as stuck.
constexpr DurationMs kGraceMs = 250;

}  // namespace

Status Lifecycle::Start() {
  while (started_ < steps_.size()) {
    const Step& step = steps_[started_++];
    if (!step.start) continue;
    const auto begin = clock_.Steady();
    const Status status = step.start();
    if (!status) {
      log_.Error("start failed", {{"step", step.name}, ErrorField(status.error())});
      return status;
    }
    log_.Info("started", {{"step", step.name}, {"ms", MsSince(clock_, begin)}});
  }
  return {};
}

bool Lifecycle::Stop() {
  bool clean = true;
  while (started_ > 0) {
    const Step& step = steps_[--started_];
    if (step.stop) clean = StopOne(step) && clean;
  }
  return clean;
}

bool Lifecycle::StopOne(const Step& step) {
  struct Shared {
    Mutex mutex;
    ConditionVariable changed;
    bool done ABSL_GUARDED_BY(mutex) = false;
  };
  // Shared and copied: a step that is stuck outlives this call.
  const auto shared = std::make_shared<Shared>();
  const auto begin = clock_.Steady();
  std::thread thread([shared, stop = step.stop, limit = step.stop_limit_ms] {
    stop(limit);
    const MutexLock lock(shared->mutex);
    shared->done = true;
    shared->changed.NotifyAll();
  });
  bool done;
  {
    MutexLock lock(shared->mutex);
    done = shared->changed.WaitFor(lock, std::chrono::milliseconds(step.stop_limit_ms + kGraceMs),
                                   [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(shared->mutex) { return shared->done; });
  }
  if (!done) {
    thread.detach();
    log_.Error("stop took too long; going on without it", {{"step", step.name}, {"limit_ms", step.stop_limit_ms}});
    return false;
  }
  thread.join();
  log_.Info("stopped", {{"step", step.name}, {"ms", MsSince(clock_, begin)}});
  return true;
}

}  // namespace escalon::runtime
