// Two shards behind one producer: what happens to one is none of the other's business (protocol.md rule 9).
#include <gtest/gtest.h>

#include <array>

#include "tests/contract/keeper/world.h"

namespace escalon::routing::testing {
namespace {

class TwoShardsTest : public ::testing::Test {
 protected:
  TwoShardsTest() {
    log_.AddPartition(1, shared_[1]);
    for (int s = 0; s < 2; ++s) {
      auto& shard = shards_[static_cast<size_t>(s)];
      auto& view = views_[static_cast<size_t>(s)];
      ShardOptions options;
      options.address = "one:1";
      shard = std::make_unique<Shard>(
          s, ShardParts{loop_, clock_, log_, view, rules_, load_, metrics_, runtime::Logger(), options, {}, {}});
      log_.Attach(s, shard.get());
      view.shard = shard.get();
      shard->Want();
    }
    Settle();
  }

  void Settle() {
    for (bool did = true; did;) {
      did = loop_.RunReady();
      for (size_t s = 0; s < 2; ++s) {
        shards_[s]->EndOfTurn();
        did = views_[s].Serve() || did;
      }
      did = log_.Serve() || did;
    }
  }

  std::shared_ptr<Call> Execute(size_t shard, Command command) {
    auto call = std::make_shared<Call>();
    shards_[shard]->Execute(std::move(command), [call](Result<ports::Answered> answer) {
      call->answer = std::move(answer);
      ++call->answers;
    });
    return call;
  }

  TestClock clock_;
  runtime::EventLoop loop_{clock_};
  runtime::Metrics registry_;
  KeeperMetrics metrics_{registry_};
  OneRuleBook rules_;
  NoLoad load_;
  std::array<SharedLog, 2> shared_;
  std::array<SharedView, 2> shared_views_;
  FakeLog log_{shared_[0]};
  std::array<FakeView, 2> views_{FakeView(shared_views_[0]), FakeView(shared_views_[1])};
  std::array<std::unique_ptr<Shard>, 2> shards_;
};

TEST_F(TwoShardsTest, stuck_partition_stops_only_itself) {
  const uint64_t epoch = shards_[0]->counted().epoch;
  log_.stuck[0] = true;
  auto stuck = Execute(0, Open("k1"));
  auto fine = Execute(1, Open("k2"));
  Settle();
  EXPECT_FALSE(stuck->answer);
  EXPECT_TRUE(fine->ok());
  clock_.Advance(600);
  EXPECT_EQ(Execute(0, Open("k3"))->code(), ErrorCode::kUnavailable) << "the queue of a stuck partition must not grow";
  auto still = Execute(1, Open("k4"));
  Settle();
  EXPECT_TRUE(still->ok());
  clock_.Advance(5000);
  for (const auto& shard : shards_) shard->Sweep();
  Settle();
  EXPECT_EQ(stuck->code(), ErrorCode::kOutcomeUnknown);
  // The partition moves again: what was pending lands and counts, under the same ownership.
  log_.stuck[0] = false;
  Settle();
  EXPECT_EQ(shards_[0]->state(), Shard::State::kServing);
  EXPECT_EQ(shards_[0]->counted().epoch, epoch);
  EXPECT_EQ(shards_[0]->table().size(), 1u);
  EXPECT_EQ(stuck->answers, 1);
  auto again = Execute(0, Open("k1"));
  Settle();
  ASSERT_TRUE(again->ok());
  EXPECT_EQ((*again->answer)->version, 1u);
  EXPECT_EQ(shards_[0]->table().size(), 1u) << "the repeat made a second case";
}

TEST_F(TwoShardsTest, delivery_error_leaves_other_shards) {
  const uint64_t epoch0 = shards_[0]->counted().epoch, epoch1 = shards_[1]->counted().epoch;
  log_.hold = true;
  auto lost = Execute(0, Open("k1"));
  auto other = Execute(1, Open("k2"));
  log_.Drop(0);
  log_.Report(0);
  EXPECT_EQ(lost->code(), ErrorCode::kOutcomeUnknown);
  EXPECT_FALSE(other->answer) << "still on its way";
  log_.hold = false;
  Settle();
  EXPECT_TRUE(other->ok());
  EXPECT_EQ(shards_[1]->counted().epoch, epoch1) << "the other shard was fenced for nothing";
  clock_.Advance(1000);
  Settle();
  EXPECT_EQ(shards_[0]->state(), Shard::State::kServing);
  EXPECT_EQ(shards_[0]->counted().epoch, epoch0 + 1);
}

TEST_F(TwoShardsTest, fatal_error_takes_every_shard_of_the_producer) {
  log_.hold = true;
  auto first = Execute(0, Open("k1"));
  auto second = Execute(1, Open("k2"));
  for (const auto& shard : shards_) shard->OnProducerGone(Error{ErrorCode::kUnavailable, "fatal"});
  EXPECT_EQ(first->code(), ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(second->code(), ErrorCode::kOutcomeUnknown);
  // What the dead producer had sent lands late: before the new fences or after them, it must not be counted twice.
  log_.Land(0);
  log_.hold = false;
  clock_.Advance(1000);
  Settle();
  for (const auto& shard : shards_) EXPECT_EQ(shard->state(), Shard::State::kServing);
  for (size_t s = 0; s < 2; ++s) {
    auto again = Execute(s, s == 0 ? Open("k1") : Open("k2"));
    Settle();
    EXPECT_TRUE(again->ok());
    EXPECT_EQ(shards_[s]->table().size(), 1u);
  }
}

}  // namespace
}  // namespace escalon::routing::testing
