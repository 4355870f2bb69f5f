#include <thread>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

// Nobody is there when the clocks are due. They act when somebody is, once, in the order of their instants, and say how
// late.
TEST_F(Fault, clocks_that_were_due_while_everything_was_down_fire_once_afterwards) {
  ClusterOptions options;
  options.policy = TestPolicy({.step = "2s"});
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  for (const std::string& name : cluster().names()) ASSERT_TRUE(cluster().node(name).Kill9().ok());
  std::this_thread::sleep_for(std::chrono::seconds(5));  // every step that runs is over by then
  for (const std::string& name : cluster().names()) ASSERT_TRUE(cluster().node(name).Start().ok());
  const Status ready = cluster().WaitReady(2 * kPatience);
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
  DurationMs worst = 0;
  cluster().log().With([&](const std::vector<LogOracle>& shards) {
    for (const LogOracle& shard : shards) worst = std::max(worst, shard.worst_late_ms());
  });
  EXPECT_GE(worst, 2 * kSecondMs) << "nothing was late: nothing was tested";
}

}  // namespace
}  // namespace escalon::test
