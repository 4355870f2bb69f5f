#include "common/wire/submission_codec.h"

#include <gtest/gtest.h>

#include <google/protobuf/util/message_differencer.h>

#include "common/wire/json_codec.h"
#include "escalon/submission/v1/submission.pb.h"
#include "tests/unit/wire/fill.h"

namespace escalon::wire {
namespace {

namespace sb = ::escalon::submission::v1;

Result<std::string> Seal(std::string_view subject, std::string_view field, std::string_view plain) {
  return "<" + std::string(subject) + "|" + std::string(field) + "|" + std::string(plain) + ">";
}

Result<std::string> Open(std::string_view, std::string_view, std::string_view sealed) { return std::string(sealed); }

sb::Submission Ticket() {
  sb::Submission ticket;
  ticket.set_idempotency_key("servicenow/INC0012345");
  ticket.set_source("servicenow");
  ticket.set_external_ref("INC0012345");
  ticket.set_external_url("https://desk.example.com/INC0012345");
  ticket.set_title("Kasse 4 druckt nicht");
  ticket.set_description("seit heute früh\r\nniemand kann kassieren");
  ticket.set_service("Retail POS (Wien)");
  ticket.set_impact(::escalon::common::v1::GRADE_HIGH);
  ticket.mutable_requester()->set_id("u-17");
  ticket.mutable_requester()->set_name("Petra Maier");
  ticket.mutable_requester()->set_contact("mail:petra@example.com");
  ticket.mutable_requester()->set_language("de-AT");
  ticket.mutable_requester()->set_vip(true);
  ticket.add_tags("store:42");
  (*ticket.mutable_labels())["floor"] = "2";
  (*ticket.mutable_labels())["building"] = "A";
  ticket.mutable_occurred_at()->set_seconds(1'903'190'400);
  return ticket;
}

std::vector<std::string> FaultsOf(const sb::Submission& submission) {
  auto open = ReadSubmission(submission, "submission", "agent-1", Seal);
  std::vector<std::string> fields;
  if (!open.ok()) {
    for (const auto& violation : open.error().fields) fields.push_back(violation.field);
  }
  return fields;
}

TEST(SubmissionCodec, PlainWordsBecomeFactsWithPersonalFieldsSealed) {
  auto open = ReadSubmission(Ticket(), "submission", "agent-1", Seal);
  ASSERT_TRUE(open.ok()) << open.error().message;
  const Facts& facts = open->facts;
  EXPECT_EQ(open->idempotency_key, "servicenow/INC0012345");
  EXPECT_EQ(facts.kind, "incident");
  EXPECT_EQ(facts.title, "Kasse 4 druckt nicht");
  EXPECT_EQ(facts.source, "servicenow");
  EXPECT_EQ(facts.impact, Grade::kHigh);
  EXPECT_EQ(facts.urgency, Grade::kUnset);
  EXPECT_EQ(facts.occurred_at, 1'903'190'400'000);
  EXPECT_EQ(facts.labels, (std::map<std::string, std::string>{{"building", "A"}, {"floor", "2"}}));
  EXPECT_EQ(facts.requester.subject, "u-17");
  EXPECT_TRUE(facts.requester.vip);
  EXPECT_EQ(facts.reporter, facts.requester);
  EXPECT_EQ(OpenText(Open, kPartyName, facts.requester.sealed_name).value(), "<u-17|party.name|Petra Maier>");
  EXPECT_EQ(OpenText(Open, kPartyContact, facts.requester.sealed_contact).value(),
            "<u-17|party.contact|mail:petra@example.com>");
  EXPECT_EQ(OpenText(Open, kDescription, facts.sealed_text).value(),
            "<u-17|description|seit heute früh\nniemand kann kassieren>");
}

TEST(SubmissionCodec, WithoutAnIdOfThePersonTheSourcesKeySeals) {
  sb::Submission ticket = Ticket();
  ticket.mutable_requester()->clear_id();
  ticket.clear_source();
  auto open = ReadSubmission(ticket, "submission", "agent-1", Seal);
  ASSERT_TRUE(open.ok()) << open.error().message;
  EXPECT_EQ(open->facts.source, "agent-1");
  EXPECT_EQ(open->facts.requester.subject, "source:agent-1");
  EXPECT_EQ(SubjectOf(open->facts), "source:agent-1");
}

TEST(SubmissionCodec, AnAlertNeedsATitleOnly) {
  sb::Submission alert;
  alert.set_title("disk full");
  alert.set_proactive(true);
  auto open = ReadSubmission(alert, "submission", "alertmanager:prod", Seal);
  ASSERT_TRUE(open.ok()) << open.error().message;
  EXPECT_EQ(open->facts.requester, Party{});
  EXPECT_TRUE(open->facts.sealed_text.empty());
}

TEST(SubmissionCodec, EveryFaultIsNamed) {
  sb::Submission ticket = Ticket();
  ticket.set_idempotency_key(std::string(300, 'k'));
  ticket.clear_title();
  ticket.set_service("a{b}");
  ticket.set_impact(static_cast<::escalon::common::v1::Grade>(9));
  ticket.set_external_url("javascript:alert(1)");
  ticket.mutable_requester()->set_contact("petra@example.com");
  ticket.add_skills("");
  ticket.mutable_occurred_at()->set_nanos(-1);
  EXPECT_EQ(FaultsOf(ticket),
            (std::vector<std::string>{"submission.idempotency_key", "submission.service", "submission.external_url",
                                      "submission.impact", "submission.skills[0]", "submission.occurred_at",
                                      "submission.requester.contact", "submission.title"}));
}

TEST(SubmissionCodec, HostileTextIsRefused) {
  sb::Submission ticket = Ticket();
  ticket.set_title("two\nlines");
  ticket.set_description(std::string("nul\0", 4));
  ticket.mutable_requester()->set_name(
      "\xe2\x80\xae"
      "evil");
  EXPECT_EQ(FaultsOf(ticket),
            (std::vector<std::string>{"submission.title", "submission.requester.name", "submission.description"}));
}

TEST(SubmissionCodec, OversizeIsRefused) {
  sb::Submission ticket = Ticket();
  ticket.set_title(std::string(10'000'000, 'a'));
  ticket.set_description(std::string(70'000, 'a'));
  for (int i = 0; i < 65; ++i) (*ticket.mutable_labels())["k" + std::to_string(i)] = "v";
  for (int i = 0; i < 65; ++i) ticket.add_tags("t" + std::to_string(i));
  EXPECT_EQ(FaultsOf(ticket), (std::vector<std::string>{"submission.title", "submission.tags", "submission.labels",
                                                        "submission.description"}));
}

TEST(SubmissionCodec, AClearIsNoReport) {
  sb::Submission clear = Ticket();
  clear.set_action(sb::SUBMISSION_ACTION_CLEAR);
  EXPECT_EQ(FaultsOf(clear), std::vector<std::string>{"submission.action"});
}

TEST(SubmissionCodec, JsonHasTheNamesOfTheProtoAndComesBack) {
  sb::Submission full;
  Filler().Fill(&full);
  const std::string json = ToJson(full);
  EXPECT_NE(json.find("\"idempotency_key\""), std::string::npos) << json;
  EXPECT_EQ(json.find("idempotencyKey"), std::string::npos) << json;
  sb::Submission read;
  ASSERT_TRUE(FromJson(json, "submission", &read).ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(read, full));
}

TEST(SubmissionCodec, JsonOfPeopleIsUnderstood) {
  sb::Submission read;
  auto status = FromJson(R"({"title": "druckt nicht", "impact": "grade_high", "requester": {"id": "u-17", "vip": true},
                             "labels": {"floor": "2"}, "occurred_at": "2030-04-23T18:00:00+02:00"})",
                         "submission", &read);
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(read.impact(), ::escalon::common::v1::GRADE_HIGH);
  EXPECT_EQ(read.occurred_at().seconds(), 1'903'190'400);
  EXPECT_EQ(read.labels().at("floor"), "2");
}

}  // namespace
}  // namespace escalon::wire
