#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, kill_9_of_routing_loses_nothing) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(KillAndRestart("routing-0"));
  End();
}

TEST_F(Fault, kill_9_of_one_routing_instance_of_two_is_taken_over) {
  ClusterOptions options;
  options.routing = 2;
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  ASSERT_TRUE(cluster().node("routing-0").Kill9().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());  // the other one has all shards now
  ASSERT_TRUE(cluster().node("routing-0").Start().ok());
  ASSERT_TRUE(cluster().node("routing-0").WaitReady(2 * kPatience).ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test
