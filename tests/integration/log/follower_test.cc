#include "common/log/follower.h"

#include <map>

#include "common/log/base_index.h"
#include "tests/integration/log/log_test.h"
#include "tests/support/event_waiter.h"

namespace escalon::log {
namespace {

class FollowerTest : public LogTest {
 protected:
  struct Seen {
    std::map<int, std::vector<FollowerStart>> starts;
    std::map<int, std::vector<int64_t>> offsets;
    std::map<int, std::vector<std::string>> bodies;
    std::map<int, int64_t> caught_up;
    std::vector<std::pair<int, bool>> revoked;
    std::vector<std::pair<int, int64_t>> poison;
    std::vector<std::pair<int, std::string>> alarms;
    int batch_ends = 0;
  };

  class Handler : public FollowerHandler {
   public:
    void OnAssigned(int shard, const FollowerStart& start) override {
      seen.Change([&](Seen& s) { s.starts[shard].push_back(start); });
    }
    void OnRevoked(int shard, bool lost) override {
      seen.Change([&](Seen& s) { s.revoked.emplace_back(shard, lost); });
    }
    void OnRecord(int shard, int64_t offset, InstantMs at, const Record& record) override {
      EXPECT_GT(at, 0);
      if (mark_done) follower->MarkDone(shard, offset);
      seen.Change([&](Seen& s) {
        s.offsets[shard].push_back(offset);
        s.bodies[shard].push_back(record.body);
      });
    }
    void OnBatchEnd() override {
      seen.Change([](Seen& s) { ++s.batch_ends; });
    }
    void OnCaughtUp(int shard, int64_t end) override {
      seen.Change([&](Seen& s) { s.caught_up[shard] = end; });
    }
    void OnPoison(int shard, int64_t offset, std::string_view raw, const Error&) override {
      EXPECT_EQ(raw, "garbage");
      seen.Change([&](Seen& s) { s.poison.emplace_back(shard, offset); });
    }
    void OnAlarm(int shard, const Error& reason) override {
      seen.Change([&](Seen& s) { s.alarms.emplace_back(shard, reason.message); });
    }

    test::EventWaiter<Seen> seen;
    bool mark_done = true;
    Follower* follower = nullptr;
  };

  struct Running {
    Handler handler;
    std::unique_ptr<Follower> follower;  // the last: its thread uses the handler
  };

  std::unique_ptr<Running> Follow(bool mark_done = true, size_t max_outstanding = 50'000,
                                  const std::string& instance = {}) {
    auto running = std::make_unique<Running>();
    FollowerConfig config;
    config.kafka = kafka_;
    config.topic = names_.cases;
    config.group = names_.Group("triage");
    config.base_group = names_.base_group;
    config.commit_interval_ms = 50;
    config.instance = instance;
    config.max_outstanding = max_outstanding;
    running->handler.mark_done = mark_done;
    Result<std::unique_ptr<Follower>> opened = Follower::Open(config, &running->handler, &clock_);
    EXPECT_TRUE(opened.ok());
    if (!opened) return nullptr;
    running->follower = std::move(opened).value();
    running->handler.follower = running->follower.get();
    running->follower->Start();
    return running;
  }

  static bool Got(Running& r, int shard, size_t records) {
    return r.handler.seen.Wait([&](const Seen& s) {
      const auto found = s.offsets.find(shard);
      return found != s.offsets.end() && found->second.size() >= records;
    });
  }

  /// Waits until the group's committed offset of the shard is `offset`.
  static bool Committed(Running& r, int shard, int64_t offset) {
    for (int i = 0; i < 200; ++i) {
      const FollowerStats stats = r.follower->stats();
      const auto found = stats.shards.find(shard);
      if (found != stats.shards.end() && found->second.committed_offset == offset) return true;
      r.handler.seen.Wait([](const Seen&) { return false; }, std::chrono::milliseconds(50));
    }
    return false;
  }
};

TEST_F(FollowerTest, DeliversWhatCountsInOrderAndNothingElse) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 3));
  Append(0, FenceOf(2, 2));
  Append(0, EventOf(1, 1, 4));  // of the deposed owner
  Append(0, EventsOf(2, 2, 1, 2));
  Append(0, EventOf(2, 2, 4));  // a hole before it
  Append(0, EventOf(2, 2, 3));  // too late
  Append(0, FenceOf(3, 1));
  Append(0, EventOf(3, 1, 1));
  const auto follower = Follow();
  ASSERT_TRUE(Got(*follower, 0, 9));
  ASSERT_TRUE(follower->handler.seen.Wait([](const Seen& s) { return s.caught_up.size() == kShards; }));
  const Seen seen = follower->handler.seen.Get();
  EXPECT_EQ(seen.offsets.at(0), (std::vector<int64_t>{0, 1, 2, 3, 4, 6, 7, 10, 11}));
  EXPECT_EQ(seen.caught_up.at(0), 12);
  EXPECT_EQ(seen.starts.at(0).at(0).reason, StartReason::kBeginning);
  EXPECT_GT(seen.batch_ends, 0);
  EXPECT_TRUE(seen.alarms.empty()) << seen.alarms[0].second;
  follower->follower->Stop();
  const FollowerStats stats = follower->follower->stats();
  EXPECT_EQ(stats.total.foreign, 1u);
  EXPECT_EQ(stats.total.voided, 2u);
  EXPECT_EQ(stats.total.counted, 9u);
}

// The brokers fence a static member that they no longer know: after a restart of theirs, or for another of its name.
TEST_F(FollowerTest, FencedItJoinsAgainAndLosesNothing) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 3));
  const auto first = Follow(true, 50'000, "triage-0");
  ASSERT_TRUE(Got(*first, 0, 4));
  ASSERT_TRUE(Committed(*first, 0, 4));
  auto second = Follow(true, 50'000, "triage-0");
  // The alarm comes behind the revocation.
  ASSERT_TRUE(first->handler.seen.Wait([](const Seen& s) { return s.revoked.size() == kShards && !s.alarms.empty(); }));
  EXPECT_TRUE(first->handler.seen.Get().revoked[0].second) << "lost, not handed over";
  EXPECT_NE(first->handler.seen.Get().alarms.back().second.find("FENCED"), std::string::npos);
  second.reset();
  Append(0, EventsOf(1, 1, 4, 2));
  ASSERT_TRUE(first->handler.seen.Wait([](const Seen& s) { return s.offsets.at(0).back() == 5; }))
      << "fenced once, and deaf for ever";
  EXPECT_EQ(first->handler.seen.Get().starts.at(0).back().reason, StartReason::kCommitted);
}

TEST_F(FollowerTest, GoesOnWhereItWasDoneAndStillKnowsWhomToBelieve) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 3));
  Append(0, FenceOf(2, 2));
  {
    const auto follower = Follow();
    ASSERT_TRUE(Got(*follower, 0, 5));
    ASSERT_TRUE(Committed(*follower, 0, 5));
  }
  Append(0, EventOf(1, 1, 4));  // a zombie, right behind the saved position
  Append(0, EventOf(2, 2, 1));
  const auto follower = Follow();
  ASSERT_TRUE(Got(*follower, 0, 1));
  const Seen seen = follower->handler.seen.Get();
  EXPECT_EQ(seen.starts.at(0).at(0).reason, StartReason::kCommitted);
  EXPECT_EQ(seen.starts.at(0).at(0).at, (Position{5, 2, Owner(2), 0}));
  EXPECT_EQ(seen.offsets.at(0).at(0), 6);
}

TEST_F(FollowerTest, CommitsOnlyWhatIsDone) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 9));
  {
    const auto follower = Follow(false);
    ASSERT_TRUE(Got(*follower, 0, 10));
    follower->follower->MarkDone(0, 3);
    ASSERT_TRUE(Committed(*follower, 0, 4));
    follower->follower->MarkDone(0, 6);
    // No wait: what is done is committed when the follower leaves.
  }
  const auto follower = Follow();
  ASSERT_TRUE(Got(*follower, 0, 3));
  EXPECT_EQ(follower->handler.seen.Get().starts.at(0).at(0).at, (Position{7, 1, Owner(1), 6}));
  EXPECT_EQ(follower->handler.seen.Get().offsets.at(0).at(0), 7);
}

TEST_F(FollowerTest, ANewMemberTakesOverWhereTheOtherWasDone) {
  for (int shard = 0; shard < kShards; ++shard) {
    Append(shard, FenceOf(1, 1));
    Append(shard, EventsOf(1, 1, 1, 4));
  }
  const auto first = Follow();
  for (int shard = 0; shard < kShards; ++shard) ASSERT_TRUE(Got(*first, shard, 5));
  const auto second = Follow();
  ASSERT_TRUE(second->handler.seen.Wait([](const Seen& s) { return s.starts.size() == 2; }));
  for (int shard = 0; shard < kShards; ++shard) Append(shard, EventOf(1, 1, 5));
  for (const auto& [shard, starts] : second->handler.seen.Get().starts) {
    EXPECT_EQ(starts.at(0).at, (Position{5, 1, Owner(1), 4})) << "committed at the revocation";
    ASSERT_TRUE(Got(*second, shard, 1));
    EXPECT_EQ(second->handler.seen.Get().offsets.at(shard), std::vector<int64_t>{5});
  }
}

TEST_F(FollowerTest, reader_behind_retention_restarts_at_base) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 3));
  {
    const auto follower = Follow();
    ASSERT_TRUE(Got(*follower, 0, 4));
    ASSERT_TRUE(Committed(*follower, 0, 4));
  }
  Append(0, EventsOf(1, 1, 4, 6));  // offsets 4 to 9
  Result<std::unique_ptr<BaseIndex>> bases = BaseIndex::Open(kafka_, names_.cases, names_.base_group);
  const Position floor{8, 1, Owner(1), 7};
  ASSERT_TRUE(bases.value()->Commit(0, floor, kTimeoutMs).ok());
  DeleteBefore(0, 7);
  const auto follower = Follow();
  ASSERT_TRUE(Got(*follower, 0, 2));
  const Seen seen = follower->handler.seen.Get();
  EXPECT_EQ(seen.starts.at(0).at(0).reason, StartReason::kBaseAfterLoss);
  EXPECT_EQ(seen.starts.at(0).at(0).at, floor);
  EXPECT_EQ(seen.offsets.at(0), (std::vector<int64_t>{8, 9}));
  ASSERT_FALSE(seen.alarms.empty());
  EXPECT_EQ(seen.alarms[0].first, 0);
  follower->follower->Stop();
  EXPECT_EQ(follower->follower->stats().restarts_at_base, 1u);
}

TEST_F(FollowerTest, ARunningReaderThatRetentionOvertakesRestartsAtTheBaseToo) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 9));
  const auto follower = Follow(false, 2);  // it stands still after three records
  ASSERT_TRUE(Got(*follower, 0, 3));
  Result<std::unique_ptr<BaseIndex>> bases = BaseIndex::Open(kafka_, names_.cases, names_.base_group);
  ASSERT_TRUE(bases.value()->Commit(0, Position{8, 1, Owner(1), 7}, kTimeoutMs).ok());
  DeleteBefore(0, 7);
  follower->follower->MarkDone(0, 2);
  ASSERT_TRUE(Got(*follower, 0, 5));
  const Seen seen = follower->handler.seen.Get();
  EXPECT_EQ(seen.revoked, (std::vector<std::pair<int, bool>>{{0, true}}));
  EXPECT_EQ(seen.starts.at(0).at(1).reason, StartReason::kBaseAfterLoss);
  EXPECT_EQ(seen.offsets.at(0), (std::vector<int64_t>{0, 1, 2, 8, 9}));
}

TEST_F(FollowerTest, AShardWithoutAnyPlaceToStartStandsStillWithAnAlarmUntilThereIsABase) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 5));
  DeleteBefore(0, 2);
  Append(1, FenceOf(1, 1));
  const auto follower = Follow();
  ASSERT_TRUE(Got(*follower, 1, 1)) << "the others go on";
  ASSERT_TRUE(follower->handler.seen.Wait([](const Seen& s) { return !s.alarms.empty(); }));
  EXPECT_EQ(follower->handler.seen.Get().starts.count(0), 0u);
  Result<std::unique_ptr<BaseIndex>> bases = BaseIndex::Open(kafka_, names_.cases, names_.base_group);
  ASSERT_TRUE(bases.value()->Commit(0, Position{3, 1, Owner(1), 2}, kTimeoutMs).ok());
  ASSERT_TRUE(Got(*follower, 0, 3));
  EXPECT_EQ(follower->handler.seen.Get().offsets.at(0), (std::vector<int64_t>{3, 4, 5}));
}

TEST_F(FollowerTest, PoisonGoesToTheDeadLettersAndTheShardGoesOn) {
  Append(0, FenceOf(1, 1));
  AppendRaw(0, "garbage");
  Append(0, EventsOf(1, 1, 1, 2));
  const auto follower = Follow();
  ASSERT_TRUE(Got(*follower, 0, 3));
  const Seen seen = follower->handler.seen.Get();
  EXPECT_EQ(seen.offsets.at(0), (std::vector<int64_t>{0, 2, 3}));
  EXPECT_EQ(seen.poison, (std::vector<std::pair<int, int64_t>>{{0, 1}}));
}

TEST_F(FollowerTest, SlowWorkPausesAShardAndLosesNothing) {
  Append(0, FenceOf(1, 1));
  Append(0, EventsOf(1, 1, 1, 999));
  const auto follower = Follow(false, 100);
  for (int64_t done = 0; done < 1000;) {
    ASSERT_TRUE(Got(*follower, 0, static_cast<size_t>(std::min<int64_t>(1000, done + 101))));
    const std::vector<int64_t> offsets = follower->handler.seen.Get().offsets.at(0);
    EXPECT_LE(offsets.size(), static_cast<size_t>(done) + 101);
    follower->follower->MarkDone(0, offsets.back());
    done = offsets.back() + 1;
  }
  const std::vector<int64_t> offsets = follower->handler.seen.Get().offsets.at(0);
  ASSERT_EQ(offsets.size(), 1000u);
  for (size_t i = 0; i < offsets.size(); ++i) ASSERT_EQ(offsets[i], static_cast<int64_t>(i));
}

}  // namespace
}  // namespace escalon::log
