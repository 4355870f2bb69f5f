#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, one_of_three_brokers_killed_is_not_missed_and_two_lose_nothing) {
  ASSERT_NO_FATAL_FAILURE(OwnBroker(3));
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (const int id : {1, 2}) {  // leaders of every partition move, the groups' coordinators too
    ASSERT_TRUE(broker().KillNode(id).ok());
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
    ASSERT_TRUE(broker().StartNode(id).ok());
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  }
  // One in-sync replica is too few: nothing is acknowledged, nothing is answered, nothing is lost.
  ASSERT_TRUE(broker().KillNode(1).ok());
  ASSERT_TRUE(broker().KillNode(2).ok());
  ASSERT_TRUE(cluster().node("routing-0").AwaitMetric("escalon_keeper_answers_unknown_total", 1).ok());
  ASSERT_TRUE(broker().StartNode(1).ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_TRUE(broker().StartNode(2).ok());
  End();
}

}  // namespace
}  // namespace escalon::test
