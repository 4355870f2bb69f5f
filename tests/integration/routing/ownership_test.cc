// Who owns a shard, and what becomes of it: restarts, bases, a view that is lost or knows more than the log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/snapshot_codec.h"
#include "tests/support/cluster/gate.h"

namespace escalon::test {
namespace {

using std::chrono::milliseconds;
using ::testing::IsEmpty;

constexpr milliseconds kGraceful{15'000};

/// Every live case as its owner has it equals the fold of the whole log.
void ExpectOwnersKnowTheLog(Cluster& cluster, Gate& gate) {
  ASSERT_TRUE(cluster.log().CatchUp().ok());
  EXPECT_THAT(cluster.log().Faults(), IsEmpty());
  std::map<CaseId, std::shared_ptr<const Case>> truth;
  cluster.log().With([&](const std::vector<LogOracle>& shards) {
    for (const LogOracle& shard : shards) truth.merge(shard.LiveAt(INT64_MAX));
  });
  for (const auto& [id, c] : truth) {
    const auto read = gate.Read(id, c->version);
    ASSERT_TRUE(read.ok()) << id.ToString() << ": " << read.error().message;
    if (read->version == c->version) {
      EXPECT_EQ(wire::EncodeCase(*read), wire::EncodeCase(*c)) << id.ToString();
    }
    EXPECT_GE(read->version, c->version) << id.ToString();
  }
  uint64_t owned = 0;
  for (const rpc::ShardStanding& standing : gate.Standings()) {
    if (standing.phase == rpc::ShardPhase::kOwned) owned += standing.cases;
  }
  EXPECT_EQ(owned, truth.size());
}

TEST(Ownership, KilledUnderLoadAndRestartedNothingIsLostOrDoubled) {
  auto started = Cluster::Start();
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  Pressure pressure(gate, 100);
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(pressure.WaitAnswered(300));
    ASSERT_TRUE(cluster.Restart("routing-0").ok());
    ASSERT_TRUE(pressure.WaitAnswered(100)) << "nobody answers after the restart";
  }
  EXPECT_TRUE(pressure.Stop());
  pressure.AskAgain();
  ASSERT_TRUE(cluster.log().CatchUp().ok());
  EXPECT_THAT(pressure.Judge(cluster.log()), IsEmpty());
  EXPECT_EQ(pressure.counts().unknown, 0u) << "a repeat with the same id must find out";
  ExpectOwnersKnowTheLog(cluster, gate);
}

TEST(Ownership, RollingRestartAnswersEverything) {
  ClusterOptions options;
  options.routing = 2;
  auto started = Cluster::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  Pressure pressure(gate, 50);
  ASSERT_TRUE(pressure.WaitAnswered(200));
  for (const char* name : {"routing-0", "routing-1"}) {
    const auto ended = cluster.node(name).Terminate(kGraceful);
    ASSERT_TRUE(ended.ok()) << ended.error().message;
    EXPECT_EQ(*ended, 0) << name;
    ASSERT_TRUE(cluster.node(name).Start().ok());
    ASSERT_TRUE(cluster.node(name).WaitReady(kPatience).ok());
    ASSERT_TRUE(pressure.WaitAnswered(100));
  }
  EXPECT_TRUE(pressure.Stop());
  ASSERT_TRUE(cluster.log().CatchUp().ok());
  EXPECT_THAT(pressure.Judge(cluster.log()), IsEmpty());
  const Pressure::Counts counts = pressure.counts();
  EXPECT_EQ(counts.unknown + counts.refused + counts.rejected, 0u) << "a caller was left without an answer";
  ExpectOwnersKnowTheLog(cluster, gate);
}

TEST(Ownership, RebuiltFromABaseAfterRedisWasEmptiedItIsTheFoldOfTheWholeLog) {
  ClusterOptions options;
  options.shards = 2;
  auto started = Cluster::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  std::vector<CaseId> cancelled;
  {
    Pressure pressure(gate, 50);
    ASSERT_TRUE(pressure.WaitAnswered(400));
    for (int shard = 0; shard < 2; ++shard) {  // under load: cases change before, while and after they are written
      const auto base = gate.WriteBase(shard);
      ASSERT_TRUE(base.ok()) << base.error().message;
      EXPECT_GT(base->cases, 0u);
      EXPECT_GT(base->key_pages, 0u);
    }
    ASSERT_TRUE(pressure.WaitAnswered(100));
    EXPECT_TRUE(pressure.Stop());
    ASSERT_TRUE(cluster.log().CatchUp().ok());
    EXPECT_THAT(pressure.Judge(cluster.log()), IsEmpty());
  }
  ASSERT_TRUE(cluster.node("routing-0").Kill9().ok());
  ASSERT_TRUE(cluster.redis().FlushAll().ok());
  ASSERT_TRUE(cluster.node("routing-0").Start().ok());
  ASSERT_TRUE(cluster.node("routing-0").WaitReady(kPatience).ok());
  ExpectOwnersKnowTheLog(cluster, gate);
  // A key from before the base still finds its case.
  std::string key;
  CaseId id;
  cluster.log().With([&](const std::vector<LogOracle>& shards) {
    const auto& [first, steps] = *shards[0].cases().begin();
    key = steps.front().after->idempotency_key;
    id = first;
  });
  Command again = OpenCommand(key);
  const auto repeated = gate.Execute(again);
  ASSERT_TRUE(repeated.ok()) << repeated.error().message;
  EXPECT_EQ(repeated->case_id, id);
}

TEST(Ownership, AViewThatKnowsMoreThanTheLogKeepsTheShardClosedUntilReconciled) {
  ClusterOptions options;
  options.shards = 2;
  options.services = {};
  auto started = Cluster::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  CaseId id;
  for (int i = 0; i < 20; ++i) {
    const auto opened = gate.Execute(OpenCommand("k" + std::to_string(i)));
    ASSERT_TRUE(opened.ok());
    if (cluster.log().ShardOf(opened->case_id) == 1) id = opened->case_id;
  }
  ASSERT_FALSE(id.empty());
  ASSERT_TRUE(cluster.node("routing-0").Terminate(kGraceful).ok());
  // As if the log had lost its end: the view stands a hundred records ahead.
  const auto at = cluster.redis().Command({"HGET", "{g1.s01}:at", "pos"});
  ASSERT_TRUE(at.ok());
  const size_t colon = at->find(':');
  ASSERT_NE(colon, std::string::npos) << *at;
  const std::string ahead = std::to_string(std::stoll(at->substr(0, colon)) + 100) + at->substr(colon);
  ASSERT_TRUE(cluster.redis().Command({"HSET", "{g1.s01}:at", "pos", ahead}).ok());
  ASSERT_TRUE(cluster.node("routing-0").Start().ok());
  ASSERT_TRUE(cluster.node("routing-0").WaitReady(kPatience).ok());
  const auto refused = gate.Execute(CommandOn(id, LogAttempt{"n", false}, "c1"), 2 * kSecondMs);
  ASSERT_FALSE(refused.ok()) << "a shard served whose log has lost records";
  const auto dry = gate.Reconcile(1, true);
  ASSERT_TRUE(dry.ok()) << dry.error().message;
  EXPECT_EQ(dry->records, 0u);
  const auto done = gate.Reconcile(1, false);
  ASSERT_TRUE(done.ok()) << done.error().message;
  const auto taken = gate.Execute(CommandOn(id, LogAttempt{"n", false}, "c2"));
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(taken->version, 2u);
  ASSERT_TRUE(cluster.log().CatchUp().ok());
  EXPECT_THAT(cluster.log().Faults(), IsEmpty());
}

TEST(Ownership, AnotherNumberOfShardsIsRefusedAtStart) {
  ClusterOptions options;
  options.shards = 2;
  options.services = {};
  auto started = Cluster::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  ASSERT_TRUE(cluster.node("routing-0").Terminate(kGraceful).ok());
  cluster.node("routing-0").settings()["cluster.shards"] = "4";
  ASSERT_TRUE(cluster.node("routing-0").Start().ok());
  const Status ready = cluster.node("routing-0").WaitReady(kPatience);
  ASSERT_FALSE(ready.ok());
  EXPECT_THAT(ready.error().message, ::testing::HasSubstr("has ended"));
  EXPECT_THAT(cluster.node("routing-0").Log(), ::testing::HasSubstr("shards"));
}

}  // namespace
}  // namespace escalon::test
