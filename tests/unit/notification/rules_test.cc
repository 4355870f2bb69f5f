#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/random.h"
#include "services/notification/application/attempts.h"
#include "services/notification/application/breaker.h"
#include "services/notification/application/bundler.h"
#include "services/notification/application/dead_letters.h"
#include "services/notification/application/delivery.h"
#include "services/notification/application/fair_queue.h"
#include "services/notification/application/quiet_hours.h"
#include "services/notification/application/restored_shard.h"

namespace escalon::notification {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Tried Failed(uint32_t attempt) {
  Tried tried;
  tried.purpose = IntentPurpose::kPage;
  tried.attempt = attempt;
  tried.now = 1000;
  tried.expires_at = kNever;
  tried.result = SendResult::Kind::kRetry;
  return tried;
}

TEST(AttemptsTest, PausesGrowWithJitterUpToTheirMost) {
  const AttemptPolicy policy;
  DurationMs ceiling = 1000;
  for (uint32_t attempt = 1; attempt < 12; ++attempt) {
    for (int i = 0; i < 50; ++i) {
      Tried tried = Failed(attempt);
      tried.random = RandomBits();
      const NextStep next = After(policy, tried);
      ASSERT_EQ(next.kind, NextStep::Kind::kRetry);
      EXPECT_GE(next.at - tried.now, ceiling / 2);
      EXPECT_LE(next.at - tried.now, ceiling);
    }
    ceiling = std::min<DurationMs>(ceiling * 2, 30'000);
  }
}

TEST(AttemptsTest, APageDoesNotWaitForAReceiverThatWantsLong) {
  const AttemptPolicy policy;
  Tried tried = Failed(1);
  tried.retry_after_ms = kMinuteMs;
  EXPECT_EQ(After(policy, tried).at, 1000 + kMinuteMs);
  tried.more_contacts = true;
  EXPECT_EQ(After(policy, tried).kind, NextStep::Kind::kNextContact);
  tried.purpose = IntentPurpose::kInform;
  EXPECT_EQ(After(policy, tried).kind, NextStep::Kind::kRetry);
}

TEST(AttemptsTest, WhatWouldComeTooLateIsGivenUp) {
  const AttemptPolicy policy;
  Tried tried = Failed(1);
  tried.expires_at = 1400;
  EXPECT_EQ(After(policy, tried).kind, NextStep::Kind::kDead);
  tried.expires_at = 2000;
  EXPECT_EQ(After(policy, tried).kind, NextStep::Kind::kRetry);
}

TEST(BreakerTest, OpensAfterFailuresInARowAndProbesOnce) {
  Breaker breaker({.failures = 3, .first_ms = 100, .most_ms = 300});
  breaker.Failed(0);
  breaker.Failed(0);
  breaker.Succeeded();
  breaker.Failed(0);
  breaker.Failed(0);
  EXPECT_TRUE(breaker.Admit(0));
  breaker.Failed(0);
  EXPECT_FALSE(breaker.Admit(99));
  EXPECT_TRUE(breaker.Admit(100));
  EXPECT_FALSE(breaker.Admit(100)) << "one probe at a time";
  breaker.Failed(100);
  EXPECT_FALSE(breaker.Admit(299));
  EXPECT_TRUE(breaker.Admit(300));
  breaker.Failed(300);
  EXPECT_EQ(breaker.open_until(), 600) << "no longer than the most";
  EXPECT_TRUE(breaker.Admit(600));
  breaker.Succeeded();
  EXPECT_TRUE(breaker.Admit(600));
  EXPECT_TRUE(breaker.Admit(600));
}

TEST(BreakerTest, OpensNoLongerWhenTheClockIsSetBack) {
  Breaker breaker({.failures = 1, .first_ms = 100, .most_ms = 1000});
  breaker.Failed(10'000);
  breaker.SetBack(5'000);
  EXPECT_FALSE(breaker.Admit(5'099));
  EXPECT_TRUE(breaker.Admit(5'100));
}

TEST(BreakerTest, LateFailuresOfTheSameOutageDoNotLengthenIt) {
  Breaker breaker({.failures = 1, .first_ms = 100, .most_ms = 1000});
  breaker.Failed(0);
  breaker.Failed(50);
  breaker.Failed(60);
  EXPECT_EQ(breaker.open_until(), 100);
}

InstantMs At(const char* text) { return *ParseInstant(text); }

TEST(QuietHoursTest, EndOnTheReadersWallClock) {
  const std::vector<DayWindow> night{{22 * 60, 7 * 60}};
  EXPECT_EQ(QuietUntil(night, "Europe/Berlin", At("2026-01-09T20:59:59Z")), 0);
  EXPECT_EQ(QuietUntil(night, "Europe/Berlin", At("2026-01-09T21:00:00Z")), At("2026-01-10T06:00:00Z"));
  EXPECT_EQ(QuietUntil(night, "Europe/Berlin", At("2026-01-10T05:59:59.999Z")), At("2026-01-10T06:00:00Z"));
  EXPECT_EQ(QuietUntil(night, "Europe/Berlin", At("2026-01-10T06:00:00Z")), 0);
}

TEST(QuietHoursTest, FollowDaylightSaving) {
  const std::vector<DayWindow> night{{22 * 60, 7 * 60}};
  EXPECT_EQ(QuietUntil(night, "Europe/Berlin", At("2026-03-28T22:00:00Z")), At("2026-03-29T05:00:00Z"));
  EXPECT_EQ(QuietUntil(night, "Europe/Berlin", At("2026-10-24T22:00:00Z")), At("2026-10-25T06:00:00Z"));
}

TEST(QuietHoursTest, WindowsThatTouchAreOneAndNeverEndlessly) {
  EXPECT_EQ(QuietUntil({{12 * 60, 14 * 60}, {14 * 60, 15 * 60}}, "UTC", At("2026-01-09T12:30:00Z")),
            At("2026-01-09T15:00:00Z"));
  EXPECT_LE(QuietUntil({{0, 12 * 60}, {12 * 60, 1440}}, "UTC", At("2026-01-09T12:30:00Z")), At("2026-01-12T00:00:00Z"));
  EXPECT_EQ(QuietUntil({{0, 60}}, "No/Such", At("2026-01-09T00:30:00Z")), At("2026-01-09T01:00:00Z"));
  EXPECT_EQ(QuietUntil({}, "UTC", At("2026-01-09T00:30:00Z")), 0);
}

TEST(BundlerTest, HoldsOnlyBeyondTheMostWithinTheWindow) {
  Bundler bundler({.informs = 2, .inform_window_ms = 100, .pages = 2, .page_window_ms = 10, .most_in_bundle = 3});
  const auto inform = IntentPurpose::kInform;
  EXPECT_FALSE(bundler.Wants("ana", inform, 0));
  EXPECT_FALSE(bundler.Wants("ana", inform, 1));
  EXPECT_FALSE(bundler.Wants("ben", inform, 2));
  EXPECT_FALSE(bundler.Wants("ana", IntentPurpose::kPage, 2));
  EXPECT_TRUE(bundler.Wants("ana", inform, 3));
  bundler.Add("ana", inform, 7, 3);
  EXPECT_TRUE(bundler.Wants("ana", inform, 102)) << "it joins the bundle that is open";
  bundler.Add("ana", inform, 8, 102);
  EXPECT_EQ(bundler.next_due(), 103);
  EXPECT_THAT(bundler.TakeDue(102), IsEmpty());
  EXPECT_THAT(bundler.TakeDue(103), ElementsAre(ElementsAre(7, 8)));
  EXPECT_FALSE(bundler.Wants("ana", inform, 203));
}

TEST(BundlerTest, WaitsNoLongerWhenTheClockIsSetBack) {
  Bundler bundler({.informs = 1, .inform_window_ms = 100, .pages = 1, .page_window_ms = 10, .most_in_bundle = 3});
  constexpr InstantMs kNow = 10'000;
  ASSERT_FALSE(bundler.Wants("ann", IntentPurpose::kPage, kNow));
  ASSERT_TRUE(bundler.Wants("ann", IntentPurpose::kPage, kNow + 1));
  bundler.Add("ann", IntentPurpose::kPage, 7, kNow + 1);
  bundler.SetBack(5'000);  // it is 5,002 now
  EXPECT_EQ(bundler.next_due(), 5'011);
  EXPECT_THAT(bundler.TakeDue(5'010), IsEmpty());
  EXPECT_THAT(bundler.TakeDue(5'011), SizeIs(1));
  EXPECT_FALSE(bundler.Wants("ann", IntentPurpose::kPage, 5'030)) << "what was sent before is forgotten in time";
}

TEST(BundlerTest, AFullBundleGoesAtOnce) {
  Bundler bundler({.informs = 1, .inform_window_ms = 100, .pages = 1, .page_window_ms = 10, .most_in_bundle = 3});
  for (uint64_t i = 0; i < 5; ++i) bundler.Add("ana", IntentPurpose::kInform, i, 0);
  EXPECT_THAT(bundler.TakeDue(0), ElementsAre(SizeIs(5)));
  EXPECT_EQ(bundler.next_due(), kNever);
}

TEST(FairQueueTest, PagesGoFirstAndTenantsTakeTurns) {
  FairQueue queue;
  for (uint64_t i = 0; i < 3; ++i) queue.Push(false, "a", i);
  queue.Push(false, "b", 10);
  queue.Push(true, "c", 20);
  std::vector<uint64_t> order;
  while (const auto next = queue.Pop()) order.push_back(*next);
  EXPECT_THAT(order, ElementsAre(20, 0, 10, 1, 2));
}

wire::DeliveryRecord Line(wire::DeliveryOutcome outcome, const std::string& person, InstantMs at) {
  wire::DeliveryRecord r;
  r.case_id = CaseId::Make(5, 1, 0, 1);
  r.tenant = "acme";
  r.version = 2;
  r.person = person;
  r.outcome = outcome;
  r.purpose = IntentPurpose::kPage;
  r.at = at;
  r.intended_at = at;
  r.attempt = 1;
  return r;
}

TEST(RestoredShardTest, TheLastWordCounts) {
  RestoredShard shard(0);
  shard.Add(Line(wire::DeliveryOutcome::kRetrying, "ana", 1));
  shard.Add(Line(wire::DeliveryOutcome::kRetrying, "ben", 2));
  shard.Add(Line(wire::DeliveryOutcome::kDead, "cleo", 3));
  shard.Add(Line(wire::DeliveryOutcome::kDelivered, "ana", 4));
  shard.Add(Line(wire::DeliveryOutcome::kDead, "dan", 5));
  shard.Add(Line(wire::DeliveryOutcome::kDiscarded, "dan", 6));
  const auto pending = shard.TakePending();
  ASSERT_THAT(pending, SizeIs(1));
  EXPECT_EQ(pending[0].last.person, "ben");
  EXPECT_TRUE(pending[0].somebody_reached);
  const auto dead = shard.TakeDead(4);
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead[0].last.person, "cleo");
  EXPECT_EQ(dead[0].shard, 4);
  EXPECT_THAT(shard.TakeDelivered(), SizeIs(4));
}

TEST(RestoredShardTest, OldOutcomesAreNotKept) {
  RestoredShard shard(10);
  shard.Add(Line(wire::DeliveryOutcome::kDelivered, "ana", 9));
  shard.Add(Line(wire::DeliveryOutcome::kDelivered, "ben", 10));
  EXPECT_THAT(shard.TakeDelivered(), SizeIs(1));
}

TEST(DeadLettersTest, ArePagedNewestFirst) {
  DeadLetters letters;
  for (int i = 0; i < 5; ++i) {
    letters.Add({"id" + std::to_string(i), Line(wire::DeliveryOutcome::kDead, "ana", 100 + i / 2), 1, i % 2});
  }
  auto page = letters.List("acme", {}, 0, "", 2);
  ASSERT_THAT(page, SizeIs(2));
  EXPECT_EQ(page[0].id, "id4");
  page = letters.List("acme", {}, page[1].last.at, page[1].id, 10);
  ASSERT_THAT(page, SizeIs(3));
  EXPECT_EQ(page[0].id, "id2");
  letters.Drop(0);
  EXPECT_EQ(letters.size(), 2u);
}

}  // namespace
}  // namespace escalon::notification
