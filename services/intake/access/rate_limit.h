#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/core/clock.h"
#include "common/core/mutex.h"
#include "common/core/result.h"

namespace escalon::intake {

/// A token bucket per tenant: `rate` a second on average, `burst` at once. Thread-safe; one short lock a call.
class TenantRate {
 public:
  /// `rate` 0: no limit. Only `clock.Steady()` is used.
  TenantRate(double rate, double burst, const Clock& clock) : rate_(rate), burst_(burst), clock_(clock) {}
  /// kResourceExhausted with when to come back; then nothing was taken. More than a burst at once is taken as a whole
  /// burst.
  Status Take(std::string_view tenant, double count);

 private:
  struct Bucket {
    double tokens = 0;
    std::chrono::steady_clock::time_point filled{};
  };
  const double rate_, burst_;
  const Clock& clock_;
  Mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_
      ABSL_GUARDED_BY(mutex_);  ///< tenants come from credentials, so they are few
};

/// Failed authentications by caller, so that guessing and misconfigured clients cost little: after `most` in a minute
/// the caller is refused unheard until the minute is over. A caller is an address with the public part of the key or
/// the claims of the token it shows: one client's mistake does not shut out others behind the same address. Bounded
/// memory. Thread-safe.
class FailureLimit {
 public:
  FailureLimit(int most, const Clock& clock) : most_(most), clock_(clock) {}
  /// `address` without its port; `authorization` as sent.
  static std::string CallerOf(std::string_view address, std::string_view authorization);
  /// kResourceExhausted, with when to come back.
  Status Check(const std::string& caller) const;
  void Failed(const std::string& caller);

 private:
  struct Entry {
    int failures = 0;
    std::chrono::steady_clock::time_point since{};
  };
  const int most_;
  const Clock& clock_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace escalon::intake
