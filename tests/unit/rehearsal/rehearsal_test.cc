#include "common/rehearsal/rehearsal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/documents/policy_document.h"
#include "common/rehearsal/stand_ins.h"

namespace escalon::rehearsal {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kPolicy =
    "apiVersion: escalon/v1\n"
    "kind: Policy\n"
    "id: small\n"
    "priority: {matrix: {high: [P1, P2, P3], medium: [P2, P3, P4], low: [P3, P4, P4]}}\n"
    "levels: {L1: {}, L2: {people: {team: managers}}, MGR: {people: {team: managers}}}\n"
    "clocks:\n"
    "  resolution: {target: 4h, start_on: [opened], stop_on: [resolved], pause_when: {pending: [customer]}, warn: "
    "[75%]}\n"
    "paths:\n"
    "  all:\n"
    "    functional:\n"
    "      stop_on: [acknowledged]\n"
    "      steps:\n"
    "        - {level: L1, to: {team: desk}, wait: 5m, calendar: always}\n"
    "        - {level: L2, to: {team: network}, wait: 10m, calendar: always}\n"
    "    hierarchical:\n"
    "      triggers:\n"
    "        - {id: overdue, at: {clock: resolution, breached: true}, level: MGR, mode: own}\n"
    "        - {id: p1, at: opened, when: {field: priority, is: P1}, level: MGR, mode: inform}\n"
    "approvals:\n"
    "  - {for: {track: hierarchical, level: MGR, by: person}, ask: {level: MGR}, within: 30m, default: approve}\n"
    "catch_all: managers\n"
    "tests:\n";

/// The outcome of one test: what is done to an incident of P3, and what is expected.
Outcome Try(const std::string& expect, const std::string& then = "[]", const std::string& facts = "kind: incident") {
  const Result<PolicyDocument> document =
      ParsePolicyDocument(std::string(kPolicy) + "  - {name: it, given: {" + facts +
                              ", at: \"2030-01-07T09:00:00Z\"}, then: " + then + ", expect: [" + expect + "]}\n",
                          "local", 1);
  if (!document) {
    for (const FieldViolation& fault : document.error().fields) ADD_FAILURE() << fault.field << ": " << fault.message;
    return {};
  }
  const auto roster = StandIns(document->policy, document->tests);
  EXPECT_TRUE(roster) << roster.error().message;
  return Rehearse(document->policy, **roster, document->tests).at(0);
}

auto Missed(const std::string& expected, const std::string& happened) {
  return AllOf(Field(&Miss::expected, HasSubstr(expected)), Field(&Miss::happened, HasSubstr(happened)));
}

TEST(Rehearse, PassesWhatHappensAsItIsExpected) {
  const Outcome outcome =
      Try("{within: 0s, step: L1}, {after: 5m, step: L2}, {at: \"2030-01-07T09:05:00Z\", page: network}, {after: 15m, "
          "catch_all: true}, {priority: P3}, {path: all}, {due: resolution, after: 4h}, {after: 3h, warn: resolution, "
          "used: "
          "75%}, {after: 4h, breach: resolution}, {never: {inform: MGR}}, {never: {keep: "
          "resolution}}");
  EXPECT_THAT(outcome.misses, IsEmpty()) << (outcome.misses.empty() ? "" : outcome.misses[0].expected);
  EXPECT_TRUE(outcome.passed());
  EXPECT_THAT(outcome.happened, testing::Not(IsEmpty()));
}

TEST(Rehearse, SaysWhatHappenedInsteadAndWhere) {
  const Outcome outcome = Try("{within: 4m, step: L2}, {after: 5m, step: L2}, {step: MGR}, {never: {step: L1}}");
  EXPECT_THAT(outcome.misses, ElementsAre(Missed("step L2 within 4m", "reached L2"), Missed("step MGR", "instead"),
                                          Missed("never step L1", "2030-01-07T09:00:00Z")));
  EXPECT_EQ(outcome.misses[0].place, "tests[0].expect[0]");
  EXPECT_EQ(outcome.misses[0].line, 23);
}

TEST(Rehearse, DoesWhatTheTestSays) {
  EXPECT_TRUE(Try("{never: {step: L2}}, {state: resolved, after: 1h}, {keep: resolution}",
                  "[{after: 2m, do: acknowledge}, {after: 1h, do: resolve}]")
                  .passed());
  EXPECT_TRUE(Try("{due: resolution, after: 6h}",
                  "[{after: 1m, do: acknowledge}, {after: 1h, do: pause, pending: customer}, {after: 3h, do: resume}]")
                  .passed());
  EXPECT_TRUE(Try("{priority: P1}, {after: 10m, priority: P1}, {after: 9m, priority: P3}",
                  "[{after: 10m, do: change, set: {impact: high, urgency: high}}]")
                  .passed());
}

TEST(Rehearse, ActsAreBySomebodyOfTheLevelWhoeverHasItOrThePersonNamed) {
  EXPECT_TRUE(Try("{approval: asked}, {approval: approved}, {after: 4m, level: MGR}",
                  "[{after: 1m, do: acknowledge}, {after: 2m, do: escalate, track: hierarchical, level: MGR, reason: "
                  "resources, text: help}, {after: 4m, do: approve, by: {level: MGR}}]")
                  .passed());
  EXPECT_TRUE(Try("{owner: zoe}", "[{after: 1m, do: acknowledge}, {after: 2m, do: assign, person: zoe}]").passed());
}

TEST(Rehearse, ARefusedActIsAMissUnlessItIsExpected) {
  const std::string wrong = "[{after: 1m, do: resume}]";
  EXPECT_THAT(Try("{step: L1}", wrong).misses, ElementsAre(Missed("resume by", "refused: ")));
  EXPECT_TRUE(Try("{step: L1}", "[{after: 1m, do: resume, refused: true}]").passed());
  EXPECT_THAT(Try("{step: L1}", "[{after: 1m, do: acknowledge, refused: true}]").misses,
              ElementsAre(Missed("is refused", "accepted")));
}

TEST(Rehearse, APersonWhoIsNotThereCannotAct) {
  const Result<PolicyDocument> document =
      ParsePolicyDocument(std::string(kPolicy) +
                              "  - {name: it, given: {kind: incident, at: \"2030-01-07T09:00:00Z\"}, then: [{after: "
                              "1m, do: acknowledge, by: "
                              "ana}], expect: [{step: L1}]}\n",
                          "local", 1);
  ASSERT_TRUE(document);
  const auto outcomes = Rehearse(document->policy, *Roster::Empty(), document->tests);
  ASSERT_THAT(outcomes, SizeIs(1));
  EXPECT_THAT(outcomes[0].misses, testing::Contains(Missed("the act is done", "no person \"ana\"")));
}

TEST(Rehearse, TwoRunsAreTheSame) {
  const Outcome a = Try("{step: L1}"), b = Try("{step: L1}");
  EXPECT_EQ(a.happened, b.happened);
}

TEST(StandIns, StandForEverybodyWhomThePolicyNames) {
  const Result<PolicyDocument> document = ParsePolicyDocument(
      std::string(kPolicy) +
          "  - {name: it, given: {at: \"2030-01-07T09:00:00Z\", residency: eu}, expect: [{step: L1}]}\n",
      "local", 1);
  ASSERT_TRUE(document);
  const auto roster = StandIns(document->policy, document->tests);
  ASSERT_TRUE(roster);
  EXPECT_THAT((*roster)->team("desk")->members, ElementsAre("desk-1", "desk-2"));
  EXPECT_THAT((*roster)->person("desk-1")->clearance, testing::Contains("eu"));
  EXPECT_FALSE((*roster)->OnCallOf("managers", document->tests[0].opened_at).empty());
}

/// No `business_calendar`: the promises at P3 and P4 say when the desk works.
constexpr const char* kOfficeHours = R"(
apiVersion: escalon/v1
kind: Policy
id: office-hours
calendars:
  office: {zone: Europe/Berlin, hours: {mon-fri: ["09:00-17:00"]}}
  always: {zone: UTC, hours: {mon-sun: ["00:00-24:00"]}}
priority: {matrix: {high: [P1, P2, P3], medium: [P2, P3, P4], low: [P3, P4, P4]}}
levels: {L1: {target: 15m}, L2: {target: 1h}, L3: {target: 4h}, MGR: {people: {team: managers}}}
clocks:
  response:
    calendar: {P1: always, P2: always, P3: office, P4: office}
    target: {P1: 15m, P2: 30m, P3: 4h, P4: 1bd}
    start_on: [opened]
    stop_on: [public_reply]
  early_warning: {calendar: always, target: 24h, start_on: [classified], stop_on: [authority_informed], pausable: never}
paths:
  all:
    functional:
      steps:
        - {level: L1, to: {team: desk}, assign: pull, wait: {P1: 5m, P2: 15m, P3: 4h, P4: 1bd}}
        - {level: L2, to: {team: network}, assign: push, wait: {P1: 10m, P2: 30m, default: 4h}}
        - {level: L3, to: {team: engineering}, assign: push, wait: {P1: 15m, default: 1bd}}
      enter_at: {P1: L2}
      if_empty: {P1: skip, P2: skip, P3: hold, P4: hold}
    hierarchical:
      triggers:
        - {id: p1-open, at: opened, when: {field: priority, is: P1}, level: MGR, mode: inform}
catch_all: managers
tests:
  - name: the least at night begins with the desk's day
    given: {kind: incident, impact: low, urgency: low, at: "2026-11-25T02:00:00+01:00"}
    expect: [{at: "2026-11-25T09:00:00+01:00", step: L1}, {never: {level: MGR}}]
  - name: nobody is paged before
    given: {kind: incident, impact: low, urgency: low, at: "2026-11-25T02:00:00+01:00"}
    expect: [{never: {page: desk}, within: 6h}]
  - name: the gravest waits for nobody
    given: {kind: incident, impact: high, urgency: high, at: "2026-11-25T02:00:00+01:00"}
    expect: [{within: 0s, step: L2}, {within: 0s, inform: MGR}, {within: 10m, step: L3}]
)";

TEST(Rehearsal, WithoutABusinessCalendarTheHoursOfThePromisesAreThoseOfTheWaits) {
  const Result<PolicyDocument> document = ParsePolicyDocument(kOfficeHours, "local", 1);
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->policy.business_calendar, "office");
  const auto roster = StandIns(document->policy, document->tests);
  ASSERT_TRUE(roster);
  for (const Outcome& outcome : Rehearse(document->policy, **roster, document->tests)) {
    EXPECT_TRUE(outcome.passed()) << outcome.name << ": "
                                  << (outcome.passed()
                                          ? ""
                                          : outcome.misses[0].expected + ", " + outcome.misses[0].happened);
  }
}

}  // namespace
}  // namespace escalon::rehearsal
