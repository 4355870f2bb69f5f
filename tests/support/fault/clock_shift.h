#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "common/core/clock.h"
#include "tests/support/temp_dir.h"

namespace escalon::test {

/// The clock of the processes that are started with its environment: ours, until the test puts its wall time forward or
/// back. Thread-safe.
class ClockShift final : public Clock {
 public:
  ClockShift();
  ~ClockShift() override;
  ClockShift(const ClockShift&) = delete;
  ClockShift& operator=(const ClockShift&) = delete;

  InstantMs WallMs() const override;
  std::chrono::steady_clock::time_point Steady() const override;

  std::map<std::string, std::string> environment() const;
  /// From now on they are so far ahead of us; behind us when it is negative.
  void Set(DurationMs ahead);

 private:
  std::string file() const { return dir_.path() + "/shift"; }
  TempDir dir_;
  int64_t* shift_ns_ = nullptr;  ///< in the file
};

}  // namespace escalon::test
