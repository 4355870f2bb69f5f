#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, services_that_start_without_kafka_wait_for_it) {
  ASSERT_NO_FATAL_FAILURE(OwnBroker());
  ASSERT_NO_FATAL_FAILURE(Begin());
  ASSERT_TRUE(broker().KillNode().ok());
  for (const std::string& name : cluster().names()) ASSERT_TRUE(cluster().Restart(name).ok());
  for (const std::string& name : cluster().names()) {
    ASSERT_TRUE(cluster().node(name).AwaitLog("waiting")) << name << " does not say what it waits for";
    EXPECT_TRUE(cluster().node(name).running()) << name;
  }
  ASSERT_TRUE(broker().StartAgain().ok());
  const Status ready = cluster().WaitReady(2 * kPatience);
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test
