#include "common/wire/timestamps.h"

#include <algorithm>

namespace escalon::wire {
namespace {

constexpr InstantMs kYear2200 = 7'258'118'400'000;
constexpr int32_t kNanosOfMs = 1'000'000;

}  // namespace

void PutTime(InstantMs at, google::protobuf::Timestamp* out) {
  const InstantMs ms = std::clamp<InstantMs>(at, 0, kLastTimestamp);
  out->set_seconds(ms / kSecondMs);
  out->set_nanos(static_cast<int32_t>(ms % kSecondMs) * kNanosOfMs);
}

bool TimeOf(const google::protobuf::Timestamp& time, InstantMs* out) {
  if (time.seconds() < 0 || time.seconds() > kLastTimestamp / kSecondMs) return false;
  if (time.nanos() < 0 || time.nanos() >= 1000 * kNanosOfMs) return false;
  const InstantMs ms = time.seconds() * kSecondMs + time.nanos() / kNanosOfMs;
  if (ms == kLastTimestamp) {
    *out = kNever;
    return true;
  }
  if (ms <= 0 || ms >= kYear2200) return false;
  *out = ms;
  return true;
}

}  // namespace escalon::wire
