// Processes that die, sleep and come back, under load (reliability rows PROC-1 to PROC-8, PROC-11).
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/fault/load.h"
#include "tests/support/kafka_broker.h"

namespace escalon::fault {
namespace {

class ProcessFault : public ::testing::Test {
 protected:
  void Begin(e2e::ClusterOptions options = {}) {
    options.policy = "tests/e2e/policy.yaml";
    options.roster = "tests/e2e/roster.yaml";
    auto started = e2e::Cluster::Start(test::SharedKafka(), options);
    ASSERT_TRUE(started.ok()) << started.error().message;
    cluster_ = std::move(*started);
    load_ = std::make_unique<Load>(*cluster_, 4);
    load_->AwaitAccepted(100);
  }
  void End() {
    load_->Stop();
    Judge(*cluster_, *load_);
  }
  void KillAndRestart(const std::string& name, int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(cluster_->Kill9(name).ok());
      ASSERT_TRUE(cluster_->Launch(name).ok());
      const auto ready = cluster_->WaitReady(name);
      ASSERT_TRUE(ready.ok()) << ready.error().message;
      load_->AwaitAccepted(load_->accepted() + 50);
    }
  }
  std::unique_ptr<e2e::Cluster> cluster_;
  std::unique_ptr<Load> load_;
};

TEST_F(ProcessFault, kill_9_of_routing_loses_nothing) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("routing", 3));
  End();
}

TEST_F(ProcessFault, kill_9_of_intake_loses_nothing) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("intake", 3));
  End();
}

TEST_F(ProcessFault, kill_9_of_triage_sla_timer_and_notification_leaves_no_case_behind) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (const char* name : {"triage", "sla-timer", "notification"}) ASSERT_NO_FATAL_FAILURE(KillAndRestart(name, 1));
  End();
}

TEST_F(ProcessFault, kill_9_of_everything_at_once) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  const std::vector<std::string> all = {"intake", "routing", "triage", "notification", "sla-timer"};
  for (const std::string& name : all) ASSERT_TRUE(cluster_->Kill9(name).ok());
  for (const char* name : {"sla-timer", "notification", "intake", "routing", "triage"})
    ASSERT_TRUE(cluster_->Launch(name).ok());
  for (const std::string& name : all) {
    const auto ready = cluster_->WaitReady(name);
    ASSERT_TRUE(ready.ok()) << ready.error().message;
  }
  load_->AwaitAccepted(load_->accepted() + 100);
  End();
}

TEST_F(ProcessFault, a_routing_instance_that_slept_past_its_session_is_believed_by_nobody) {
  e2e::ClusterOptions options;
  options.routing_instances = 2;
  ASSERT_NO_FATAL_FAILURE(Begin(options));
  ASSERT_TRUE(cluster_->Pause("routing").ok());
  // The other one takes over when the session of 3 s is over; then the first wakes with an old epoch in its hands.
  load_->AwaitAccepted(load_->accepted() + 200);
  ASSERT_TRUE(cluster_->Resume("routing").ok());
  load_->AwaitAccepted(load_->accepted() + 200);
  End();
}

TEST_F(ProcessFault, a_rolling_restart_of_two_routing_instances_refuses_no_case_for_good) {
  e2e::ClusterOptions options;
  options.routing_instances = 2;
  ASSERT_NO_FATAL_FAILURE(Begin(options));
  for (const char* name : {"routing", "routing-1"}) {
    const auto ended = cluster_->Terminate(name);
    ASSERT_TRUE(ended.ok()) << ended.error().message;
    ASSERT_TRUE(cluster_->Launch(name).ok());
    const auto ready = cluster_->WaitReady(name);
    ASSERT_TRUE(ready.ok()) << ready.error().message;
    load_->AwaitAccepted(load_->accepted() + 100);
  }
  End();
}

}  // namespace
}  // namespace escalon::fault
