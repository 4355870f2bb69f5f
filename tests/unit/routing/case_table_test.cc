#include "services/routing/keeper/case_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/snapshot_codec.h"

namespace escalon::routing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr InstantMs kNow = 1904292000000;

class CaseTableTest : public ::testing::Test {
 protected:
  static CaseId IdOf(uint64_t n) { return CaseId::Make(kNow, 1, 0, n); }
  /// Open, with a dedup key and a clock that is due n seconds from now.
  static Case Made(uint64_t n, uint64_t version = 1) {
    Case c;
    c.id = IdOf(n);
    c.tenant = "acme";
    c.version = version;
    c.dedup_key = "key " + std::to_string(n);
    c.opened_at = c.last_at = kNow;
    ClockRun clock;
    clock.name = "response";
    clock.generation = 1;
    clock.started_at = kNow;
    clock.alarms.push_back({kNow + static_cast<InstantMs>(n) * kSecondMs, AlarmKind::kDeadline, {}, {}});
    c.clocks.push_back(clock);
    return c;
  }
  static std::shared_ptr<const Case> Shared(Case c) { return std::make_shared<const Case>(std::move(c)); }

  CaseTable table_;
};

TEST_F(CaseTableTest, WhatWasNotUsedForLongestRestsAndIsTheSameWhenItWakes) {
  for (uint64_t n = 1; n <= 4; ++n) table_.Put(Shared(Made(n)));
  table_.Find(IdOf(1));
  const std::weak_ptr<const Case> second = table_.Find(IdOf(2))->counted;
  const std::weak_ptr<const Case> third = table_.Find(IdOf(3))->counted;
  table_.Find(IdOf(4));
  table_.Find(IdOf(2));
  table_.Rest(2);
  EXPECT_EQ(table_.awake(), 2u);
  EXPECT_EQ(table_.size(), 4u);
  EXPECT_FALSE(second.expired());
  EXPECT_TRUE(third.expired()) << "it holds the memory on";
  EXPECT_EQ(wire::EncodeCase(*table_.Peek(IdOf(3))), wire::EncodeCase(Made(3)));
  EXPECT_EQ(table_.awake(), 2u) << "a look woke it";
  const CaseTable::Entry* woken = table_.Find(IdOf(3));
  ASSERT_NE(woken, nullptr);
  EXPECT_EQ(woken->decided, woken->counted);
  EXPECT_EQ(wire::EncodeCase(*woken->counted), wire::EncodeCase(Made(3)));
  EXPECT_EQ(table_.awake(), 3u);
}

TEST_F(CaseTableTest, WhatIsDecidedAndHasNotCountedStaysAwake) {
  table_.Put(Shared(Made(1)));
  const auto after = Shared(Made(1, 2));
  table_.Find(IdOf(1));
  table_.Decided(after, nullptr);
  const auto opening = Shared(Made(2));
  table_.Decided(opening, nullptr);
  table_.Rest(0);
  EXPECT_EQ(table_.awake(), 2u);
  EXPECT_EQ(table_.Find(IdOf(1))->decided, after);
  EXPECT_EQ(table_.Counted(after)->version, 1u);
  EXPECT_EQ(table_.Counted(opening), nullptr);
  table_.Rest(0);
  EXPECT_EQ(table_.awake(), 0u);
  EXPECT_EQ(table_.Peek(IdOf(1))->version, 2u);
}

TEST_F(CaseTableTest, ACaseAtRestIsFoundByItsDedupKeyAndWhenItIsDue) {
  for (uint64_t n = 1; n <= 3; ++n) ASSERT_TRUE(table_.PutSnapshot(wire::EncodeCase(Made(n))).ok());
  EXPECT_EQ(table_.awake(), 0u);
  EXPECT_EQ(table_.FindOpen("acme", "key 2"), IdOf(2));
  const auto due = table_.Due(kNow + 2 * kSecondMs, 10);
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0]->id, IdOf(1));
  EXPECT_EQ(due[0], table_.Find(IdOf(1))->counted);
  EXPECT_EQ(table_.Ids().size(), 3u);
  // Ended and gone: nothing of it is left.
  Case gone = Made(1, 2);
  gone.retired = true;
  gone.clocks.clear();
  table_.Rest(0);
  table_.Put(Shared(gone));
  EXPECT_EQ(table_.Find(IdOf(1)), nullptr);
  EXPECT_THAT(table_.FindOpen("acme", "key 1"), CaseId{});
  EXPECT_EQ(table_.Due(kNow + kMinuteMs, 10).size(), 2u);
  EXPECT_EQ(table_.size(), 2u);
}

TEST_F(CaseTableTest, WakesWhatIsDueSoonAFewAtATimeAndKeepsItAwakeLongest) {
  for (uint64_t n = 1; n <= 5; ++n) ASSERT_TRUE(table_.PutSnapshot(wire::EncodeCase(Made(n))).ok());
  table_.WakeDue(kNow + 4 * kSecondMs, 2);
  EXPECT_EQ(table_.awake(), 2u);
  table_.WakeDue(kNow + 4 * kSecondMs, 10);
  EXPECT_EQ(table_.awake(), 4u) << "the fifth is not due yet";
  const std::weak_ptr<const Case> soonest = table_.Find(IdOf(1))->counted;
  table_.Find(IdOf(5));
  table_.WakeDue(kNow + 4 * kSecondMs, 0);
  table_.Rest(1);
  EXPECT_FALSE(soonest.expired());
}

TEST_F(CaseTableTest, ManyCasesAtRestTakeAFractionAndAreTheSameWhenTheyWake) {
  const std::string words = "The printer on the third floor does not answer since this morning.";
  const auto made = [&](uint64_t n) {
    Case c = Made(n);
    c.chain[0] = static_cast<uint8_t>(n);
    c.quarantined = n % 7 == 0 ? words + std::to_string(n) : "";
    return c;
  };
  for (uint64_t n = 1; n <= 2000; ++n) table_.Put(Shared(made(n)));
  table_.Rest(0);
  EXPECT_EQ(table_.awake(), 0u);
  for (uint64_t n = 1; n <= 2000; ++n) {
    ASSERT_EQ(wire::EncodeCase(*table_.Peek(IdOf(n))), wire::EncodeCase(made(n))) << n;
    ASSERT_EQ(wire::EncodeCase(*table_.Find(IdOf(n))->counted), wire::EncodeCase(made(n))) << n;
  }
}

TEST_F(CaseTableTest, GivesWhatABaseTakesOfAwakeAndRestingCasesWithoutWakingThem) {
  ASSERT_TRUE(table_.PutSnapshot(wire::EncodeCase(Made(1, 7))).ok());
  table_.Put(Shared(Made(2)));
  table_.Decided(Shared(Made(2, 2)), nullptr);
  for (const auto& [n, version] : {std::pair<uint64_t, uint64_t>{1, 7}, {2, 2}}) {
    const auto snapshot = table_.SnapshotOf(IdOf(n));
    ASSERT_TRUE(snapshot) << n;
    EXPECT_EQ(snapshot->tenant, "acme");
    EXPECT_EQ(snapshot->version, version);
    EXPECT_EQ(snapshot->bytes, wire::EncodeCase(Made(n, version)));
  }
  EXPECT_EQ(table_.awake(), 1u);
  EXPECT_FALSE(table_.SnapshotOf(IdOf(3)));
}

TEST_F(CaseTableTest, KeepsWhoOwesAndWhoIsQuarantinedThoughTheyRest) {
  Case owes = Made(1);
  owes.cross_case.emplace_back();
  owes.cross_case.back().version = 1;
  ASSERT_TRUE(table_.PutSnapshot(wire::EncodeCase(owes)).ok());
  ASSERT_TRUE(table_.PutSnapshot(wire::EncodeCase(Made(2))).ok());
  table_.Quarantine(IdOf(2), "acme", "its record cannot be read");
  table_.Rest(0);
  EXPECT_THAT(table_.owing(), ElementsAre(IdOf(1)));
  EXPECT_THAT(table_.quarantined(), ElementsAre(IdOf(2)));
  EXPECT_TRUE(table_.Find(IdOf(2))->quarantined());
  table_.Put(Shared(Made(1, 2)));
  EXPECT_THAT(table_.owing(), IsEmpty());
}

TEST_F(CaseTableTest, BytesThatAreNoSnapshotChangeNothing) {
  EXPECT_FALSE(table_.PutSnapshot("\xff\xff").ok());
  EXPECT_EQ(table_.size(), 0u);
}

TEST_F(CaseTableTest, TellsOfEveryMoveAndOfTheEnd) {
  std::vector<std::pair<uint64_t, uint64_t>> moves;
  CaseTable table([&](const Case* before, const Case* after) {
    moves.emplace_back(before != nullptr ? before->version : 0, after != nullptr ? after->version : 0);
  });
  ASSERT_TRUE(table.PutSnapshot(wire::EncodeCase(Made(1))).ok());
  table.Put(Shared(Made(1, 2)));
  table.Rest(0);
  const auto third = Shared(Made(1, 3));
  table.Decided(third, nullptr);
  table.Counted(third);
  table.Clear();
  EXPECT_THAT(moves, ElementsAre(std::pair{0, 1}, std::pair{1, 2}, std::pair{2, 3}, std::pair{0, 0}));
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
}  // namespace escalon::routing
