#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// An open case goes on under another version of its rules (DESIGN §7.16).

namespace escalon {
namespace {

using test::Find;
using test::kMonday10;
using test::World;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Migration : public ::testing::Test {
 protected:
  Migration() {
    w_.OpenAt(Priority::kP2);
    w_.Run(10 * kMinuteMs);
    w_.next = w_.policy;
    w_.next->version = 4;
  }
  ClockRule& Rule(std::string_view name) { return test::RuleOf(*w_.next, name); }
  Result<EventBatch> Move(const std::string& policy = "desk@4") { return w_.Do(Migrate{policy}, w_.Operator()); }
  EventBatch MustMove() {
    Result<EventBatch> batch = Move();
    EXPECT_TRUE(batch.ok()) << (batch.ok() ? "" : batch.error().message);
    return batch.ok() ? *batch : EventBatch{};
  }

  World w_;
};

TEST_F(Migration, PinsTheCaseAndLeavesTheRestAsItIs) {
  const Case before = w_.c();
  const EventBatch batch = MustMove();
  EXPECT_EQ(w_.c().policy, "desk@4");
  EXPECT_THAT(batch.events, ::testing::SizeIs(1)) << "nothing else is different";
  EXPECT_EQ(w_.c().functional, before.functional);
  EXPECT_EQ(w_.c().priority, before.priority);
  EXPECT_EQ(w_.c().clocks, before.clocks);
  EXPECT_EQ(Find<PolicyMigrated>(batch)->from, "desk@3");
  EXPECT_EQ(Find<PolicyMigrated>(batch)->person, "opal");
}

TEST_F(Migration, CountsPromisesAnewFromTheirOwnStart) {
  Rule("resolution").target.of(Priority::kP2) = Target{6 * kHourMs};
  MustMove();
  EXPECT_EQ(w_.c().clock("resolution")->due_at, kMonday10 + 6 * kHourMs);
}

TEST_F(Migration, BreaksAtOnceWhatIsOverdueByTheNewRulesAndSaysWhy) {
  Rule("response").target.of(Priority::kP2) = Target{5 * kMinuteMs};
  const EventBatch batch = MustMove();
  const auto* broken = Find<Breached>(batch);
  ASSERT_NE(broken, nullptr);
  EXPECT_EQ(broken->name, "response");
  EXPECT_THAT(broken->why, HasSubstr("desk@4"));
}

TEST_F(Migration, StopsWhatIsNoPromiseAnyMoreAndStartsWhatIsNew) {
  std::erase_if(w_.next->clocks, [](const ClockRule& rule) { return rule.name == "acknowledgement"; });
  ClockRule fix = Rule("resolution");
  fix.name = "fix";
  w_.next->clocks.push_back(fix);
  const EventBatch batch = MustMove();
  EXPECT_EQ(w_.c().clock("acknowledgement"), nullptr);
  ASSERT_NE(w_.c().clock("fix"), nullptr);
  EXPECT_EQ(w_.c().clock("fix")->started_at, kMonday10);
  EXPECT_EQ(Find<ClockStopped>(batch)->why, ClockStopped::kCancelled) << "neither kept nor broken";
}

TEST_F(Migration, DoesNotStartAgainWhatWasKept) {
  const AddNote reply{Visibility::kPublic, "sealed", false};
  w_.Must(Acknowledge{}, w_.Human("ana"));
  w_.Must(reply, w_.Human("ana"));
  ClockRule audit = Rule("response");
  audit.name = "audit";
  audit.stop_on = {"audited"};
  w_.policy.clocks.push_back(audit);
  w_.next->clocks.push_back(audit);
  MustMove();
  ASSERT_NE(w_.c().clock("audit"), nullptr);
  w_.Must(RecordMilestone{"audited", ""}, w_.Human("ana"));
  ASSERT_TRUE(Move("desk@3").ok()) << "and back";
  EXPECT_EQ(w_.c().clock("audit"), nullptr);
  EXPECT_EQ(w_.c().clock("response"), nullptr);
  EXPECT_EQ(w_.c().clock("acknowledgement"), nullptr);
}

TEST_F(Migration, TakesNewWarningsToAnOldDeadlineAndRaisesNoneOfThePast) {
  Rule("response").warnings = {WarningRule::Percent(10), {WarningRule::Kind::kBefore, 5 * kMinuteMs}};
  MustMove();  // a third of the half hour is gone
  w_.Run(20 * kMinuteMs);
  std::vector<std::string> warned;
  for (const ClockFired& fired : w_.All<ClockFired>()) {
    if (fired.name == "response" && fired.alarm.kind == AlarmKind::kWarning)
      warned.push_back(SpokenPlace(fired.alarm.place));
  }
  EXPECT_THAT(warned, ::testing::ElementsAre("5m before the deadline"));
}

TEST_F(Migration, AWaitStopsWhatTheNewRulesSayThatItStops) {
  w_.Must(Acknowledge{}, w_.Human("ana"));
  w_.Must(Pause{"customer", 0, ""}, w_.Human("ana"));
  ASSERT_TRUE(w_.c().clock("resolution")->paused());
  ASSERT_FALSE(w_.c().clock("response")->paused());
  Rule("resolution").pausing_reasons.clear();
  Rule("response").pausing_reasons = {"customer"};
  MustMove();
  EXPECT_FALSE(w_.c().clock("resolution")->paused());
  EXPECT_TRUE(w_.c().clock("response")->paused());
}

TEST_F(Migration, FindsItsLevelAgainOnAnotherPlaceOfThePath) {
  ASSERT_EQ(w_.c().functional.step, 0);
  std::swap(w_.next->paths[0].functional.steps[0], w_.next->paths[0].functional.steps[1]);
  MustMove();
  EXPECT_EQ(w_.c().functional.step, 1);
  EXPECT_EQ(w_.c().functional.level, "L1");
  ASSERT_FALSE(w_.c().intents.empty());
  EXPECT_TRUE(StillWanted(w_.c(), w_.c().intents[0].version, w_.c().intents[0].intent)) << "the page is still about it";
  ASSERT_NE(w_.c().clock("step.functional"), nullptr) << "its wait goes on";
  w_.Run(kHourMs);
  EXPECT_NE(w_.c().functional.level, "L1") << "and leads on";
}

TEST_F(Migration, TakesThePathThatFitsWhereItsOwnIsGone) {
  w_.next->paths[0].id = "incident-new";
  MustMove();
  EXPECT_EQ(w_.c().path, "incident-new");
  EXPECT_EQ(w_.c().functional.step, 0);
}

TEST_F(Migration, StaysOutsideTheStepsWhereThePathHasNoneForItsLevel) {
  w_.next->paths[0].functional.steps.erase(w_.next->paths[0].functional.steps.begin());
  MustMove();
  EXPECT_EQ(w_.c().functional.step, -2);
  w_.Run(kHourMs);
  EXPECT_NE(w_.c().functional.level, "L1") << "it still leads on";
}

TEST_F(Migration, IsRefusedWhereTheCaseCouldNotGoOn) {
  const auto unknown = Move("desk@9");
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().message, HasSubstr("no version 'desk@9' is known"));
  w_.next->levels.erase(w_.next->levels.begin());
  const auto levels = Move();
  ASSERT_FALSE(levels.ok());
  EXPECT_EQ(levels.error().code, ErrorCode::kWrongState);
  EXPECT_THAT(levels.error().message, HasSubstr("level L1"));
  EXPECT_FALSE(Move("").ok());
  const auto same = Move("desk@3");
  ASSERT_TRUE(same.ok());
  EXPECT_THAT(same->events, IsEmpty());
  EXPECT_EQ(w_.c().policy, "desk@3");
}

TEST_F(Migration, IsForWhoeverMayApplyAPolicy) {
  const auto refused = w_.Do(Migrate{"desk@4"}, w_.Human("ana"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(w_.Do(Migrate{"desk@4"}, w_.Manager("mia")).ok());
}

TEST_F(Migration, LeavesADeadlineFromAChangeWhereItsRuleHasNotChanged) {
  for (Policy* policy : {&w_.policy, &*w_.next}) {
    for (ClockRule& rule : policy->clocks) rule.on_priority_change = ClockRule::OnChange::kFromChange;
  }
  w_.Must(SetPriority{Priority::kP1, false, "spreads"}, w_.Manager("mia"));
  const InstantMs due_at = w_.c().clock("resolution")->due_at;
  w_.Run(kMinuteMs);
  MustMove();
  EXPECT_EQ(w_.c().clock("resolution")->due_at, due_at);
}

TEST_F(Migration, IsForOpenCases) {
  w_.Must(Resolve{}, w_.Manager("mia"));
  const auto refused = Move();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kWrongState);
}

}  // namespace
}  // namespace escalon
