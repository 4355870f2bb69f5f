#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace escalon::log {

/// How long to wait between a fatal end of a membership and joining again: doubled each time, so that two processes
/// that bear one instance id take it from each other ever more seldom; from the start again after a membership that
/// has held. Pure.
class RejoinPause {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kFirst{1000}, kLongest{30'000};

  void Joined(Steady now) { joined_ = now; }
  std::chrono::milliseconds Ended(Steady now) {
    if (now - joined_ > 2 * kLongest) next_ = kFirst;
    return std::exchange(next_, std::min(2 * next_, kLongest));
  }

 private:
  Steady joined_{};
  std::chrono::milliseconds next_ = kFirst;
};

}  // namespace escalon::log
