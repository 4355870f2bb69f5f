#include "common/core/backoff.h"

#include <algorithm>

namespace escalon {

DurationMs Backoff::Delay(int attempt, uint64_t random) const {
  const DurationMs ceiling = attempt >= 30 ? most : std::min(most, first << attempt);
  return ceiling / 2 + static_cast<DurationMs>(random % static_cast<uint64_t>(ceiling / 2 + 1));
}

}  // namespace escalon
