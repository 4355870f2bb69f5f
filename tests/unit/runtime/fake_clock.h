#pragma once

#include <atomic>
#include <chrono>

#include "common/core/clock.h"

namespace escalon::runtime {

/// Stands still until told.
class FakeClock final : public Clock {
 public:
  InstantMs WallMs() const override { return wall.load(); }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(steady_ms.load()));
  }
  std::atomic<InstantMs> wall{1'900'000'000'123};  // 2030-03-17T17:46:40.123Z
  std::atomic<int64_t> steady_ms{1'000'000};
};

}  // namespace escalon::runtime
