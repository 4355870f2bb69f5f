#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "tests/unit/domain/fixture.h"

// Steps, passes, the catch-all, leases, limits (DESIGN §6, §7.14).

namespace escalon {
namespace {

using test::Find;
using test::kMonday10;
using test::World;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr InstantMs kSunday2 = kMonday10 - 32 * kHourMs;

TEST(DecideClimb, AP4AtNightWaitsForTheDesk) {
  World w;
  w.now = kSunday2;
  w.OpenAt(Priority::kP4);
  EXPECT_THAT(w.Pages(), IsEmpty());
  EXPECT_EQ(w.All<StepEmpty>().back().held, true);
  EXPECT_EQ(w.c().owner.team, "desk");
  w.RunUntil(kMonday10 - kHourMs);
  EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
  EXPECT_EQ(w.last().at, kMonday10 - kHourMs);
  EXPECT_EQ(w.c().escalations, 0u);
  // One business day from the opening.
  EXPECT_EQ(w.c().clock("step.functional")->due_at, kMonday10 - kHourMs + kDayMs);
}

TEST(DecideClimb, AnEmptyStepIsSkippedAtOnceAroundTheClockAndHeldInBusinessHours) {
  World p1;
  p1.policy.paths[0].functional.steps[1].to.team = "nobody-there";
  p1.OpenAt(Priority::kP1);
  EXPECT_EQ(p1.c().functional.level, "L3");
  EXPECT_FALSE(p1.All<StepEmpty>().back().held);

  World p3;
  p3.policy.paths[0].functional.steps[0].to.team = "nobody-there";
  p3.OpenAt(Priority::kP3);
  EXPECT_EQ(p3.c().functional.level, "L1");
  EXPECT_TRUE(p3.All<StepEmpty>().back().held);
  EXPECT_THAT(p3.Pages(), IsEmpty());
  p3.Run(4 * kHourMs);
  EXPECT_EQ(p3.c().functional.level, "L2");
}

/// The desk's own hours in the roster, Monday to Friday from 09:00 to 17:00; the step itself runs around the clock.
World ClosedDesk() {
  World w;
  w.now = kSunday2;
  RosterDocument document = w.roster->document();
  CalendarSpec hours;
  hours.timezone = "UTC";
  for (size_t day = 0; day < 5; ++day) hours.weekly[day] = {{9 * 60, 17 * 60}};
  document.calendars.push_back({"desk-hours", hours});
  for (Team& team : document.teams) {
    if (team.id == "desk") team.calendar = "desk-hours";
  }
  w.roster = Roster::Build(std::move(document)).value();
  for (PathStep& step : w.policy.paths[0].functional.steps) step.wait_calendar = {};
  return w;
}

TEST(DecideClimb, AHeldStepOfATeamThatIsClosedBeginsWhenItOpens) {
  World w = ClosedDesk();
  w.OpenAt(Priority::kP3);
  EXPECT_THAT(w.Pages(), IsEmpty());
  EXPECT_TRUE(w.All<StepEmpty>().back().held);
  EXPECT_THAT(w.All<StepEmpty>().back().why, HasSubstr("team desk is closed until 2030-05-06T09:00:00"));
  EXPECT_EQ(w.c().owner.team, "desk");
  w.RunUntil(kMonday10 - kHourMs - 1);
  EXPECT_THAT(w.Pages(), IsEmpty());
  w.RunUntil(kMonday10 - kHourMs);
  EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
  EXPECT_EQ(w.c().functional.level, "L1");
  EXPECT_EQ(w.c().escalations, 0u);
  EXPECT_EQ(w.c().clock("step.functional")->due_at, kMonday10 + 3 * kHourMs) << "its wait begins with the step";
}

TEST(DecideClimb, AClosedTeamIsSkippedWhereThePolicySaysSo) {
  World w = ClosedDesk();
  w.OpenAt(Priority::kP2);
  EXPECT_EQ(w.c().functional.level, "L2");
}

TEST(DecideClimb, ALowerLevelIsInformedAlsoWhereAHigherOneIsInformedAtTheSameTime) {
  World w;
  std::vector<Trigger>& triggers = w.policy.paths[0].hierarchical.triggers;
  Trigger executives = triggers[0];
  executives.id = "executives-too";
  executives.level = "EXEC";
  triggers.insert(triggers.begin(), executives);
  w.OpenAt(Priority::kP1);
  std::vector<std::string> informed;
  for (const Escalated& move : w.All<Escalated>()) {
    if (move.inform_only) informed.push_back(move.to_level);
  }
  EXPECT_THAT(informed, ElementsAre("MGR", "EXEC"));
}

/// A P3 of which the executives hear at once, and the managers when two attempts have failed.
World ExecutivesFirst() {
  World w;
  Trigger executives;
  executives.id = "executives";
  executives.level = "EXEC";
  Trigger managers;
  managers.id = "stuck";
  managers.at = Trigger::At::kFactsChanged;
  managers.level = "MGR";
  managers.reason = EscalationReason::kAttempts;
  managers.when.kind = Condition::Kind::kWeighs;
  managers.when.at_least = 10;
  managers.when.factors = {{.field = "attempts_failed", .points = {}, .each = 4, .most = 20},
                           {.field = "complexity", .points = {{"high", 5}}, .missing = 2}};
  w.policy.paths[0].hierarchical.triggers = {executives, managers};
  w.OpenAt(Priority::kP3);
  return w;
}

LogAttempt FailedAttempt() {
  LogAttempt attempt;
  attempt.what = "restarted";
  attempt.worked = false;
  return attempt;
}

TEST(DecideClimb, ALowerLevelIsInformedLaterAlsoWhereAHigherOneWasInformedBefore) {
  World w = ExecutivesFirst();
  ASSERT_EQ(w.c().hierarchical.level, "EXEC");
  w.Must(FailedAttempt(), w.Human("ana"));
  EXPECT_EQ(w.All<Escalated>().back().to_level, "EXEC") << "6 of 10";
  const EventBatch second = w.Must(FailedAttempt(), w.Human("ana"));
  const Escalated* told = Find<Escalated>(second);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->to_level, "MGR");
  EXPECT_TRUE(told->inform_only);
  EXPECT_FALSE(told->counted);
  const NotifyIntended* message = Find<NotifyIntended>(second);
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(message->purpose, IntentPurpose::kInform);
  EXPECT_EQ(w.c().hierarchical.level, "EXEC") << "the track stands as it did";
  EXPECT_EQ(Find<Escalated>(w.Must(FailedAttempt(), w.Human("ana"))), nullptr) << "once is enough";
}

TEST(DecideClimb, WhatHoldsAlreadyAtTheOpeningFiresThen) {
  World w;
  Trigger known;
  known.id = "known-customer";
  known.at = Trigger::At::kFactsChanged;
  known.level = "MGR";
  known.when.kind = Condition::Kind::kCompare;
  known.when.field = "kind";
  known.when.values = {"incident"};
  w.policy.paths[0].hierarchical.triggers = {known};
  w.OpenAt(Priority::kP3);
  ASSERT_FALSE(w.All<Escalated>().empty());
  EXPECT_EQ(w.All<Escalated>().back().to_level, "MGR");
  EXPECT_EQ(Find<Escalated>(w.Must(FailedAttempt(), w.Human("ana"))), nullptr);
}

TEST(DecideClimb, TheTraceOfAWeighedRuleSaysWhatEachFactCounted) {
  World w = ExecutivesFirst();
  w.Must(FailedAttempt(), w.Human("ana"));
  const EventBatch second = w.Must(FailedAttempt(), w.Human("ana"));
  const auto line = std::find_if(second.trace.begin(), second.trace.end(), [](const TraceLine& one) {
    return one.rule == "paths.incident.hierarchical.triggers.stuck";
  });
  ASSERT_NE(line, second.trace.end());
  EXPECT_THAT(line->saw, ElementsAre(testing::Pair("attempts_failed", "2 +8"),
                                     testing::Pair("complexity", "missing +2"), testing::Pair("weight", "10 of 10")));
}

TEST(DecideClimb, APathMayBeForAPriorityAndTheRulesGiveItAtTheOpening) {
  World w;
  Path urgent = w.policy.paths[0];
  urgent.id = "urgent";
  urgent.precedence = 1;
  urgent.when.kind = Condition::Kind::kCompare;
  urgent.when.op = Condition::Op::kIs;
  urgent.when.field = "priority";
  urgent.when.values = {"P1"};
  w.policy.paths.push_back(urgent);
  w.Open(World::Incident(Grade::kHigh, Grade::kHigh));
  EXPECT_EQ(w.c().path, "urgent");

  World other;
  other.policy.paths.push_back(urgent);
  other.Open(World::Incident());
  EXPECT_EQ(other.c().path, other.policy.paths[0].id);
}

TEST(DecideClimb, APassThatTakesNoTimeIsTheLast) {
  World w;
  for (PathStep& step : w.policy.paths[0].functional.steps) step.to.team = "nobody-there";
  w.policy.paths[0].functional.repeat = -1;
  w.OpenAt(Priority::kP2);
  EXPECT_EQ(w.c().functional.step, -1);
  EXPECT_EQ(w.c().owner.team, "duty");
}

TEST(DecideClimb, AStepWithoutWaitTellsAndGoesOnInTheSameRecord) {
  World w;
  w.policy.paths[0].functional.steps[0].wait.values.fill(Target{0});
  w.OpenAt(Priority::kP2);
  EXPECT_EQ(w.Pages().front(), "ana+ben");
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().version, 2u);
}

TEST(DecideClimb, ACaseWithoutAPathGoesStraightToTheCatchAll) {
  World w;
  w.policy.paths.clear();
  w.OpenAt(Priority::kP3);
  EXPECT_EQ(w.c().path, "");
  EXPECT_THAT(w.Pages(), ElementsAre("mia+noa"));
  EXPECT_EQ(w.c().owner.team, "duty");
}

/// What a step's clock takes where neither a step nor a level says it.
std::array<DurationMs, 4> WaitsOf(const std::function<void(World&)>& lead) {
  std::array<DurationMs, 4> waits{};
  for (size_t i = 0; i < 4; ++i) {
    World w;
    w.policy.business_calendar.clear();
    for (Level& level : w.policy.levels) level.response.reset();
    lead(w);
    w.OpenAt(static_cast<Priority>(i + 1));
    w.now += kMinuteMs;
    if (w.c().functional.step != -1) w.Must(Assign{"network", "", ""}, w.Manager("mia"));
    const ClockRun* wait = w.c().clock("step.functional");
    if (wait != nullptr) waits[i] = wait->due_at - wait->started_at;
  }
  return waits;
}

TEST(DecideClimb, OutsideTheStepsTheWaitFollowsFromThePriority) {
  EXPECT_THAT(WaitsOf([](World&) {}), ElementsAre(15 * kMinuteMs, 30 * kMinuteMs, 4 * kHourMs, 8 * kHourMs));
}

TEST(DecideClimb, TheCatchAllIsToldAgainAsThePriorityWants) {
  EXPECT_THAT(WaitsOf([](World& w) { w.policy.paths.clear(); }),
              ElementsAre(15 * kMinuteMs, 30 * kMinuteMs, 2 * kHourMs, 4 * kHourMs));
}

TEST(DecideClimb, ALeaseThatRunsOutTellsTheSameStepAgainAndClimbsFromThere) {
  World w;
  w.OpenAt(Priority::kP1);
  const std::string first = w.c().owner.person;
  w.Must(Acknowledge{}, w.Human(first));
  w.Run(30 * kMinuteMs);
  EXPECT_EQ(w.c().acknowledged_by, "");
  EXPECT_EQ(w.c().state, CaseState::kAssigned);
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().functional.attempt, 1);
  EXPECT_EQ(w.c().escalations, 0u);
  w.Run(10 * kMinuteMs);
  EXPECT_EQ(w.c().functional.level, "L3");
  EXPECT_EQ(w.c().escalations, 1u);
}

TEST(DecideClimb, AnyActOfTheOwnerRenewsTheLease) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Run(kHourMs);
  w.Must(AddNote{Visibility::kInternal, "sealed", false}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("lease")->due_at, w.now + 2 * kHourMs);
  w.Must(AddNote{Visibility::kInternal, "sealed", false}, w.Human("ben"));
  EXPECT_EQ(w.c().clock("lease")->generation, 2u);
}

TEST(DecideClimb, OnlyTheStepItsTeamOrHigherMayAcknowledge) {
  World w;
  w.OpenAt(Priority::kP1);  // at network
  const auto desk = w.Do(Acknowledge{}, w.Human("ana"));
  ASSERT_FALSE(desk.ok());
  EXPECT_EQ(desk.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(desk.error().message, HasSubstr("network"));
  EXPECT_TRUE(w.Do(Acknowledge{}, w.Human("eva")).ok());  // engineering stands higher
}

TEST(DecideClimb, AnIntegrationAcknowledgesForAPersonOnly) {
  World w;
  w.OpenAt(Priority::kP2);
  EXPECT_THAT(w.Do(Acknowledge{Track::kFunctional, "slack", ""}, w.Source()).error().message,
              HasSubstr("on_behalf_of"));
  w.Must(Acknowledge{Track::kFunctional, "slack", "ana"}, w.Source());
  EXPECT_EQ(w.c().acknowledged_by, "ana");
}

TEST(DecideClimb, TheSecondToAcknowledgeIsToldWhoWasFirst) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  EXPECT_THAT(w.Do(Acknowledge{}, w.Human("ben")).error().message, HasSubstr("ana has acknowledged it already"));
}

TEST(DecideClimb, TheHierarchicalTrackIsNotStoppedByAFunctionalAcknowledgement) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  for (int i = 0; i < 4; ++i) {  // the lease is kept up
    w.Run(90 * kMinuteMs);
    w.Must(LogAttempt{"restarted", true}, w.Human("ana"));
  }
  // 75 % of eight hours.
  EXPECT_EQ(w.c().hierarchical.level, "MGR");
  EXPECT_EQ(w.c().owner.person, "mia");
  EXPECT_EQ(w.All<Escalated>().back().reason, EscalationReason::kTargetShareUsed);
}

TEST(DecideClimb, ABreachOfAP2ReachesTheExecutiveAndAP3Not) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Run(9 * kHourMs);
  EXPECT_EQ(w.c().hierarchical.level, "EXEC");
  World p3;
  p3.OpenAt(Priority::kP3);
  p3.Run(10 * kDayMs);
  EXPECT_NE(p3.c().hierarchical.level, "EXEC");
}

TEST(DecideClimb, AManualEscalationEndsTheAcknowledgementAndNeverGoesBack) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(Escalate{Track::kFunctional, "", EscalationReason::kSkill, "", false}, w.Human("ana"));
  EXPECT_EQ(w.c().acknowledged_by, "");
  EXPECT_EQ(w.c().clock("lease"), nullptr);
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().escalations, 1u);
  EXPECT_THAT(w.c().gave_up, Contains("ana"));
}

TEST(DecideClimb, GoingPastALevelNeedsAReasonAndListsWhatWasPassed) {
  World w;
  w.OpenAt(Priority::kP2);
  EXPECT_THAT(w.Do(Escalate{Track::kFunctional, "L3", EscalationReason::kComplexity, "", false}, w.Human("ana"))
                  .error()
                  .message,
              HasSubstr("text"));
  const EventBatch batch =
      w.Must(Escalate{Track::kFunctional, "L3", EscalationReason::kComplexity, "kernel panic", false}, w.Human("ana"));
  EXPECT_THAT(Find<Escalated>(batch)->skipped_levels, ElementsAre("L2"));
  EXPECT_EQ(w.c().owner.person, "eva");
}

TEST(DecideClimb, AnUnknownOrLowerLevelIsRefusedByName) {
  World w;
  w.OpenAt(Priority::kP1);
  EXPECT_THAT(
      w.Do(Escalate{Track::kFunctional, "L9", EscalationReason::kSkill, "x", false}, w.Human("eva")).error().message,
      HasSubstr("use one of: L1, L2, L3"));
  EXPECT_THAT(
      w.Do(Escalate{Track::kFunctional, "L1", EscalationReason::kSkill, "x", false}, w.Human("eva")).error().message,
      HasSubstr("de_escalate"));
}

TEST(DecideClimb, TwoEscalationsWithinTheCooldownEndAtTheCatchAllWithAReview) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Escalate{Track::kFunctional, "", EscalationReason::kSkill, "", false}, w.Human("ana"));
  w.Run(kMinuteMs);
  w.Must(Escalate{Track::kFunctional, "", EscalationReason::kSkill, "", false}, w.Human(w.c().owner.person));
  EXPECT_EQ(w.c().functional.step, -1);
  EXPECT_THAT(w.All<NotifyIntended>(), Contains(Field(&NotifyIntended::message, "review")));
}

TEST(DecideClimb, AnEmergencyKnowsNoCooldown) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Escalate{Track::kFunctional, "", EscalationReason::kSkill, "", false}, w.Human("ana"));
  w.Must(Escalate{Track::kFunctional, "", EscalationReason::kSafety, "smoke", true}, w.Human(w.c().owner.person));
  EXPECT_EQ(w.c().functional.level, "L3");
}

TEST(DecideClimb, TooManyEscalationsEndAtTheCatchAll) {
  World w;
  w.policy.limits.escalations_per_case = 2;
  w.OpenAt(Priority::kP2);
  w.Run(3 * kDayMs);
  EXPECT_EQ(w.c().functional.step, -1);
  EXPECT_EQ(w.c().escalations, 2u);
  EXPECT_THAT(w.All<Escalated>(), Contains(Field(&Escalated::text, HasSubstr("limits.escalations_per_case"))));
}

TEST(DecideClimb, NobodyReachedClimbsAtOnce) {
  World w;
  w.OpenAt(Priority::kP1);
  const OpenIntent page = w.c().intents.front();
  w.Must(ReportNobodyReached{page.version, page.intent.index, "all channels failed"}, w.Service());
  EXPECT_EQ(w.c().functional.level, "L3");
  EXPECT_EQ(w.All<Escalated>().back().reason, EscalationReason::kNobodyReached);
  const auto late = w.Do(ReportNobodyReached{page.version, page.intent.index, "again"}, w.Service());
  ASSERT_TRUE(late.ok());
  EXPECT_EQ(late->outcome, OutcomeKind::kUnchanged);
}

TEST(DecideClimb, ALevelsOwnTargetActsWhenItIsSooner) {
  World w;
  w.policy.levels[0].response = Target{10 * kMinuteMs};
  w.OpenAt(Priority::kP3);  // its step waits four hours
  w.Run(10 * kMinuteMs);
  EXPECT_EQ(w.c().functional.level, "L1");  // at the deadline is in time
  w.Run(1);
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.All<Escalated>().back().reason, EscalationReason::kNoResponse);
}

TEST(DecideClimb, DeEscalationNeedsGuidanceAndGivesTheLowerLevelItsOwnWait) {
  World w;
  w.OpenAt(Priority::kP1);
  w.Run(10 * kMinuteMs);
  w.Must(Acknowledge{}, w.Human("eva"));
  const InstantMs resolution = w.c().clock("resolution")->due_at;
  EXPECT_THAT(w.Do(DeEscalate{Track::kFunctional, "L1", "", 0}, w.Human("eva")).error().message, HasSubstr("guidance"));
  w.Must(DeEscalate{Track::kFunctional, "L1", "restart the relay", 4}, w.Human("eva"));
  EXPECT_EQ(w.c().functional.level, "L1");
  EXPECT_EQ(w.c().acknowledged_by, "");
  EXPECT_EQ(w.c().owner.team, "desk");
  EXPECT_EQ(w.c().clock("resolution")->due_at, resolution);
  ASSERT_NE(w.c().clock("step.functional"), nullptr);
  EXPECT_EQ(w.All<Rated>().back().score, 4);
  EXPECT_TRUE(w.Do(Acknowledge{}, w.Human("ben")).ok());
}

TEST(DecideClimb, AssignmentByAPersonMovesThePageAndCounts) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(kMinuteMs);
  w.Must(Assign{"", "eva", "knows it"}, w.Human("ana"));
  EXPECT_EQ(w.c().owner.person, "eva");
  EXPECT_EQ(w.c().reassignments, 1u);
  EXPECT_EQ(w.Pages().back(), "eva");
  ASSERT_EQ(w.c().intents.size(), 1u);  // the desk is not woken any more
  EXPECT_THAT(w.Do(Assign{"", "nobody", ""}, w.Human("ana")).error().message, HasSubstr("no such person"));
  w.Run(31 * kMinuteMs);
  EXPECT_EQ(w.c().functional.level, "L2");  // it climbs from there
}

TEST(DecideClimb, AWithdrawnAcknowledgementDoesNotGoStraightBack) {
  World w;
  w.OpenAt(Priority::kP1);
  const std::string first = w.c().owner.person;
  w.Must(Acknowledge{}, w.Human(first));
  w.Must(WithdrawAcknowledgement{Track::kFunctional, "must leave"}, w.Human(first));
  EXPECT_NE(w.c().owner.person, first);
  EXPECT_EQ(w.c().functional.level, "L2");
}

}  // namespace
}  // namespace escalon
