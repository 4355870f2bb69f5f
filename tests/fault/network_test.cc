#include "tests/support/fault/load.h"
#include "tests/support/fault_proxy.h"

namespace escalon::test {
namespace {

/// Intake, triage, sla-timer and notification reach the owner through one proxy, and everybody reaches Redis through
/// another.
class Network : public Fault {
 protected:
  void BeginBehindProxies() {
    for (auto* proxy : {&owner_, &redis_}) {
      auto started = FaultProxy::Start();
      ASSERT_TRUE(started.ok());
      *proxy = std::move(*started);
    }
    ClusterOptions options;
    options.before_start = [this](Cluster& cluster) {
      owner_->To(cluster.node("routing-0").grpc_port());
      redis_->To(cluster.redis().port());
      const std::string through = "127.0.0.1:" + std::to_string(owner_->port());
      for (const std::string& name : cluster.names()) {
        auto& settings = cluster.node(name).settings();
        if (settings.contains("routing.addresses")) settings["routing.addresses"] = through;
        if (settings.contains("redis.port")) settings["redis.port"] = std::to_string(redis_->port());
      }
    };
    Begin(std::move(options));
    EXPECT_GT(owner_->accepted(), 0u);
    EXPECT_GT(redis_->accepted(), 0u);
  }

  std::unique_ptr<FaultProxy> owner_, redis_;
};

TEST_F(Network, connections_cut_again_and_again_lose_and_double_nothing) {
  ASSERT_NO_FATAL_FAILURE(BeginBehindProxies());
  for (int i = 0; i < 10; ++i) {
    owner_->Cut();
    redis_->Cut();
    ASSERT_TRUE(door_load_->AwaitAccepted(5));
  }
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

TEST_F(Network, replies_that_are_lost_double_nothing) {
  ASSERT_NO_FATAL_FAILURE(BeginBehindProxies());
  for (int i = 0; i < 3; ++i) {
    owner_->LoseReplies(true);  // commands arrive and count; nobody hears of it
    EXPECT_TRUE(pressure_->WaitAnswered(200, 2 * kPatience)) << "who has another way goes on";
    owner_->LoseReplies(false);
    owner_->Cut();
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  }
  End();
}

TEST_F(Network, slow_connections_slow_and_stop_nothing) {
  ASSERT_NO_FATAL_FAILURE(BeginBehindProxies());
  owner_->Delay(std::chrono::milliseconds(200));
  redis_->Delay(std::chrono::milliseconds(200));
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  owner_->Refuse(true);
  owner_->Cut();
  EXPECT_TRUE(pressure_->WaitAnswered(200, 2 * kPatience));
  owner_->Refuse(false);
  owner_->Delay(std::chrono::milliseconds(0));
  redis_->Delay(std::chrono::milliseconds(0));
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
}

}  // namespace
}  // namespace escalon::test
