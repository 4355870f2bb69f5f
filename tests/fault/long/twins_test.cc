#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

// A second process of each kind that reads the log: the shards are shared, no clock fires twice, no page goes out
// twice, and half of them may die.
TEST_F(Fault, two_of_a_kind_share_the_work_and_one_takes_over_when_the_other_dies) {
  ClusterOptions options;
  options.routing = 2;
  options.twins = {"triage", "sla-timer", "notification"};
  options.policy = TestPolicy({.step = "1s"});
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  for (const char* gauge : {"escalon_timer_shards", "escalon_notification_shards"}) {
    const std::string service = std::string(gauge) == "escalon_timer_shards" ? "sla-timer" : "notification";
    EXPECT_TRUE(cluster().node(service).AwaitMetric(gauge, 1).ok());
    EXPECT_TRUE(cluster().node(service + "-1").AwaitMetric(gauge, 1).ok()) << "the twin has nothing to do";
  }
  for (const char* name : {"routing-1", "triage", "sla-timer", "notification"})
    ASSERT_TRUE(cluster().node(name).Kill9().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  for (const char* name : {"routing-1", "triage", "sla-timer", "notification"})
    ASSERT_TRUE(cluster().node(name).Start().ok());
  const Status ready = cluster().WaitReady(2 * kPatience);
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  End();
}

}  // namespace
}  // namespace escalon::test
