#include "common/domain/policy_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace escalon {
namespace {

using ::testing::UnorderedElementsAre;

// Policies in force use these words: one that is gone makes a document that was fine yesterday a fault.

TEST(PolicyWords, StartClocks) {
  EXPECT_THAT(ClockStartWords(), UnorderedElementsAre("opened", "triaged", "assigned", "escalated", "customer_message",
                                                      "vendor_told", "resolved", "reopened"));
}

TEST(PolicyWords, StopClocks) {
  EXPECT_THAT(ClockStopWords(), UnorderedElementsAre("acknowledged", "work_started", "public_reply", "assigned",
                                                     "resumed", "resolved", "ended"));
}

TEST(PolicyWords, StopTracks) {
  EXPECT_THAT(TrackStopWords(),
              UnorderedElementsAre("acknowledged", "resolved", "deescalated", "acknowledged_on_track"));
}

TEST(PolicyWords, AreSpokenOf) {
  EXPECT_THAT(
      CommunicationEvents(),
      UnorderedElementsAre("opened", "triaged", "priority_changed", "assigned", "escalated", "de_escalated",
                           "step_empty", "acknowledged", "acknowledgement_ended", "work_started", "warned", "breached",
                           "nobody_reached", "paused", "resumed", "snoozed", "snooze_ended", "handover_offered",
                           "handover_accepted", "handover_declined", "handover_asked_for_more", "handover_supplied",
                           "handover_expired", "approval_requested", "approval_decided", "consultation_asked",
                           "consultation_answered", "decision_taken", "decision_requested", "decision_refused",
                           "milestone_reached", "major_opened", "major_changed", "major_closed", "note_added",
                           "resolved", "reopened", "closed", "cancelled", "eta_changed", "eta_passed", "attached"));
}

TEST(PolicyWords, AreTheEnginesOwnClocks) {
  EXPECT_THAT(
      EngineClocks(),
      UnorderedElementsAre("triage", "step.functional", "step.hierarchical", "lease", "sun", "major", "handover",
                           "approval", "consultation", "follow_up", "snooze", "monitoring", "confirmation", "retention",
                           "cadence", "eta", "flapping", "handover_debt", "level.response", "level.resolution"));
}

}  // namespace
}  // namespace escalon
