#include "common/domain/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// The authority matrix (domain.md §2): L1 nothing, L2 500 EUR, L3 5,000, MGR 20,000, EXEC 100,000.

namespace escalon {
namespace {

using test::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Money Euros(int64_t euros) { return {euros * 100, "EUR"}; }

class AuthorityTest : public testing::Test {
 protected:
  void SetUp() override { w_.OpenAt(Priority::kP2); }

  AuthorityVerdict Ask(const std::string& person, const std::string& decision, const Money& amount) {
    const auto verdict = MayDecide(w_.policy, *w_.roster, w_.c(), {person, decision, amount, ""}, w_.now);
    EXPECT_TRUE(verdict.ok()) << (verdict.ok() ? "" : verdict.error().message);
    return verdict.ok() ? *verdict : AuthorityVerdict{};
  }
  std::string FaultOf(const std::string& decision, const Money& amount) {
    const auto verdict = MayDecide(w_.policy, *w_.roster, w_.c(), {"max", decision, amount, ""}, w_.now);
    return verdict.ok() ? "none" : verdict.error().message;
  }
  void Delegate(Delegation delegation) {
    RosterDocument roster = test::DeskRoster();
    roster.delegations = {std::move(delegation)};
    const auto built = Roster::Build(roster);
    ASSERT_TRUE(built.ok()) << built.error().message;
    w_.roster = *built;
  }
  void Spend(const std::string& person, const Money& amount) {
    w_.Must(TakeDecision{"spend", amount, "needed"}, w_.Human(person));
  }

  World w_;
};

TEST_F(AuthorityTest, EachLevelMayUpToItsAmountAndTheRestNamesTheLowestThatMay) {
  struct Row {
    const char* person;
    int64_t euros;
    bool allowed;
    const char* level;
    const char* lowest;
  };
  for (const Row& row :
       {Row{"ana", 0, true, "L1", "L1"}, Row{"ana", 1, false, "L1", "L2"}, Row{"cho", 500, true, "L2", "L2"},
        Row{"cho", 501, false, "L2", "L3"}, Row{"eva", 5'000, true, "L3", "L3"}, Row{"eva", 5'001, false, "L3", "MGR"},
        Row{"mia", 20'000, true, "MGR", "MGR"}, Row{"mia", 20'001, false, "MGR", "EXEC"},
        Row{"max", 100'000, true, "EXEC", "EXEC"}, Row{"max", 100'001, false, "EXEC", ""},
        Row{"noa", 0, false, "", "L1"}, Row{"nobody", 1, false, "", "L2"}}) {
    const AuthorityVerdict verdict = Ask(row.person, "spend", Euros(row.euros));
    EXPECT_EQ(verdict.allowed, row.allowed) << row.person << " " << row.euros;
    EXPECT_EQ(verdict.level, row.level) << row.person << " " << row.euros;
    EXPECT_EQ(verdict.lowest_level, row.lowest) << row.person << " " << row.euros;
  }
  EXPECT_EQ(Ask("cho", "spend", Euros(500)).rule, "levels.L2.may.spend");
  EXPECT_THAT(Ask("cho", "spend", Euros(501)).why, HasSubstr("the lowest level that may is L3"));
}

TEST_F(AuthorityTest, AHigherLevelMayWhatALowerOneMayUnlessItSaysOtherwise) {
  EXPECT_TRUE(Ask("max", "vendor", {}).allowed);
  EXPECT_EQ(Ask("ana", "vendor", {}).lowest_level, "L2");
  w_.policy.levels[3].may.push_back({"vendor", false, {}});
  EXPECT_FALSE(Ask("mia", "vendor", {}).allowed);
  EXPECT_TRUE(Ask("eva", "vendor", {}).allowed);
}

TEST_F(AuthorityTest, AmountsOfAKindAreAddedUpPerCaseSoThatALimitCannotBeSplit) {
  Spend("cho", Euros(300));
  EXPECT_TRUE(Ask("cho", "spend", Euros(200)).allowed);
  const AuthorityVerdict verdict = Ask("cho", "spend", Euros(201));
  EXPECT_FALSE(verdict.allowed);
  EXPECT_EQ(verdict.lowest_level, "L3");
  EXPECT_EQ(verdict.total, Euros(501));
  EXPECT_TRUE(Ask("dan", "spend", Euros(200)).allowed) << "by whomever";
  EXPECT_FALSE(Ask("dan", "spend", Euros(201)).allowed);
}

TEST_F(AuthorityTest, AnotherCurrencyCountsByItsRateOrIsRefused) {
  EXPECT_TRUE(Ask("cho", "spend", {55'555, "USD"}).allowed);
  EXPECT_FALSE(Ask("cho", "spend", {55'556, "USD"}).allowed) << "500.004 EUR, rounded up";
  EXPECT_TRUE(Ask("cho", "spend", {83'333, "JPY"}).allowed);
  EXPECT_FALSE(Ask("cho", "spend", {83'334, "JPY"}).allowed);
  EXPECT_THAT(FaultOf("spend", {100, "CHF"}), HasSubstr("no rate between CHF and EUR under `authority.rates`"));
}

TEST_F(AuthorityTest, WhatCannotBeJudgedIsAFaultOfItsField) {
  EXPECT_THAT(FaultOf("war", {}), HasSubstr("use one of: spend, vendor, exception, credit"));
  EXPECT_THAT(FaultOf("spend", {}), HasSubstr("amount: required"));
  EXPECT_THAT(FaultOf("spend", {-1, "EUR"}), HasSubstr("amount.minor: is negative"));
  EXPECT_THAT(FaultOf("spend", {1, "EURO"}), HasSubstr("amount.currency: is no currency"));
  EXPECT_THAT(FaultOf("vendor", {5, ""}), HasSubstr("amount.currency: is missing"));
  Spend("cho", Euros(1));
  EXPECT_THAT(FaultOf("spend", {INT64_MAX, "EUR"}), HasSubstr("more than can be counted"));
}

TEST_F(AuthorityTest, ADelegateActsByTheDelegatorsAuthorityUntilItEnds) {
  Delegate({"mia", "ana", w_.now, w_.now + kHourMs, {}, {}});
  const AuthorityVerdict verdict = Ask("ana", "spend", Euros(9'000));
  EXPECT_TRUE(verdict.allowed);
  EXPECT_EQ(verdict.delegator, "mia");
  EXPECT_EQ(verdict.level, "MGR");
  EXPECT_TRUE(Ask("ana", "exception", {}).allowed);
  EXPECT_FALSE(Ask("ben", "spend", Euros(9'000)).allowed);
  w_.now += kHourMs - 1;
  EXPECT_TRUE(Ask("ana", "spend", Euros(9'000)).allowed);
  w_.now += 1;
  EXPECT_FALSE(Ask("ana", "spend", Euros(9'000)).allowed) << "half-open: over at its end";
}

TEST_F(AuthorityTest, ADelegationMayBeForSomeKindsAndUpToAnAmountAndIsNotPassedOn) {
  Delegate({"mia", "ana", std::nullopt, w_.now + kHourMs, {"spend"}, Euros(1'000)});
  EXPECT_TRUE(Ask("ana", "spend", Euros(1'000)).allowed);
  EXPECT_FALSE(Ask("ana", "spend", Euros(1'001)).allowed);
  EXPECT_FALSE(Ask("ana", "exception", {}).allowed);
  RosterDocument roster = test::DeskRoster();
  roster.delegations = {{"mia", "ana", std::nullopt, w_.now + kHourMs, {}, {}},
                        {"ana", "ben", std::nullopt, w_.now + kHourMs, {}, {}}};
  w_.roster = *Roster::Build(roster);
  EXPECT_FALSE(Ask("ben", "spend", Euros(1'000)).allowed);
}

TEST_F(AuthorityTest, ADelegatorWhoIsAwayStillHasTheAuthorityOfTheirRole) {
  RosterDocument roster = test::DeskRoster();
  roster.roles = {{"boss", "Boss", {"noa"}, "", ""}};
  roster.absences = {{"noa", std::nullopt, std::nullopt}};
  roster.delegations = {{"noa", "ana", std::nullopt, w_.now + kHourMs, {}, {}}};
  w_.roster = *Roster::Build(roster);
  w_.policy.level_people["MGR"] = {};
  w_.policy.level_people["MGR"].role = "boss";
  EXPECT_TRUE(Ask("ana", "spend", Euros(20'000)).allowed);
}

TEST_F(AuthorityTest, WhoeverHasTheSkillsOfAStepIsOfItsLevel) {
  w_.policy.paths[0].functional.steps[1].to = {};
  w_.policy.paths[0].functional.steps[1].to.skills = {"bgp"};
  EXPECT_TRUE(Ask("cho", "spend", Euros(500)).allowed);
  EXPECT_FALSE(Ask("dan", "spend", Euros(500)).allowed);
}

TEST_F(AuthorityTest, FourEyesAreNeededForTheKindOrFromTheSumOn) {
  EXPECT_TRUE(Ask("max", "credit", {}).four_eyes);
  EXPECT_FALSE(Ask("mia", "spend", Euros(9'999)).four_eyes);
  EXPECT_TRUE(Ask("mia", "spend", Euros(10'000)).four_eyes);
  Spend("mia", Euros(9'000));
  EXPECT_TRUE(Ask("mia", "spend", Euros(1'000)).four_eyes) << "with what was spent before";
}

TEST(Authority, KindsStandInTheOrderOfTheLevels) {
  EXPECT_THAT(DecisionKinds(test::DeskPolicy()), ElementsAre("spend", "vendor", "exception", "credit"));
  EXPECT_THAT(DecisionKinds(Policy{}), IsEmpty());
}

}  // namespace
}  // namespace escalon
