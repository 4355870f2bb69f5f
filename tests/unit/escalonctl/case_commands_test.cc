#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "common/wire/json_codec.h"
#include "escalon/cases/v1/case_service.pb.h"
#include "services/escalonctl/cases/case_sections.h"
#include "tests/unit/escalonctl/shell.h"

// Every command on a case: from the words of the shell to the message that intake gets.

namespace escalon::escalonctl {
namespace {

using test::kCase;
using test::Shell;
using ::testing::HasSubstr;

struct Row {
  const char* name;
  std::vector<std::string> words;  ///< without CASE, which comes behind the command's own words
  const char* body;                ///< JSON of the command's body
};

const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = {
      {"ack", {"ack"}, R"({"acknowledge":{}})"},
      {"ack",
       {"ack", "--track", "hierarchical", "--channel", "chat", "--on-behalf-of", "ana"},
       R"({"acknowledge":{"track":"TRACK_HIERARCHICAL","channel":"chat","on_behalf_of":"ana"}})"},
      {"unack", {"unack", "--reason", "no"}, R"({"withdraw_acknowledgement":{"reason":"no"}})"},
      {"start", {"start"}, R"({"start_work":{}})"},
      {"assign",
       {"assign", "--team", "network", "--person", "cho", "--reason", "r"},
       R"({"assign":{"team":"network","person":"cho","reason":"r"}})"},
      {"escalate",
       {"escalate", "--to-level", "L3", "--reason", "customer_request", "--text", "t", "--emergency"},
       R"({"escalate":{"to_level":"L3","reason":"ESCALATION_REASON_CUSTOMER_REQUEST","text":"t","emergency":true}})"},
      {"deescalate",
       {"deescalate", "--to-level", "L1", "--guidance", "g", "--rating", "4"},
       R"({"de_escalate":{"to_level":"L1","guidance":"g","rating":4}})"},
      {"pause",
       {"pause", "--reason", "vendor", "--resume-at", "2030-04-23T16:00:00Z", "--text", "t"},
       R"({"pause":{"reason":"vendor","resume_at":"2030-04-23T16:00:00Z","text":"t"}})"},
      {"resume", {"resume", "--reason", "r"}, R"({"resume":{"reason":"r"}})"},
      {"snooze", {"snooze", "--until", "+30m"}, R"({"snooze":{"until":"2030-03-17T18:16:40.123Z"}})"},
      {"handover offer",
       {"handover", "offer", "--to-team", "apac", "--to-person", "eva", "--to-level", "L2", "--field", "summary=a=b",
        "--field", "next_step=c", "--emergency", "--reason", "r"},
       R"({"offer_handover":{"to_team":"apac","to_person":"eva","to_level":"L2","package_fields":[{"name":"summary","text":"a=b"},
           {"name":"next_step","text":"c"}],"emergency":true,"reason":"r"}})"},
      {"handover accept", {"handover", "accept", "--id", "h1"}, R"({"accept_handover":{"id":"h1"}})"},
      {"handover decline", {"handover", "decline", "--reason", "r"}, R"({"decline_handover":{"reason":"r"}})"},
      {"handover ask",
       {"handover", "ask", "--field", "a", "--field", "b", "--question", "q"},
       R"({"ask_for_more":{"fields":["a","b"],"question":"q"}})"},
      {"handover supply",
       {"handover", "supply", "--field", "a=b"},
       R"({"supply_handover":{"package_fields":[{"name":"a","text":"b"}]}})"},
      {"approve", {"approve", "--text", "t"}, R"({"decide_approval":{"approve":true,"text":"t"}})"},
      {"refuse",
       {"refuse", "--id", "a1", "--text", "t"},
       R"({"decide_approval":{"approve":false,"id":"a1","text":"t"}})"},
      {"decide",
       {"decide", "--amount", "480.50 EUR", "--text", "t"},
       R"({"take_decision":{"decision":"TEXT","amount":{"minor":"48050","currency":"EUR"},"text":"t"}})"},
      {"decision approve",
       {"decision", "approve", "--id", "d7", "--text", "t"},
       R"({"answer_decision":{"approve":true,"id":"d7","text":"t"}})"},
      {"decision refuse", {"decision", "refuse", "--text", "t"}, R"({"answer_decision":{"approve":false,"text":"t"}})"},
      {"milestone", {"milestone", "--text", "t"}, R"({"record_milestone":{"name":"TEXT","text":"t"}})"},
      {"major open", {"major", "open", "--reason", "r"}, R"({"major":{"action":"MAJOR_ACTION_OPEN","reason":"r"}})"},
      {"major manager",
       {"major", "manager"},
       R"({"major":{"action":"MAJOR_ACTION_NAME","part":"MAJOR_PART_MANAGER","person":"TEXT"}})"},
      {"major deputy",
       {"major", "deputy"},
       R"({"major":{"action":"MAJOR_ACTION_NAME","part":"MAJOR_PART_DEPUTY","person":"TEXT"}})"},
      {"major member",
       {"major", "member", "--part", "incident_owner"},
       R"({"major":{"action":"MAJOR_ACTION_NAME","part":"MAJOR_PART_INCIDENT_OWNER","person":"TEXT"}})"},
      {"major release",
       {"major", "release", "--reason", "r"},
       R"({"major":{"action":"MAJOR_ACTION_RELEASE","person":"TEXT","reason":"r"}})"},
      {"major ack", {"major", "ack"}, R"({"major":{"action":"MAJOR_ACTION_ACKNOWLEDGE"}})"},
      {"major contact",
       {"major", "contact", "--part", "customer", "--channel", "phone", "--contact", "+49", "--language", "de"},
       R"({"major":{"action":"MAJOR_ACTION_ADD_CONTACT","part":"MAJOR_PART_CUSTOMER","person":"TEXT","channel":"phone",
           "contact":"+49","language":"de"}})"},
      {"major record",
       {"major", "record", "--part", "problem", "--owner", "eva"},
       R"({"major":{"action":"MAJOR_ACTION_ADD_REFERENCE","part":"MAJOR_PART_PROBLEM","reference":"TEXT","person":"eva"}})"},
      {"major assess", {"major", "assess", "--text", "t"}, R"({"major":{"action":"MAJOR_ACTION_ASSESS","text":"t"}})"},
      {"major plan",
       {"major", "plan", "--text", "t", "--action", "ana=test", "--action", "ben=call", "--resources", "r", "--agreed",
        "--due", "2030-04-23T16:00:00Z"},
       R"({"major":{"action":"MAJOR_ACTION_REVISE_PLAN","text":"t","resources":"r","agreed":true,"actions":[
           {"owner":"ana","what":"test","due_at":"2030-04-23T16:00:00Z"},
           {"owner":"ben","what":"call","due_at":"2030-04-23T16:00:00Z"}]}})"},
      {"major consent",
       {"major", "consent", "--monitoring-hours", "48"},
       R"({"major":{"action":"MAJOR_ACTION_CONSENT","person":"TEXT","monitoring_hours":48}})"},
      {"major close", {"major", "close", "--reason", "r"}, R"({"major":{"action":"MAJOR_ACTION_CLOSE","reason":"r"}})"},
      {"major review",
       {"major", "review", "--text", "t", "--problem", "PRB7"},
       R"({"major":{"action":"MAJOR_ACTION_REVIEW","text":"t","reference":"PRB7"}})"},
      {"consult",
       {"consult", "--to-team", "db", "--to-person", "eva", "--text", "q"},
       R"({"consult":{"to_team":"db","to_person":"eva","text":"q"}})"},
      {"answer", {"answer", "--text", "a"}, R"({"answer_consultation":{"text":"a"}})"},
      {"note",
       {"note", "--visibility", "public", "--from-customer"},
       R"({"add_note":{"text":"TEXT","visibility":"VISIBILITY_PUBLIC","from_customer":true}})"},
      {"attempt", {"attempt", "--worked"}, R"({"log_attempt":{"what":"TEXT","worked":true}})"},
      {"fact",
       {"fact", "--impact", "high", "--business-value", "low", "--service", "shop", "--tag", "a", "--label", "k=v",
        "--requester", "u1", "--vip", "--clear", "contract"},
       R"({"change_facts":{"plain":{"impact":"GRADE_HIGH","business_value":"GRADE_LOW","service":"shop","tags":["a"],"labels":{"k":"v"},
           "requester":{"id":"u1","vip":true}},"fields":["business_value","impact","labels","requester","service","tags","contract"]}})"},
      {"priority", {"priority", "--reason", "r"}, R"({"set_priority":{"priority":"PRIORITY_P1","reason":"r"}})"},
      {"priority", {"priority", "--release"}, R"({"set_priority":{"release":true}})"},
      {"eta",
       {"eta", "--at", "2030-04-23T16:00:00Z", "--text", "t"},
       R"({"set_eta":{"eta_at":"2030-04-23T16:00:00Z","text":"t"}})"},
      {"eta", {"eta"}, R"({"set_eta":{}})"},
      {"rate",
       {"rate", "--what", "handover", "--score", "5", "--id", "h1", "--text", "t"},
       R"({"rate":{"what":"handover","score":5,"id":"h1","text":"t"}})"},
      {"link",
       {"link", "--other", kCase, "--relation", "duplicate_of"},
       R"({"link":{"other":"01957b2e-6c00-8a13-8000-3f2a7c91d5e0","relation":"LINK_RELATION_DUPLICATE_OF"}})"},
      {"link", {"link", "--external", "PRB1"}, R"({"link":{"external":"PRB1"}})"},
      {"merge", {"merge", "--reason", "r"}, R"({"merge":{"into":"TEXT","reason":"r"}})"},
      {"resolve",
       {"resolve", "--cause", "no_fault", "--text", "t"},
       R"({"resolve":{"cause":"RESOLUTION_CAUSE_NO_FAULT","text":"t"}})"},
      {"confirm", {"confirm"}, R"({"confirm_resolution":{}})"},
      {"reject", {"reject", "--reason", "r"}, R"({"reject_resolution":{"reason":"r"}})"},
      {"reopen", {"reopen", "--reason", "r"}, R"({"reopen":{"reason":"r"}})"},
      {"close", {"close", "--reason", "r"}, R"({"close":{"reason":"r"}})"},
      {"cancel",
       {"cancel", "--cause", "duplicate", "--other", kCase, "--reason", "r"},
       R"({"cancel":{"cause":"CANCEL_CAUSE_DUPLICATE","other":"01957b2e-6c00-8a13-8000-3f2a7c91d5e0","reason":"r"}})"},
      {"clear", {"clear", "--text", "t"}, R"({"source_ended":{"cleared":true,"text":"t"}})"},
      {"source-closed", {"source-closed"}, R"({"source_ended":{"cleared":false}})"},
  };
  return rows;
}

/// The words with CASE and, for those that take one, a second argument.
std::vector<std::string> WordsOf(const Row& row) {
  std::vector<std::string> words = row.words;
  static const std::set<std::string> kOfTwoWords{"handover", "decision", "major"};
  const size_t own = kOfTwoWords.contains(row.words[0]) ? 2 : 1;
  std::vector<std::string> arguments{kCase};
  const std::string body = row.body;
  if (body.find("TEXT") != std::string::npos) arguments.emplace_back("TEXT");
  if (body.find("PRIORITY_P1") != std::string::npos) arguments.emplace_back("P1");
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(own), arguments.begin(), arguments.end());
  return words;
}

TEST(CaseCommands, EveryCommandBecomesTheBodyItIsNamedFor) {
  for (const Row& row : Rows()) {
    SCOPED_TRACE(row.name);
    Shell shell;
    ASSERT_EQ(shell.Run(WordsOf(row)), 0) << shell.err;
    ASSERT_EQ(shell.services.asked.size(), 1u);
    EXPECT_EQ(shell.services.asked[0].method, "CaseService/Execute");
    Json request = shell.services.last();
    EXPECT_EQ(request["case_id"], kCase);
    EXPECT_EQ(request["command"]["command_id"].get<std::string>().size(), 32u) << "so that a repeat can be safe";
    cases::v1::ExecuteRequest message;
    const Status read = wire::FromJson(request.dump(), "request", &message);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
    request["command"].erase("command_id");
    EXPECT_EQ(request["command"], Json::parse(row.body));
  }
}

TEST(CaseCommands, EveryCommandOfClientsHasAWordOfTheShell) {
  std::set<std::string> bodies;
  for (const Row& row : Rows()) {
    const Json parsed = Json::parse(row.body);
    for (const auto& [name, value] : parsed.items()) bodies.insert(name);
  }
  bodies.insert("migrate");  // `policy migrate`, of many cases at once
  const std::set<std::string> services_only{
      "open_case", "record_triage", "clock_due", "report_nobody_reached", "absorb_cross_case", "record_cross_case"};
  const google::protobuf::OneofDescriptor* body = cases::v1::Command::descriptor()->FindOneofByName("body");
  ASSERT_NE(body, nullptr);
  for (int i = 0; i < body->field_count(); ++i) {
    const std::string name = body->field(i)->name();
    EXPECT_NE(bodies.contains(name), services_only.contains(name)) << name;
  }
}

TEST(CaseCommands, WhatEveryCommandTakesGoesBesideTheBody) {
  Shell shell;
  ASSERT_EQ(shell.Run({"start", kCase, "--command-id", "c1", "--occurred-at", "2030-03-01T00:00:00Z",
                       "--expected-version", "7"}),
            0);
  EXPECT_EQ(
      shell.services.last()["command"],
      Json::parse(R"({"command_id":"c1","occurred_at":"2030-03-01T00:00:00Z","expected_version":7,"start_work":{}})"));
}

TEST(CaseCommands, ACaseMayBeNamedByItsSourcesNumber) {
  Shell shell;
  shell.services.answers["QueryService/GetByExternalRef"] = {Json{{"case", {{"case_id", kCase}}}}};
  ASSERT_EQ(shell.Run({"start", "servicenow/INC/42"}), 0) << shell.err;
  ASSERT_EQ(shell.services.asked.size(), 2u);
  EXPECT_EQ(shell.services.asked[0].request, Json::parse(R"({"source":"servicenow","external_ref":"INC/42"})"));
  EXPECT_EQ(shell.services.last()["case_id"], kCase);
}

TEST(CaseCommands, WrongWordsAreUsageAndSendNothing) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"ack", "not-a-uuid"},
                                             {"ack"},
                                             {"ack", kCase, "--track", "sideways"},
                                             {"escalate", kCase},
                                             {"snooze", kCase, "--until", "tomorrow"},
                                             {"rate", kCase, "--what", "handover", "--score", "6"},
                                             {"fact", kCase},
                                             {"handover", "supply", kCase, "--field", "nothing"},
                                             {"priority", kCase, "P5"}}) {
    Shell shell;
    EXPECT_EQ(shell.Run(words), 2) << words[0];
    EXPECT_TRUE(shell.services.asked.empty());
    EXPECT_FALSE(shell.err.empty());
  }
}

TEST(CaseCommands, AnUnknownOutcomeSaysHowToRepeatIt) {
  Shell shell;
  shell.services.answers["CaseService/Execute"] = {Error{ErrorCode::kOutcomeUnknown, "outcome unknown", {}, {}, 200}};
  EXPECT_EQ(shell.Run({"ack", kCase, "--command-id", "c-17"}), 4);
  EXPECT_THAT(shell.err, HasSubstr("outcome unknown"));
  EXPECT_THAT(shell.err, HasSubstr("--command-id c-17"));
  EXPECT_THAT(shell.err, HasSubstr("200ms"));
}

TEST(CaseCommands, ANoteMayComeFromTheStandardInput) {
  Shell shell;
  shell.input = "line one\nline two\n";
  ASSERT_EQ(shell.Run({"note", kCase, "-"}), 0) << shell.err;
  EXPECT_EQ(shell.services.last()["command"]["add_note"]["text"], "line one\nline two\n");
}

TEST(CaseCommands, TheResultIsATableOrTheAnswerItself) {
  const Json answer = Json::parse(
      R"({"result":{"case_id":"01957b2e-6c00-8a13-8000-3f2a7c91d5e0","version":"3","outcome":"OUTCOME_KIND_DONE",
      "state":"CASE_STATE_IN_PROGRESS","priority":"PRIORITY_P2","team":"desk","at":"2030-04-23T16:00:00Z"}})");
  Shell shell;
  shell.services.answers["CaseService/Execute"] = {answer};
  ASSERT_EQ(shell.Run({"start", kCase}), 0);
  EXPECT_THAT(shell.out, HasSubstr("in_progress  P2"));
  EXPECT_THAT(shell.out, ::testing::Not(HasSubstr("PERSON"))) << "columns without a value are left out";
  ASSERT_EQ(shell.Run({"start", kCase, "--output", "json"}), 0);
  EXPECT_EQ(Json::parse(shell.out), answer);
}

}  // namespace
}  // namespace escalon::escalonctl
