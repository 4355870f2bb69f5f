#include "tests/support/fault/clock_shift.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/runtime/system_clock.h"

namespace escalon::test {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

}  // namespace

ClockShift::ClockShift() {
  const int fd = open(file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void* mapped = fd >= 0 && ftruncate(fd, sizeof *shift_ns_) == 0
                     ? mmap(nullptr, sizeof *shift_ns_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                     : MAP_FAILED;
  if (fd >= 0) close(fd);
  if (mapped == MAP_FAILED) {
    ADD_FAILURE() << "no shared memory in " << dir_.path();
  } else {
    shift_ns_ = static_cast<int64_t*>(mapped);
  }
}

ClockShift::~ClockShift() {
  if (shift_ns_ != nullptr) munmap(shift_ns_, sizeof *shift_ns_);
}

InstantMs ClockShift::WallMs() const {
  const int64_t ahead_ns = shift_ns_ == nullptr ? 0 : __atomic_load_n(shift_ns_, __ATOMIC_RELAXED);
  return runtime::SystemClock().WallMs() + ahead_ns / kNsPerMs;
}

std::chrono::steady_clock::time_point ClockShift::Steady() const { return runtime::SystemClock().Steady(); }

std::map<std::string, std::string> ClockShift::environment() const {
  return {{"LD_PRELOAD", ESCALON_CLOCK_SHIFT}, {"CLOCK_SHIFT_FILE", file()}};
}

void ClockShift::Set(DurationMs ahead) {
  if (shift_ns_ != nullptr) __atomic_store_n(shift_ns_, ahead * kNsPerMs, __ATOMIC_RELAXED);
}

}  // namespace escalon::test
