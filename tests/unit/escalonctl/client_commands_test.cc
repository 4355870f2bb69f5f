#include <gmock/gmock.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/wire/json_codec.h"
#include "escalon/cases/v1/case_service.pb.h"
#include "escalon/clock/v1/clock_service.pb.h"
#include "escalon/delivery/v1/delivery_service.pb.h"
#include "escalon/keeper/v1/keeper_service.pb.h"
#include "escalon/policy/v1/policy_service.pb.h"
#include "escalon/query/v1/query_service.pb.h"
#include "escalon/roster/v1/roster_service.pb.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/escalonctl/shell.h"

// Every other command that asks a service: the call, its message, and the exit code.

namespace escalon::escalonctl {
namespace {

using test::kCase;
using test::Shell;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string WriteFile(const escalon::test::TempDir& dir, const std::string& name, const std::string& text) {
  const std::string path = dir.path() + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

/// The request parses as the message of the call.
template <typename Message>
void ExpectMessage(const Json& request) {
  Message message;
  const Status read = wire::FromJson(request.dump(), "request", &message, 4 * 1024 * 1024);
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
}

TEST(Submit, OptionsBecomeASubmissionWithAKeyOfItsOwn) {
  Shell shell;
  ASSERT_EQ(shell.Run({"submit", "--title", "Shop is slow", "--impact", "high", "--requester", "u1", "--vip", "--tag",
                       "a", "--tag", "b", "--label", "site=vie", "--proactive", "--occurred-at", "now"}),
            0)
      << shell.err;
  Json submission = shell.services.last()["submission"];
  EXPECT_THAT(submission["idempotency_key"].get<std::string>(), ::testing::StartsWith("ctl-"));
  submission.erase("idempotency_key");
  EXPECT_EQ(
      submission,
      Json::parse(R"({"title":"Shop is slow","impact":"GRADE_HIGH","requester":{"id":"u1","vip":true},"tags":["a","b"],
      "labels":{"site":"vie"},"proactive":true,"occurred_at":"2030-03-17T17:46:40.123Z"})"));
  ExpectMessage<cases::v1::SubmitCaseRequest>(shell.services.last());
}

TEST(Submit, WithoutATitleOrAFileItIsUsage) {
  Shell shell;
  EXPECT_EQ(shell.Run({"submit", "--impact", "high"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("--title"));
}

TEST(Submit, LinesOfTheStandardInputGoInBatchesAndEachAnswerIsSaid) {
  Shell shell;
  shell.input = "{\"title\":\"a\"}\n\n{\"title\":\"b\"}\n{\"title\":\"c\"}\n";
  shell.services.answers["CaseService/SubmitMany"] = {Json::parse(
      R"({"outcomes":[{"result":{"case_id":"x","outcome":"OUTCOME_KIND_OPENED"}},{"result":{"case_id":"y","outcome":"OUTCOME_KIND_ATTACHED"}},
          {"error":{"code":3,"message":"title: is empty"}}]})")};
  EXPECT_EQ(shell.Run({"submit", "--file", "-"}), 1) << "one was refused";
  size_t sent = 0;
  for (const auto& asked : shell.services.asked) {
    sent += asked.request["submissions"].size();
    ExpectMessage<cases::v1::SubmitManyRequest>(asked.request);
  }
  EXPECT_EQ(sent, 3u);
  EXPECT_THAT(shell.out, HasSubstr("x  opened"));
  EXPECT_THAT(shell.err, HasSubstr("title: is empty"));
  EXPECT_THAT(shell.err, HasSubstr("1 refused"));
}

TEST(Submit, ManyGoInBatchesOfAThousand) {
  const escalon::test::TempDir dir;
  Json many = Json::array();
  for (int i = 0; i < 2500; ++i) many.push_back({{"title", "t" + std::to_string(i)}});
  Shell shell;
  ASSERT_EQ(shell.Run({"submit", "--file", WriteFile(dir, "many.json", many.dump())}), 0) << shell.err;
  ASSERT_EQ(shell.services.asked.size(), 3u);
  EXPECT_EQ(shell.services.asked[0].request["submissions"].size(), 1000u);
  EXPECT_EQ(shell.services.asked[2].request["submissions"].size(), 500u);
}

TEST(Submit, ABadLineIsNamed) {
  Shell shell;
  shell.input = "{\"title\":\"a\"}\nnonsense\n";
  EXPECT_EQ(shell.Run({"submit", "--file", "-"}), 2);
  EXPECT_THAT(shell.err, HasSubstr("line 2"));
}

TEST(Queries, FiltersBecomeTheRequest) {
  Shell shell;
  ASSERT_EQ(shell.Run({"list", "--state", "new", "--state", "in_progress", "--priority", "P1", "--team", "desk",
                       "--open", "--breached", "--order", "next_due", "--page-size", "10", "--page-token", "abc"}),
            0)
      << shell.err;
  EXPECT_EQ(shell.services.last(),
            Json::parse(R"({"filter":{"states":["CASE_STATE_NEW","CASE_STATE_IN_PROGRESS"],"priorities":["PRIORITY_P1"],
      "team":"desk","open":true,"breached":true},"order":"CASE_ORDER_NEXT_DUE","page_size":10,"page_token":"abc"})"));
  ExpectMessage<cases::v1::ListCasesRequest>(shell.services.last());
}

TEST(Queries, AllAsksPageAfterPage) {
  Shell shell;
  shell.services.answers["CaseService/ListCases"] = {
      Json::parse(R"({"cases":[{"case_id":"a"},{"case_id":"b"}],"next_page_token":"t1"})"),
      Json::parse(R"({"cases":[{"case_id":"c"}]})")};
  ASSERT_EQ(shell.Run({"list", "--all", "-o", "json"}), 0);
  ASSERT_EQ(shell.services.asked.size(), 2u);
  EXPECT_EQ(shell.services.asked[0].request["page_size"], 500);
  EXPECT_EQ(shell.services.asked[1].request["page_token"], "t1");
  EXPECT_EQ(Json::parse(shell.out)["cases"].size(), 3u);
  shell.services.answers["CaseService/ListCases"] = {
      Json::parse(R"({"cases":[{"case_id":"a"}],"next_page_token":"t1","stale":true})")};
  ASSERT_EQ(shell.Run({"list"}), 0);
  EXPECT_THAT(shell.err, HasSubstr("--page-token t1"));
  EXPECT_THAT(shell.err, HasSubstr("behind"));
}

TEST(Queries, EveryQuestionIsItsCall) {
  struct Row {
    std::vector<std::string> words;
    const char* method;
    const char* request;
  };
  const std::string id = kCase;
  const std::vector<Row> rows = {
      {{"get", id, "--min-version", "3"}, "CaseService/GetCase", R"({"case_id":"CASE","min_version":3})"},
      {{"count", "--by", "team", "--by", "priority", "--open"},
       "QueryService/CountCases",
       R"({"filter":{"open":true},"by":["COUNT_BY_TEAM","COUNT_BY_PRIORITY"]})"},
      {{"history", id, "--from-version", "2"},
       "QueryService/GetHistory",
       R"({"case_id":"CASE","from_version":2,"page_size":500})"},
      {{"trace", id, "--version", "2"}, "QueryService/GetTrace", R"({"case_id":"CASE","version":2})"},
      {{"why", id, "--person", "ana", "--at", "2030-04-23T03:12:00Z"},
       "QueryService/Explain",
       R"({"case_id":"CASE","person":"ana","at":"2030-04-23T03:12:00Z"})"},
      {{"deliveries", id, "--outcome", "dead", "--person", "ana"},
       "DeliveryService/ListDeliveries",
       R"({"case_id":"CASE","outcomes":["DELIVERY_OUTCOME_DEAD"],"person":"ana"})"},
      {{"dlq", "list", id}, "DeliveryService/ListDeadLetters", R"({"case_id":"CASE"})"},
      {{"dlq", "resend", "a", "b"}, "DeliveryService/Resend", R"({"ids":["a","b"]})"},
      {{"dlq", "discard", "a"}, "DeliveryService/Resend", R"({"ids":["a"],"discard":true})"},
      {{"clocks", "list", id, "--clock", "response", "--before", "2030-04-23T03:12:00Z"},
       "ClockService/ListClocks",
       R"({"case_id":"CASE","clock":"response","before_ms":1903144320000})"},
      {{"clocks", "stats"}, "ClockService/Stats", R"({})"},
      {{"policy", "list", "shop"}, "PolicyService/List", R"({"id":"shop"})"},
      {{"policy", "show", "shop", "--version", "3"}, "PolicyService/Get", R"({"id":"shop","version":3})"},
      {{"roster", "show", "--version", "3"}, "RosterService/Get", R"({"version":3})"},
      {{"roster", "who", "desk", "network", "--at", "2030-04-23T03:12:00Z"},
       "RosterService/WhoIsOnCall",
       R"({"teams":["desk","network"],"at":"2030-04-23T03:12:00Z"})"},
      {{"shard", "status", "1", "2"}, "KeeperService/ShardStatus", R"({"shards":[1,2]})"},
      {{"shard", "reconcile", "3", "--dry-run"}, "KeeperService/Reconcile", R"({"shard":3,"dry_run":true})"},
      {{"shard", "base", "3"}, "KeeperService/WriteBase", R"({"shard":3})"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.words[0] + " " + row.method);
    Shell shell;
    ASSERT_EQ(shell.Run(row.words), 0) << shell.err;
    ASSERT_EQ(shell.services.asked.size(), 1u);
    EXPECT_EQ(shell.services.asked[0].method, row.method);
    std::string wanted = row.request;
    if (const size_t at = wanted.find("CASE"); at != std::string::npos && wanted[at - 1] == '"')
      wanted.replace(at, 4, id);
    EXPECT_EQ(shell.services.last(), Json::parse(wanted));
    const std::string method = row.method;
    if (method == "CaseService/GetCase") ExpectMessage<cases::v1::GetCaseRequest>(shell.services.last());
    if (method == "QueryService/CountCases") ExpectMessage<query::v1::CountCasesRequest>(shell.services.last());
    if (method == "QueryService/GetHistory") ExpectMessage<query::v1::GetHistoryRequest>(shell.services.last());
    if (method == "QueryService/GetTrace") ExpectMessage<query::v1::GetTraceRequest>(shell.services.last());
    if (method == "QueryService/Explain") ExpectMessage<query::v1::ExplainRequest>(shell.services.last());
    if (method == "DeliveryService/ListDeliveries")
      ExpectMessage<delivery::v1::ListDeliveriesRequest>(shell.services.last());
    if (method == "DeliveryService/ListDeadLetters")
      ExpectMessage<delivery::v1::ListDeadLettersRequest>(shell.services.last());
    if (method == "DeliveryService/Resend") ExpectMessage<delivery::v1::ResendRequest>(shell.services.last());
    if (method == "ClockService/ListClocks") ExpectMessage<clock::v1::ListClocksRequest>(shell.services.last());
    if (method == "PolicyService/List") ExpectMessage<policy::v1::ListRequest>(shell.services.last());
    if (method == "PolicyService/Get") ExpectMessage<policy::v1::GetRequest>(shell.services.last());
    if (method == "RosterService/Get") ExpectMessage<roster::v1::GetRequest>(shell.services.last());
    if (method == "RosterService/WhoIsOnCall") ExpectMessage<roster::v1::WhoIsOnCallRequest>(shell.services.last());
    if (method == "KeeperService/ShardStatus") ExpectMessage<keeper::v1::ShardStatusRequest>(shell.services.last());
    if (method == "KeeperService/Reconcile") ExpectMessage<keeper::v1::ReconcileRequest>(shell.services.last());
    if (method == "KeeperService/WriteBase") ExpectMessage<keeper::v1::WriteBaseRequest>(shell.services.last());
  }
}

TEST(Queries, ShardsAreAskedAtRoutingAndAClosedOneIsAFinding) {
  Shell shell;
  shell.services.answers["KeeperService/ShardStatus"] = {Json::parse(
      R"({"instance":"r-0:7003","shards":[{"state":"SHARD_STATE_OWNED","cases":"3"},{"shard":1,"state":"SHARD_STATE_CLOSED","reason":"short"}]})")};
  EXPECT_EQ(shell.Run({"shard", "status", "--routing", "r-0:7003"}), 5);
  EXPECT_EQ(shell.services.asked[0].address, "r-0:7003");
  EXPECT_THAT(shell.out, HasSubstr("closed"));
}

TEST(Queries, WatchPrintsALineForEachChangeAndEndsAfterTheCount) {
  Shell shell;
  for (int i = 0; i < 3; ++i) {
    shell.services.changes.push_back(
        Json::parse(R"({"case":{"case_id":"a","version":"2","state":"CASE_STATE_ASSIGNED","priority":"PRIORITY_P1",
        "owner":{"team":"desk","person":"ana"},"title":"Shop"},"kinds":["triaged","assigned"],"actor":"triage","at":"2030-04-23T16:00:00Z"})"));
  }
  ASSERT_EQ(shell.Run({"watch", kCase, "--present", "--count", "2"}), 0) << shell.err;
  EXPECT_EQ(shell.services.last(),
            Json::parse(R"({"include_present":true,"case_ids":["01957b2e-6c00-8a13-8000-3f2a7c91d5e0"]})"));
  ExpectMessage<cases::v1::WatchCasesRequest>(shell.services.last());
  EXPECT_EQ(shell.out,
            "2030-04-23T16:00:00Z  a  v2  P1  assigned  desk/ana  triaged, assigned by triage  Shop\n"
            "2030-04-23T16:00:00Z  a  v2  P1  assigned  desk/ana  triaged, assigned by triage  Shop\n");
}

TEST(Queries, HistoryAndTraceAreToldInWords) {
  Shell shell;
  shell.services.answers["QueryService/GetHistory"] = {Json::parse(
      R"({"entries":[{"version":"1","at":"2030-04-23T16:00:00Z","actor":{"subject":"ana","kind":"ACTOR_KIND_HUMAN"},"words":["Opened"],"texts":["hi"]}]})")};
  ASSERT_EQ(shell.Run({"history", kCase}), 0);
  EXPECT_EQ(shell.out, "v1  2030-04-23T16:00:00Z  ana (human)\n    Opened\n    \"hi\"\n");
  shell.services.answers["QueryService/GetTrace"] = {Json::parse(
      R"({"decisions":[{"version":"2","at":"2030-04-23T16:00:00Z","kinds":["triaged"],"policy":"shop@1",
          "lines":[{"rule":"priority.matrix","outcome":"P1","saw":[{"key":"impact","value":"high"},{"key":"urgency","value":"high"}]}]}]})")};
  ASSERT_EQ(shell.Run({"trace", kCase}), 0);
  EXPECT_EQ(shell.out,
            "v2  2030-04-23T16:00:00Z  triaged  by shop@1\n    priority.matrix: P1 (impact = high, urgency = high)\n");
  ASSERT_EQ(shell.Run({"why", kCase}), 0);
  EXPECT_THAT(shell.out, HasSubstr("Nobody"));
}

TEST(Deliveries, TheCaseIsNamedAndATestPageThatFailsIsRefused) {
  Shell shell;
  shell.services.answers["DeliveryService/ListDeliveries"] = {Json::parse(
      R"({"deliveries":[{"case_id":"AZV7LmwAihOAAD8qfJHV4A==","outcome":"DELIVERY_OUTCOME_DEAD","at_ms":"1903144320000","person":"ana"}]})")};
  ASSERT_EQ(shell.Run({"deliveries"}), 0);
  EXPECT_THAT(shell.out, HasSubstr(kCase));
  EXPECT_THAT(shell.out, HasSubstr("2030-04-23T03:12:00Z  dead"));
  shell.services.answers["DeliveryService/TestPage"] = {
      Json::parse(R"({"delivery":{"outcome":"DELIVERY_OUTCOME_CHANNEL_FAILED","reason":"550"}})")};
  EXPECT_EQ(shell.Run({"test-page", "ana", "--channel", "mail", "--text", "hello"}), 1);
  EXPECT_EQ(shell.services.last(), Json::parse(R"({"person":"ana","channel":"mail","text":"hello"})"));
  ExpectMessage<delivery::v1::TestPageRequest>(shell.services.last());
}

TEST(Deliveries, ADeadLetterIsShownByItsIdOrNotFound) {
  Shell shell;
  shell.services.answers["DeliveryService/ListDeadLetters"] = {Json::parse(
      R"({"dead_letters":[{"id":"d1","attempts":4,"last":{"reason":"550 no such user","person":"ana"}}]})")};
  EXPECT_EQ(shell.Run({"dlq", "show", "d1"}), 0);
  EXPECT_THAT(shell.out, HasSubstr("550 no such user"));
  EXPECT_EQ(shell.Run({"dlq", "show", "d2"}), 3);
  shell.services.answers["DeliveryService/Resend"] = {
      Json::parse(R"({"outcomes":[{"id":"d1","reason":"no longer wanted"}]})")};
  EXPECT_EQ(shell.Run({"dlq", "resend", "d1"}), 1);
  EXPECT_THAT(shell.out, HasSubstr("no longer wanted"));
}

TEST(Rules, ADocumentIsSentWholeAndItsDiffIsShown) {
  const escalon::test::TempDir dir;
  const std::string file = WriteFile(dir, "policy.yaml", "id: shop\n");
  Shell shell;
  shell.services.answers["PolicyService/Apply"] = {
      Json::parse(R"({"policy":{"id":"shop","version":4,"active":true},"diff":["- a","+ b"]})")};
  ASSERT_EQ(shell.Run({"policy", "apply", file, "--comment", "c", "--expected-version", "3"}), 0) << shell.err;
  EXPECT_EQ(shell.services.last(), Json::parse(R"({"yaml":"id: shop\n","comment":"c","expected_version":3})"));
  ExpectMessage<policy::v1::ApplyRequest>(shell.services.last());
  EXPECT_EQ(shell.out, "- a\n+ b\nshop@4 is in force.\n");
  shell.services.answers["RosterService/Validate"] = {
      Json::parse(R"({"findings":[{"field":"people.ana","message":"has no contact","line":4}]})")};
  EXPECT_EQ(shell.Run({"roster", "validate", file}), 5);
  EXPECT_THAT(shell.out, HasSubstr("has no contact"));
}

TEST(Rules, ShippedDocumentsAreFineAndBadOnesAreFindingsWithoutAService) {
  const std::string policies = std::string(ESCALON_SOURCE_DIR) + "/deploy/policies/";
  Shell shell;
  EXPECT_EQ(
      shell.Run({"policy", "validate", policies + "shop.yaml", "--local", "--roster", policies + "shop-roster.yaml"}),
      0)
      << shell.out;
  EXPECT_EQ(
      shell.Run({"roster", "validate", policies + "shop-roster.yaml", "--local", "--policy", policies + "shop.yaml"}),
      0)
      << shell.out;
  EXPECT_TRUE(shell.services.asked.empty());
  const escalon::test::TempDir dir;
  EXPECT_EQ(shell.Run({"policy", "validate", WriteFile(dir, "bad.yaml", "nonsense: true\n"), "--local"}), 5);
  EXPECT_THAT(shell.out, HasSubstr("nonsense"));
}

TEST(Rules, GapsOfARosterAreFound) {
  Shell shell;
  const std::string shipped = std::string(ESCALON_SOURCE_DIR) + "/deploy/policies/shop-roster.yaml";
  EXPECT_EQ(
      shell.Run({"roster", "gaps", "desk-emea", "--file", shipped, "--days", "1", "--from", "2030-05-06T00:00:00Z"}),
      5);
  EXPECT_THAT(shell.out, HasSubstr("desk-emea  2030-05-06T14:00:00Z  2030-05-07T00:00:00Z  10h")) << "its day ends";
  EXPECT_EQ(shell.Run({"roster", "gaps", "network", "--file", shipped}), 0) << shell.out;
  EXPECT_EQ(shell.Run({"roster", "gaps", "--file", shipped, "no-such-team"}), 3);
}

TEST(Errors, EachKindHasItsExitCodeAndNamesItsFields) {
  const std::vector<std::pair<ErrorCode, int>> codes = {
      {ErrorCode::kInvalidArgument, 1},   {ErrorCode::kNotFound, 3},        {ErrorCode::kWrongState, 1},
      {ErrorCode::kPermissionDenied, 1},  {ErrorCode::kUnauthenticated, 1}, {ErrorCode::kAlreadyExists, 1},
      {ErrorCode::kResourceExhausted, 4}, {ErrorCode::kUnavailable, 4},     {ErrorCode::kOutcomeUnknown, 4},
      {ErrorCode::kDeadlineExceeded, 4},  {ErrorCode::kInternal, 1}};
  for (const auto& [code, exit] : codes) {
    Shell shell;
    shell.services.answers["CaseService/GetCase"] = {
        Error{code, "something is wrong", {{"case_id", "must be good"}, {"min_version", "must be better"}}, {}, 0}};
    EXPECT_EQ(shell.Run({"get", kCase}), exit) << static_cast<int>(code);
    EXPECT_THAT(shell.err, HasSubstr("case_id: must be good"));
    EXPECT_THAT(shell.err, HasSubstr("min_version: must be better"));
  }
}

TEST(Errors, AreJsonWhenTheOutputIs) {
  Shell shell;
  shell.services.answers["CaseService/GetCase"] = {Error{ErrorCode::kResourceExhausted, "full", {{"f", "m"}}, {}, 200}};
  EXPECT_EQ(shell.Run({"get", kCase, "--output", "json"}), 4);
  EXPECT_EQ(
      Json::parse(shell.err),
      Json::parse(
          R"({"error":{"reason":"RESOURCE_EXHAUSTED","message":"full","fields":[{"field":"f","message":"m"}],"retry_after_ms":200}})"));
  EXPECT_TRUE(shell.out.empty());
}

}  // namespace
}  // namespace escalon::escalonctl
