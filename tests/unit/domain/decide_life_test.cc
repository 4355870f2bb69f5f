#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// The life of a case from opening to retirement (DESIGN §6, protocol.md "A case's walk").

namespace escalon {
namespace {

using test::Find;
using test::kMonday10;
using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(DecideLife, OpeningIsOneRecordWithTheTriageClockAndNothingElse) {
  World w;
  const EventBatch batch = w.Open(World::Incident());
  EXPECT_THAT(w.Kinds(batch), ElementsAre("opened", "clock_armed"));
  EXPECT_EQ(batch.outcome, OutcomeKind::kOpened);
  EXPECT_EQ(w.c().state, CaseState::kNew);
  EXPECT_EQ(w.c().path, "incident");
  EXPECT_EQ(w.c().policy, "desk@3");
  ASSERT_NE(w.c().clock("triage"), nullptr);
  EXPECT_EQ(w.c().clock("triage")->due_at, kMonday10 + 5 * kSecondMs);
  EXPECT_THAT(batch.trace, SizeIs(1));
}

TEST(DecideLife, TriageIsOneRecordWithOwnerPathClocksAndPages) {
  World w;
  w.Open(World::Incident());
  const EventBatch batch = w.Must(w.Advice(Priority::kP3), w.Service());
  EXPECT_THAT(w.Kinds(batch),
              ElementsAre("triaged", "clock_stopped", "clock_armed", "clock_armed", "clock_armed", "escalated",
                          "assigned", "clock_armed", "notify_intended", "clock_armed", "notify_intended"));
  EXPECT_EQ(w.c().version, 2u);
  EXPECT_EQ(w.c().state, CaseState::kAssigned);
  EXPECT_EQ(w.c().owner.team, "desk");
  EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
  EXPECT_EQ(w.c().functional.level, "L1");
  EXPECT_EQ(w.c().escalations, 0u);
  ASSERT_NE(w.c().clock("step.functional"), nullptr);
  EXPECT_EQ(w.c().clock("step.functional")->due_at, kMonday10 + 4 * kHourMs);
  ASSERT_NE(w.c().clock("resolution"), nullptr);
}

TEST(DecideLife, TheRequesterHearsOfTheOpeningWithTriage) {
  World w;
  w.OpenAt(Priority::kP3);
  const auto told = w.All<NotifyIntended>();
  EXPECT_THAT(told, Contains(::testing::AllOf(::testing::Field(&NotifyIntended::audience, Audience::kRequester),
                                              ::testing::Field(&NotifyIntended::message, "opened"))));
}

TEST(DecideLife, SilentTriageIsReplacedByTheRulesAfterFiveSeconds) {
  World w;
  w.Open(World::Incident(Grade::kHigh, Grade::kMedium));
  EXPECT_EQ(w.Due("triage").error().code, ErrorCode::kNotYet);
  w.RunUntil(kMonday10 + 5 * kSecondMs);
  EXPECT_EQ(w.c().priority, Priority::kP2);
  EXPECT_TRUE(w.c().triaged_by_fallback);
  EXPECT_THAT(w.last().trace, Contains(::testing::Field(&TraceLine::rule, "priority.matrix")));
}

TEST(DecideLife, AnUnacknowledgedP1ReachesEngineeringAndTheManager) {
  World w;
  w.OpenAt(Priority::kP1);
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().hierarchical.level, "MGR");
  EXPECT_THAT(w.c().hierarchical.people, ElementsAre("mia"));
  w.Run(10 * kMinuteMs);
  EXPECT_EQ(w.c().functional.level, "L3");
  EXPECT_EQ(w.c().owner.person, "eva");
  EXPECT_EQ(w.c().escalations, 1u);
  EXPECT_EQ(w.All<Escalated>().back().reason, EscalationReason::kNoAcknowledgement);
}

TEST(DecideLife, APathThatRunsOutEndsInTheCatchAllLoudlyAndAgain) {
  World w;
  w.OpenAt(Priority::kP1);
  // L2 10m, L3 15m, then the repeated pass L1 5m, L2 10m, L3 15m.
  w.Run(55 * kMinuteMs);
  EXPECT_EQ(w.c().functional.step, -1);
  EXPECT_EQ(w.c().owner.team, "duty");
  EXPECT_EQ(w.Pages().back(), "mia+noa");
  const size_t pages = w.Pages().size();
  w.Run(15 * kMinuteMs);
  EXPECT_GT(w.Pages().size(), pages);
  EXPECT_EQ(w.c().functional.attempt, 1);
}

TEST(DecideLife, AnAcknowledgementStopsTheClimb) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(kMinuteMs);
  w.Must(Acknowledge{Track::kFunctional, "chat", ""}, w.Human("ana"));
  EXPECT_EQ(w.c().state, CaseState::kAcknowledged);
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_EQ(w.c().clock("step.functional"), nullptr);
  EXPECT_EQ(w.c().clock("acknowledgement"), nullptr);
  EXPECT_THAT(w.c().intents, IsEmpty());
  ASSERT_NE(w.c().clock("lease"), nullptr);
}

TEST(DecideLife, FromAcknowledgementToTheEnd) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(StartWork{}, w.Human("ana"));
  EXPECT_EQ(w.c().state, CaseState::kInProgress);
  w.Run(kHourMs);
  w.Must(Resolve{ResolutionCause::kFixed, "sealed"}, w.Human("ana"));
  EXPECT_EQ(w.c().state, CaseState::kResolved);
  EXPECT_EQ(w.c().clock("resolution"), nullptr);
  EXPECT_EQ(w.c().clock("lease"), nullptr);
  w.Must(ConfirmResolution{}, w.Requester());
  EXPECT_EQ(w.c().state, CaseState::kMonitoring);
  w.Run(24 * kHourMs);
  EXPECT_EQ(w.c().state, CaseState::kClosed);
  EXPECT_EQ(w.All<Closed>().back().cause, CloseCause::kConfirmed);
  w.Run(7 * kDayMs);
  EXPECT_TRUE(w.c().retired);
  EXPECT_EQ(w.c().next_due_at(), kNever);
}

TEST(DecideLife, ConfirmationClosesAtOnceWhereNothingIsMonitored) {
  World w;
  w.OpenAt(Priority::kP3);
  w.Must(Acknowledge{}, w.Human("ben"));
  w.Must(Resolve{}, w.Human("ben"));
  w.Must(ConfirmResolution{}, w.Requester());
  EXPECT_EQ(w.c().state, CaseState::kClosed);
}

TEST(DecideLife, SilenceClosesAfterTheGrace) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Resolve{}, w.Human("ana"));
  w.Run(2 * kDayMs);
  EXPECT_EQ(w.c().state, CaseState::kResolved);
  EXPECT_TRUE(w.c().monitoring_over);
  w.Run(kDayMs);
  EXPECT_EQ(w.c().state, CaseState::kClosed);
  EXPECT_EQ(w.All<Closed>().back().cause, CloseCause::kGraceOver);
}

TEST(DecideLife, AGraceOfBusinessDaysPassesOverTheWeekend) {
  World w;
  w.policy.after.confirm_grace = Target{0, 2};
  w.policy.after.confirm_calendar.clear();  // then it is the policy's business calendar
  w.now = kMonday10 + 4 * kDayMs;           // Friday
  w.OpenAt(Priority::kP3);
  w.Must(Resolve{}, w.Human("ana"));
  ASSERT_NE(w.c().clock("confirmation"), nullptr);
  EXPECT_EQ(w.c().clock("confirmation")->due_at, w.now + 4 * kDayMs) << "Tuesday at the same time";
  w.Run(4 * kDayMs - 1);
  EXPECT_EQ(w.c().state, CaseState::kResolved);
  w.Run(2);
  EXPECT_EQ(w.c().state, CaseState::kClosed);
}

TEST(DecideLife, AGraceThatNeverEndsOnItsCalendarEndsAroundTheClock) {
  World w;
  CalendarSpec never;
  never.timezone = "UTC";
  w.policy.calendars["never"] = *Calendar::Build(never);
  w.policy.after.confirm_grace = Target{0, 2};
  w.policy.after.confirm_calendar = "never";
  w.OpenAt(Priority::kP3);
  w.Must(Resolve{}, w.Human("ana"));
  ASSERT_NE(w.c().clock("confirmation"), nullptr);
  EXPECT_EQ(w.c().clock("confirmation")->due_at, w.now + 2 * kDayMs);
}

TEST(DecideLife, ARejectionGoesBackToTheSameOwnerAndTheClockResumes) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  const InstantMs deadline = w.c().clock("resolution")->due_at;
  w.Run(kHourMs);
  w.Must(Resolve{}, w.Human("ana"));
  w.Run(3 * kHourMs);
  w.Must(RejectResolution{"still slow"}, w.Requester());
  EXPECT_EQ(w.c().state, CaseState::kInProgress);
  EXPECT_EQ(w.c().owner.person, "ana");
  ASSERT_NE(w.c().clock("resolution"), nullptr);
  EXPECT_EQ(w.c().clock("resolution")->due_at, deadline + 3 * kHourMs);
  EXPECT_EQ(w.c().clock("resolution")->generation, 2u);
  EXPECT_NE(w.c().clock("lease"), nullptr);
  EXPECT_EQ(w.c().clock("monitoring"), nullptr);
}

TEST(DecideLife, ARecurrenceReopensAtTheLevelThatResolvedIt) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(15 * kMinuteMs);  // L2
  const std::string engineer = w.c().owner.person;
  w.Must(Acknowledge{}, w.Human(engineer));
  w.Must(Resolve{}, w.Human(engineer));
  w.Must(ConfirmResolution{}, w.Requester());
  w.Run(kHourMs);
  OpenCase again = World::Incident();
  again.idempotency_key = "inc-2";
  const EventBatch batch = w.Must(again, w.Source());
  EXPECT_EQ(batch.outcome, OutcomeKind::kAttached);
  EXPECT_EQ(w.c().state, CaseState::kAssigned);
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().re_escalations, 1u);
  EXPECT_EQ(Find<Escalated>(batch)->reason, EscalationReason::kRecurrence);
  EXPECT_EQ(w.c().clock("monitoring"), nullptr);
  w.Must(Acknowledge{}, w.Human(w.c().owner.person));
  w.Must(Resolve{}, w.Human(w.c().owner.person));
  EXPECT_EQ(w.c().clock("monitoring")->due_at, w.now + 24 * kHourMs);  // in full
}

TEST(DecideLife, ARepeatedReportOfAnOpenCaseIsAttached) {
  World w;
  w.OpenAt(Priority::kP3);
  OpenCase again = World::Incident();
  again.idempotency_key = "inc-2";
  EXPECT_EQ(w.Must(again, w.Source()).outcome, OutcomeKind::kAttached);
  EXPECT_EQ(w.c().reports, 2u);
}

TEST(DecideLife, TheSameSubmissionTwiceChangesNothing) {
  World w;
  w.OpenAt(Priority::kP3);
  const EventBatch batch = w.Must(World::Incident(), w.Source());
  EXPECT_THAT(batch.events, IsEmpty());
  EXPECT_EQ(batch.outcome, OutcomeKind::kAttached);
}

TEST(DecideLife, AnAlertThatClearsResolvesAndCancelsTheClimb) {
  World w;
  OpenCase alert = World::Incident(Grade::kHigh, Grade::kHigh);
  alert.facts.proactive = true;
  w.Open(alert);
  w.Must(w.Advice(Priority::kP1), w.Service());
  w.Must(SourceEnded{true, "resolved"}, w.Source());
  EXPECT_EQ(w.c().state, CaseState::kMonitoring);  // nobody to ask for consent
  EXPECT_EQ(w.c().clock("step.functional"), nullptr);
  EXPECT_THAT(w.c().intents, IsEmpty());
}

TEST(DecideLife, AnAlertThatClearsBeforeTriageNeverPagesAnybody) {
  World w;
  w.Open(World::Incident());
  w.Must(SourceEnded{true, ""}, w.Source());
  EXPECT_EQ(w.c().clock("triage"), nullptr);
  EXPECT_THAT(w.Pages(), IsEmpty());
  OpenCase again = World::Incident();
  again.idempotency_key = "inc-2";
  w.Must(again, w.Source());
  EXPECT_NE(w.c().priority, Priority::kUnset);
  EXPECT_THAT(w.Pages(), Not(IsEmpty()));
}

TEST(DecideLife, TheThirdOpeningWithinTenMinutesIsFlapping) {
  World w;
  w.policy.after.monitoring.values.fill(kHourMs);
  OpenCase alert = World::Incident();
  alert.facts.proactive = true;
  w.Open(alert);
  w.Must(w.Advice(Priority::kP3), w.Service());
  for (int i = 0; i < 2; ++i) {
    w.Run(kMinuteMs);
    w.Must(SourceEnded{true, ""}, w.Source());
    ASSERT_EQ(w.c().state, CaseState::kMonitoring);
    alert.idempotency_key = "again-" + std::to_string(i);
    w.Run(kMinuteMs);
    w.Must(alert, w.Source());
  }
  w.Must(SourceEnded{true, ""}, w.Source());
  EXPECT_TRUE(IsOpen(w.c().state));
  ASSERT_NE(w.c().clock("flapping"), nullptr);
  w.Run(10 * kMinuteMs);
  EXPECT_EQ(w.c().state, CaseState::kMonitoring);
}

TEST(DecideLife, ARejectionNamesWhatIsPossibleInstead) {
  World w;
  w.OpenAt(Priority::kP3);
  const auto refused = w.Do(ConfirmResolution{}, w.Requester());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kWrongState);
  EXPECT_THAT(refused.error().message, HasSubstr("confirm_resolution: the case is assigned; possible now: "));
  EXPECT_THAT(refused.error().message, HasSubstr("acknowledge"));
}

TEST(DecideLife, ARepeatedCommandHearsTheFirstOutcomeAndAnotherBodyIsRefused) {
  World w;
  w.OpenAt(Priority::kP2);
  Command command = w.CommandOf(Acknowledge{}, w.Human("ana"));
  ASSERT_TRUE(w.Send(command).ok());
  const uint64_t version = w.c().version;
  const auto repeat = w.Send(command);
  ASSERT_TRUE(repeat.ok());
  EXPECT_THAT(repeat->events, IsEmpty());
  EXPECT_EQ(repeat->outcome, OutcomeKind::kDone);
  EXPECT_EQ(w.c().version, version);
  command.body_hash ^= 1;
  EXPECT_EQ(w.Send(command).error().code, ErrorCode::kInvalidArgument);
}

TEST(DecideLife, AnotherTenantSeesNoSuchCase) {
  World w;
  w.OpenAt(Priority::kP2);
  Actor foreign = w.Human("ana");
  foreign.tenant = "other";
  EXPECT_EQ(w.Do(Acknowledge{}, foreign).error().code, ErrorCode::kNotFound);
}

TEST(DecideLife, ACommandForAVersionThatHasPassedIsRefused) {
  World w;
  w.OpenAt(Priority::kP2);
  Command command = w.CommandOf(Acknowledge{}, w.Human("ana"));
  command.expected_version = 1;
  const auto refused = w.Send(command);
  EXPECT_EQ(refused.error().code, ErrorCode::kWrongState);
  EXPECT_EQ(refused.error().detail, "version=2");
}

TEST(DecideLife, TimeNeverRunsBackInACase) {
  World w;
  w.OpenAt(Priority::kP2);
  w.now -= kHourMs;
  const EventBatch batch = w.Must(Acknowledge{}, w.Human("ana"));
  EXPECT_EQ(batch.at, kMonday10);
}

TEST(DecideLife, AClosedCaseIsReopenedWithinTheTermAndNotLater) {
  World w;
  w.OpenAt(Priority::kP3);
  w.Must(Resolve{}, w.Human("ana"));
  w.Must(ConfirmResolution{}, w.Requester());
  w.now += 6 * kDayMs;
  w.Must(Reopen{"it is back"}, w.Human("ana"));
  EXPECT_TRUE(IsOpen(w.c().state));
  EXPECT_EQ(w.c().clock("retention"), nullptr);
  w.Must(Resolve{}, w.Human("ana"));
  w.Must(ConfirmResolution{}, w.Requester());
  w.now += 8 * kDayMs;
  EXPECT_THAT(w.Do(Reopen{"again"}, w.Human("ana")).error().message, HasSubstr("open a new case"));
}

}  // namespace
}  // namespace escalon
