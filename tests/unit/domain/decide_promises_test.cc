#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// The promises: start, stop, pause, warn, break, recompute (DESIGN §7.5–7.9).

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

std::vector<ClockFired> Fired(const World& w, const std::string& clock) {
  std::vector<ClockFired> fired;
  for (const ClockFired& one : w.All<ClockFired>()) {
    if (one.name == clock) fired.push_back(one);
  }
  return fired;
}

TEST(DecidePromises, WarningsAndTheBreachFireOnceEachAndTheBreachAfterTheDeadline) {
  World w;
  w.OpenAt(Priority::kP1);
  w.Run(15 * kMinuteMs);
  EXPECT_EQ(w.c().clock("response")->breached_at, 0);
  w.Run(1);
  EXPECT_EQ(w.c().clock("response")->breached_at, kMonday10 + 15 * kMinuteMs);
  w.Run(kHourMs);
  const auto fired = Fired(w, "response");
  ASSERT_THAT(fired, SizeIs(3));
  EXPECT_EQ(fired[0].alarm.place.percent(), 50);
  EXPECT_EQ(fired[1].alarm.place.percent(), 80);
  EXPECT_EQ(fired[2].alarm.kind, AlarmKind::kBreach);
}

TEST(DecidePromises, AnsweringAtTheDeadlineIsInTime) {
  World w;
  w.OpenAt(Priority::kP1);
  w.RunUntil(kMonday10 + 15 * kMinuteMs);
  w.Must(AddNote{Visibility::kPublic, "sealed", false}, w.Human("cho"));
  for (const ClockStopped& stopped : w.All<ClockStopped>()) {
    if (stopped.name == "response") {
      EXPECT_TRUE(stopped.met);
    }
  }
  EXPECT_THAT(w.c().breaches, Not(Contains(testing::Pair("response", testing::_))));
}

TEST(DecidePromises, AStopAfterADeadlineThatNobodyHasNoticedYetBreaksItFirst) {
  World w;
  w.OpenAt(Priority::kP1);
  w.now += 16 * kMinuteMs;  // no clock has been looked at
  const EventBatch batch = w.Must(AddNote{Visibility::kPublic, "sealed", false}, w.Human("cho"));
  const Breached* breached = Find<Breached>(batch);
  ASSERT_NE(breached, nullptr);
  EXPECT_EQ(breached->name, "response");
  EXPECT_FALSE(Find<ClockStopped>(batch)->met);
  for (const ClockFired& fired : Fired(w, "response")) {
    if (fired.alarm.kind == AlarmKind::kWarning) {
      EXPECT_TRUE(fired.superseded);
    }
  }
}

TEST(DecidePromises, OneLateLookSoundsOnlyTheGravest) {
  World w;
  w.OpenAt(Priority::kP1);
  w.now += 14 * kMinuteMs;
  ASSERT_TRUE(w.Due("response").ok());
  const auto fired = Fired(w, "response");
  ASSERT_THAT(fired, SizeIs(2));
  EXPECT_TRUE(fired[0].superseded);
  EXPECT_FALSE(fired[1].superseded);
  EXPECT_EQ(fired[1].late_by_ms, 2 * kMinuteMs);
}

TEST(DecidePromises, InternalNotesAndAutomaticRepliesSatisfyNothing) {
  World w;
  w.OpenAt(Priority::kP1);
  w.Must(AddNote{Visibility::kInternal, "sealed", false}, w.Human("cho"));
  w.Must(AddNote{Visibility::kPublic, "sealed", false}, w.Source());
  EXPECT_NE(w.c().clock("response"), nullptr);
  EXPECT_EQ(w.c().first_response_at, 0);
  w.Must(AddNote{Visibility::kPublic, "sealed", false}, w.Human("cho"));
  EXPECT_EQ(w.c().clock("response"), nullptr);
}

TEST(DecidePromises, ATrustedSourceMayStateThatTheStopWasInTimeAfterAll) {
  World w;
  w.OpenAt(Priority::kP1);
  w.Run(16 * kMinuteMs);
  ASSERT_NE(w.c().clock("response")->breached_at, 0);
  Command reply = w.CommandOf(AddNote{Visibility::kPublic, "sealed", false}, w.Human("cho"));
  reply.occurred_at = kMonday10 + 14 * kMinuteMs;
  const auto batch = w.Send(reply);
  ASSERT_TRUE(batch.ok());
  EXPECT_NE(Find<BreachAnnulled>(*batch), nullptr);
  EXPECT_EQ(batch->occurred_at, reply.occurred_at);
  EXPECT_THAT(w.c().breaches, Not(Contains(testing::Pair("response", testing::_))));
}

TEST(DecidePromises, OutsideTheTrustWindowTheOwnersClockJudges) {
  World w;
  w.OpenAt(Priority::kP1);
  w.Run(30 * kMinuteMs);
  Command reply = w.CommandOf(AddNote{Visibility::kPublic, "sealed", false}, w.Human("cho"));
  reply.occurred_at = kMonday10 + 14 * kMinuteMs;
  const auto batch = w.Send(reply);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(Find<BreachAnnulled>(*batch), nullptr);
}

TEST(DecidePromises, AReportFromBeforeCountsFromThenWithinTheTrustWindow) {
  World w;
  OpenCase open = World::Incident();
  open.facts.occurred_at = kMonday10 - 3 * kMinuteMs;
  w.Open(open);
  w.Must(w.Advice(Priority::kP2), w.Service());
  EXPECT_EQ(w.c().clock("resolution")->started_at, kMonday10 - 3 * kMinuteMs);
  EXPECT_EQ(w.c().clock("response")->started_at, kMonday10);
}

TEST(DecidePromises, APauseForTheCustomerMovesTheResolutionAndNotTheResponse) {
  World w;
  w.OpenAt(Priority::kP2);
  const InstantMs resolution = w.c().clock("resolution")->due_at;
  const InstantMs response = w.c().clock("response")->due_at;
  w.Must(Pause{"customer", 0, "asked"}, w.Human("ana"));
  EXPECT_TRUE(w.c().clock("resolution")->paused());
  EXPECT_EQ(w.c().clock("resolution")->due_at, kNever);
  EXPECT_FALSE(w.c().clock("response")->paused());
  w.Run(2 * kHourMs);
  w.Must(Resume{"they answered"}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("resolution")->due_at, resolution + 2 * kHourMs);
  EXPECT_EQ(w.c().clock("response")->due_at, response);
}

TEST(DecidePromises, AVendorsPauseStopsTheOwnersClockOnly) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Pause{"vendor", 0, ""}, w.Human("ana"));
  EXPECT_FALSE(w.c().clock("resolution")->paused());
  EXPECT_TRUE(w.c().clock("owner")->paused());
}

TEST(DecidePromises, ARaisedPriorityMakesNewGenerationsFromTheClocksOwnStart) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(kHourMs);
  w.Must(SetPriority{Priority::kP1, false, "the shop is down"}, w.Manager("mia"));
  const ClockRun* resolution = w.c().clock("resolution");
  EXPECT_EQ(resolution->generation, 2u);
  EXPECT_EQ(resolution->started_at, kMonday10);
  EXPECT_EQ(resolution->due_at, kMonday10 + 4 * kHourMs);
}

TEST(DecidePromises, AChangeThatPutsTheDeadlineIntoThePastBreaksItNowOnceAndSaysWhy) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(5 * kHourMs);
  const EventBatch batch = w.Must(SetPriority{Priority::kP1, false, "the shop is down"}, w.Manager("mia"));
  const auto all = w.All<Breached>();
  const auto breached = std::find_if(all.begin(), all.end(), [](const Breached& b) { return b.name == "resolution"; });
  ASSERT_NE(breached, all.end());
  EXPECT_EQ(breached->why, "the shop is down");
  EXPECT_EQ(w.c().clock("resolution")->breached_at, batch.at);
  w.Run(kHourMs);
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const Breached& b) { return b.name == "resolution"; }), 1);
}

TEST(DecidePromises, ADowngradeNeverErasesABreach) {
  World w;
  w.OpenAt(Priority::kP1);
  w.Run(5 * kHourMs);
  const InstantMs broken_at = w.c().clock("resolution")->breached_at;
  ASSERT_NE(broken_at, 0);
  w.Must(SetPriority{Priority::kP3, false, "a workaround is in place"}, w.Manager("mia"));
  EXPECT_EQ(w.c().clock("resolution")->breached_at, broken_at);
  EXPECT_GT(w.c().clock("resolution")->due_at, w.now);
  EXPECT_THAT(w.c().breaches, Contains(testing::Pair("resolution", broken_at)));
}

TEST(DecidePromises, APauseSurvivesAChangeOfPriority) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(kHourMs);
  w.Must(Pause{"customer", 0, ""}, w.Manager("mia"));
  w.Run(2 * kHourMs);
  w.Must(SetPriority{Priority::kP1, false, "down"}, w.Manager("mia"));
  EXPECT_TRUE(w.c().clock("resolution")->paused());
  w.Run(kHourMs);
  w.Must(Resume{""}, w.Manager("mia"));
  EXPECT_EQ(w.c().clock("resolution")->due_at, kMonday10 + 7 * kHourMs);
}

TEST(DecidePromises, TheUpdateClockStartsAtTheFirstUnansweredMessage) {
  World w;
  w.OpenAt(Priority::kP2);
  EXPECT_EQ(w.c().clock("update"), nullptr);
  w.Must(AddNote{Visibility::kPublic, "sealed", true}, w.Requester());
  const InstantMs due = w.c().clock("update")->due_at;
  w.Run(kMinuteMs);
  w.Must(AddNote{Visibility::kPublic, "sealed", true}, w.Requester());
  EXPECT_EQ(w.c().clock("update")->due_at, due);
  w.Must(AddNote{Visibility::kPublic, "sealed", false}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("update"), nullptr);
}

TEST(DecidePromises, EachVisitToATeamHasAnAgreementOfItsOwn) {
  World w;
  w.OpenAt(Priority::kP2);
  EXPECT_EQ(w.c().clock("owner")->started_at, kMonday10);
  w.Run(15 * kMinuteMs);
  EXPECT_EQ(w.c().clock("owner")->started_at, kMonday10 + 15 * kMinuteMs);
  EXPECT_EQ(w.c().clock("owner")->generation, 2u);
  EXPECT_EQ(w.c().clock("owner")->due_at, w.now + 4 * kHourMs);
}

TEST(DecidePromises, AnUnknownOrOldGenerationChangesNothing) {
  World w;
  w.OpenAt(Priority::kP2);
  const auto unknown = w.Do(ClockDue{"no-such-clock", 1}, w.Service());
  ASSERT_TRUE(unknown.ok());
  EXPECT_EQ(unknown->outcome, OutcomeKind::kUnchanged);
  w.Must(SetPriority{Priority::kP1, false, "down"}, w.Manager("mia"));
  w.now += kDayMs;
  const auto old = w.Do(ClockDue{"resolution", 1}, w.Service());
  ASSERT_TRUE(old.ok());
  EXPECT_THAT(old->events, IsEmpty());
}

TEST(DecidePromises, AClockThatIsNotDueSaysWhenToComeBack) {
  World w;
  w.OpenAt(Priority::kP1);
  const auto early = w.Due("response");
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().code, ErrorCode::kNotYet);
  EXPECT_EQ(early.error().retry_after_ms, 7 * kMinuteMs + 30 * kSecondMs);
}

TEST(DecidePromises, ACadenceAsksTheOwnerForContentAndTellsTheStakeholdersHourly) {
  World w;
  w.OpenAt(Priority::kP1);
  const auto count = [&] {
    const auto told = w.All<NotifyIntended>();
    return std::count_if(told.begin(), told.end(),
                         [](const NotifyIntended& n) { return n.audience == Audience::kStakeholders; });
  };
  EXPECT_EQ(count(), 1);  // at once
  w.Run(kHourMs);
  EXPECT_EQ(count(), 2);
  w.Run(kHourMs);
  EXPECT_EQ(count(), 3);
}

TEST(DecidePromises, AnEtaThatPassesIsAnEventThatTellsEveryone) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(SetEta{w.now + kHourMs, ""}, w.Human("ana"));
  w.Run(kHourMs + 1);
  const auto told = w.All<NotifyIntended>();
  EXPECT_EQ(told.back().message, "eta_passed");
  EXPECT_EQ(w.c().clock("eta"), nullptr);
}

}  // namespace
}  // namespace escalon
