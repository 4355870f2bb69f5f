#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/intake/inbound/http/webhook_gateway.h"
#include "services/intake/inbound/http/webhook_sources.h"

namespace escalon::intake {
namespace {

namespace sb = ::escalon::submission::v1;
using nlohmann::json;
using ::testing::HasSubstr;

WebhookSource Source(WebhookFormat format) {
  WebhookSource source;
  source.name = "shop";
  source.tenant = "acme";
  source.format = format;
  return source;
}

json Alert(const std::string& status) {
  return {{"status", status},
          {"labels", {{"alertname", "DiskFull"}, {"severity", "critical"}, {"job", "db"}, {"region", "emea"}}},
          {"annotations", {{"summary", "Disk is\nfull"}, {"description", "97 %"}}},
          {"startsAt", "2030-04-23T16:00:00.123456789Z"},
          {"endsAt", status == "firing" ? "0001-01-01T00:00:00Z" : "2030-04-23T17:00:00Z"},
          {"generatorURL", "http://prometheus.example/graph"},
          {"fingerprint", "f6bd0b5a9a1d2c3e"}};
}

TEST(Alertmanager, AFiringAlertOpensACaseByItsFingerprint) {
  const auto news =
      ReadWebhook(Source(WebhookFormat::kAlertmanager), {{"version", "4"}, {"alerts", {Alert("firing")}}}, "");
  ASSERT_TRUE(news.ok()) << news.error().message;
  ASSERT_EQ(news->size(), 1u);
  const sb::Submission& s = news->front().submission;
  EXPECT_EQ(s.action(), sb::SUBMISSION_ACTION_REPORT);
  EXPECT_EQ(s.dedup_key(), "alertmanager/shop/f6bd0b5a9a1d2c3e");
  EXPECT_EQ(s.external_ref(), "f6bd0b5a9a1d2c3e");
  EXPECT_EQ(s.title(), "Disk is full");
  EXPECT_EQ(s.description(), "97 %");
  EXPECT_EQ(s.kind(), "alert");
  EXPECT_EQ(s.service(), "db");
  EXPECT_EQ(s.region(), "emea");
  EXPECT_EQ(s.source(), "shop");
  EXPECT_TRUE(s.proactive());
  EXPECT_EQ(static_cast<int>(s.impact()), 1);
  EXPECT_EQ(s.labels().at("alertname"), "DiskFull");
  EXPECT_EQ(s.occurred_at().seconds(), 1903190400);
  EXPECT_TRUE(s.idempotency_key().empty()) << "annotations change between repeats: the dedup key does the work";
}

TEST(Alertmanager, AResolvedMemberOfAFiringGroupClears) {
  const auto news = ReadWebhook(Source(WebhookFormat::kAlertmanager),
                                {{"status", "firing"}, {"alerts", {Alert("firing"), Alert("resolved")}}}, "");
  ASSERT_TRUE(news.ok());
  ASSERT_EQ(news->size(), 2u);
  EXPECT_EQ((*news)[1].submission.action(), sb::SUBMISSION_ACTION_CLEAR);
  EXPECT_EQ((*news)[1].submission.dedup_key(), (*news)[0].submission.dedup_key());
  EXPECT_NE((*news)[1].id, (*news)[0].id);
}

TEST(Alertmanager, TheSameEpisodeIsTheSameNewsAndANewOneIsNot) {
  const auto source = Source(WebhookFormat::kAlertmanager);
  json later = Alert("resolved");
  later["startsAt"] = "2030-04-24T16:00:00Z";
  const auto first = ReadWebhook(source, {{"alerts", {Alert("resolved")}}}, "");
  const auto again = ReadWebhook(source, {{"alerts", {Alert("resolved")}}}, "");
  const auto next = ReadWebhook(source, {{"alerts", {later}}}, "");
  EXPECT_EQ(first->front().id, again->front().id);
  EXPECT_NE(first->front().id, next->front().id);
}

TEST(Alertmanager, RefusesWhatItDoesNotUnderstandWithThePlace) {
  const auto source = Source(WebhookFormat::kAlertmanager);
  EXPECT_EQ(ReadWebhook(source, {{"alerts", 1}}, "").error().fields.front().field, "alerts");
  EXPECT_EQ(ReadWebhook(source, json::array(), "").error().fields.front().field, "alerts");
  EXPECT_EQ(ReadWebhook(source, {{"alerts", {1}}}, "").error().fields.front().field, "alerts[0]");
  json odd = Alert("firing");
  odd.erase("fingerprint");
  EXPECT_EQ(ReadWebhook(source, {{"alerts", {Alert("firing"), odd}}}, "").error().fields.front().field,
            "alerts[1].fingerprint");
  json labels = Alert("firing");
  labels["labels"] = "x";
  labels["annotations"] = 7;
  EXPECT_TRUE(ReadWebhook(source, {{"alerts", {labels}}}, "").ok());
}

TEST(Alertmanager, TooManyAlertsAtOnceAreRefused) {
  json alerts = json::array();
  for (int i = 0; i < 501; ++i) alerts.push_back(Alert("firing"));
  EXPECT_THAT(ReadWebhook(Source(WebhookFormat::kAlertmanager), {{"alerts", alerts}}, "").error().message,
              HasSubstr("max_alerts"));
}

TEST(SubmissionWebhook, TakesOneOrManyWithTheirActions) {
  const auto source = Source(WebhookFormat::kSubmission);
  const auto one = ReadWebhook(source, {{"title", "printer"}, {"external_ref", "INC1"}}, "msg_1");
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->front().submission.source(), "shop");
  EXPECT_EQ(one->front().submission.idempotency_key(), "webhook/msg_1/0");
  const auto many = ReadWebhook(
      source,
      {{"submissions",
        {{{"title", "a"}, {"dedup_key", "d"}}, {{"dedup_key", "d"}, {"action", "SUBMISSION_ACTION_CLOSE"}}}}},
      "msg_2");
  ASSERT_TRUE(many.ok()) << many.error().message;
  EXPECT_EQ((*many)[1].submission.action(), sb::SUBMISSION_ACTION_CLOSE);
  EXPECT_TRUE((*many)[0].submission.idempotency_key().empty());
}

TEST(SubmissionWebhook, TheSourceIsNotTheBodysToSay) {
  const auto news = ReadWebhook(Source(WebhookFormat::kSubmission), {{"title", "x"}, {"source", "somebody"}}, "m");
  EXPECT_EQ(news->front().submission.source(), "shop");
}

TEST(SubmissionWebhook, UnknownFieldsAreRefused) {
  EXPECT_FALSE(ReadWebhook(Source(WebhookFormat::kSubmission), {{"title", "x"}, {"tenant", "globex"}}, "m").ok());
}

WebhookSource Mapped() {
  WebhookSource source = Source(WebhookFormat::kMapped);
  source.fields = {{"title", "/issue/fields/summary"},
                   {"external_ref", "/issue/key"},
                   {"impact", "/issue/impact"},
                   {"requester.id", "/issue/user/0/id"},
                   {"requester.contact", "/issue/user/0/mail"}};
  source.defaults = {{"kind", "incident"}, {"urgency", "low"}};
  source.close_when = WhenField{"/issue/status", {"Done", "Closed"}};
  return source;
}

TEST(MappedWebhook, ReadsFieldsByPointerAndFillsDefaults) {
  const json body = {{"issue",
                      {{"key", "OPS-1"},
                       {"fields", {{"summary", "no mail"}}},
                       {"impact", "high"},
                       {"status", "Open"},
                       {"user", {{{"id", "u1"}, {"mail", "u1@example.com"}}}}}}};
  const auto news = ReadWebhook(Mapped(), body, "1");
  ASSERT_TRUE(news.ok());
  const sb::Submission& s = news->front().submission;
  EXPECT_EQ(s.title(), "no mail");
  EXPECT_EQ(s.external_ref(), "OPS-1");
  EXPECT_EQ(s.kind(), "incident");
  EXPECT_EQ(static_cast<int>(s.impact()), 1);
  EXPECT_EQ(static_cast<int>(s.urgency()), 3);
  EXPECT_EQ(s.requester().id(), "u1");
  EXPECT_EQ(s.requester().contact(), "mail:u1@example.com");
  EXPECT_EQ(s.action(), sb::SUBMISSION_ACTION_REPORT);
}

TEST(MappedWebhook, ClosesByTheStatusOfTheSource) {
  const auto news = ReadWebhook(Mapped(), {{"issue", {{"key", "OPS-1"}, {"status", "Done"}}}}, "1");
  EXPECT_EQ(news->front().submission.action(), sb::SUBMISSION_ACTION_CLOSE);
}

TEST(MappedWebhook, NoBodyBreaksIt) {
  for (const json& body : {json::array(), json("x"), json(nullptr), json(7), json{{"issue", json::array({1, 2})}}}) {
    EXPECT_TRUE(ReadWebhook(Mapped(), body, "1").ok());
  }
}

TEST(WebhookSources, ReadsTheDocumentedFile) {
  const std::string secret = NewWebhookSecret();
  const auto sources = WebhookSources::Parse(
      "version: 1\nsources:\n  - name: shop\n    tenant: acme\n    format: mapped\n    secrets: [" + secret +
      "]\n    fields: {title: /a/b}\n    close_when: {at: /status, is: [Done]}\n"
      "  - {name: am, tenant: acme, format: alertmanager}\n");
  ASSERT_TRUE(sources.ok()) << sources.error().message;
  ASSERT_NE(sources->Find("shop"), nullptr);
  EXPECT_TRUE(sources->Find("shop")->verifier.has_value());
  EXPECT_EQ(sources->Find("shop")->close_when->any_of, std::vector<std::string>{"Done"});
  ASSERT_NE(sources->Find("am"), nullptr);
  EXPECT_FALSE(sources->Find("am")->verifier.has_value());
  EXPECT_EQ(sources->Find("other"), nullptr);
}

TEST(WebhookSources, NamesWhatIsWrong) {
  const auto fault = [](const std::string& entry) {
    const auto sources = WebhookSources::Parse("version: 1\nsources:\n  - " + entry + "\n");
    return sources.ok() ? std::string("fine") : sources.error().fields.front().field;
  };
  EXPECT_EQ(fault("{name: a, tenant: acme}"), "fine");
  EXPECT_EQ(fault("{name: a, tenant: acme, colour: red}"), "sources[0].colour");
  EXPECT_EQ(fault("{name: 'a b', tenant: acme}"), "sources[0].name");
  EXPECT_EQ(fault("{name: a, tenant: '*'}"), "sources[0].tenant");
  EXPECT_EQ(fault("{name: a, tenant: acme, format: soap}"), "sources[0].format");
  EXPECT_EQ(fault("{name: a, tenant: acme, scheme: github}"), "sources[0].secrets");
  EXPECT_EQ(fault("{name: a, tenant: acme, secrets: [short]}"), "sources[0].secrets[0]");
  EXPECT_EQ(fault("{name: a, tenant: acme, format: mapped}"), "sources[0].fields.title");
  EXPECT_EQ(fault("{name: a, tenant: acme, format: mapped, fields: {titel: /a}}"), "sources[0].fields.titel");
  EXPECT_EQ(fault("{name: a, tenant: acme, format: mapped, fields: {title: a}}"), "sources[0].fields.title");
  EXPECT_EQ(fault("[1]"), "sources[0]");
  EXPECT_FALSE(WebhookSources::Parse(":\n  - [").ok());
  EXPECT_FALSE(WebhookSources::Parse("").ok());
  EXPECT_TRUE(WebhookSources::Load("").ok());
}

}  // namespace
}  // namespace escalon::intake
