// The whole life of a case through five real services, real Kafka, real Redis, and a real webhook sink.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/door.h"
#include "tests/support/kafka_broker.h"

namespace escalon::e2e {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

std::string State(const json& c) { return c.value("state", ""); }
std::string Path(const std::string& url) { return url.substr(url.find('/', url.find("//") + 2)); }

class LifeTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    sink_ = new Sink();
    e2e::ClusterOptions options;
    options.sink = sink_->address();
    options.policy = "tests/e2e/policy.yaml";
    options.roster = "tests/e2e/roster.yaml";
    auto started = e2e::Cluster::Start(test::SharedKafka(), options);
    ASSERT_TRUE(started.ok()) << started.error().message;
    cluster_ = started->release();
  }
  static void TearDownTestSuite() {
    delete cluster_;
    delete sink_;
    cluster_ = nullptr;
    sink_ = nullptr;
  }
  void SetUp() override {
    ASSERT_NE(cluster_, nullptr);
    door_ = std::make_unique<Door>(*cluster_, cluster_->Key("integrator"));
  }
  static std::string Fresh(const std::string& name) { return name + "-" + std::to_string(++number_); }

  static inline Sink* sink_ = nullptr;
  static inline e2e::Cluster* cluster_ = nullptr;
  static inline int number_ = 0;
  std::unique_ptr<Door> door_;
};

TEST_F(LifeTest, a_case_is_told_acknowledged_by_link_resolved_confirmed_and_closed) {
  const std::string id = door_->Submit(Incident(Fresh("INC")));
  const json assigned = door_->AwaitCase(id, [](const json& c) { return State(c) == "CASE_STATE_ASSIGNED"; });
  EXPECT_EQ(assigned["owner"].value("person", ""), "ann");
  const Message page =
      sink_->Await([&](const Message& m) { return m.person == "ann" && m.body["data"].value("case_id", "") == id; });
  EXPECT_FALSE(page.id.empty());
  const std::string link = Path(page.body["data"]["links"].value("acknowledge", ""));
  // A mail scanner that opens the link acknowledges nothing.
  const e2e::HttpAnswer shown = door_->Get(link);
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(State(door_->Case(id)), "CASE_STATE_ASSIGNED");
  const auto pressed =
      e2e::HttpCall("POST", cluster_->http(), link, {}, "", {{"Content-Type", "application/x-www-form-urlencoded"}});
  ASSERT_TRUE(pressed.ok());
  EXPECT_EQ(pressed->status, 200) << pressed->body;
  door_->AwaitCase(id, [](const json& c) { return State(c) == "CASE_STATE_ACKNOWLEDGED"; });
  EXPECT_EQ(door_->Command(id, {{"resolve", {{"text", "restarted the concentrator"}}}}).status, 200);
  door_->AwaitCase(id, [](const json& c) { return State(c) == "CASE_STATE_RESOLVED"; });
  EXPECT_EQ(door_->Command(id, {{"confirm_resolution", json::object()}}).status, 200);
  door_->AwaitCase(id, [](const json& c) { return State(c) == "CASE_STATE_CLOSED"; });
  const e2e::HttpAnswer history = door_->Get("/v1/cases/" + id + "/history");
  EXPECT_EQ(history.status, 200);
  EXPECT_THAT(history.body, HasSubstr("restarted the concentrator"));
}

TEST_F(LifeTest, nobody_answers_and_the_case_climbs_to_the_catch_all) {
  const std::string id = door_->Submit(Incident(Fresh("INC"), "GRADE_HIGH", "GRADE_HIGH"));
  door_->AwaitCase(id, [](const json& c) { return c.value("level", "") == "L2"; });
  sink_->Await([&](const Message& m) { return m.person == "bob" && m.body["data"].value("case_id", "") == id; });
  const json last = door_->AwaitCase(id, [](const json& c) { return c["owner"].value("team", "") == "managers"; });
  sink_->Await([&](const Message& m) { return m.person == "mia" && m.body["data"].value("case_id", "") == id; });
  EXPECT_THAT(door_->Get("/v1/cases/" + id + "/trace").body, HasSubstr("step"));
}

TEST_F(LifeTest, a_clear_from_the_source_cancels_the_climb_within_a_second) {
  json alert = Incident(Fresh("ALERT"), "GRADE_HIGH", "GRADE_HIGH");
  alert["kind"] = "alert";
  alert.erase("requester");
  alert["dedup_key"] = alert["idempotency_key"];
  const std::string id = door_->Submit(alert);
  door_->AwaitCase(id, [](const json& c) { return State(c) == "CASE_STATE_ASSIGNED"; });
  ASSERT_EQ(door_->Command(id, {{"source_ended", {{"cleared", true}}}}).status, 200);
  const json ended = door_->AwaitCase(
      id,
      [](const json& c) {
        return State(c) == "CASE_STATE_RESOLVED" || State(c) == "CASE_STATE_MONITORING" ||
               State(c) == "CASE_STATE_CLOSED";
      },
      std::chrono::seconds(5));
  for (const json& clock : ended.value("clocks", json::array())) EXPECT_NE(clock.value("name", ""), "step.functional");
}

TEST_F(LifeTest, a_repeated_submission_is_one_case_and_another_body_under_its_key_is_refused) {
  const json submission = Incident(Fresh("INC"));
  const std::string id = door_->Submit(submission);
  EXPECT_EQ(door_->Submit(submission), id);
  json other = submission;
  other["title"] = "something else";
  const e2e::HttpAnswer refused = door_->Post("/v1/cases", other);
  EXPECT_THAT(refused.status, AnyOf(400, 409, 422)) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("idempotency_key"));
}

TEST_F(LifeTest, a_handover_moves_the_owner_only_when_it_is_accepted) {
  const std::string id = door_->Submit(Incident(Fresh("INC")));
  door_->AwaitCase(id, [](const json& c) { return State(c) == "CASE_STATE_ASSIGNED"; });
  ASSERT_EQ(door_->Command(id, {{"acknowledge", {{"on_behalf_of", "ann"}}}}).status, 200);
  const e2e::HttpAnswer missing =
      door_->Command(id, {{"offer_handover", {{"to_person", "bob"}, {"reason", "needs the network team"}}}});
  EXPECT_NE(missing.status, 200);
  EXPECT_THAT(missing.body, HasSubstr("summary"));
  Door manager(*cluster_, cluster_->Key("manager"));
  const json package = json::array({{{"name", "summary"}, {"text", "VPN down since 9"}}});
  const e2e::HttpAnswer offered = manager.Command(
      id,
      {{"offer_handover", {{"to_person", "bob"}, {"reason", "needs the network team"}, {"package_fields", package}}}});
  ASSERT_EQ(offered.status, 200) << offered.body;
  EXPECT_EQ(
      door_->AwaitCase(id, [](const json& c) { return !c.value("handovers", json::array()).empty(); })["owner"].value(
          "person", ""),
      "ann");
  const e2e::HttpAnswer accepted = manager.Command(id, {{"accept_handover", json::object()}});
  EXPECT_EQ(accepted.status, 200) << accepted.body;
}

TEST_F(LifeTest, another_tenant_sees_nothing_and_changes_nothing) {
  const std::string id = door_->Submit(Incident(Fresh("INC")));
  door_->AwaitCase(id, [](const json& c) { return State(c) == "CASE_STATE_ASSIGNED"; });
  Door foreign(*cluster_, cluster_->Key("manager", e2e::kOtherTenant));
  EXPECT_EQ(foreign.Get("/v1/cases/" + id).status, 404);
  EXPECT_EQ(foreign.Get("/v1/cases/" + id + "/history").status, 404);
  EXPECT_EQ(foreign.Command(id, {{"cancel", {{"reason", "mine"}}}}).status, 404);
  EXPECT_THAT(foreign.Get("/v1/cases").body, ::testing::Not(HasSubstr(id)));
  Door nobody(*cluster_, "escalon_nosuchkey000_0000000000000000000000000000000000000000000000000000000000000000");
  EXPECT_EQ(nobody.Get("/v1/cases/" + id).status, 401);
}

TEST_F(LifeTest, bad_input_is_named_and_changes_nothing) {
  const double before = cluster_->Metric("routing", "escalon_keeper_records_total");
  struct Bad {
    std::string body, word;
    int least, most;
  };
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "[";
  const std::vector<Bad> all = {
      {"{", "", 400, 400},
      {R"({"kind":"incident","title":"x","impact":"enormous"})", "impact", 400, 422},
      {R"({"kind":"incident","title":"x","nonsense":1})", "nonsense", 400, 422},
      {R"({"kind":"incident"})", "title", 400, 422},
      {"{\"kind\":\"incident\",\"title\":\"a\\u0007b\"}", "title", 400, 422},
      {"{\"kind\":\"incident\",\"title\":\"\xff\xfe\"}", "", 400, 422},
      {deep, "", 400, 422},
      {R"({"kind":"incident","title":")" + std::string(300 * 1024, 'x') + "\"}", "body", 400, 413},
  };
  for (const Bad& bad : all) {
    const e2e::HttpAnswer answer = door_->PostRaw("/v1/cases", bad.body);
    EXPECT_GE(answer.status, bad.least) << bad.body.substr(0, 80) << "\n" << answer.body;
    EXPECT_LE(answer.status, bad.most) << bad.body.substr(0, 80) << "\n" << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(bad.word)) << bad.body.substr(0, 80);
  }
  EXPECT_EQ(door_->Command("01a21514-16e0-814c-8008-c75a33f6b540", {{"start_work", json::object()}}).status, 404);
  EXPECT_EQ(door_->Command("not-an-id", {{"start_work", json::object()}}).status, 400);
  const std::string id = door_->Submit(Incident(Fresh("INC")));
  const e2e::HttpAnswer wrong = door_->Command(id, {{"confirm_resolution", json::object()}});
  EXPECT_EQ(wrong.status, 409) << wrong.body;
  EXPECT_GE(cluster_->Metric("routing", "escalon_keeper_records_total"), before + 1);
}

TEST_F(LifeTest, lists_find_a_case_by_its_number_and_by_its_team) {
  const std::string number = Fresh("INC");
  const std::string id = door_->Submit(Incident(number));
  door_->AwaitCase(id, [](const json& c) { return State(c) == "CASE_STATE_ASSIGNED"; });
  EXPECT_THAT(door_->Get("/v1/cases:lookup?source=itsm&external_ref=" + number).body, HasSubstr(id));
  EXPECT_THAT(door_->Get("/v1/cases?team=desk&order=opened").body, HasSubstr(id));
}

}  // namespace
}  // namespace escalon::e2e
