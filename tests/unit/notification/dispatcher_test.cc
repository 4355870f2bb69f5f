#include "services/notification/application/dispatcher.h"

#include <gmock/gmock.h>

#include "tests/unit/notification/world.h"

namespace escalon::notification {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Outcome = wire::DeliveryOutcome;

class DispatcherTest : public World {};

TEST_F(DispatcherTest, APageGoesToTheFirstContactAndItsRecordIsDone) {
  Case& c = MakeCase();
  const auto origin = Take(c.id, {Page({"ana"})});
  ASSERT_THAT(webhook_->sent, SizeIs(1));
  const Message& m = webhook_->sent[0];
  EXPECT_EQ(m.address, "ana.example/hook");
  EXPECT_EQ(m.title, "Checkout is down");
  EXPECT_EQ(m.level, "L1");
  EXPECT_THAT(m.subject, HasSubstr("[P2] Checkout is down"));
  EXPECT_THAT(m.links.at("acknowledge"), testing::StartsWith("https://esc.example/l/"));
  EXPECT_THAT(m.text, HasSubstr(m.links.at("acknowledge")));
  EXPECT_THAT(mail_->sent, IsEmpty());
  ASSERT_THAT(recorder_.records, SizeIs(1));
  EXPECT_EQ(recorder_.records[0].outcome, Outcome::kDelivered);
  EXPECT_EQ(recorder_.records[0].channel, "webhook");
  EXPECT_EQ(recorder_.records[0].person, "ana");
  EXPECT_EQ(recorder_.shards[0], 3);
  EXPECT_EQ(origin->open, 0);
  EXPECT_EQ(dispatcher_->pending(), 0u);
}

TEST_F(DispatcherTest, AFreshLogLineNeedsNoQuestion) {
  Case& c = MakeCase();
  Take(c.id, {Page({"lee"})});
  EXPECT_THAT(log_->sent, SizeIs(1));
  EXPECT_EQ(cases_.reads, 0);
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kDelivered));
}

TEST_F(DispatcherTest, ALogLineThatIsLateAsksFirst) {
  Case& c = MakeCase();
  c.acknowledged_by = "lee";
  auto origin = std::make_shared<Origin>();
  origin->shard = 3;
  origin->case_id = c.id;
  origin->tenant = "acme";
  origin->version = 2;
  origin->at = clock_.WallMs() - 1500;
  dispatcher_->Accept(origin, Page({"lee"}));
  Turn();
  EXPECT_THAT(log_->sent, IsEmpty());
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kSuppressed));
  EXPECT_THAT(recorder_.records[0].reason, HasSubstr("acknowledged by lee"));
}

TEST_F(DispatcherTest, AFailureIsTriedAgainWithTheSameId) {
  Case& c = MakeCase();
  webhook_->results = {Fails()};
  const auto origin = Take(c.id, {Page({"ana"})});
  ASSERT_THAT(webhook_->sent, SizeIs(1));
  EXPECT_EQ(origin->open, 0) << "a durable retry is enough for the record";
  EXPECT_GT(recorder_.records[0].next_attempt_at, clock_.WallMs());
  Advance(1000);
  ASSERT_THAT(webhook_->sent, SizeIs(2));
  EXPECT_EQ(webhook_->sent[0].id, webhook_->sent[1].id);
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kRetrying, Outcome::kDelivered));
  EXPECT_EQ(recorder_.records[1].attempt, 2u);
}

TEST_F(DispatcherTest, AfterSomeAttemptsTheNextContactFollows) {
  Case& c = MakeCase();
  webhook_->results = {Fails(), Fails(), Fails()};
  Take(c.id, {Page({"ana"})});
  Advance(10'000);
  EXPECT_THAT(webhook_->sent, SizeIs(3));
  ASSERT_THAT(mail_->sent, SizeIs(1));
  EXPECT_EQ(mail_->sent[0].address, "ana@acme.example");
  EXPECT_THAT(Outcomes(),
              ElementsAre(Outcome::kRetrying, Outcome::kRetrying, Outcome::kChannelFailed, Outcome::kDelivered));
}

TEST_F(DispatcherTest, ARefusalGoesToTheNextContactAtOnce) {
  Case& c = MakeCase();
  webhook_->results = {Refuses()};
  Take(c.id, {Page({"ana"})});
  EXPECT_THAT(mail_->sent, SizeIs(1));
}

TEST_F(DispatcherTest, AChannelWithoutProviderIsPassedOver) {
  Case& c = MakeCase();
  Take(c.id, {Page({"sam"})});
  EXPECT_THAT(mail_->sent, SizeIs(1));
  EXPECT_THAT(recorder_.records[0].reason, HasSubstr("no provider is configured for the channel sms"));
}

TEST_F(DispatcherTest, WhenNobodyIsReachedTheOwnerHearsOfItAndItIsDead) {
  Case& c = MakeCase();
  webhook_->results = {Refuses()};
  Take(c.id, {Page({"ben"})});
  ASSERT_THAT(gate_.commands, SizeIs(1));
  EXPECT_EQ(gate_.commands[0].command_id, "nobody/2/0");
  const auto& report = std::get<ReportNobodyReached>(gate_.commands[0].body);
  EXPECT_EQ(report.intent_version, 2u);
  EXPECT_EQ(report.why, "answered 400");
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kChannelFailed, Outcome::kDead));
  EXPECT_EQ(dispatcher_->dead_letters().size(), 1u);
}

TEST_F(DispatcherTest, TheReportIsRepeatedUntilTheOwnerAnswers) {
  Case& c = MakeCase();
  webhook_->results = {Refuses()};
  gate_.failures = {ErrorCode::kUnavailable, ErrorCode::kOutcomeUnknown};
  Take(c.id, {Page({"ben"})});
  EXPECT_EQ(dispatcher_->dead_letters().size(), 0u);
  Advance(11'000);
  EXPECT_THAT(gate_.commands, SizeIs(3));
  EXPECT_EQ(gate_.commands[2].body_hash, gate_.commands[0].body_hash);
  EXPECT_EQ(dispatcher_->dead_letters().size(), 1u);
}

TEST_F(DispatcherTest, OneOfSeveralReachedIsEnough) {
  Case& c = MakeCase();
  webhook_->results = {Refuses()};  // ben comes first
  Take(c.id, {Page({"ben", "ana"})});
  EXPECT_THAT(gate_.commands, IsEmpty());
  EXPECT_EQ(dispatcher_->dead_letters().size(), 1u);
}

TEST_F(DispatcherTest, SomebodyWithoutContactIsADeadLetterAndReported) {
  Case& c = MakeCase();
  const auto origin = Take(c.id, {Page({"nil"})});
  EXPECT_THAT(gate_.commands, SizeIs(1));
  EXPECT_THAT(recorder_.records.back().reason, HasSubstr("nil has no contact in the roster"));
  EXPECT_EQ(origin->open, 0);
}

TEST_F(DispatcherTest, AWaitingPageIsSuppressedAsSoonAsTheCaseMoves) {
  Case& c = MakeCase();
  webhook_->results = {Fails(false, 20'000)};
  Take(c.id, {Page({"ana"})});
  c.acknowledged_by = "ana";
  dispatcher_->Touched(c.id);
  Turn();
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kRetrying, Outcome::kSuppressed));
  Advance(60'000);
  EXPECT_THAT(webhook_->sent, SizeIs(1));
}

TEST_F(DispatcherTest, AClearOfTheSourceCancelsQueuedPages) {
  Case& c = MakeCase();
  options_.most_per_sink = 1;
  Make();
  webhook_->hold = true;
  Take(c.id, {Page({"ana"})});
  Case& cleared = MakeCase(2);
  Take(cleared.id, {Page({"ana"})});
  ASSERT_THAT(webhook_->sent, SizeIs(1)) << "the second waits for a place at the receiver";
  cleared.state = CaseState::kResolved;
  dispatcher_->Touched(cleared.id);
  Turn();
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kSuppressed));
  webhook_->AnswerHeld({});
  Turn();
  EXPECT_THAT(webhook_->sent, SizeIs(1));
}

TEST_F(DispatcherTest, AnUnreachableOwnerDoesNotStopAPage) {
  Case& c = MakeCase();
  cases_.unreachable = true;
  Take(c.id, {Page({"ana"})});
  ASSERT_THAT(webhook_->sent, SizeIs(1));
  EXPECT_THAT(webhook_->sent[0].subject, HasSubstr(c.id.ToString()));
}

TEST_F(DispatcherTest, ACaseOfAnotherTenantIsNotShown) {
  Case& c = MakeCase();
  c.tenant = "evil";
  Take(c.id, {Page({"ana"})});
  EXPECT_THAT(webhook_->sent, IsEmpty());
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kSuppressed));
}

TEST_F(DispatcherTest, RetryAfterIsHonoured) {
  Case& c = MakeCase();
  webhook_->results = {Fails(false, 7000)};
  Take(c.id, {Page({"ben"})});
  Advance(6800);
  EXPECT_THAT(webhook_->sent, SizeIs(1));
  Advance(300);
  EXPECT_THAT(webhook_->sent, SizeIs(2));
}

TEST_F(DispatcherTest, NothingIsTriedBeyondItsAge) {
  Case& c = MakeCase();
  for (int i = 0; i < 1000; ++i) webhook_->results.push_back(Fails());
  Take(c.id, {Page({"ben"})});
  Advance(options_.attempts.page_max_age[1] + kMinuteMs);
  EXPECT_EQ(dispatcher_->dead_letters().size(), 1u);
  EXPECT_EQ(dispatcher_->pending(), 0u);
}

TEST_F(DispatcherTest, QuietHoursHoldAnInformAndThenAskAgain) {
  clock_.Advance(10 * kHourMs);  // 22:00 in Lisbon
  Case& c = MakeCase();
  const auto origin = Take(c.id, {Inform({"chloe"}), Page({"chloe"})});
  EXPECT_THAT(mail_->sent, SizeIs(1)) << "the page alone";
  EXPECT_EQ(origin->open, 0);
  ASSERT_EQ(recorder_.records[0].outcome, Outcome::kHeld);
  EXPECT_EQ(recorder_.records[0].next_attempt_at, clock_.WallMs() + 9 * kHourMs);
  c.state = CaseState::kResolved;
  clock_.Advance(9 * kHourMs);
  Turn();
  Advance(6000);
  EXPECT_THAT(mail_->sent, SizeIs(1));
  EXPECT_EQ(recorder_.records.back().outcome, Outcome::kSuppressed);
}

TEST_F(DispatcherTest, TheUrgencyOfAMessageDecidesWhetherItWaitsForTheEndOfQuietHours) {
  clock_.Advance(10 * kHourMs);  // 22:00 in Lisbon
  Case& c = MakeCase();
  NotifyIntended urgent = Inform({"chloe"}), calm = Inform({"chloe"});
  urgent.urgency = MessageUrgency::kHigh;
  urgent.priority = Priority::kP4;
  calm.urgency = MessageUrgency::kLow;
  calm.priority = Priority::kP1;
  Take(c.id, {urgent});
  Advance(6000);
  EXPECT_THAT(mail_->sent, SizeIs(1));
  Take(c.id, {calm});
  Advance(6000);
  EXPECT_THAT(mail_->sent, SizeIs(1));
  EXPECT_EQ(recorder_.records.back().outcome, Outcome::kHeld);
}

TEST_F(DispatcherTest, ManyInformsToOnePersonBecomeOneMessage) {
  std::vector<CaseId> ids;
  for (uint64_t i = 1; i <= 9; ++i) ids.push_back(MakeCase(i).id);
  for (const CaseId& id : ids) Take(id, {Inform({"ana"})});
  EXPECT_THAT(webhook_->sent, SizeIs(5));
  cases_.cases[ids[7]].state = CaseState::kResolved;
  Advance(kMinuteMs + 6000);
  ASSERT_THAT(webhook_->sent, SizeIs(6));
  const Message& bundle = webhook_->sent[5];
  EXPECT_EQ(bundle.subject, "3 cases need you");
  EXPECT_THAT(bundle.bundled, ElementsAre(ids[6].ToString(), ids[8].ToString()));
  EXPECT_THAT(bundle.text,
              AllOf(HasSubstr(ids[5].ToString()), HasSubstr(ids[8].ToString()), Not(HasSubstr(ids[7].ToString()))));
  EXPECT_EQ(std::count(recorder_.records.begin(), recorder_.records.end(), recorder_.records.back()), 1);
  const auto outcomes = Outcomes();
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::kDelivered), 8);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::kSuppressed), 1);
  EXPECT_EQ(dispatcher_->pending(), 0u);
}

TEST_F(DispatcherTest, AFailedBundleMovesToTheNextContactWhole) {
  std::vector<CaseId> ids;
  for (uint64_t i = 1; i <= 8; ++i) ids.push_back(MakeCase(i).id);
  for (const CaseId& id : ids) Take(id, {Inform({"ana"})});
  webhook_->results = {Refuses()};
  // The first of the bundle is overtaken while it goes from one contact to the next.
  Advance(kMinuteMs + 6000);
  ASSERT_THAT(mail_->sent, SizeIs(1));
  EXPECT_EQ(mail_->sent[0].subject, "3 cases need you");
  const auto outcomes = Outcomes();
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::kDelivered), 8);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::kChannelFailed), 3);
}

TEST_F(DispatcherTest, WhenTheLeaderOfABundleIsOvertakenAnotherLeads) {
  std::vector<CaseId> ids;
  for (uint64_t i = 1; i <= 8; ++i) ids.push_back(MakeCase(i).id);
  for (const CaseId& id : ids) Take(id, {Inform({"ana"})});
  cases_.cases[ids[5]].state = CaseState::kResolved;
  Advance(kMinuteMs + 6000);
  ASSERT_THAT(webhook_->sent, SizeIs(6));
  EXPECT_EQ(webhook_->sent[5].case_id, ids[6]);
  EXPECT_EQ(dispatcher_->pending(), 0u);
}

TEST_F(DispatcherTest, PagesAreBundledButNeverDropped) {
  for (uint64_t i = 1; i <= 30; ++i) Take(MakeCase(i).id, {Page({"ben"})});
  EXPECT_THAT(webhook_->sent, SizeIs(10));
  Advance(20'000);
  ASSERT_THAT(webhook_->sent, SizeIs(11));
  EXPECT_THAT(webhook_->sent[10].bundled, SizeIs(19));
  const auto outcomes = Outcomes();
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::kDelivered), 30);
}

TEST_F(DispatcherTest, AReceiverThatDoesNotAnswerIsLeftAlone) {
  for (int i = 0; i < 5; ++i) webhook_->results.push_back(Fails(true));
  for (uint64_t i = 1; i <= 5; ++i) Take(MakeCase(i).id, {Inform({"ben"})});
  ASSERT_THAT(webhook_->sent, SizeIs(5));
  // The next page does not even knock: it goes to mail at once. Another receiver is not concerned.
  webhook_->sent.clear();
  NotifyIntended page = Page({"ben"});
  Take(MakeCase(20).id, {page});
  EXPECT_THAT(webhook_->sent, IsEmpty());
  EXPECT_THAT(recorder_.records.back().reason, HasSubstr("left alone"));
  Take(MakeCase(21).id, {Page({"ana"})});
  EXPECT_THAT(webhook_->sent, SizeIs(1));
  Advance(60'000);
  EXPECT_EQ(dispatcher_->pending(), 0u) << "a probe opened it again";
}

TEST_F(DispatcherTest, WhatWasDeliveredIsNotSentAgainAfterARestart) {
  Case& c = MakeCase();
  Take(c.id, {Page({"ana", "lee"})});
  Restart();
  webhook_->sent.clear();
  log_->sent.clear();
  const auto again = Take(c.id, {Page({"ana", "lee"})});
  EXPECT_THAT(webhook_->sent, IsEmpty());
  EXPECT_THAT(log_->sent, IsEmpty());
  EXPECT_EQ(again->open, 0);
}

TEST_F(DispatcherTest, ASendWithoutRecordIsRepeatedOnceWithTheSameId) {
  Case& c = MakeCase();
  Take(c.id, {Page({"ana"})});
  recorder_.records.clear();  // killed between the send and the record
  Restart();
  Take(c.id, {Page({"ana"})});
  ASSERT_THAT(webhook_->sent, SizeIs(2));
  EXPECT_EQ(webhook_->sent[0].id, webhook_->sent[1].id);
}

TEST_F(DispatcherTest, ARetryGoesOnAfterARestart) {
  Case& c = MakeCase();
  webhook_->results = {Fails(false, 10'000)};
  Take(c.id, {Page({"ana"})});
  Restart();
  EXPECT_EQ(dispatcher_->pending(), 1u);
  Take(c.id, {Page({"ana"})});
  EXPECT_EQ(dispatcher_->pending(), 1u) << "the log gives the record again: it is the same delivery";
  Advance(10'500);
  ASSERT_THAT(webhook_->sent, SizeIs(2));
  EXPECT_EQ(webhook_->sent[0].id, webhook_->sent[1].id);
  EXPECT_EQ(recorder_.records.back().attempt, 2u);
  EXPECT_EQ(recorder_.records.back().outcome, Outcome::kDelivered);
}

TEST_F(DispatcherTest, ARestoredPageThatIsNoLongerOpenIsSuppressed) {
  Case& c = MakeCase();
  webhook_->results = {Fails(false, 10'000)};
  Take(c.id, {Page({"ana"})});
  c.intents.clear();
  Restart();
  Advance(10'500);
  EXPECT_THAT(webhook_->sent, SizeIs(1));
  EXPECT_EQ(recorder_.records.back().outcome, Outcome::kSuppressed);
}

TEST_F(DispatcherTest, AReportCutOffByARestartIsMadeAgain) {
  Case& c = MakeCase();
  webhook_->results = {Refuses()};
  gate_.failures = {ErrorCode::kUnavailable};
  Take(c.id, {Page({"ben"})});
  Restart();
  EXPECT_THAT(gate_.commands, SizeIs(2));
  EXPECT_EQ(dispatcher_->dead_letters().size(), 1u);
}

TEST_F(DispatcherTest, NothingIsReportedWhenSomebodyElseWasReachedBeforeTheRestart) {
  Case& c = MakeCase();
  webhook_->results = {{}, Fails(false, 10'000)};
  Take(c.id, {Page({"ana", "ben"})});
  Restart();
  webhook_->results = {Refuses()};
  Advance(10'500);
  EXPECT_THAT(gate_.commands, IsEmpty());
  EXPECT_EQ(dispatcher_->dead_letters().size(), 1u);
}

TEST_F(DispatcherTest, ADroppedShardSendsNothingMore) {
  Case& c = MakeCase();
  webhook_->results = {Fails(false, 1000)};
  Take(c.id, {Page({"ana"})});
  dispatcher_->Drop(3);
  Advance(20'000);
  EXPECT_THAT(webhook_->sent, SizeIs(1));
  EXPECT_EQ(dispatcher_->pending(), 0u);
}

TEST_F(DispatcherTest, ASendUnderWayWhenTheShardGoesIsStillRecorded) {
  Case& c = MakeCase();
  webhook_->hold = true;
  Take(c.id, {Page({"ana"})});
  dispatcher_->Drop(3);
  webhook_->AnswerHeld({});
  Turn();
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kDelivered));
  EXPECT_EQ(dispatcher_->pending(), 0u);
}

TEST_F(DispatcherTest, ADeadLetterIsSentAgainUnderAnotherId) {
  Case& c = MakeCase();
  webhook_->results = {Refuses()};
  Take(c.id, {Page({"ben"})});
  const auto letters = dispatcher_->dead_letters().List("acme", {}, 0, "", 10);
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_THAT(dispatcher_->dead_letters().List("other", {}, 0, "", 10), IsEmpty());
  c.intents.clear();  // nobody was reached: the case has moved on
  std::string outcome = "none";
  dispatcher_->Resend("other", letters[0].id, false, "olga", [&](std::string why) { outcome = std::move(why); });
  EXPECT_THAT(outcome, HasSubstr("unknown here"));
  dispatcher_->Resend("acme", letters[0].id, false, "olga", [&](std::string why) { outcome = std::move(why); });
  Turn();
  EXPECT_EQ(outcome, "");
  ASSERT_THAT(webhook_->sent, SizeIs(2));
  EXPECT_NE(webhook_->sent[0].id, webhook_->sent[1].id);
  EXPECT_EQ(recorder_.records.back().resent_by, "olga");
  EXPECT_EQ(recorder_.records.back().outcome, Outcome::kDelivered);
  EXPECT_EQ(dispatcher_->dead_letters().size(), 0u);
}

TEST_F(DispatcherTest, ADeadLetterOfAnEndedCaseIsNotSentAgain) {
  Case& c = MakeCase();
  webhook_->results = {Refuses()};
  Take(c.id, {Page({"ben"})});
  c.state = CaseState::kClosed;
  const auto letters = dispatcher_->dead_letters().List("", c.id, 0, "", 10);
  ASSERT_THAT(letters, SizeIs(1));
  std::string outcome;
  dispatcher_->Resend("", letters[0].id, false, "olga", [&](std::string why) { outcome = std::move(why); });
  Turn();
  EXPECT_THAT(outcome, HasSubstr("no longer wanted"));
  dispatcher_->Resend("", letters[0].id, true, "olga", [&](std::string why) { outcome = std::move(why); });
  EXPECT_EQ(outcome, "");
  EXPECT_EQ(recorder_.records.back().outcome, Outcome::kDiscarded);
  Restart();
  EXPECT_EQ(dispatcher_->dead_letters().size(), 0u);
}

TEST_F(DispatcherTest, TheRequesterIsToldInTheirLanguageWithTheirLinks) {
  Case& c = MakeCase();
  c.state = CaseState::kResolved;
  NotifyIntended intent = Inform({}, "requester-resolved");
  intent.audience = Audience::kRequester;
  Take(c.id, {intent});
  ASSERT_THAT(mail_->sent, SizeIs(1));
  const Message& m = mail_->sent[0];
  EXPECT_EQ(m.address, "rita@customer.example");
  EXPECT_THAT(m.subject, HasSubstr("Gelöst"));
  EXPECT_THAT(m.links, SizeIs(3));
  EXPECT_EQ(m.level, "") << "nothing of the inside";
  EXPECT_EQ(m.why, "");
  // What follows the facts are signed links, in which any two letters may stand.
  const std::string told = m.text.substr(0, m.text.find("https://"));
  EXPECT_THAT(told, HasSubstr("Checkout is down"));
  EXPECT_THAT(told, Not(HasSubstr("L1")));
  EXPECT_EQ(recorder_.records.back().person, "requester") << "no personal data in the delivery log";
}

TEST_F(DispatcherTest, WithoutRequesterThereIsNobodyToTell) {
  Case& c = MakeCase();
  auto facts = std::make_shared<Facts>(*c.facts);
  facts->proactive = true;
  c.facts = facts;
  NotifyIntended intent = Inform({}, "requester-opened");
  intent.audience = Audience::kRequester;
  Take(c.id, {intent});
  EXPECT_THAT(Outcomes(), ElementsAre(Outcome::kSuppressed));
  EXPECT_EQ(dispatcher_->dead_letters().size(), 0u);
}

TEST_F(DispatcherTest, AnOwnerThatIsBehindTheLogIsAskedAgain) {
  Case& c = MakeCase();
  c.version = 4;
  c.functional.step = 1;  // as it stood before the record that pages the next step
  cases_.behind = true;
  NotifyIntended page = Page({"ana"});
  Take(c.id, {page}, 5);
  EXPECT_THAT(webhook_->sent, IsEmpty()) << "an older state says nothing of it";
  EXPECT_THAT(Outcomes(), Not(Contains(Outcome::kSuppressed)));
  c.version = 5;
  c.functional.step = 0;
  Advance(25);
  EXPECT_THAT(webhook_->sent, SizeIs(1));
}

TEST_F(DispatcherTest, ACaseThatItsOwnerHasNotCountedYetIsNoVanishedOne) {
  Case& c = MakeCase();
  cases_.hidden = true;
  Take(c.id, {Page({"ana"})});
  EXPECT_THAT(webhook_->sent, IsEmpty());
  EXPECT_THAT(Outcomes(), Not(Contains(Outcome::kSuppressed)));
  cases_.hidden = false;
  Advance(25);
  EXPECT_THAT(webhook_->sent, SizeIs(1));
}

TEST_F(DispatcherTest, AnOwnerThatStaysBehindKeepsNobodyFromBeingTold) {
  Case& c = MakeCase();
  c.version = 4;
  cases_.behind = true;
  Take(c.id, {Page({"ana"})}, 5);
  for (int i = 0; i < 110; ++i) Advance(20);
  EXPECT_THAT(webhook_->sent, SizeIs(1));
}

TEST_F(DispatcherTest, ARequesterWaitsForTheirCaseToBeReadable) {
  Case& c = MakeCase();
  cases_.unreachable = true;
  NotifyIntended intent = Inform({}, "requester-opened");
  intent.audience = Audience::kRequester;
  const auto origin = Take(c.id, {intent});
  EXPECT_THAT(mail_->sent, IsEmpty());
  EXPECT_EQ(origin->open, 0);
  cases_.unreachable = false;
  Advance(11'000);
  EXPECT_THAT(mail_->sent, SizeIs(1));
}

TEST_F(DispatcherTest, ARestrictedCaseIsNotDescribed) {
  Case& c = MakeCase();
  auto facts = std::make_shared<Facts>(*c.facts);
  facts->restricted = true;
  c.facts = facts;
  Take(c.id, {Page({"ana"})});
  ASSERT_THAT(webhook_->sent, SizeIs(1));
  EXPECT_EQ(webhook_->sent[0].title, "");
  EXPECT_EQ(webhook_->sent[0].why, "");
  EXPECT_THAT(webhook_->sent[0].text, Not(HasSubstr("Checkout")));
}

TEST_F(DispatcherTest, CloseWaitsForWhatIsUnderWay) {
  Case& c = MakeCase();
  webhook_->hold = true;
  Take(c.id, {Page({"ana"})});
  bool idle = false;
  dispatcher_->Close([&] { idle = true; });
  Take(MakeCase(2).id, {Page({"ben"})});
  EXPECT_FALSE(idle);
  webhook_->AnswerHeld({});
  Turn();
  EXPECT_TRUE(idle);
  EXPECT_THAT(webhook_->sent, SizeIs(1)) << "nothing new begins";
}

}  // namespace
}  // namespace escalon::notification
