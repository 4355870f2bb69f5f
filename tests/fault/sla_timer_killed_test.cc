#include <gmock/gmock.h>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

// Every case of this test climbs every second. Whoever dies: each clock fires once, never early, and late by no more
// than it takes to notice (the owner rescues what is 2 s late) and to come back.
TEST_F(Fault, kill_9_of_sla_timer_and_of_the_owner_fires_every_clock_once) {
  ClusterOptions options;
  options.policy = TestPolicy({.step = "1s"});
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("sla-timer"));
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("routing-0"));
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("sla-timer"));
  End();
  // Two passes of two steps, then the catch-all: the climb of every case ends there.
  const bool climbed = cluster().log().WaitFor(
      [](const std::vector<LogOracle>& shards) {
        for (const LogOracle& shard : shards) {
          for (const auto& [id, steps] : shard.cases()) {
            if (steps.back().after->functional.step != -1) return false;
          }
        }
        return true;
      },
      3 * kPatience);
  EXPECT_TRUE(climbed) << "a case stopped climbing";
  EXPECT_THAT(cluster().log().Faults(), ::testing::IsEmpty());
  size_t fired = 0;
  DurationMs worst = 0;
  cluster().log().With([&](const std::vector<LogOracle>& shards) {
    for (const LogOracle& shard : shards) {
      fired += shard.fired();
      worst = std::max(worst, shard.worst_late_ms());
    }
  });
  std::printf("%zu clocks fired, the latest %lld ms late\n", fired, static_cast<long long>(worst));
  EXPECT_LE(worst, 15 * kSecondMs);
}

}  // namespace
}  // namespace escalon::test
