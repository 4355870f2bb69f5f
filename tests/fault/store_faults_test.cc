// Redis and Kafka that die, forget, stall and come back, under load (reliability rows RED-1, RED-3, RED-4, RED-8,
// KAF-1).
#include <gtest/gtest.h>

#include "tests/fault/load.h"
#include "tests/support/kafka_broker.h"

namespace escalon::fault {
namespace {

class StoreFault : public ::testing::Test {
 protected:
  void Begin(const std::string& kafka) {
    e2e::ClusterOptions options;
    options.policy = "tests/e2e/policy.yaml";
    options.roster = "tests/e2e/roster.yaml";
    auto started = e2e::Cluster::Start(kafka, options);
    ASSERT_TRUE(started.ok()) << started.error().message;
    cluster_ = std::move(*started);
    load_ = std::make_unique<Load>(*cluster_, 4);
    load_->AwaitAccepted(100);
  }
  void End() {
    load_->AwaitAccepted(load_->accepted() + 100);
    load_->Stop();
    Judge(*cluster_, *load_);
  }
  std::unique_ptr<e2e::Cluster> cluster_;
  std::unique_ptr<Load> load_;
};

TEST_F(StoreFault, kill_9_of_redis_stops_no_accept_and_the_view_comes_back) {
  ASSERT_NO_FATAL_FAILURE(Begin(test::SharedKafka()));
  ASSERT_TRUE(cluster_->redis().Kill9().ok());
  load_->AwaitAccepted(load_->accepted() + 100);  // decisions go on without Redis
  ASSERT_TRUE(cluster_->redis().StartAgain().ok());
  End();
}

TEST_F(StoreFault, redis_emptied_is_rebuilt) {
  ASSERT_NO_FATAL_FAILURE(Begin(test::SharedKafka()));
  ASSERT_TRUE(cluster_->redis().FlushAll().ok());
  End();
}

TEST_F(StoreFault, redis_emptied_while_routing_is_down_is_rebuilt_from_the_log) {
  ASSERT_NO_FATAL_FAILURE(Begin(test::SharedKafka()));
  ASSERT_TRUE(cluster_->Kill9("routing").ok());
  ASSERT_TRUE(cluster_->redis().FlushAll().ok());
  ASSERT_TRUE(cluster_->Launch("routing").ok());
  const auto ready = cluster_->WaitReady("routing");
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  End();
}

TEST_F(StoreFault, redis_emptied_after_a_base_is_rebuilt_from_the_base) {
  ASSERT_NO_FATAL_FAILURE(Begin(test::SharedKafka()));
  for (int shard = 0; shard < cluster_->shards(); ++shard) {
    const auto based =
        test::RunCommand({std::string(ESCALON_BINARY_DIR) + "/escalonctl", "shard", "base", std::to_string(shard),
                          "--routing", cluster_->routing().front(), "--key", cluster_->Key("service", "*")});
    ASSERT_TRUE(based.ok()) << based.error().message;
  }
  ASSERT_TRUE(cluster_->Kill9("routing").ok());
  ASSERT_TRUE(cluster_->redis().FlushAll().ok());
  ASSERT_TRUE(cluster_->Launch("routing").ok());
  const auto ready = cluster_->WaitReady("routing");
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  End();
}

TEST_F(StoreFault, redis_that_hangs_stops_no_accept) {
  ASSERT_NO_FATAL_FAILURE(Begin(test::SharedKafka()));
  ASSERT_TRUE(cluster_->redis().Pause().ok());
  load_->AwaitAccepted(load_->accepted() + 100);
  ASSERT_TRUE(cluster_->redis().Resume().ok());
  End();
}

TEST_F(StoreFault, redis_that_forgot_its_scripts_is_taught_again) {
  ASSERT_NO_FATAL_FAILURE(Begin(test::SharedKafka()));
  ASSERT_TRUE(cluster_->redis().Command({"SCRIPT", "FLUSH"}).ok());
  End();
}

TEST_F(StoreFault, kafka_killed_and_started_again_loses_nothing) {
  auto broker = test::KafkaBroker::Start();
  ASSERT_TRUE(broker.ok()) << broker.error().message;
  ASSERT_NO_FATAL_FAILURE(Begin((*broker)->bootstrap()));
  ASSERT_TRUE((*broker)->KillNode().ok());
  ASSERT_TRUE((*broker)->StartAgain().ok());
  End();
  cluster_.reset();  // before its broker
}

}  // namespace
}  // namespace escalon::fault
