#include <gtest/gtest.h>

#include "common/domain/case.h"

namespace escalon {
namespace {

class StillWantedTest : public testing::Test {
 protected:
  StillWantedTest() {
    c_.state = CaseState::kAssigned;
    c_.functional.step = 1;
    c_.functional.pass = 1;
    c_.functional.attempt = 2;
    page_.purpose = IntentPurpose::kPage;
    page_.message = "escalated";
    page_.step = 1;
    page_.pass = 1;
    page_.attempt = 2;
  }
  bool Page() const { return StillWanted(c_, 1, page_); }
  bool Inform(const std::string& message) const {
    NotifyIntended intent;
    intent.message = message;
    return StillWanted(c_, 1, intent);
  }
  Case c_;
  NotifyIntended page_;
};

TEST_F(StillWantedTest, APageOfTheStepWhereTheCaseStandsIsWanted) { EXPECT_TRUE(Page()); }

TEST_F(StillWantedTest, APageOfAnotherStepPassOrAttemptIsNot) {
  for (int NotifyIntended::*part : {&NotifyIntended::step, &NotifyIntended::pass, &NotifyIntended::attempt}) {
    page_.*part -= 1;
    EXPECT_FALSE(Page());
    page_.*part += 1;
  }
  page_.track = Track::kHierarchical;
  EXPECT_FALSE(Page());
}

TEST_F(StillWantedTest, APageIsNotWantedOnceSomebodyIsOnItOrTheTrackStopped) {
  c_.acknowledged_by = "ana";
  EXPECT_FALSE(Page());
  c_.acknowledged_by.clear();
  c_.functional.stopped = true;
  EXPECT_FALSE(Page());
}

TEST_F(StillWantedTest, AnAcknowledgementOnTheOtherTrackLeavesThePageWanted) {
  c_.management_acknowledged_by = "mia";
  EXPECT_TRUE(Page());
}

TEST_F(StillWantedTest, APageIsNotWantedWhileSnoozedOrAfterResolution) {
  c_.snoozed_until = 5;
  EXPECT_FALSE(Page());
  c_.snoozed_until = 0;
  c_.state = CaseState::kResolved;
  EXPECT_FALSE(Page());
}

TEST_F(StillWantedTest, AQuestionIsWantedUntilItIsAnswered) {
  page_.message = "handover_offered";
  EXPECT_FALSE(Page());
  c_.handovers.emplace_back();
  c_.acknowledged_by = "ana";
  EXPECT_TRUE(Page());
  page_.message = "approval_requested";
  EXPECT_FALSE(Page());
  c_.approvals.emplace_back();
  EXPECT_TRUE(Page());
}

TEST_F(StillWantedTest, ACancelledCaseSaysOnlyThat) {
  c_.state = CaseState::kCancelled;
  EXPECT_FALSE(Inform("opened"));
  EXPECT_FALSE(Inform("resolved"));
  EXPECT_TRUE(Inform("cancelled"));
  EXPECT_TRUE(Inform("requester-cancelled"));
}

TEST_F(StillWantedTest, AResolvedCaseReportsNoWarningsAndMovesAnyMore) {
  for (const char* message : {"breached", "warned", "escalated", "executive-breached"})
    EXPECT_TRUE(Inform(message)) << message;
  EXPECT_FALSE(Inform("resolved"));
  c_.state = CaseState::kMonitoring;
  for (const char* message : {"breached", "warned", "escalated", "executive-breached"})
    EXPECT_FALSE(Inform(message)) << message;
  EXPECT_TRUE(Inform("opened"));
  EXPECT_TRUE(Inform("resolved"));
  EXPECT_TRUE(Inform("a-template-of-our-own"));
}

TEST_F(StillWantedTest, NewsOfWorkToBeDoneIsStaleOnceTheCaseIsResolvedAndOtherNewsIsNot) {
  const char* stale[] = {"escalated",        "step_empty",
                         "assigned",         "acknowledged",
                         "warned",           "acknowledgement_ended",
                         "breached",         "triggered",
                         "nobody_reached",   "paused",
                         "resumed",          "snoozed",
                         "snooze_ended",     "handover_declined",
                         "handover_expired", "handover_asked_for_more",
                         "reopened",         "priority_changed",
                         "eta_changed",      "eta_passed",
                         "update",           "update_due",
                         "shift_ends",       "storm"};
  for (const char* event : stale) {
    c_.state = CaseState::kInProgress;
    EXPECT_TRUE(Inform(event)) << event;
    c_.state = CaseState::kResolved;
    EXPECT_FALSE(Inform(event)) << event;
    EXPECT_FALSE(Inform(std::string("desk-") + event)) << "by the name of a template";
  }
  for (const char* event : {"resolved", "closed", "note_added", "handover_accepted", "approval_decided", "anything"})
    EXPECT_TRUE(Inform(event)) << event;
}

}  // namespace
}  // namespace escalon
