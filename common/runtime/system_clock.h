#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "common/core/clock.h"
#include "common/core/result.h"

namespace escalon::runtime {

/// The clocks of the machine. Thread-safe, no state.
class SystemClock final : public Clock {
 public:
  InstantMs WallMs() const override;
  std::chrono::steady_clock::time_point Steady() const override;
};

/// A wall clock that shows `epoch` when the real one shows `started_at_real`, and runs `factor` times as fast. All
/// processes of a development cluster share the three values, so they agree on the time. Its wall time follows the
/// steady clock from construction on, so it never steps. Thread-safe.
class DevelopmentClock final : public Clock {
 public:
  DevelopmentClock(InstantMs epoch, double factor, InstantMs started_at_real);
  InstantMs WallMs() const override;
  std::chrono::steady_clock::time_point Steady() const override;
  double Factor() const override { return factor_; }

 private:
  const InstantMs epoch_;
  const double factor_;
  const double real_ms_at_anchor_;  ///< real milliseconds since `started_at_real` when this clock was made
  const std::chrono::steady_clock::time_point anchor_;
};

/// The clock that `dev.clock` asks for: "" is the system's; `EPOCH,FACTOR,REALSTART` (RFC 3339, 0.001–1000000, RFC
/// 3339) a development clock. kInvalidArgument otherwise.
Result<std::unique_ptr<Clock>> MakeClock(std::string_view dev_clock);

/// How long to wait on the steady clock for `wall_ms` milliseconds of `clock`'s wall time; never negative.
std::chrono::nanoseconds SteadyWait(const Clock& clock, DurationMs wall_ms);

}  // namespace escalon::runtime
