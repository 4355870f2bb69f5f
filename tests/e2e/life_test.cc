// The whole life of a case through five real services, real Kafka, real Redis, and a real webhook sink.
#include <gmock/gmock.h>

#include "common/runtime/system_clock.h"
#include "tests/e2e/end_to_end.h"

namespace escalon::test {
namespace {

using nlohmann::json;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// More than a machine with other work needs; how late in milliseconds is measured by scripts/bench.
constexpr DurationMs kAtOnce = 5 * kSecondMs;

TEST_F(EndToEnd, a_case_is_told_acknowledged_by_link_handed_over_resolved_confirmed_and_closed) {
  const std::string id = source_.Submit(Incident(Fresh("INC")));
  const auto assigned = AwaitState(id, CaseState::kAssigned);
  EXPECT_EQ(assigned->owner.person, "ann");
  const Message page = sink().Await("ann", id);
  EXPECT_FALSE(page.id.empty());
  EXPECT_THAT(page.signature, HasSubstr("v1,"));
  // A mail scanner that opens the link acknowledges nothing.
  const std::string link = page.link("acknowledge");
  ASSERT_FALSE(link.empty()) << page.body.dump();
  const Door nobody(cluster(), "");
  const HttpAnswer shown = nobody.Get(link);
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(cluster().log().Get(IdOf(id))->state, CaseState::kAssigned);
  const HttpAnswer pressed = nobody.PostRaw(link, "");
  EXPECT_EQ(pressed.status, 200) << pressed.body;
  EXPECT_EQ(AwaitState(id, CaseState::kAcknowledged)->acknowledged_by, "ann");
  // To Bob, who takes it: until then it is Ann's.
  const json package = json::array({{{"name", "summary"}, {"text", "VPN down since 9"}}});
  const HttpAnswer bare = ann_.Command(id, {{"offer_handover", {{"to_person", "bob"}, {"reason", "network"}}}});
  EXPECT_EQ(bare.status, 400) << bare.body;
  EXPECT_THAT(bare.body, HasSubstr("summary"));
  const HttpAnswer offered = ann_.Command(
      id, {{"offer_handover", {{"to_person", "bob"}, {"reason", "network"}, {"package_fields", package}}}});
  ASSERT_EQ(offered.status, 200) << offered.body;
  EXPECT_EQ(Await(id, [](const Case& c) { return !c.handovers.empty(); })->owner.person, "ann");
  const HttpAnswer accepted = bob_.Command(id, {{"accept_handover", json::object()}});
  ASSERT_EQ(accepted.status, 200) << accepted.body;
  Await(id, [](const Case& c) { return c.owner.person == "bob" && c.handovers.empty(); });
  ASSERT_EQ(bob_.Command(id, {{"resolve", {{"text", "restarted the concentrator"}}}}).status, 200);
  AwaitState(id, CaseState::kResolved);
  ASSERT_EQ(source_.Command(id, {{"confirm_resolution", json::object()}}).status, 200);
  const auto closed = AwaitState(id, CaseState::kClosed);
  // What the door shows is what the log says.
  EXPECT_EQ(ann_.Case(id, closed->version).value("state", ""), "CASE_STATE_CLOSED");
  const HttpAnswer history = ann_.Get("/v1/cases/" + id + "/history");
  EXPECT_EQ(history.status, 200);
  EXPECT_THAT(history.body, HasSubstr("restarted the concentrator"));
  EXPECT_THAT(ann_.Get("/v1/cases/" + id + "/trace").body, HasSubstr("decisions"));
}

TEST_F(EndToEnd, nobody_answers_and_the_case_climbs_on_time_to_the_catch_all) {
  const std::string id = source_.Submit(Incident(Fresh("INC"), "GRADE_HIGH", "GRADE_HIGH"));
  InstantMs reached = Await(id, [](const Case& c) { return c.functional.level == "L1"; })->functional.reached_at;
  EXPECT_EQ(sink().Await("ann", id).person, "ann");
  const auto second = Await(id, [](const Case& c) { return c.functional.level == "L2"; });
  EXPECT_GE(second->functional.reached_at, reached + 1000) << "early";
  EXPECT_LE(second->functional.reached_at, reached + 1000 + kAtOnce) << "late";
  sink().Await("bob", id);
  const auto last = Await(id, [](const Case& c) { return c.owner.team == "managers"; });
  EXPECT_EQ(last->functional.step, -1);
  sink().Await("mia", id);
  EXPECT_THAT(ann_.Get("/v1/cases/" + id + "/trace").body, HasSubstr("step"));
}

TEST_F(EndToEnd, a_clear_from_the_source_cancels_the_climb_and_queued_pages_within_a_second) {
  const std::string alarm = Fresh("disk-full");
  const uint64_t refused = sink().refused();
  sink().Answer(503);  // Ann's pager is down: her page waits to be tried again
  json alert = {{"kind", "alert"},        {"title", "disk is full"}, {"dedup_key", alarm},
                {"impact", "GRADE_HIGH"}, {"urgency", "GRADE_HIGH"}, {"action", "SUBMISSION_ACTION_REPORT"}};
  const HttpAnswer raised = source_.Post("/v1/webhooks/monitor", alert);
  ASSERT_EQ(raised.status, 200) << raised.body;
  std::string id;
  cluster().log().WaitFor([&](const std::vector<LogOracle>& shards) {
    for (const LogOracle& shard : shards) {
      for (const auto& [case_id, steps] : shard.cases()) {
        if (steps.back().after->dedup_key == alarm) id = case_id.ToString();
      }
    }
    return !id.empty();
  });
  const auto paged = Await(id, [](const Case& c) { return !c.intents.empty(); });
  ASSERT_TRUE(sink().AwaitRefused(refused));
  json clear = alert;
  clear["action"] = "SUBMISSION_ACTION_CLEAR";
  const InstantMs cleared_at = runtime::SystemClock().WallMs();
  ASSERT_EQ(source_.Post("/v1/webhooks/monitor", clear).status, 200);
  const auto ended = Await(id, [](const Case& c) { return !IsOpen(c.state); });
  EXPECT_LE(ended->resolved_at, cleared_at + kAtOnce);
  EXPECT_EQ(ended->clock("step.functional"), nullptr) << "it would climb on";
  sink().Answer(204);
  // The delivery log says that the page was no longer wanted.
  const OpenIntent& page = paged->intents.front();
  Result<Deliveries> deliveries = Deliveries::Read(cluster());
  for (int i = 0; i < 100 && deliveries.ok() && !deliveries->Ended(IdOf(id), page.version, page.intent.index); ++i) {
    deliveries = Deliveries::Read(cluster());
  }
  ASSERT_TRUE(deliveries.ok()) << deliveries.error().message;
  const std::vector<wire::DeliveryRecord> records = deliveries->Of(IdOf(id), page.version, page.intent.index);
  ASSERT_FALSE(records.empty());
  EXPECT_EQ(records.back().outcome, wire::DeliveryOutcome::kSuppressed) << records.back().reason;
  EXPECT_LE(records.back().at, cleared_at + kAtOnce);
  for (const Message& message : sink().All()) {
    if (message.case_id() == id && message.person == "ann") {
      ADD_FAILURE() << "paged after the alarm was over: " << message.body.dump();
    }
  }
}

TEST_F(EndToEnd, a_repeated_submission_is_one_case_and_another_body_under_its_key_is_refused) {
  const json submission = Incident(Fresh("INC"));
  const std::string id = source_.Submit(submission);
  EXPECT_EQ(source_.Submit(submission), id);
  json other = submission;
  other["title"] = "something else";
  const HttpAnswer refused = source_.Post("/v1/cases", other);
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("idempotency_key"));
  // The same alarm from two systems is one case.
  json first = Incident(Fresh("INC")), second = Incident(Fresh("INC"));
  first["dedup_key"] = second["dedup_key"] = Fresh("same");
  const std::string one = source_.Submit(first);
  EXPECT_EQ(source_.Submit(second), one);
  ASSERT_TRUE(cluster().log().CatchUp().ok());
  EXPECT_THAT(cluster().log().Faults(), IsEmpty());
}

TEST_F(EndToEnd, lists_find_a_case_by_its_number_and_by_its_team) {
  const std::string number = Fresh("INC");
  const std::string id = source_.Submit(Incident(number));
  const auto c = AwaitState(id, CaseState::kAssigned);
  ann_.Case(id, c->version);  // the view has it
  EXPECT_THAT(ann_.Get("/v1/cases:lookup?source=itsm&external_ref=" + number).body, HasSubstr(id));
  EXPECT_THAT(ann_.Get("/v1/cases?team=desk&order=opened").body, HasSubstr(id));
}

TEST_F(EndToEnd, waiting_for_the_customer_stops_the_promise_and_a_rejected_resolution_comes_back) {
  const std::string id = source_.Submit(Incident(Fresh("INC")));
  AwaitState(id, CaseState::kAssigned);
  ASSERT_EQ(ann_.Command(id, {{"acknowledge", json::object()}}).status, 200);
  ASSERT_EQ(ann_.Command(id, {{"pause", {{"reason", "customer"}}}}).status, 200);
  const auto pending = AwaitState(id, CaseState::kPending);
  ASSERT_NE(pending->clock("resolution"), nullptr);
  EXPECT_TRUE(pending->clock("resolution")->paused());
  ASSERT_EQ(ann_.Command(id, {{"resume", {{"reason", "answered"}}}}).status, 200);
  Await(id, [](const Case& c) { return c.state != CaseState::kPending && !c.clock("resolution")->paused(); });
  ASSERT_EQ(ann_.Command(id, {{"resolve", json::object()}}).status, 200);
  AwaitState(id, CaseState::kResolved);
  ASSERT_EQ(source_.Command(id, {{"reject_resolution", {{"reason", "still down"}}}}).status, 200);
  const auto back = Await(id, [](const Case& c) { return IsOpen(c.state); });
  EXPECT_EQ(back->owner.person, "ann");
  EXPECT_EQ(back->reopens, 1u);
}

}  // namespace
}  // namespace escalon::test
