#include "services/intake/application/placement.h"

#include <gtest/gtest.h>

#include <set>

namespace escalon::intake {
namespace {

constexpr InstantMs kNow = 1'900'000'000'000;

TEST(Placement, DedupKeyDecidesTheBucketBeforeTheIdempotencyKey) {
  const Placement placed = Place({"acme", "shop", "alert-7", "retry-1"}, kNow, 3, RollDice());
  EXPECT_EQ(placed.case_id.bucket(), BucketOf("acme", "alert-7"));
  EXPECT_EQ(placed.case_id.cell(), 3);
  EXPECT_EQ(placed.case_id.created_at(), kNow);
}

TEST(Placement, IdempotencyKeyDecidesTheBucketWithoutADedupKey) {
  EXPECT_EQ(Place({"acme", "shop", "", "retry-1"}, kNow, 0, RollDice()).case_id.bucket(), BucketOf("acme", "retry-1"));
}

TEST(Placement, SameKeyOfTwoTenantsDoesNotMeet) {
  EXPECT_NE(Place({"acme", "shop", "alert-7", ""}, kNow, 0, RollDice()).case_id.bucket(),
            Place({"globex", "shop", "alert-7", ""}, kNow, 0, RollDice()).case_id.bucket());
}

TEST(Placement, WithoutKeysCasesSpreadOverTheBuckets) {
  std::set<int> buckets;
  for (int i = 0; i < 64; ++i) buckets.insert(Place({"acme", "shop", "", ""}, kNow, 0, RollDice()).case_id.bucket());
  EXPECT_GT(buckets.size(), 50u);
}

TEST(Placement, CommandIdFollowsFromTheIdempotencyKeyOfTheSource) {
  const std::string first = Place({"acme", "shop", "", "k"}, kNow, 0, RollDice()).command_id;
  EXPECT_EQ(first, Place({"acme", "shop", "d", "k"}, kNow + 1, 0, RollDice()).command_id);
  EXPECT_NE(first, Place({"acme", "desk", "", "k"}, kNow, 0, RollDice()).command_id);
  EXPECT_NE(first, Place({"acme", "shop", "", "l"}, kNow, 0, RollDice()).command_id);
  EXPECT_LE(first.size(), 128u);
}

TEST(Placement, CommandIdIsFreshWithoutAnIdempotencyKey) {
  EXPECT_NE(Place({"acme", "shop", "d", ""}, kNow, 0, RollDice()).command_id,
            Place({"acme", "shop", "d", ""}, kNow, 0, RollDice()).command_id);
}

TEST(Placement, TwoCasesOfOneKeyHaveTwoIds) {
  EXPECT_NE(Place({"acme", "shop", "d", "k"}, kNow, 0, RollDice()).case_id,
            Place({"acme", "shop", "d", "k"}, kNow, 0, RollDice()).case_id);
}

}  // namespace
}  // namespace escalon::intake
