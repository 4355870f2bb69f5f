#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, a_rolling_restart_of_everything_refuses_nothing_for_good) {
  ClusterOptions options;
  options.routing = 2;
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  for (const std::string& name : cluster().names()) {
    const Result<int> ended = cluster().node(name).Terminate(kPatience);
    ASSERT_TRUE(ended.ok()) << ended.error().message;
    EXPECT_EQ(*ended, 0) << name;
    ASSERT_TRUE(cluster().node(name).Start().ok());
    const Status ready = cluster().node(name).WaitReady(2 * kPatience);
    ASSERT_TRUE(ready.ok()) << ready.error().message;
  }
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test
