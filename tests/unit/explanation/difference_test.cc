#include "common/explanation/difference.h"

#include <gmock/gmock.h>

#include "common/documents/expansion.h"
#include "tests/unit/explanation/shipped.h"

namespace escalon::explanation {
namespace {

using test::Parsed;
using test::Shipped;
using test::With;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

auto Says(const std::string& which, const std::string& what) {
  return AllOf(Field(&Difference::which, HasSubstr(which)), Field(&Difference::what, HasSubstr(what)));
}

/// Its tests name clocks and levels that are taken away here.
std::string WithoutTests(const std::string& name) {
  const std::string text = Shipped(name);
  const size_t tests = text.find("\ntests:");
  return tests == std::string::npos ? text : text.substr(0, tests + 1);
}

std::vector<Difference> AfterReplacing(const std::string& place, const std::string& by) {
  const std::string text = WithoutTests("starter.yaml");
  return Differences(Parsed(text), Parsed(With(text, place, by)));
}

TEST(Differences, OfAPolicyAndItselfAreNone) {
  const Policy policy = Parsed(Shipped("shop.yaml"));
  EXPECT_THAT(Differences(policy, policy), IsEmpty());
}

TEST(Differences, NameTheCasesAndBothValues) {
  EXPECT_THAT(AfterReplacing("wait: {P1: 5m, P2: 15m, P3: 4h, P4: 1bd}", "wait: {P1: 5m, P2: 20m, P3: 4h, P4: 1bd}"),
              ElementsAre(Says("at P2", "functional step 1 waits 20 minutes, around the clock instead of 15 minutes")));
  EXPECT_THAT(AfterReplacing("high: [P1, P2, P3]", "high: [P1, P1, P3]"),
              ElementsAre(Says("impact high and urgency medium", "priority is P1 instead of P2")));
}

TEST(Differences, GatherThePrioritiesThatChangeAlike) {
  EXPECT_THAT(AfterReplacing("wait: {P1: 10m, P2: 30m, default: 1bd}", "wait: {P1: 10m, P2: 30m, default: 2bd}"),
              ElementsAre(Says("at P3 and P4", "waits 2 business days")));
}

TEST(Differences, OfMajorEscalationsAreSaidByTheirPromises) {
  const std::string text = WithoutTests("customer-ladder.yaml");
  EXPECT_THAT(Differences(Parsed(text), Parsed(With(text, "assessment_within: 4h", "assessment_within: 2h"))),
              ElementsAre(Says("all cases", "its assessment is there within 2 hours instead of 4 hours")));
}

TEST(Differences, ARuleThatComesOrGoesIsSaidOnce) {
  EXPECT_THAT(
      AfterReplacing("  response:\n", "  first_answer:\n"),
      ElementsAre(Says("all cases", "new: promise first answer"), Says("all cases", "no longer: promise response")));
  EXPECT_THAT(
      AfterReplacing(
          "        - {id: p1-opened, at: opened, when: {field: priority, is: P1}, level: MGR, mode: inform}\n", ""),
      ElementsAre(Says("take no other way", "no longer: hierarchical rule p1-opened")));
  EXPECT_THAT(
      AfterReplacing("catch_all: {team: managers}\n",
                     "  alert:\n    when: {field: kind, is: alert}\n    functional: {steps: [{level: L1, to: {team: "
                     "service-desk}, wait: 5m}]}\ncatch_all: {team: managers}\n")
          .size(),
      1u);
}

TEST(Differences, TestsAndCommentsChangeNoCase) {
  EXPECT_THAT(Differences(Parsed(Shipped("starter.yaml")), Parsed("# x\n" + WithoutTests("starter.yaml"))), IsEmpty());
}

/// Every key that steers cases is part of what is compared: each of these changes must be seen.
TEST(Differences, OverlookNothing) {
  const std::string text = WithoutTests("shop.yaml");
  const std::pair<const char*, const char*> changes[] = {
      {"weekly: {mon-fri: [\"08:00-18:00\"]}", "weekly: {mon-fri: [\"08:00-17:00\"]}"},
      {"\"2026-12-24\": [", "\"2026-12-23\": ["},
      {"\"2027-01-01\"]", "\"2027-01-02\"]"},
      {"business_calendar: office", "business_calendar: always"},
      {"urgency: -1", "urgency: -2"},
      {"at_least: P2", "at_least: P1"},
      {"defaults: {impact: medium", "defaults: {impact: low"},
      {"quality: 95%", "quality: 90%"},
      {"authority: limited", "authority: none"},
      {"issues: routine requests", "issues: requests"},
      {"resources: standard tools", "resources: tools"},
      {"decision_rights: follow policy only", "decision_rights: follow the policy"},
      {"response: 1h", "response: 2h"},
      {"people: {role: second-line}", "people: {team: engineering}"},
      {"customer: {follow_up: 2d, max: 10d}", "customer: {follow_up: 2d, max: 11d}"},
      {"wait: 5s", "wait: 6s"},
      {"network: [vpn,", "network: ["},
      {"    network: [network]", "    network: [network, dns]"},
      {"stop_on: [acknowledged_by_human]", "stop_on: [acknowledged_by_human, resolved]"},
      {"start_at: reported", "start_at: opened"},
      {"pause_when: {pending: [customer]}", "pause_when: {pending: [customer, vendor]}"},
      {"on_reopen: resume", "on_reopen: restart"},
      {"on_priority_change: from_start", "on_priority_change: from_change"},
      {"warn: [80%]", "warn: [81%]"},
      {"enter_at: {P1: L2}", "enter_at: {P1: L3}"},
      {"if_empty: {P1: skip,", "if_empty: {P1: hold,"},
      {"lease: {P1: 30m, P2: 2h, default: 8h}", "lease: {P1: 31m, P2: 2h, default: 8h}"},
      {"repeat: 1", "repeat: 2"},
      {"assign: push", "assign: pull"},
      {"used: 75%}", "used: 76%}"},
      {"mode: inform}", "mode: own}"},
      {"catch_all: {team: canary}", "catch_all: {team: executives}"},
      {"escalations_per_case: 10", "escalations_per_case: 11"},
      {"reassignments: 8", "reassignments: 9"},
      {"cooldown: 5m", "cooldown: 6m"},
      {"opens: 3", "opens: 4"},
      {"unless: {field: priority, is: P1}", "unless: {field: priority, is: P2}"},
      {"within: 30m\n    default", "within: 31m\n    default"},
      {"default: approve", "default: refuse"},
      {"ratify_within: 24h", "ratify_within: 25h"},
      {"require: {any: [summary,", "require: {any: ["},
      {"to_L3: [hypotheses_ruled_out,", "to_L3: ["},
      {"accept_within: {P1: 5m", "accept_within: {P1: 6m"},
      {"ask_for_missing_within: 30m", "ask_for_missing_within: 31m"},
      {"monitoring: {P1: 48h", "monitoring: {P1: 47h"},
      {"confirm: {grace: 3d}", "confirm: {grace: 4d}"},
      {"confirm: {grace: 3d}", "confirm: {grace: 3bd, calendar: office}"},
      {"reopen_within: 7d", "reopen_within: 8d"},
      {"via: [webhook, mail, log]", "via: [mail, log]"},
      {"then: 1h", "then: 2h"},
  };
  const Policy before = Parsed(text);
  for (const auto& [place, by] : changes) {
    EXPECT_THAT(Differences(before, Parsed(With(text, place, by))), testing::Not(IsEmpty())) << place;
  }
}

TEST(ExpandPolicy, MeansTheSameForEveryShippedPolicyAndCannotBeExpandedFurther) {
  for (const auto& entry : std::filesystem::directory_iterator(ESCALON_SHIPPED_POLICIES)) {
    const std::string name = entry.path().filename().string();
    if (name.find("roster") != std::string::npos || entry.path().extension() != ".yaml") continue;
    const std::string text = WithoutTests(name);
    const Result<std::string> expanded = ExpandPolicy(text);
    ASSERT_TRUE(expanded) << name;
    for (const Difference& one : Differences(Parsed(text), Parsed(*expanded))) {
      ADD_FAILURE() << name << ": " << one.which << ": " << one.what;
    }
    EXPECT_EQ(ExpandPolicy(*expanded).value(), *expanded) << name;
    for (const char* sugar : {"zone: ", "hours: ", "warn: ", "if_empty", "pause_when", "mon-fri", "via: ", "1bd"}) {
      EXPECT_EQ(expanded->find(std::string(" ") + sugar), std::string::npos) << name << ": " << sugar;
    }
  }
}

}  // namespace
}  // namespace escalon::explanation
