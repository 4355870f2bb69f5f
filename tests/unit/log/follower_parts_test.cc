#include <gtest/gtest.h>

#include "common/log/follower_start.h"
#include "common/log/position_text.h"
#include "common/log/rejoin_pause.h"
#include "common/log/shard_progress.h"
#include "tests/unit/log/records.h"

namespace escalon::log {
namespace {

const Position kSaved{50, 3, OwnerNamed(3), 9};
const Position kBaseFloor{30, 2, OwnerNamed(2), 4};

StartFacts Facts(int64_t low, int64_t high) {
  StartFacts facts;
  facts.ends = {low, high};
  return facts;
}

StartFacts Saved(int64_t low, int64_t high) {
  StartFacts facts = Facts(low, high);
  facts.committed = kSaved.offset;
  facts.metadata = FormatPosition(kSaved);
  facts.base = kBaseFloor;
  return facts;
}

TEST(FollowerStartChoice, IsTheSavedPositionWhenTheLogHasIt) {
  for (const StartFacts& facts : {Saved(0, 100), Saved(50, 50)}) {
    const Result<StartChoice> choice = ChooseStart(facts);
    ASSERT_TRUE(choice.ok());
    EXPECT_EQ(choice.value().start.at, kSaved);
    EXPECT_EQ(choice.value().start.reason, StartReason::kCommitted);
    EXPECT_EQ(choice.value().alarm, "");
  }
}

TEST(FollowerStartChoice, reader_behind_retention_restarts_at_base) {
  StartFacts facts = Saved(60, 100);
  facts.base = Position{70, 4, OwnerNamed(4), 2};
  const Result<StartChoice> choice = ChooseStart(facts);
  ASSERT_TRUE(choice.ok());
  EXPECT_EQ(choice.value().start.at, *facts.base);
  EXPECT_EQ(choice.value().start.reason, StartReason::kBaseAfterLoss);
  EXPECT_NE(choice.value().alarm, "");
}

TEST(FollowerStartChoice, DistrustsASavedOffsetWithoutItsPosition) {
  for (const char* metadata : {"", "p1 49 3 03030303030303030303030303030303 9", "garbage"}) {
    StartFacts facts = Saved(0, 100);
    facts.metadata = metadata;
    EXPECT_EQ(ChooseStart(facts).value().start.reason, StartReason::kBaseAfterLoss) << metadata;
  }
}

TEST(FollowerStartChoice, DistrustsASavedOffsetBeyondTheEnd) {
  const Result<StartChoice> choice = ChooseStart(Saved(0, 49));
  EXPECT_EQ(choice.value().start.at, kBaseFloor);
  EXPECT_EQ(choice.value().start.reason, StartReason::kBaseAfterLoss);
  EXPECT_EQ(ChooseStart(Saved(0, 20)).value().start.at, Position{}) << "the base is beyond the end too";
}

TEST(FollowerStartChoice, OfANewGroupIsTheBaseOrTheBeginning) {
  StartFacts facts = Facts(0, 100);
  EXPECT_EQ(ChooseStart(facts).value().start.reason, StartReason::kBeginning);
  facts.base = kBaseFloor;
  EXPECT_EQ(ChooseStart(facts).value().start.reason, StartReason::kBase);
  EXPECT_EQ(ChooseStart(facts).value().start.at, kBaseFloor);
}

TEST(FollowerStartChoice, IsNoneWhenTheLogHasLostItsBaseToo) {
  StartFacts facts = Facts(40, 100);
  EXPECT_EQ(ChooseStart(facts).error().code, ErrorCode::kNotFound);
  facts.base = kBaseFloor;
  EXPECT_EQ(ChooseStart(facts).error().code, ErrorCode::kNotFound);
}

TEST(ShardProgressTest, TrailsWhatIsDone) {
  ShardProgress progress(kSaved);
  const Position a{51, 3, OwnerNamed(3), 10}, b{53, 3, OwnerNamed(3), 11};
  progress.Delivered(a);
  progress.Delivered(b);
  EXPECT_EQ(progress.outstanding(), 2u);
  progress.Done(49);
  EXPECT_EQ(progress.done(), kSaved);
  progress.Done(51);
  EXPECT_EQ(progress.done(), a) << "offset 52 is the next record that counts";
  progress.Done(52);
  EXPECT_EQ(progress.done(), b);
  EXPECT_EQ(progress.outstanding(), 0u);
}

TEST(RejoinPauseTest, GrowsWhileMembershipsEndSoonAndStartsAnewAfterOneThatHeld) {
  RejoinPause pause;
  RejoinPause::Steady now{};
  for (const int seconds : {1, 2, 4, 8, 16, 30, 30}) {
    pause.Joined(now);
    now += std::chrono::seconds(5);
    EXPECT_EQ(pause.Ended(now), std::chrono::seconds(seconds));
  }
  pause.Joined(now);
  now += std::chrono::minutes(2);
  EXPECT_EQ(pause.Ended(now), RejoinPause::kFirst);
}

}  // namespace
}  // namespace escalon::log
