#pragma once

#include "common/core/clock.h"

namespace escalon::intake {

/// A clock that a test moves.
class ManualClock final : public Clock {
 public:
  InstantMs WallMs() const override { return 1'900'000'000'000 + passed_; }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(1'000'000 + passed_));
  }
  void Pass(DurationMs ms) { passed_ += ms; }

 private:
  DurationMs passed_ = 0;
};

}  // namespace escalon::intake
