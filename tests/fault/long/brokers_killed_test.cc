#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

constexpr int kBrokers = 3;

// Leaders and coordinators move with every kill; with two of three gone nothing may be acknowledged until one is back.
TEST_F(Fault, any_of_three_brokers_may_die_and_two_stop_the_work_only_while_they_are_away) {
  ASSERT_NO_FATAL_FAILURE(OwnBroker(kBrokers));
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int id = 1; id <= kBrokers; ++id) {
    ASSERT_TRUE(broker().KillNode(id).ok());
    ASSERT_NO_FATAL_FAILURE(AwaitFlow()) << "without broker " << id;
    ASSERT_TRUE(broker().StartNode(id).ok());
    ASSERT_NO_FATAL_FAILURE(AwaitFlow()) << "with broker " << id << " again";
  }
  ASSERT_TRUE(broker().KillNode(1).ok());
  ASSERT_TRUE(broker().KillNode(2).ok());
  ASSERT_TRUE(cluster().node("routing-0").AwaitMetric("escalon_keeper_answers_unknown_total", 1).ok());
  ASSERT_TRUE(broker().StartNode(1).ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_TRUE(broker().StartNode(2).ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test
