#include <chrono>
#include <string>

#include "tests/support/fault/load.h"
#include "tests/support/fault_proxy.h"

namespace escalon::test {
namespace {

constexpr std::chrono::milliseconds kLag{500};  ///< of the replica behind its master
constexpr char kFollowsWithinMs[] = "4000";     ///< less than the patience of one command

/// How much of the stream of writes a server has.
int64_t WritesOf(RedisServer& redis) {
  const std::string field = "master_repl_offset:";
  const Result<std::string> info = redis.Command({"INFO", "replication"});
  const size_t at = info.ok() ? info->find(field) : std::string::npos;
  return at == std::string::npos ? -1 : std::stoll(info->substr(at + field.size()));
}

/// Everybody reaches Redis at one address, behind which a replica can take the master's place. Replication is
/// asynchronous: what the master took in the last half second is not at the replica yet.
class Promotion : public Fault {
 protected:
  void BeginWithReplica() {
    for (auto* proxy : {&address_, &replication_}) {
      auto started = FaultProxy::Start();
      ASSERT_TRUE(started.ok());
      *proxy = std::move(*started);
    }
    ClusterOptions options;
    options.redis_extra = {"--repl-diskless-sync-delay", "0"};
    options.before_start = [this](Cluster& cluster) {
      address_->To(cluster.redis().port());
      replication_->To(cluster.redis().port());
      for (const std::string& name : cluster.names()) {
        auto& settings = cluster.node(name).settings();
        if (settings.contains("redis.port")) settings["redis.port"] = std::to_string(address_->port());
      }
    };
    ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
    RedisServer::Options replica;
    replica.extra = {"--replicaof", "127.0.0.1", std::to_string(replication_->port())};
    auto started = RedisServer::Start(replica);
    ASSERT_TRUE(started.ok()) << started.error().message;
    replica_ = std::move(*started);
    const Result<std::string> followers = cluster().redis().Command({"WAIT", "1", kFollowsWithinMs});
    ASSERT_TRUE(followers.ok() && *followers == "1") << "the replica does not follow";
    replication_->Delay(kLag);
  }

  std::unique_ptr<FaultProxy> address_, replication_;
  std::unique_ptr<RedisServer> replica_;
};

TEST_F(Promotion, a_replica_that_takes_the_masters_place_without_its_last_writes_is_mended) {
  ASSERT_NO_FATAL_FAILURE(BeginWithReplica());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  const int64_t taken = WritesOf(cluster().redis());
  ASSERT_TRUE(cluster().redis().Kill9().ok());
  address_->To(replica_->port());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());  // a server that refuses writes stops no decision
  EXPECT_LT(WritesOf(*replica_), taken) << "no write was lost: nothing was tested";
  ASSERT_TRUE(replica_->Command({"REPLICAOF", "NO", "ONE"}).ok());
  cluster().ReplaceRedis(std::move(replica_));
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
  // It is not merely true of the past: whatever was opened since is in it too.
  const auto until = std::chrono::steady_clock::now() + kPatience;
  nlohmann::json proof;
  do {
    proof = Verify(true);
  } while (proof.is_object() && proof["view"]["cases"] != proof["cases"] && std::chrono::steady_clock::now() < until);
  EXPECT_EQ(proof["view"]["cases"], proof["cases"]);
}

}  // namespace
}  // namespace escalon::test
