#pragma once

#include <chrono>

#include "common/core/instant.h"

namespace escalon {

/// The two times of a process. Wall time is for records and people and may step; steady time is for waiting.
/// Thread-safe. The only reader of the real clocks is runtime/system_clock; tests and the development clock give
/// others.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual InstantMs WallMs() const = 0;
  virtual std::chrono::steady_clock::time_point Steady() const = 0;
  /// How many wall milliseconds pass in one steady millisecond: 1 but for a development clock, which sleeps shorter.
  virtual double Factor() const { return 1.0; }
};

}  // namespace escalon
