#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// The review of closed cases (domain.md M19): owed by the policy's rule, watched, written, or late and said so.

namespace escalon {
namespace {

using test::World;
using ::testing::HasSubstr;

World Closed(Priority priority) {
  World w;
  ReviewRule& rule = w.policy.after.review.emplace();
  rule.when.kind = Condition::Kind::kCompare;
  rule.when.field = "priority";
  rule.when.values = {"P1"};
  w.policy.after.monitoring = {};
  w.OpenAt(priority);
  w.Run(kMinuteMs);
  w.Must(Resolve{}, w.Manager("mia"));
  w.Must(ConfirmResolution{}, w.Requester());
  EXPECT_EQ(w.c().state, CaseState::kClosed);
  return w;
}

int Told(const World& w, std::string_view message) {
  int times = 0;
  for (const NotifyIntended& intent : w.All<NotifyIntended>()) times += intent.message == message ? 1 : 0;
  return times;
}

TEST(DecideReview, IsOwedWhereTheRuleSaysSoAndWrittenAsAMilestone) {
  World w = Closed(Priority::kP1);
  ASSERT_NE(w.c().clock("review"), nullptr);
  EXPECT_EQ(Told(w, "review"), 1);
  // It is kept to be reopened from the day on which the review is due.
  EXPECT_GE(w.c().clock("retention")->due_at, w.c().clock("review")->due_at + w.policy.after.reopen_within);
  w.Run(kDayMs);
  w.Must(RecordMilestone{"reviewed", "the standby was never tested"}, w.Manager("mia"));
  EXPECT_EQ(w.c().clock("review"), nullptr);
  w.Run(20 * kDayMs);
  EXPECT_EQ(Told(w, "review_overdue"), 0);
}

TEST(DecideReview, IsNotOwedElsewhere) {
  const World w = Closed(Priority::kP3);
  EXPECT_EQ(w.c().clock("review"), nullptr);
  EXPECT_EQ(Told(w, "review"), 0);
}

TEST(DecideReview, ALateOneIsToldOnceAndCanStillBeWritten) {
  World w = Closed(Priority::kP1);
  const InstantMs due_at = w.c().clock("review")->due_at;
  w.RunUntil(due_at - 1);
  EXPECT_EQ(Told(w, "review_overdue"), 0);
  w.RunUntil(due_at);
  EXPECT_EQ(Told(w, "review_overdue"), 1);
  EXPECT_EQ(w.c().clock("review"), nullptr);
  w.Must(RecordMilestone{"reviewed", "late"}, w.Manager("mia"));
  w.Run(3 * kDayMs);
  EXPECT_EQ(Told(w, "review_overdue"), 1);
}

TEST(DecideReview, ACaseThatIsWorkedOnHasNoneAndAReopenedOneOwesItAnew) {
  World w = Closed(Priority::kP1);
  w.Must(Reopen{"it is broken again"}, w.Manager("mia"));
  EXPECT_EQ(w.c().clock("review"), nullptr);
  const auto early = w.Do(RecordMilestone{"reviewed", ""}, w.Manager("mia"));
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().code, ErrorCode::kWrongState);
  EXPECT_THAT(early.error().message, HasSubstr("review it when it is closed"));
  w.Must(Resolve{}, w.Manager("mia"));
  w.Must(ConfirmResolution{}, w.Requester());
  EXPECT_NE(w.c().clock("review"), nullptr);
  EXPECT_EQ(Told(w, "review"), 2);
}

TEST(DecideReview, WithoutTheRuleTheWordIsNoMilestone) {
  World w;
  w.OpenAt(Priority::kP2);
  EXPECT_FALSE(w.Do(RecordMilestone{"reviewed", ""}, w.Manager("mia")).ok());
}

}  // namespace
}  // namespace escalon
