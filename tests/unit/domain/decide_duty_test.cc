#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// A regulator's clock outlasts the work on the case: what it measures is owed whether the case is closed or not.

namespace escalon {
namespace {

using test::Find;
using test::World;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

constexpr const char* kDuty = "early_warning";

/// Significant since its opening, owned by ana.
World Classified() {
  World w;
  w.policy.after.monitoring = {};
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(RecordMilestone{"classified_significant", ""}, w.Human("ana"));
  w.Run(kHourMs);
  return w;
}

void Close(World* w) {
  w->Must(Resolve{}, w->Human("ana"));
  w->Must(ConfirmResolution{}, w->Requester());
  ASSERT_EQ(w->c().state, CaseState::kClosed);
}

std::vector<std::string> Told(const World& w, std::string_view message) {
  std::vector<std::string> people;
  for (const NotifyIntended& intent : w.All<NotifyIntended>()) {
    if (intent.message == message) people.insert(people.end(), intent.people.begin(), intent.people.end());
  }
  return people;
}

TEST(DecideDuty, GoesOnWhenTheCaseIsClosedAndIsMetByItsMilestone) {
  World w = Classified();
  Close(&w);
  ASSERT_NE(w.c().clock(kDuty), nullptr);
  EXPECT_EQ(w.c().clock("resolution"), nullptr);
  EXPECT_GT(w.c().clock("retention")->due_at, w.c().clock(kDuty)->due_at) << "kept until the duty is over";
  const EventBatch told = w.Must(RecordMilestone{"authority_informed", ""}, w.Human("mia"));
  const auto* stopped = Find<ClockStopped>(told);
  ASSERT_NE(stopped, nullptr);
  EXPECT_TRUE(stopped->met);
  EXPECT_EQ(w.c().clock(kDuty), nullptr);
}

TEST(DecideDuty, BreaksOnAClosedCaseAndTellsWhoeverOwnedIt) {
  World w = Classified();
  Close(&w);
  const InstantMs due_at = w.c().clock(kDuty)->due_at;
  const std::vector<std::string> pages = w.Pages();
  w.RunUntil(due_at);
  EXPECT_THAT(w.c().breaches, Not(Contains(Key(kDuty))));
  w.RunUntil(due_at + 1);
  EXPECT_THAT(w.c().breaches, Contains(Pair(kDuty, due_at)));
  EXPECT_THAT(Told(w, "duty_overdue"), Contains("ana"));
  EXPECT_THAT(Told(w, "duty_overdue"), Contains("mia"));
  EXPECT_EQ(w.Pages(), pages) << "a closed case climbs no path";
  for (const NotifyIntended& intent : w.All<NotifyIntended>()) {
    if (intent.message != "duty_overdue") continue;
    EXPECT_TRUE(StillWanted(w.c(), w.c().version, intent));
  }
  EXPECT_FALSE(Find<ClockStopped>(w.Must(RecordMilestone{"authority_informed", "late"}, w.Human("mia")))->met);
}

TEST(DecideDuty, IsBrokenAndForgottenWithTheCaseWhenNobodyMeetsIt) {
  World w = Classified();
  Close(&w);
  w.Run(60 * kDayMs);
  EXPECT_TRUE(w.c().retired);
  EXPECT_THAT(w.c().clocks, IsEmpty());
  EXPECT_EQ(w.All<Breached>().back().name, kDuty);
}

TEST(DecideDuty, MayStillBeginOnAClosedCase) {
  World w;
  w.policy.after.monitoring = {};
  w.policy.after.reopen_within = kHourMs;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  Close(&w);
  w.Must(RecordMilestone{"classified_significant", "seen in the review"}, w.Human("ana"));
  ASSERT_NE(w.c().clock(kDuty), nullptr);
  EXPECT_GT(w.c().clock("retention")->due_at, w.c().clock(kDuty)->due_at);
  const auto other = w.Do(RecordMilestone{"full_moon", ""}, w.Human("ana"));
  EXPECT_FALSE(other.ok());
}

TEST(DecideDuty, OtherMilestonesNeedTheCaseOpen) {
  World w = Classified();
  w.policy.clocks[0].stop_on = {"checked"};
  Close(&w);
  const auto refused = w.Do(RecordMilestone{"checked", ""}, w.Human("ana"));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("closed; reopen it first"));
}

TEST(DecideDuty, GoesOnThroughAMergeAndEndsWithAWithdrawal) {
  World merged = Classified();
  merged.Must(Cancel{CancelCause::kDuplicate, CaseId::Make(test::kMonday10, 7, 0, 9), "the same"},
              merged.Manager("mia"));
  ASSERT_NE(merged.c().clock(kDuty), nullptr);
  merged.Must(RecordMilestone{"authority_informed", ""}, merged.Human("mia"));
  EXPECT_EQ(merged.c().clock(kDuty), nullptr);

  World withdrawn = Classified();
  const EventBatch batch = withdrawn.Must(Cancel{CancelCause::kWithdrawn, {}, "false alarm"}, withdrawn.Manager("mia"));
  EXPECT_EQ(withdrawn.c().clock(kDuty), nullptr);
  for (const Event& event : batch.events) {
    const auto* stopped = std::get_if<ClockStopped>(&event);
    if (stopped == nullptr || stopped->name != kDuty) continue;
    EXPECT_EQ(stopped->why, ClockStopped::kCancelled);
  }
}

TEST(DecideDuty, EndsWithTheCaseWhereItsRuleSaysSo) {
  World w = Classified();
  for (ClockRule& rule : w.policy.clocks) {
    if (rule.name == kDuty) rule.stop_on.push_back("ended");
  }
  Close(&w);
  EXPECT_EQ(w.c().clock(kDuty), nullptr);
}

TEST(DecideDuty, GoesOnThroughAReopening) {
  World w = Classified();
  const InstantMs due_at = w.c().clock(kDuty)->due_at;
  Close(&w);
  w.Run(kHourMs);
  w.Must(Reopen{"again"}, w.Human("ana"));
  ASSERT_NE(w.c().clock(kDuty), nullptr);
  EXPECT_EQ(w.c().clock(kDuty)->due_at, due_at);
  EXPECT_EQ(w.c().clock("retention"), nullptr);
}

}  // namespace
}  // namespace escalon
