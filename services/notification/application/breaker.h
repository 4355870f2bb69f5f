#pragma once

#include <algorithm>

#include "common/core/instant.h"

namespace escalon::notification {

struct BreakerPolicy {
  int failures = 5;  ///< in a row, of the sink itself
  DurationMs first_ms = 5 * kSecondMs;
  DurationMs most_ms = 2 * kMinuteMs;
};

/// Keeps messages away from a sink that does not answer: after some failures in a row it opens, then lets one through
/// as a probe; each failed probe doubles the pause. One thread.
class Breaker {
 public:
  explicit Breaker(const BreakerPolicy& policy) : policy_(policy) {}

  /// Whether a message may go now; a probe is taken by this call.
  bool Admit(InstantMs now) {
    if (!open()) return true;
    if (now < open_until_ || probing_) return false;
    probing_ = true;
    return true;
  }
  /// When to come back after a refusal.
  InstantMs open_until() const { return open_until_; }
  bool open() const { return pause_ms_ != 0; }

  /// The wall clock was set back by so much.
  void SetBack(DurationMs by) { open_until_ -= by; }

  void Succeeded() {
    failures_ = 0;
    pause_ms_ = 0;
    probing_ = false;
  }
  void Failed(InstantMs now) {
    ++failures_;
    if (!open() && failures_ < policy_.failures) return;
    // Those that were under way when it opened say nothing new.
    if (open() && !probing_) return;
    pause_ms_ = open() ? std::min(policy_.most_ms, pause_ms_ * 2) : policy_.first_ms;
    open_until_ = now + pause_ms_;
    probing_ = false;
  }

 private:
  const BreakerPolicy policy_;
  int failures_ = 0;
  DurationMs pause_ms_ = 0;  ///< 0: closed
  InstantMs open_until_ = 0;
  bool probing_ = false;
};

}  // namespace escalon::notification
