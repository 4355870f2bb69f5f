#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/notification/application/recipients.h"
#include "services/notification/channels/webhook.h"
#include "tests/unit/notification/world.h"

namespace escalon::notification {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

SendResult Judged(int status, const std::string& retry_after = "") {
  http::ClientResponse answer;
  answer.status = status;
  if (!retry_after.empty()) answer.headers.Add("Retry-After", retry_after);
  return JudgeAnswer(answer, kNoon);
}

TEST(WebhookTest, AnswersMeanWhatTheySay) {
  using Kind = SendResult::Kind;
  EXPECT_EQ(Judged(204).kind, Kind::kDelivered);
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) EXPECT_EQ(Judged(status).kind, Kind::kRetry) << status;
  for (const int status : {301, 302, 307, 400, 401, 403, 404, 410, 413, 422})
    EXPECT_EQ(Judged(status).kind, Kind::kPermanent) << status;
  EXPECT_TRUE(Judged(503).sink_in_trouble);
  EXPECT_FALSE(Judged(429).sink_in_trouble);
}

TEST(WebhookTest, RetryAfterIsSecondsOrADateAndNothingElse) {
  EXPECT_EQ(Judged(429, "17").retry_after_ms, 17'000);
  EXPECT_EQ(Judged(503, "Fri, 09 Jan 2026 12:00:30 GMT").retry_after_ms, 30'000);
  EXPECT_EQ(Judged(503, "Fri, 09 Jan 2026 11:00:00 GMT").retry_after_ms, 0);
  EXPECT_EQ(Judged(429, "99999999999").retry_after_ms, kDayMs);
  EXPECT_EQ(Judged(429, "-5").retry_after_ms, 0);
  EXPECT_EQ(Judged(429, "soon").retry_after_ms, 0);
}

TEST(WebhookTest, ARefusedAddressIsForGoodAndABrokenConnectionIsNot) {
  EXPECT_EQ(JudgeAnswer(Error{ErrorCode::kPermissionDenied, "guard"}, 0).kind, SendResult::Kind::kPermanent);
  const SendResult broken = JudgeAnswer(Error{ErrorCode::kUnavailable, "refused"}, 0);
  EXPECT_EQ(broken.kind, SendResult::Kind::kRetry);
  EXPECT_TRUE(broken.sink_in_trouble);
}

TEST(WebhookTest, TheBodyIsJsonWhateverTheTitleHolds) {
  Message m;
  m.name = "requester-resolved";
  m.tenant = "acme";
  m.case_id = CaseId::Make(1, 2, 0, 3);
  m.title = "\"}],\n\xff</script>";
  m.intended_at = kNoon;
  const auto body = nlohmann::json::parse(WebhookBody(m));
  EXPECT_EQ(body["type"], "case.resolved");
  EXPECT_EQ(body["timestamp"], "2026-01-09T12:00:00Z");
  EXPECT_EQ(body["data"]["title"], "\"}],\n\xEF\xBF\xBD</script>");
  EXPECT_FALSE(body["data"].contains("links"));
}

TEST(WebhookTest, TheMostSpecificSecretSigns) {
  const std::string a = NewWebhookSecret(), b = NewWebhookSecret(), c = NewWebhookSecret();
  const auto secrets =
      WebhookSecrets::Parse("f", "# comment\n\n* " + a + "\nacme/* " + b + "\nacme/ana " + c + " " + a + "\n");
  ASSERT_TRUE(secrets.ok()) << secrets.error().message;
  const auto signatures = [&](const char* tenant, const char* receiver) {
    return secrets->For(tenant, receiver)->Sign("id", kNoon, "x")->signature;
  };
  EXPECT_EQ(signatures("other", "ana"), signatures("third", "ben"));
  EXPECT_NE(signatures("acme", "ben"), signatures("other", "ben"));
  EXPECT_THAT(signatures("acme", "ana"), HasSubstr(" v1,"));
  EXPECT_EQ(WebhookSecrets().For("acme", "ana"), nullptr);
  EXPECT_THAT(WebhookSecrets::Parse("f", "acme " + a).error().message, HasSubstr("f, line 1"));
  EXPECT_THAT(WebhookSecrets::Parse("f", "*").error().message, HasSubstr("no secret"));
  EXPECT_THAT(WebhookSecrets::Parse("f", "* abc").error().message, HasSubstr("f, line 1"));
  EXPECT_FALSE(WebhookSecrets::Parse("f", "* " + a + "\n* " + b).ok());
}

TEST(WebhookTest, SinksAreHosts) {
  ManualClock clock;
  const auto client = http::Client::Create({}, clock, runtime::Logger());
  const WebhookChannel channel(*client, clock, {}, 1000);
  EXPECT_EQ(channel.SinkOf("https://a.example:8443/x?y"), "webhook:a.example:8443");
  EXPECT_EQ(channel.SinkOf("https://a.example"), "webhook:a.example");
  EXPECT_EQ(channel.SinkOf("nonsense"), "webhook");
}

std::vector<std::string> Keys(const Addressed& addressed) {
  std::vector<std::string> out;
  for (const Recipient& to : addressed.to) out.push_back(to.key());
  return out;
}

class RecipientsTest : public testing::Test {
 protected:
  Addressed Of(NotifyIntended intent) const { return Address(*rosters_.roster, intent, kNoon); }
  FakeRosters rosters_;
};

TEST_F(RecipientsTest, PreferredChannelsComeFirstAndTheOthersStay) {
  NotifyIntended intent;
  intent.people = {"ana"};
  intent.channels = {"mail", "log"};
  const auto to = Of(intent).to;
  ASSERT_THAT(to, SizeIs(1));
  EXPECT_THAT(to[0].contacts, ElementsAre(ContactMethod{"mail", "ana@acme.example"}, ContactMethod{"log", "ana"},
                                          ContactMethod{"webhook", "ana.example/hook"}));
}

TEST_F(RecipientsTest, ATeamIsToldByItsOwnContactsElseByItsPeople) {
  NotifyIntended intent;
  intent.team = "ops";
  EXPECT_EQ(Of(intent).to[0].kind, Recipient::Kind::kTeam);
  intent.team = "desk";
  EXPECT_THAT(Keys(Of(intent)), ElementsAre("ana", "ben"));
}

TEST_F(RecipientsTest, AudiencesOutsideTheCaseAreRolesOrTeamsOfTheirName) {
  NotifyIntended intent;
  intent.audience = Audience::kExecutives;
  EXPECT_THAT(Keys(Of(intent)), ElementsAre("chloe"));
  intent.audience = Audience::kStakeholders;
  EXPECT_THAT(Of(intent).to, IsEmpty());
  EXPECT_THAT(Of(intent).nobody, HasSubstr("stakeholders"));
}

TEST_F(RecipientsTest, SomebodyWhoLeftTheRosterIsStillNamed) {
  NotifyIntended intent;
  intent.people = {"gone"};
  ASSERT_THAT(Of(intent).to, SizeIs(1));
  EXPECT_THAT(Of(intent).to[0].contacts, IsEmpty());
}

TEST_F(RecipientsTest, AVendorOfAStepIsReachedByItsContactsInTheRoster) {
  NotifyIntended intent;
  intent.audience = Audience::kProvider;
  intent.team = "carrier";
  const Addressed addressed = Of(intent);
  ASSERT_THAT(addressed.to, SizeIs(1));
  EXPECT_THAT(addressed.to[0].contacts, ElementsAre(ContactMethod{"mail", "noc@carrier.example"}));
  EXPECT_TRUE(addressed.to[0].outside);
  EXPECT_EQ(addressed.to[0].person, "provider");
  const Recipient again = AddressAgain(*rosters_.roster, addressed.to[0].person, addressed.to[0].team, {});
  EXPECT_THAT(again.contacts, ElementsAre(ContactMethod{"mail", "noc@carrier.example"}));
  intent.team = "gone";
  EXPECT_THAT(Of(intent).to, IsEmpty());
  EXPECT_THAT(Of(intent).nobody, testing::HasSubstr("no vendor gone"));
}

TEST_F(RecipientsTest, TheRequesterIsFoundInTheCase) {
  Case c;
  auto facts = std::make_shared<Facts>();
  facts->reporter.subject = "u-1";
  facts->reporter.sealed_contact = "https://hooks.customer.example/x";
  facts->labels["vendor"] = "carrier";
  c.facts = facts;
  const OpenContact open = [](const std::string&, const std::string& sealed) -> Result<std::string> { return sealed; };
  auto found = AddressOfCase(*rosters_.roster, c, Audience::kRequester, open);
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(found->contacts, ElementsAre(ContactMethod{"webhook", "https://hooks.customer.example/x"}));
  EXPECT_EQ(found->subject, "u-1");
  EXPECT_EQ(found->person, "requester");
  found = AddressOfCase(*rosters_.roster, c, Audience::kProvider, open);
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(found->contacts, ElementsAre(ContactMethod{"mail", "noc@carrier.example"}));
  EXPECT_EQ(AddressOfCase(*rosters_.roster, c, Audience::kRequester, nullptr).error().code,
            ErrorCode::kInvalidArgument);
  const OpenContact erased = [](const std::string&, const std::string&) -> Result<std::string> {
    return Error{ErrorCode::kNotFound, "erased"};
  };
  EXPECT_EQ(AddressOfCase(*rosters_.roster, c, Audience::kRequester, erased).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace escalon::notification
