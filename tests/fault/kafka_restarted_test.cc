#include "tests/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, kafka_killed_hung_and_restarted_loses_nothing) {
  auto broker = KafkaBroker::Start();
  ASSERT_TRUE(broker.ok()) << broker.error().message;
  ClusterOptions options;
  options.kafka = (*broker)->bootstrap();
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  ASSERT_TRUE((*broker)->KillNode().ok());
  ASSERT_TRUE((*broker)->StartAgain().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  ASSERT_TRUE((*broker)->Stop().ok());  // in good order
  ASSERT_TRUE((*broker)->StartAgain().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
  pressure_.reset();
  door_load_.reset();
  gate_.reset();
  cluster_.reset();  // before its broker
}

}  // namespace
}  // namespace escalon::test
