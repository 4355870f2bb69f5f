#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "common/security/webhook_signature.h"
#include "tests/integration/notification/notifier_world.h"
#include "tests/unit/http/smtp_sink.h"

namespace escalon::notification {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using Outcome = wire::DeliveryOutcome;

http::Response Code(int code) { return {code, "", "", {}}; }

std::string IdOf(const http::Request& request) { return std::string(request.headers.Get("webhook-id")); }

TEST_F(NotifierTest, AnIntentArrivesSignedAndIsRecorded) {
  StartNotifier();
  Case c = MakeCase("Checkout is down");
  Append(c, {Assigned{}, Page("ana")});
  const auto requests = sink_.Wait("/ana", 1);
  const http::Request& request = requests[0];
  const auto body = nlohmann::json::parse(request.body);
  EXPECT_EQ(body["type"], "case.assigned");
  EXPECT_EQ(body["data"]["case_id"], c.id.ToString());
  EXPECT_EQ(body["data"]["title"], "Checkout is down");

  auto secret = ParseWebhookSecret("secret", secret_);
  ASSERT_TRUE(secret.ok());
  const auto verifier = WebhookVerifier::Create("secret", SignatureScheme::kStandardWebhooks, {*secret});
  ASSERT_TRUE(verifier.ok());
  const auto header = [&](std::string_view name) -> std::optional<std::string_view> {
    if (!request.headers.Has(name)) return std::nullopt;
    return request.headers.Get(name);
  };
  const auto verified = verifier->Verify(header, request.body, clock_.WallMs());
  EXPECT_TRUE(verified.ok()) << verified.error().message;

  const auto deliveries = Deliveries(c.id, 1);
  EXPECT_EQ(deliveries[0].outcome, Outcome::kDelivered);
  EXPECT_EQ(deliveries[0].channel, "webhook");
}

TEST_F(NotifierTest, NothingIsSentTwiceOverARestart) {
  StartNotifier();
  Case c = MakeCase("once");
  Append(c, {Page("ana")});
  Deliveries(c.id, 1);
  StopNotifier();
  StartNotifier();
  Case next = MakeCase("next");
  Append(next, {Page("ben")});
  sink_.Wait("/ben", 1);
  EXPECT_EQ(sink_.Count("/ana"), 1u);
}

TEST_F(NotifierTest, AGroupThatLostItsPlaceDoesNotRepeatWhatTheDeliveryLogKnows) {
  StartNotifier();
  Case c = MakeCase("once");
  Append(c, {Page("ana")});
  Deliveries(c.id, 1);
  StopNotifier();
  group_ += ".new";
  StartNotifier();
  Case next = MakeCase("next");
  Append(next, {Page("ben")});
  sink_.Wait("/ben", 1);
  EXPECT_EQ(sink_.Count("/ana"), 1u);
}

TEST_F(NotifierTest, AKillBetweenSendAndRecordRepeatsOnceWithTheSameId) {
  std::mutex mutex;
  std::vector<http::Responder> held;
  sink_.On("/ana", [&](const http::Request&, http::Responder responder) {
    const std::lock_guard lock(mutex);
    held.push_back(std::move(responder));
  });
  StartNotifier();
  Case c = MakeCase("twice at most");
  Append(c, {Page("ana")});
  sink_.Wait("/ana", 1);
  StopNotifier();  // it does not learn that it arrived
  sink_.On("/ana", [](const http::Request&, http::Responder responder) { responder.Send(Code(200)); });
  StartNotifier();
  const auto requests = sink_.Wait("/ana", 2);
  EXPECT_EQ(IdOf(requests[0]), IdOf(requests[1]));
  EXPECT_NE(IdOf(requests[0]), "");
  EXPECT_EQ(Deliveries(c.id, 1).back().outcome, Outcome::kDelivered);
  StopNotifier();
  StartNotifier();
  Case next = MakeCase("next");
  Append(next, {Page("ben")});
  sink_.Wait("/ben", 1);
  EXPECT_EQ(sink_.Count("/ana"), 2u);
}

TEST_F(NotifierTest, ASinkThatFailsGetsItAgainAndTheRetrySurvivesARestart) {
  std::atomic<int> failures{2};
  sink_.On("/ana",
           [&](const http::Request&, http::Responder responder) { responder.Send(Code(failures-- > 0 ? 500 : 200)); });
  StartNotifier();
  Case c = MakeCase("500");
  Append(c, {Page("ana")});
  const auto requests = sink_.Wait("/ana", 3);
  EXPECT_EQ(IdOf(requests[0]), IdOf(requests[2]));
  EXPECT_NE(requests[0].headers.Get("webhook-signature"), "");
  Deliveries(c.id, 3);

  failures = 1;
  dispatch_.attempts.page = {3000, 3000};
  StopNotifier();
  StartNotifier();
  Case later = MakeCase("500 and a restart");
  Append(later, {Page("ana")});
  Deliveries(later.id, 1);
  StopNotifier();
  StartNotifier();
  EXPECT_EQ(Deliveries(later.id, 2).back().outcome, Outcome::kDelivered);
  EXPECT_EQ(sink_.Count("/ana"), 5u);
}

TEST_F(NotifierTest, RetryAfterIsHonoured) {
  std::atomic<int> refusals{1};
  sink_.On("/ben", [&](const http::Request&, http::Responder responder) {
    http::Response busy = Code(429);
    busy.headers.Add("Retry-After", "1");
    responder.Send(refusals-- > 0 ? busy : Code(200));
  });
  StartNotifier();
  Case c = MakeCase("429");
  Append(c, {Page("ben")});
  const auto deliveries = Deliveries(c.id, 2);
  EXPECT_EQ(deliveries[0].outcome, Outcome::kRetrying);
  EXPECT_GE(deliveries[1].at - deliveries[0].at, 990);
}

TEST_F(NotifierTest, ASinkThatHangsIsGivenUpAndTriedAgain) {
  webhook_timeout_ms_ = 200;
  std::mutex mutex;
  std::vector<http::Responder> held;
  sink_.On("/ben", [&](const http::Request&, http::Responder responder) {
    const std::lock_guard lock(mutex);
    if (held.empty()) return held.push_back(std::move(responder));
    responder.Send(Code(200));
  });
  StartNotifier();
  Case c = MakeCase("hang");
  Append(c, {Page("ben")});
  const auto deliveries = Deliveries(c.id, 2);
  EXPECT_THAT(deliveries[0].reason, HasSubstr("no answer in time"));
  EXPECT_EQ(deliveries[1].outcome, Outcome::kDelivered);
}

TEST_F(NotifierTest, ARedirectIsNotFollowedAndTheOwnerHearsThatNobodyWasReached) {
  sink_.On("/ben", [&](const http::Request&, http::Responder responder) {
    http::Response away = Code(302);
    away.headers.Add("Location", sink_.Url("/secret"));
    responder.Send(away);
  });
  StartNotifier();
  Case c = MakeCase("redirect");
  Append(c, {Page("ben")});
  ASSERT_TRUE(owners_.seen.Wait([](const Owners::Seen& s) { return s.commands.size() == 1; }));
  const auto commands = owners_.seen.Get().commands;
  EXPECT_THAT(std::get<ReportNobodyReached>(commands[0].body).why, HasSubstr("redirects are not followed"));
  EXPECT_EQ(Deliveries(c.id, 2).back().outcome, Outcome::kDead);
  EXPECT_EQ(sink_.Count("/secret"), 0u);

  // Listed, and sent again when the receiver is well.
  test::EventWaiter<std::vector<DeadLetter>> listed;
  running_->notifier->ListDead("acme", c.id, 0, "", 10, [&](std::vector<DeadLetter> page) {
    listed.Change([&](auto& s) { s = std::move(page); });
  });
  ASSERT_TRUE(listed.Wait([](const auto& s) { return s.size() == 1; }));
  sink_.On("/ben", [](const http::Request&, http::Responder responder) { responder.Send(Code(200)); });
  test::EventWaiter<std::vector<std::string>> outcomes;
  running_->notifier->Resend("acme", {listed.Get()[0].id, "unheard of"}, false, "olga",
                             [&](std::vector<std::string> o) { outcomes.Change([&](auto& s) { s = std::move(o); }); });
  ASSERT_TRUE(outcomes.Wait([](const auto& s) { return s.size() == 2; }));
  EXPECT_EQ(outcomes.Get()[0], "");
  EXPECT_THAT(outcomes.Get()[1], HasSubstr("unknown"));
  EXPECT_EQ(Deliveries(c.id, 3).back().outcome, Outcome::kDelivered);
}

TEST_F(NotifierTest, AnEndlessAnswerCostsNothing) {
  sink_.On("/ben", [&](const http::Request&, http::Responder responder) {
    responder.Send(http::TextResponse(std::string(100'000'000, 'x')));
  });
  StartNotifier();
  Case c = MakeCase("100 MB");
  Append(c, {Page("ben")});
  EXPECT_EQ(Deliveries(c.id, 1)[0].outcome, Outcome::kDelivered);
}

TEST_F(NotifierTest, APageAcknowledgedMeanwhileIsSuppressedByTheNextRecord) {
  dispatch_.attempts.page = {kMinuteMs, kMinuteMs};
  sink_.On("/ben", [](const http::Request&, http::Responder responder) { responder.Send(Code(503)); });
  StartNotifier();
  Case c = MakeCase("taken");
  Append(c, {Page("ben")});
  Deliveries(c.id, 1);
  c.acknowledged_by = "cleo";
  const InstantMs before = clock_.WallMs();
  Append(c, {Acknowledged{"cleo", Track::kFunctional, "api"}});
  const auto deliveries = Deliveries(c.id, 2);
  EXPECT_EQ(deliveries[1].outcome, Outcome::kSuppressed);
  EXPECT_THAT(deliveries[1].reason, HasSubstr("cleo"));
  EXPECT_LT(deliveries[1].at - before, 20 * kSecondMs) << "only its next attempt, a minute later";
}

TEST_F(NotifierTest, ATitleCannotAddAHeaderToAMail) {
  http::SmtpSink relay;
  smtp_url_ = relay.url();
  sink_.On("/ana", [](const http::Request&, http::Responder responder) { responder.Send(Code(400)); });
  StartNotifier();
  Case c = MakeCase("x\r\nBcc: everybody@acme.example\r\n\r\n<b>hello</b>");
  Append(c, {Page("ana")});
  EXPECT_EQ(Deliveries(c.id, 2).back().outcome, Outcome::kDelivered);
  EXPECT_THAT(relay.recipients(), SizeIs(1));
  const std::string headers = relay.data().substr(0, relay.data().find("\r\n\r\n"));
  EXPECT_THAT(headers, Not(HasSubstr("\r\nBcc:")));
  EXPECT_THAT(headers, AllOf(HasSubstr("Auto-Submitted: auto-generated"), HasSubstr("@acme.example>")));
}

TEST_F(NotifierTest, ARecordThatCannotBeReadDoesNotStopTheOthers) {
  StartNotifier();
  Case c = MakeCase("good");
  Case bad = MakeCase("bad");
  Append(bad, {NotifyIntended{}});  // no purpose, no audience, nobody
  Append(c, {Page("ana")});
  sink_.Wait("/ana", 1);
}

TEST_F(NotifierTest, TheHistoryShowsTheNewestFirstPageByPage) {
  StartNotifier();
  Case c = MakeCase("history");
  Append(c, {Page("ana")});
  Append(c, {Page("ben")});
  Append(c, {Page("cleo")});
  Deliveries(c.id, 3);
  History history(kafka_, names_.delivery, kShards, clock_, runtime::Logger());
  const auto list = [&](HistoryQuery query) {
    test::EventWaiter<std::optional<Result<std::vector<HistoryEntry>>>> waiter;
    history.List(std::move(query), [&](Result<std::vector<HistoryEntry>> r) {
      waiter.Change([&](auto& s) { s.emplace(std::move(r)); });
    });
    EXPECT_TRUE(waiter.Wait([](const auto& s) { return s.has_value(); }));
    const auto got = waiter.Get();
    EXPECT_TRUE(got->ok());
    return got->ok() ? got->value() : std::vector<HistoryEntry>();
  };
  HistoryQuery query;
  query.tenant = "acme";
  query.case_id = c.id;
  query.limit = 2;
  auto page = list(query);
  ASSERT_THAT(page, SizeIs(2));
  EXPECT_EQ(page[0].record.person, "cleo");
  query.before_at = page[1].record.at;
  query.before_partition = page[1].partition;
  query.before_offset = page[1].offset;
  page = list(query);
  ASSERT_THAT(page, SizeIs(1));
  EXPECT_EQ(page[0].record.person, "ana");
  query = {};
  query.tenant = "acme";
  query.person = "ben";
  EXPECT_THAT(list(query), SizeIs(1));
  query.tenant = "other";
  EXPECT_THAT(list(query), SizeIs(0));
}

TEST_F(NotifierTest, ATestPageGoesThroughTheRealChannel) {
  StartNotifier();
  test::EventWaiter<std::optional<Result<wire::DeliveryRecord>>> answer;
  const auto send = [&](TestPage page) {
    answer.Change([](auto& s) { s.reset(); });
    running_->notifier->SendTestPage(std::move(page), [&](Result<wire::DeliveryRecord> r) {
      answer.Change([&](auto& s) { s.emplace(std::move(r)); });
    });
    EXPECT_TRUE(answer.Wait([](const auto& s) { return s.has_value(); }));
    return *answer.Get();
  };
  const auto good = send({"acme", "ben", "", "hello there", "olga"});
  ASSERT_TRUE(good.ok()) << good.error().message;
  EXPECT_EQ(good->outcome, Outcome::kDelivered);
  EXPECT_THAT(sink_.Wait("/ben", 1)[0].body, HasSubstr("hello there"));
  EXPECT_EQ(send({"acme", "nobody", "", "", "olga"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(send({"acme", "ben", "mail", "", "olga"}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace escalon::notification
