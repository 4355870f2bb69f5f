#pragma once

#include <ctime>

namespace escalon::test {

/// What this thread has computed so far, in µs: unlike a clock's time it does not grow while others have the processor.
inline double CpuMicroseconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

}  // namespace escalon::test
