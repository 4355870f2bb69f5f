#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

namespace escalon::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Opened two days ago elsewhere, cho of the network team has it.
OpenCase OfTwoDays() {
  OpenCase open = World::Incident();
  open.imported = true;
  open.standing.priority = Priority::kP2;
  open.standing.level = "L2";
  open.standing.team = "network";
  open.standing.person = "cho";
  open.standing.opened_at = kMonday10 - 2 * kDayMs;
  open.standing.acknowledged_at = open.standing.opened_at + 5 * kMinuteMs;
  open.standing.escalations = 1;
  return open;
}

std::string FaultOf(World& w, OpenCase open) {
  const auto done = w.Do(std::move(open), w.Source());
  return done.ok() ? "accepted" : done.error().fields.empty() ? done.error().message : done.error().fields[0].field;
}

TEST(Import, PlacesACaseWhereItStoodAndTellsNobody) {
  World w;
  const EventBatch batch = w.Must(OfTwoDays(), w.Source());
  EXPECT_THAT(w.All<NotifyIntended>(), IsEmpty());
  EXPECT_EQ(w.history.size(), 1u) << "one record";
  EXPECT_EQ(w.c().state, CaseState::kAcknowledged);
  EXPECT_EQ(w.c().priority, Priority::kP2);
  EXPECT_TRUE(w.c().priority_manual);
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().owner.person, "cho");
  EXPECT_EQ(w.c().acknowledged_by, "cho");
  EXPECT_EQ(w.c().acknowledged_at, kMonday10 - 2 * kDayMs + 5 * kMinuteMs);
  EXPECT_EQ(w.c().reported_at, kMonday10 - 2 * kDayMs);
  EXPECT_EQ(w.c().escalations, 1u) << "the move to L2 was counted there, and not again";
  EXPECT_EQ(Find<Opened>(batch)->standing.size(), 1u);
}

TEST(Import, ClocksRunOnAndWhatWasDueIsBrokenWithoutNoise) {
  World w;
  w.Must(OfTwoDays(), w.Source());
  const ClockRun* resolution = w.c().clock("resolution");
  ASSERT_NE(resolution, nullptr);
  EXPECT_EQ(resolution->started_at, kMonday10 - 2 * kDayMs);
  EXPECT_NE(resolution->breached_at, 0);
  for (const Breached& breached : w.All<Breached>()) EXPECT_EQ(breached.late_by_ms, 0) << breached.name;
  for (const ClockFired& fired : w.All<ClockFired>()) EXPECT_EQ(fired.late_by_ms, 0) << fired.name;
  EXPECT_EQ(w.c().clock("acknowledgement"), nullptr) << "it was acknowledged there";
  // Nor does it wake anybody later: what was broken stays so.
  w.Run(2 * kDayMs);
  for (const Breached& breached : w.All<Breached>()) EXPECT_NE(breached.name, "acknowledgement");
  EXPECT_THAT(w.Pages(), IsEmpty());
}

TEST(Import, WhatIsNotDueYetBreaksInItsTime) {
  World w;
  OpenCase open = OfTwoDays();
  open.standing.opened_at = kMonday10 - kHourMs;
  open.standing.acknowledged_at = kMonday10 - 50 * kMinuteMs;
  w.Must(std::move(open), w.Source());
  EXPECT_EQ(w.c().clock("resolution")->breached_at, 0);
  const InstantMs due = w.c().clock("resolution")->due_at;
  EXPECT_GT(due, kMonday10);
  w.RunUntil(due + kSecondMs);
  EXPECT_NE(w.c().clock("resolution")->breached_at, 0);
}

TEST(Import, AQueueWaitsFromNowOnAndThenClimbs) {
  World w;
  OpenCase open = OfTwoDays();
  open.standing.person.clear();
  open.standing.acknowledged_at = 0;
  w.Must(std::move(open), w.Source());
  EXPECT_EQ(w.c().owner.team, "network");
  EXPECT_THAT(w.All<NotifyIntended>(), IsEmpty());
  const ClockRun* wait = w.c().clock("step.functional");
  ASSERT_NE(wait, nullptr);
  EXPECT_EQ(wait->started_at, kMonday10);
  w.Must(Acknowledge{}, w.Human("dan"));
  EXPECT_EQ(w.c().owner.person, "dan");
}

TEST(Import, AWaitGoesOnAndItsPastDoesNotCount) {
  World w;
  OpenCase open = OfTwoDays();
  open.standing.opened_at = kMonday10 - kHourMs;
  open.standing.acknowledged_at = open.standing.opened_at;
  open.standing.pending = "customer";
  open.standing.pending_since = kMonday10 - 30 * kMinuteMs;
  w.Must(std::move(open), w.Source());
  EXPECT_EQ(w.c().state, CaseState::kPending);
  EXPECT_TRUE(w.c().clock("resolution")->paused());
  ASSERT_EQ(w.c().pauses.size(), 2u);
  EXPECT_EQ(w.c().pauses[0].from, kMonday10 - 30 * kMinuteMs);
  EXPECT_EQ(w.c().pauses[0].to, kMonday10);
  EXPECT_THAT(w.All<NotifyIntended>(), IsEmpty());
}

TEST(Import, TriageDoesNotMoveWhatItCameWith) {
  World w;
  OpenCase open = OfTwoDays();
  open.standing.priority = Priority::kUnset;
  w.Must(std::move(open), w.Source());
  const Priority before = w.c().priority;
  w.Must(w.Advice(Priority::kP1), w.Service());
  EXPECT_EQ(w.c().priority, before);
  EXPECT_THAT(w.All<NotifyIntended>(), IsEmpty());
}

TEST(Import, TheSameNumberAgainIsTheSameCase) {
  World w;
  OpenCase open = OfTwoDays();
  open.idempotency_key = "INC1";
  w.Must(open, w.Source());
  const EventBatch again = w.Must(open, w.Source());
  EXPECT_EQ(again.outcome, OutcomeKind::kAttached);
  EXPECT_THAT(again.events, IsEmpty());
}

TEST(Import, SaysWhatItDoesNotKnow) {
  World w;
  const auto with = [](auto change) {
    OpenCase open = OfTwoDays();
    change(open.standing);
    return open;
  };
  EXPECT_EQ(FaultOf(w, with([](Standing& s) { s.level = "L9"; })), "standing.level");
  EXPECT_EQ(FaultOf(w, with([](Standing& s) { s.team = "nobody"; })), "standing.team");
  EXPECT_EQ(FaultOf(w, with([](Standing& s) { s.person = "zoe"; })), "standing.person");
  EXPECT_EQ(FaultOf(w, with([](Standing& s) { s.pending = "weather"; })), "standing.pending");
  EXPECT_EQ(FaultOf(w, with([](Standing& s) { s.opened_at = kMonday10 + 1; })), "standing.opened_at");
  EXPECT_EQ(FaultOf(w, with([](Standing& s) { s.clocks = {{"lunch", 1}}; })), "standing.clocks.lunch");
  EXPECT_EQ(FaultOf(w, with([](Standing& s) { s.pauses = {{"customer", 5, 4}}; })), "standing.pauses[0]");
  OpenCase plain = OfTwoDays();
  plain.imported = false;
  EXPECT_EQ(FaultOf(w, plain), "standing");
}

}  // namespace
}  // namespace escalon::test
