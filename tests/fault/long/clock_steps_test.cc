#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

constexpr char kLibrary[] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// The wall clock of all services, which may step; their steady clocks go on.
class StepClock {
 public:
  StepClock() { Step("+0"); }
  /// From the machine's time: `+3600`, `-3600`.
  void Step(const std::string& seconds) const {
    // In one piece, since it is read at any moment.
    std::ofstream(dir_.path() + "/new") << seconds << "\n";
    std::filesystem::rename(dir_.path() + "/new", dir_.path() + "/clock");
  }
  std::map<std::string, std::string> Environment() const {
    return {{"LD_PRELOAD", kLibrary},
            {"FAKETIME_TIMESTAMP_FILE", dir_.path() + "/clock"},
            {"FAKETIME_NO_CACHE", "1"},
            {"FAKETIME_DONT_FAKE_MONOTONIC", "1"},
            {"DONT_FAKE_MONOTONIC", "1"}};
  }

 private:
  TempDir dir_;
};

// An hour ahead everything that runs is due at once, an hour back nothing is: no clock fires before its instant as its
// owner saw it, none twice, and no case's time runs back.
TEST_F(Fault, clocks_that_step_lose_nothing_and_fire_nothing_twice) {
  if (!std::filesystem::exists(kLibrary)) GTEST_SKIP() << "the package faketime is not installed";
  const StepClock clock;
  ClusterOptions options;
  options.env[""] = clock.Environment();
  // Our own clock does not step, so commands straight to the owners, with deadlines by it, would be refused.
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options), {.callers = 4, .at_once = 0}));
  ExpectLate(2 * kHourMs);
  for (const char* step : {"+3600", "+0", "-3600", "+0"}) {
    clock.Step(step);
    ASSERT_NO_FATAL_FAILURE(AwaitFlow()) << "the door takes nothing at " << step;
  }
  End();
}

}  // namespace
}  // namespace escalon::test
