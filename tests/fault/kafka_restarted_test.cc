#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, kafka_killed_hung_and_restarted_loses_nothing) {
  ASSERT_NO_FATAL_FAILURE(OwnBroker());
  ASSERT_NO_FATAL_FAILURE(Begin());
  ASSERT_TRUE(broker().KillNode().ok());
  ASSERT_TRUE(broker().StartAgain().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_TRUE(broker().PauseNode().ok());
  // Longer than a session and than any owner waits for an acknowledgement: callers are told so, not left alone.
  ASSERT_TRUE(cluster().node("routing-0").AwaitMetric("escalon_keeper_answers_unknown_total", 1).ok());
  ASSERT_TRUE(broker().ResumeNode().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_TRUE(broker().Stop().ok());  // in good order
  ASSERT_TRUE(broker().StartAgain().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test
