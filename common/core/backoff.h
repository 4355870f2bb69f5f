#pragma once

#include <cstdint>

#include "common/core/instant.h"

namespace escalon {

/// Exponential with full jitter: attempt 0, 1, 2, … waits a random share (50–100 %) of min(first · 2^attempt, most).
struct Backoff {
  DurationMs first = 100;
  DurationMs most = 30 * kSecondMs;
  DurationMs Delay(int attempt, uint64_t random) const;
};

}  // namespace escalon
