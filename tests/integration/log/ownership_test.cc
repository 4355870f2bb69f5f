#include "common/log/ownership_group.h"

#include <set>

#include "tests/integration/log/log_test.h"
#include "tests/support/event_waiter.h"

namespace escalon::log {
namespace {

class OwnershipTest : public LogTest {
 protected:
  struct Seen {
    std::set<int> held;
    std::vector<std::pair<std::vector<int>, bool>> revoked;
    std::vector<std::string> fatal;
  };
  struct Member {
    test::EventWaiter<Seen> seen;
    bool release_by_itself = true;
    std::unique_ptr<OwnershipGroup> group;  // the last: its thread uses the others
  };

  std::unique_ptr<Member> Join(const std::string& instance = {}, bool release_by_itself = true) {
    auto member = std::make_unique<Member>();
    member->release_by_itself = release_by_itself;
    OwnershipConfig config;
    config.kafka = kafka_;
    config.topic = names_.cases;
    config.group = names_.Group("routing");
    config.instance = instance;
    config.release_timeout_ms = 15'000;
    Member* m = member.get();
    OwnershipGroup::Events events;
    events.on_assigned = [m](const std::vector<int>& shards) {
      m->seen.Change([&](Seen& s) { s.held.insert(shards.begin(), shards.end()); });
    };
    events.on_revoked = [m](const std::vector<int>& shards, bool lost) {
      m->seen.Change([&](Seen& s) {
        for (int shard : shards) s.held.erase(shard);
        s.revoked.emplace_back(shards, lost);
      });
      if (m->release_by_itself)
        for (int shard : shards) m->group->Released(shard);
    };
    events.on_fatal = [m](const Error& e) { m->seen.Change([&](Seen& s) { s.fatal.push_back(e.message); }); };
    Result<std::unique_ptr<OwnershipGroup>> started = OwnershipGroup::Start(config, events, clock_);
    EXPECT_TRUE(started.ok());
    if (started) member->group = std::move(started).value();
    return member;
  }

  static bool Holds(Member& member, const std::set<int>& shards) {
    return member.seen.Wait([&](const Seen& s) { return s.held == shards; });
  }
};

TEST_F(OwnershipTest, OneMemberIsSuggestedEveryShardAndTwoShareThem) {
  const auto first = Join();
  ASSERT_TRUE(Holds(*first, {0, 1, 2, 3}));
  const auto second = Join();
  ASSERT_TRUE(second->seen.Wait([](const Seen& s) { return s.held.size() == 2; }));
  ASSERT_TRUE(first->seen.Wait([](const Seen& s) { return s.held.size() == 2; }));
  std::set<int> all = first->seen.Get().held;
  all.merge(second->seen.Get().held);
  EXPECT_EQ(all.size(), 4u) << "no shard is suggested to two";
  EXPECT_FALSE(first->seen.Get().revoked.at(0).second) << "a planned handover is not a loss";
  second->group->Leave();
  EXPECT_TRUE(second->seen.Get().held.empty());
  ASSERT_TRUE(Holds(*first, {0, 1, 2, 3}));
}

TEST_F(OwnershipTest, TheNextOwnerWaitsUntilTheShardsAreReleased) {
  const auto first = Join({}, false);
  ASSERT_TRUE(Holds(*first, {0, 1, 2, 3}));
  const auto second = Join();
  ASSERT_TRUE(first->seen.Wait([](const Seen& s) { return !s.revoked.empty(); }));
  EXPECT_FALSE(second->seen.Wait([](const Seen& s) { return !s.held.empty(); }, std::chrono::milliseconds(700)));
  for (int shard = 0; shard < kShards; ++shard) first->group->Released(shard);
  ASSERT_TRUE(second->seen.Wait([](const Seen& s) { return s.held.size() == 2; }));
  for (int shard = 0; shard < kShards; ++shard) second->group->Released(shard);
  first->release_by_itself = true;
}

TEST_F(OwnershipTest, AMemberWithAnInstanceIdKeepsItsPlaceAcrossARestart) {
  auto first = Join("routing-0");
  const auto second = Join("routing-1");
  ASSERT_TRUE(first->seen.Wait([](const Seen& s) { return s.held.size() == 2; }));
  ASSERT_TRUE(second->seen.Wait([](const Seen& s) { return s.held.size() == 2; }));
  const std::set<int> held = first->seen.Get().held;
  const size_t revocations = second->seen.Get().revoked.size();
  first->group->Leave();
  first = Join("routing-0");
  ASSERT_TRUE(Holds(*first, held));
  EXPECT_EQ(second->seen.Get().revoked.size(), revocations) << "nobody else moved";
}

TEST_F(OwnershipTest, AnotherWithTheSameInstanceIdFencesTheFirstWhichJoinsAgainWhenItIsGone) {
  const auto first = Join("routing-0");
  ASSERT_TRUE(Holds(*first, {0, 1, 2, 3}));
  auto second = Join("routing-0");
  ASSERT_TRUE(first->seen.Wait([](const Seen& s) { return !s.fatal.empty(); }));
  const Seen seen = first->seen.Get();
  EXPECT_TRUE(seen.held.empty());
  ASSERT_FALSE(seen.revoked.empty());
  EXPECT_TRUE(seen.revoked.back().second) << "lost, not handed over";
  EXPECT_NE(seen.fatal[0].find("FENCED"), std::string::npos) << seen.fatal[0];
  second.reset();
  EXPECT_TRUE(Holds(*first, {0, 1, 2, 3})) << "fenced once, and idle for ever";
}

}  // namespace
}  // namespace escalon::log
