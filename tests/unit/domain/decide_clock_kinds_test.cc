#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// Clocks with words of the policy's own, of a regulator, of a vendor, and one for each visit to a team (DESIGN §7.8).

namespace escalon {
namespace {

using test::Find;
using test::kMonday10;
using test::RuleOf;
using test::World;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

const ClockStopped* Stopped(const World& w, const std::string& name) {
  static ClockStopped last;
  const ClockStopped* found = nullptr;
  for (const ClockStopped& one : w.All<ClockStopped>()) {
    if (one.name != name) continue;
    last = one;
    found = &last;
  }
  return found;
}

TEST(Milestones, StartAndStopTheClocksThatNameThem) {
  World w;
  w.OpenAt(Priority::kP2);
  EXPECT_EQ(w.c().clock("early_warning"), nullptr);
  w.Run(kHourMs);
  w.Must(RecordMilestone{"classified_significant", "a breach of data"}, w.Human("ana"));
  ASSERT_NE(w.c().clock("early_warning"), nullptr);
  EXPECT_EQ(w.c().clock("early_warning")->due_at, w.now + kDayMs);
  w.Run(2 * kHourMs);
  w.Must(RecordMilestone{"authority_informed", ""}, w.Human("mia"));
  EXPECT_EQ(w.c().clock("early_warning"), nullptr);
  EXPECT_TRUE(Stopped(w, "early_warning")->met);
  ASSERT_THAT(w.c().milestones, SizeIs(2));
  EXPECT_EQ(w.c().milestones[1].at, w.now);
}

TEST(Milestones, OnlyThoseOfThePolicyAreTaken) {
  World w;
  w.OpenAt(Priority::kP2);
  const auto refused = w.Do(RecordMilestone{"full_moon", ""}, w.Human("ana"));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("use one of: classified_significant, authority_informed"));
}

TEST(Milestones, ATrustedSourceMaySayWhenTheyWereReached) {
  World w;
  w.OpenAt(Priority::kP2);
  w.now += 2 * kHourMs;
  Command command = w.CommandOf(RecordMilestone{"classified_significant", ""}, w.Source());
  command.occurred_at = w.now - 30 * kMinuteMs;
  const auto batch = w.Send(command);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(w.c().clock("early_warning")->started_at, command.occurred_at);
  EXPECT_EQ(batch->occurred_at, command.occurred_at);
  w.Run(kDayMs);
  ASSERT_NE(w.c().clock("early_warning")->breached_at, 0);
  command = w.CommandOf(RecordMilestone{"authority_informed", ""}, w.Source());
  command.occurred_at = w.now - kHourMs;
  const auto stopped = w.Send(command);
  ASSERT_TRUE(stopped.ok());
  EXPECT_NE(Find<BreachAnnulled>(*stopped), nullptr);
}

TEST(RegulatoryClocks, NeitherAPauseNorAResolutionStopsThem) {
  World w;
  w.OpenAt(Priority::kP2);
  RuleOf(w.policy, "early_warning").pausing_reasons = {"any"};  // refused by validation, and without effect
  w.Must(RecordMilestone{"classified_significant", ""}, w.Human("ana"));
  const InstantMs due_at = w.c().clock("early_warning")->due_at;
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  EXPECT_FALSE(w.c().clock("early_warning")->paused());
  w.Must(Resolve{}, w.Human("ana"));
  ASSERT_NE(w.c().clock("early_warning"), nullptr);
  EXPECT_EQ(w.c().clock("early_warning")->due_at, due_at);
  w.now = due_at + 1;
  ASSERT_TRUE(w.Due("early_warning").ok());
  EXPECT_THAT(w.c().breaches, Contains(Pair("early_warning", due_at)));
}

TEST(VendorClocks, RunWhileTheCaseWaitsForTheVendor) {
  World w;
  ClockRule vendor = RuleOf(w.policy, "response");
  vendor.name = "vendor";
  vendor.start_on = {"pending_vendor"};
  vendor.stop_on = {"resumed"};
  w.policy.clocks.push_back(vendor);
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("vendor"), nullptr);
  w.Must(Resume{""}, w.Human("ana"));
  w.Must(Pause{"vendor", 0, ""}, w.Human("ana"));
  ASSERT_NE(w.c().clock("vendor"), nullptr);
  EXPECT_EQ(w.c().clock("vendor")->due_at, w.now + 30 * kMinuteMs);
  w.Run(10 * kMinuteMs);
  w.Must(Resume{"they answered"}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("vendor"), nullptr);
  EXPECT_TRUE(Stopped(w, "vendor")->met);
  w.Must(Pause{"vendor", 0, ""}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("vendor")->generation, 2u);
  w.Run(31 * kMinuteMs);
  w.Must(Resolve{}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("vendor"), nullptr) << "nobody is waited for any more";
  EXPECT_FALSE(Stopped(w, "vendor")->met);
}

TEST(VendorSteps, TellTheVendorAndLeaveTheCaseWithItsOwner) {
  World w;
  w.policy.paths[0].functional.steps[1].to = {};
  w.policy.paths[0].functional.steps[1].to.vendor = "carrier";
  ClockRule contract = RuleOf(w.policy, "response");
  contract.name = "carrier";
  contract.start_on = {"vendor_told"};
  contract.stop_on = {"carrier_answered"};
  w.policy.clocks.push_back(contract);
  w.OpenAt(Priority::kP2);
  const Owner owner = w.c().owner;
  w.Run(15 * kMinuteMs);
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().owner, owner);
  const auto* told = Find<NotifyIntended>(w.last());
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->audience, Audience::kProvider);
  EXPECT_EQ(told->team, "carrier");
  EXPECT_THAT(told->people, IsEmpty());
  ASSERT_NE(w.c().clock("carrier"), nullptr);
  w.Run(30 * kMinuteMs);
  EXPECT_EQ(w.c().functional.level, "L3") << "the step's wait climbs as ever";
  w.Must(RecordMilestone{"carrier_answered", ""}, w.Human("eva"));
  EXPECT_EQ(w.c().clock("carrier"), nullptr);
}

TEST(VendorSteps, AVendorWithoutContactIsAnEmptyStep) {
  World w;
  w.policy.paths[0].functional.steps[1].to = {};
  w.policy.paths[0].functional.steps[1].to.vendor = "nobody";
  w.OpenAt(Priority::kP2);
  w.Run(15 * kMinuteMs);
  EXPECT_EQ(w.c().functional.level, "L3");
}

class VisitClock : public testing::Test {
 protected:
  void SetUp() override {
    ClockRule& owner = RuleOf(w_.policy, "owner");
    owner.per_visit = true;
    owner.resume_on_return = true;
    w_.policy.limits.reassignments = 100;
    w_.policy.paths[0].functional.lease.values.fill(0);
    w_.OpenAt(Priority::kP1);  // at network: two hours
    w_.Must(Acknowledge{}, w_.Human("cho"));
  }
  const ClockRun& owner() const { return *w_.c().clock("owner"); }
  void GiveTo(const std::string& team, const std::string& person) {
    w_.Must(Assign{team, person, ""}, w_.Manager("mia"));
    w_.Must(Acknowledge{}, w_.Human(person));
  }

  World w_;
};

TEST_F(VisitClock, GoesOnWhereItLeftWhenTheCaseComesBackToTheTeam) {
  w_.Run(30 * kMinuteMs);
  GiveTo("desk", "ana");
  EXPECT_EQ(owner().started_at, w_.now) << "a visit of its own";
  EXPECT_EQ(owner().due_at, w_.now + 2 * kHourMs);
  w_.Run(20 * kMinuteMs);
  GiveTo("network", "cho");
  EXPECT_EQ(owner().due_at, w_.now + 90 * kMinuteMs) << "half an hour was used";
  w_.Run(15 * kMinuteMs);
  GiveTo("desk", "ana");
  EXPECT_EQ(owner().due_at, w_.now + 100 * kMinuteMs);
  ASSERT_THAT(w_.c().visits, SizeIs(2));
}

TEST_F(VisitClock, BeginsAnewWhereTheRuleSaysRestart) {
  RuleOf(w_.policy, "owner").resume_on_return = false;
  w_.Run(30 * kMinuteMs);
  GiveTo("desk", "ana");
  w_.Run(20 * kMinuteMs);
  GiveTo("network", "cho");
  EXPECT_EQ(owner().due_at, w_.now + 2 * kHourMs);
}

TEST_F(VisitClock, ABreachIsOfItsVisitAndIsNotRaisedAgainOnReturn) {
  w_.Run(2 * kHourMs + 1);
  ASSERT_NE(owner().breached_at, 0);
  GiveTo("desk", "ana");
  EXPECT_FALSE(Stopped(w_, "owner")->met);
  EXPECT_EQ(owner().breached_at, 0) << "the desk has kept its own so far";
  w_.Run(kHourMs);
  const size_t broken = w_.All<Breached>().size();
  GiveTo("network", "cho");
  EXPECT_TRUE(Stopped(w_, "owner")->met);
  EXPECT_NE(owner().breached_at, 0);
  EXPECT_THAT(w_.All<Breached>(), SizeIs(broken));
}

TEST_F(VisitClock, PausesWithinAVisitCountAsPausesOfIt) {
  w_.Run(30 * kMinuteMs);
  w_.Must(Pause{"customer", 0, ""}, w_.Human("cho"));
  w_.Run(kHourMs);
  w_.Must(Resume{""}, w_.Human("cho"));
  GiveTo("desk", "ana");
  w_.Run(kHourMs);
  GiveTo("network", "cho");
  EXPECT_EQ(owner().due_at, w_.now + 90 * kMinuteMs);
}

TEST_F(VisitClock, GoesOnAfterAReopening) {
  w_.Run(30 * kMinuteMs);
  w_.Must(Resolve{}, w_.Human("cho"));
  EXPECT_EQ(w_.c().clock("owner"), nullptr);
  w_.Run(5 * kHourMs);
  w_.Must(RejectResolution{"still slow"}, w_.Requester());
  ASSERT_NE(w_.c().clock("owner"), nullptr);
  EXPECT_EQ(owner().due_at, w_.now + 90 * kMinuteMs);
}

TEST_F(VisitClock, MayBeAsLongAsTheLevelMayTake) {
  RuleOf(w_.policy, "owner").level_target = true;
  GiveTo("desk", "ana");
  EXPECT_EQ(w_.c().clock("owner"), nullptr) << "the level says nothing";
  w_.policy.levels[1].response = Target{45 * kMinuteMs};
  GiveTo("network", "cho");
  EXPECT_EQ(owner().target, Target{45 * kMinuteMs});
  w_.policy.levels[1].resolution = Target{3 * kHourMs};
  GiveTo("desk", "ana");
  EXPECT_EQ(owner().target, Target{3 * kHourMs});
}

TEST(Resolution, EndsThePromisesOfEveryDeskAlsoWhereTheirRulesDoNotSaySo) {
  World w;
  w.policy.clocks.push_back(RuleOf(w.policy, "resolution"));
  w.policy.clocks.back().name = "workaround";
  const std::vector<std::string> of_every_desk = {"acknowledgement", "response", "resolution", "update", "owner"};
  for (const char* name : {"acknowledgement", "response", "resolution", "update", "owner", "workaround"}) {
    ClockRule& rule = RuleOf(w.policy, name);
    rule.start_on = {"opened"};
    rule.stop_on = {"authority_informed"};
  }
  w.OpenAt(Priority::kP2);
  for (const std::string& name : of_every_desk) ASSERT_NE(w.c().clock(name), nullptr) << name;
  w.Must(Resolve{}, w.Human("ana"));
  for (const std::string& name : of_every_desk) EXPECT_EQ(w.c().clock(name), nullptr) << name;
  EXPECT_NE(w.c().clock("workaround"), nullptr) << "it ends with the word of its own";
}

TEST(Resolution, IsNoPauseOfAClockThatItDoesNotStop) {
  World w;
  ClockRule audit = RuleOf(w.policy, "response");
  audit.name = "audit";
  audit.stop_on = {"audited"};
  audit.target.of(Priority::kP2).reset();  // no such promise before the priority rises
  audit.warnings.clear();
  w.policy.clocks.push_back(audit);
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Run(5 * kMinuteMs);
  w.Must(Resolve{}, w.Human("ana"));
  w.Run(5 * kMinuteMs);
  w.Must(RejectResolution{"still slow"}, w.Requester());
  w.Must(SetPriority{Priority::kP1, false, "spreads"}, w.Human("ana"));
  ASSERT_NE(w.c().clock("audit"), nullptr);
  EXPECT_EQ(w.c().clock("audit")->due_at, kMonday10 + 15 * kMinuteMs) << "resolved time counts on it";
  EXPECT_GT(w.c().clock("resolution")->due_at, kMonday10 + 4 * kHourMs);
}

TEST(Resolution, SetsClocksFreeThatOnlyThePauseHadStopped) {
  World w;
  ClockRule audit = RuleOf(w.policy, "response");
  audit.name = "audit";
  audit.stop_on = {"audited"};
  audit.pausing_reasons = {"customer"};
  w.policy.clocks.push_back(audit);
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  ASSERT_TRUE(w.c().clock("audit")->paused());
  w.Run(kHourMs);
  w.Must(Resolve{}, w.Human("ana"));
  EXPECT_FALSE(w.c().clock("audit")->paused());
}

TEST(OccurredAt, IsKeptWithWhateverTheCommandDid) {
  World w;
  w.OpenAt(Priority::kP2);
  w.now += kHourMs;
  Command command = w.CommandOf(LogAttempt{"restart", false}, w.Human("ana"));
  command.occurred_at = w.now - 40 * kMinuteMs;
  const auto batch = w.Send(command);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->occurred_at, command.occurred_at);
  Command ahead = w.CommandOf(LogAttempt{"restart", false}, w.Human("ana"));
  ahead.occurred_at = w.now + 1;
  EXPECT_EQ(w.Send(ahead)->occurred_at, 0) << "nothing has happened that is yet to come";
}

/// Two clocks, and the sooner drives (domain.md §2).
TEST(LevelTargets, AndTheStepsWaitRunSideBySideAndTheSoonerClimbs) {
  for (const DurationMs target : {5 * kMinuteMs, 40 * kMinuteMs}) {
    World w;
    w.policy.levels[0].response = Target{target};
    w.OpenAt(Priority::kP2);  // L1 waits 15 minutes
    ASSERT_NE(w.c().clock("level.response"), nullptr);
    ASSERT_NE(w.c().clock("step.functional"), nullptr);
    const DurationMs sooner = std::min<DurationMs>(target + 1, 15 * kMinuteMs);
    w.Run(sooner - 1);
    EXPECT_EQ(w.c().functional.level, "L1");
    w.Run(1);
    EXPECT_EQ(w.c().functional.level, "L2");
    EXPECT_EQ(w.c().escalations, 1u);
    w.Run(kHourMs / 2 - sooner);
    EXPECT_EQ(w.c().functional.level, "L2") << "the other one went with the level that it was of";
  }
}

}  // namespace
}  // namespace escalon
