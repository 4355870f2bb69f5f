#include "common/runtime/system_clock.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace escalon::runtime {
namespace {

double RealMs() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(since_epoch).count();
}

}  // namespace

InstantMs SystemClock::WallMs() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

std::chrono::steady_clock::time_point SystemClock::Steady() const { return std::chrono::steady_clock::now(); }

DevelopmentClock::DevelopmentClock(InstantMs epoch, double factor, InstantMs started_at_real)
    : epoch_(epoch),
      factor_(factor),
      real_ms_at_anchor_(RealMs() - static_cast<double>(started_at_real)),
      anchor_(std::chrono::steady_clock::now()) {}

InstantMs DevelopmentClock::WallMs() const {
  const std::chrono::duration<double, std::milli> since = std::chrono::steady_clock::now() - anchor_;
  return epoch_ + static_cast<InstantMs>(std::floor((real_ms_at_anchor_ + since.count()) * factor_));
}

std::chrono::steady_clock::time_point DevelopmentClock::Steady() const { return std::chrono::steady_clock::now(); }

Result<std::unique_ptr<Clock>> MakeClock(std::string_view dev_clock) {
  if (dev_clock.empty()) return std::unique_ptr<Clock>(std::make_unique<SystemClock>());
  const Error wrong = InvalidField(
      "dev.clock",
      "must be EPOCH,FACTOR,REALSTART such as 2016-02-29T00:00:00Z,600,2030-01-01T12:00:00Z with a factor of 0.001 to "
      "1000000, or empty for the machine's clock");
  const size_t first = dev_clock.find(',');
  const size_t last = dev_clock.rfind(',');
  if (first == std::string_view::npos || first == last) return wrong;
  const Result<InstantMs> epoch = ParseInstant(dev_clock.substr(0, first));
  const Result<InstantMs> started = ParseInstant(dev_clock.substr(last + 1));
  const std::string_view text = dev_clock.substr(first + 1, last - first - 1);
  double factor = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), factor);
  if (!epoch || !started || failure != std::errc() || end != text.data() + text.size()) return wrong;
  if (!(factor >= 0.001 && factor <= 1e6)) return wrong;
  return std::unique_ptr<Clock>(std::make_unique<DevelopmentClock>(*epoch, factor, *started));
}

std::chrono::nanoseconds SteadyWait(const Clock& clock, DurationMs wall_ms) {
  constexpr double kMostNs = 10.0 * 366 * 86400e9;  // ten years: kNever must not overflow
  const double ns = static_cast<double>(wall_ms) * 1e6 / clock.Factor();
  return std::chrono::nanoseconds(static_cast<int64_t>(std::clamp(std::ceil(ns), 0.0, kMostNs)));
}

}  // namespace escalon::runtime
