#include "common/runtime/health.h"

#include <algorithm>

#include "common/core/random.h"

namespace escalon::runtime {

void Health::Require(const std::string& name, const std::string& reason) { Set(name, false, reason); }

void Health::Set(const std::string& name, bool met, const std::string& reason) {
  {
    const MutexLock lock(mutex_);
    const auto found = conditions_.find(name);
    if (found != conditions_.end() && found->second.met == met && found->second.reason == reason) return;
  }
  const MutexLock notify(notify_mutex_);
  bool was_met, ready;
  {
    const MutexLock lock(mutex_);
    Condition& condition = conditions_[name];
    was_met = condition.met;
    condition = {name, met, reason};
    ready = ReadyLocked();
  }
  if (was_met && !met) {
    log_.Warn("condition lost", {{"condition", name}, {"reason", reason}});
  } else if (!was_met && met) {
    log_.Info("condition met", {{"condition", name}});
  }
  if (ready == told_) return;
  told_ = ready;
  for (const auto& callback : callbacks_) callback(ready);
}

bool Health::Ready() const {
  const MutexLock lock(mutex_);
  return ReadyLocked();
}

bool Health::ReadyLocked() const {
  return std::all_of(conditions_.begin(), conditions_.end(), [](const auto& entry) { return entry.second.met; });
}

std::vector<Health::Condition> Health::Conditions() const {
  const MutexLock lock(mutex_);
  std::vector<Condition> list;
  for (const auto& [name, condition] : conditions_) list.push_back(condition);
  return list;
}

void Health::OnReadiness(std::function<void(bool)> callback) {
  const MutexLock notify(notify_mutex_);
  told_ = Ready();
  callback(told_);
  callbacks_.push_back(std::move(callback));
}

Status WaitForDependency(const std::string& name, const std::function<Status()>& attempt, Health& health,
                         const ShutdownRequest& shutdown, const Logger& log, Backoff backoff) {
  std::string told;
  LogLimit again(1, 10 * kSecondMs);
  for (int count = 0;; ++count) {
    if (shutdown.requested()) return Error{ErrorCode::kUnavailable, "shutdown was requested while waiting for " + name};
    const Status status = attempt();
    if (status) {
      if (count > 0) log.Info("no longer waiting", {{"for", name}, {"attempts", count + 1}});
      health.Set(name, true);
      return {};
    }
    health.Set(name, false, status.error().message);
    if (!Retryable(status.error().code) && status.error().code != ErrorCode::kDeadlineExceeded) return status;
    if (status.error().message != told) {
      told = status.error().message;
      log.Warn("waiting", {{"for", name}, {"reason", told}});
    } else {
      log.Limited(again, LogLevel::kWarn, "still waiting", {{"for", name}, {"reason", told}});
    }
    shutdown.WaitFor(backoff.Delay(count, RandomBits()));
  }
}

}  // namespace escalon::runtime
