#include "common/documents/policy_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace escalon {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Line by line, so that tests can name lines.
constexpr const char* kHead =
    "apiVersion: escalon/v1\n"                                                        // 1
    "kind: Policy\n"                                                                  // 2
    "id: small\n"                                                                     // 3
    "calendars:\n"                                                                    // 4
    "  office: {timezone: Europe/Berlin, weekly: {mon-fri: [\"09:00-17:00\"]}}\n"     // 5
    "business_calendar: office\n"                                                     // 6
    "priority:\n"                                                                     // 7
    "  matrix: {high: [P1, P2, P3], medium: [P2, P3, P4], low: [P3, P4, P4]}\n"       // 8
    "levels: {L1: {response: 15m}, L2: {response: 1h, people: {team: managers}}}\n";  // 9
constexpr const char* kPaths =
    "paths:\n"                                                                          // 10
    "  all:\n"                                                                          // 11
    "    functional:\n"                                                                 // 12
    "      steps:\n"                                                                    // 13
    "        - {level: L1, to: {team: desk}, wait: {P1: 5m, P4: 1bd, default: 30m}}\n"  // 14
    "catch_all: {team: managers}\n";                                                    // 15

std::string Small(const std::string& more = "") { return std::string(kHead) + kPaths + more; }

Policy Parsed(const std::string& text) {
  Result<Policy> policy = ParsePolicy(text, "acme", 3);
  if (policy) return *policy;
  for (const FieldViolation& fault : policy.error().fields) ADD_FAILURE() << fault.field << ": " << fault.message;
  return {};
}

std::vector<FieldViolation> FaultsOf(const std::string& text) {
  const Result<Policy> policy = ParsePolicy(text, "acme", 3);
  return policy ? std::vector<FieldViolation>{} : policy.error().fields;
}

auto Fault(const std::string& field, const std::string& message) {
  return AllOf(Field(&FieldViolation::field, field), Field(&FieldViolation::message, HasSubstr(message)));
}

TEST(ParsePolicy, ReadsTheSmallest) {
  const Policy policy = Parsed(Small());
  EXPECT_EQ(policy.name(), "small@3");
  EXPECT_EQ(policy.tenant, "acme");
  EXPECT_THAT(policy.hash, SizeIs(64));
  EXPECT_EQ(policy.matrix[0][0], Priority::kP1);
  EXPECT_EQ(policy.level_index("L2"), 1);
  EXPECT_EQ(policy.level("L1")->response, Target{15 * kMinuteMs});
  ASSERT_THAT(policy.paths, SizeIs(1));
  const PathStep& step = policy.paths[0].functional.steps.at(0);
  EXPECT_EQ(step.wait.of(Priority::kP1), Target{5 * kMinuteMs});
  EXPECT_EQ(step.wait.of(Priority::kP2), Target{30 * kMinuteMs});
  EXPECT_EQ(step.wait.of(Priority::kP4).business_days, 1);
}

TEST(ParsePolicy, WaitsRunAroundTheClockForP1AndP2AndInBusinessHoursBelow) {
  const Policy policy = Parsed(Small());
  const PathStep& step = policy.paths[0].functional.steps.at(0);
  EXPECT_EQ(step.wait_calendar.of(Priority::kP2), "");
  EXPECT_EQ(step.wait_calendar.of(Priority::kP3), "office");
  EXPECT_TRUE(policy.paths[0].functional.skip_if_empty.of(Priority::kP1));
  EXPECT_FALSE(policy.paths[0].functional.skip_if_empty.of(Priority::kP4));
}

TEST(ParsePolicy, ReadsAClockWithAllItsWords) {
  const Policy policy =
      Parsed(Small("clocks:\n"
                   "  resolution:\n"
                   "    calendar: {P1: always, default: office}\n"
                   "    target: {P1: 4h, P2: none, P3: {days: 2, snap: closing}, default: 10bd}\n"
                   "    start_on: opened\n"
                   "    start_at: reported\n"
                   "    trust_source_time: 5m\n"
                   "    stop_on: [resolved, public_reply_by_person]\n"
                   "    pause_when: {pending: [customer, vendor]}\n"
                   "    on_reopen: restart\n"
                   "    warn: [50%, 75%]\n"
                   "    on_priority_change: stricter_of_both\n"));
  ASSERT_THAT(policy.clocks, SizeIs(1));
  const ClockRule& rule = policy.clocks[0];
  EXPECT_EQ(rule.calendar.of(Priority::kP1), "");
  EXPECT_EQ(rule.calendar.of(Priority::kP2), "office");
  EXPECT_EQ(rule.target.of(Priority::kP1), Target{4 * kHourMs});
  EXPECT_EQ(rule.target.of(Priority::kP2), std::nullopt);
  EXPECT_EQ(rule.target.of(Priority::kP3), (Target{0, 2, true}));
  EXPECT_EQ(rule.target.of(Priority::kP4), (Target{0, 10, false}));
  EXPECT_THAT(rule.start_on, ElementsAre("opened"));
  EXPECT_THAT(rule.stop_on, ElementsAre("resolved", "public_reply"));
  EXPECT_THAT(rule.warnings, ElementsAre(WarningRule::Percent(50), WarningRule::Percent(75)));
  EXPECT_TRUE(rule.start_at_reported);
  EXPECT_FALSE(rule.resume_on_reopen);
  EXPECT_EQ(rule.on_priority_change, ClockRule::OnChange::kStricterOfBoth);
}

TEST(ParsePolicy, ReadsOffsetsRegionsAndPenaltiesOfAClock) {
  const Policy policy =
      Parsed(Small("clocks:\n"
                   "  resolution:\n"
                   "    target: 4h\n"
                   "    start_on: [opened]\n"
                   "    stop_on: [resolved]\n"
                   "    calendar_by_region: {emea: office, apac: always}\n"
                   "    warn: [75%, {percent: 80}, {before: 15m}, {after: 1h}, {before_days: 1}, {after_days: 2}]\n"
                   "    penalty:\n"
                   "      - {when: {field: contract, is: gold}, amount: 500 EUR}\n"
                   "      - 99.50 EUR\n"));
  ASSERT_THAT(policy.clocks, SizeIs(1));
  const ClockRule& rule = policy.clocks[0];
  using Kind = WarningRule::Kind;
  EXPECT_THAT(rule.warnings, ElementsAre(WarningRule::Percent(75), WarningRule::Percent(80),
                                         WarningRule{Kind::kBefore, 15 * kMinuteMs}, WarningRule{Kind::kAfter, kHourMs},
                                         WarningRule{Kind::kBeforeDays, 1}, WarningRule{Kind::kAfterDays, 2}));
  EXPECT_THAT(rule.region_calendars, ElementsAre(std::pair{std::string("emea"), std::string("office")},
                                                 std::pair{std::string("apac"), std::string()}));
  ASSERT_THAT(rule.penalties, SizeIs(2));
  EXPECT_EQ(rule.penalties[0].amount, (Money{50'000, "EUR"}));
  EXPECT_EQ(rule.penalties[0].when.field, "contract");
  EXPECT_EQ(rule.penalties[1].amount, (Money{9'950, "EUR"}));
}

TEST(ParsePolicy, APriorityThatIsNotNamedHasNoSuchPromise) {
  const Policy policy =
      Parsed(Small("clocks: {response: {target: {P1: 15m}, start_on: [opened], stop_on: [public_reply]}}\n"));
  EXPECT_TRUE(policy.clocks[0].target.of(Priority::kP1).has_value());
  EXPECT_FALSE(policy.clocks[0].target.of(Priority::kP4).has_value());
}

TEST(ParsePolicy, ReadsTriggersByMomentAndGivesTheirReason) {
  const Policy policy =
      Parsed(std::string(kHead) +
             "clocks: {resolution: {target: 4h, start_on: [opened], stop_on: [resolved]}}\n"
             "paths:\n"
             "  all:\n"
             "    functional: {steps: [{level: L1, to: {team: desk}, wait: 5m}]}\n"
             "    hierarchical:\n"
             "      triggers:\n"
             "        - {id: a, at: opened, when: {field: priority, is: P1}, level: L2, mode: inform}\n"
             "        - {id: b, at: {clock: resolution, used: 75%}, level: L2, mode: own}\n"
             "        - {id: c, at: {clock: resolution, breached: true}, level: L2}\n"
             "        - {id: d, when: {field: reopens, ge: 2}, level: L2, reason: customer}\n"
             "catch_all: managers\n");
  const auto& triggers = policy.paths.at(0).hierarchical.triggers;
  ASSERT_THAT(triggers, SizeIs(4));
  EXPECT_EQ(triggers[0].at, Trigger::At::kOpened);
  EXPECT_EQ(triggers[0].reason, EscalationReason::kPriority);
  EXPECT_EQ(triggers[1].percent, 75);
  EXPECT_TRUE(triggers[1].owns);
  EXPECT_EQ(triggers[2].reason, EscalationReason::kTargetPassed);
  EXPECT_EQ(triggers[3].at, Trigger::At::kFactsChanged);
  EXPECT_EQ(triggers[3].reason, EscalationReason::kCustomer);
}

TEST(ParsePolicy, ReadsApprovalsHandoverLimitsAndWhatFollows) {
  const Policy policy =
      Parsed(Small("approvals:\n"
                   "  - {for: {track: hierarchical, level: L2, by: person}, unless: {field: priority, is: P1}, ask: "
                   "{level: L2}, within: 20m,\n"
                   "     default: refuse, emergency: {ratify_within: 24h}}\n"
                   "handover: {require: {any: [summary], to_L2: [impact]}, accept_within: {P1: 1m, default: 10m}}\n"
                   "limits: {escalations_per_case: 4, cooldown: 0s, flapping: {opens: 5, within: 1h}}\n"
                   "after: {monitoring: {P1: 48h}, confirm: {grace: 3d, calendar: office}, reopen_within: 7d}\n"));
  EXPECT_EQ(policy.approvals.at(0).track, Track::kHierarchical);
  EXPECT_FALSE(policy.approvals[0].default_approve);
  EXPECT_EQ(policy.approvals[0].within, 20 * kMinuteMs);
  EXPECT_THAT(policy.handover.required_to_level.at("L2"), ElementsAre("impact"));
  EXPECT_EQ(policy.handover.accept_within.of(Priority::kP1), kMinuteMs);
  EXPECT_EQ(policy.limits.flapping_opens, 5);
  EXPECT_EQ(policy.limits.cooldown, 0);
  EXPECT_EQ(policy.after.monitoring.of(Priority::kP1), 48 * kHourMs);
  EXPECT_EQ(policy.after.monitoring.of(Priority::kP3), 0);
  EXPECT_EQ(policy.after.confirm_grace, Target{3 * kDayMs});
}

TEST(ParsePolicy, AReviewIsOwedInFiveBusinessDaysUnlessThePolicySaysOtherwise) {
  const Policy usual = Parsed(Small("after: {review: {when: {field: priority, is: P1}}}\n"));
  ASSERT_TRUE(usual.after.review);
  EXPECT_EQ(usual.after.review->within.business_days, 5);
  EXPECT_THAT(usual.milestones(), ElementsAre("reviewed"));
  EXPECT_EQ(Parsed(Small("after: {review: {within: 48h}}\n")).after.review->within, Target{48 * kHourMs});
  EXPECT_FALSE(Parsed(Small("after: {reopen_within: 1d}\n")).after.review);
  EXPECT_THAT(FaultsOf(Small("after: {review: {within: 0h}}\n")),
              ElementsAre(Fault("after.review.within", "longer than 0")));
  EXPECT_THAT(FaultsOf(Small("after: {review: {when: {field: moon, is: full}, within: 1h}}\n")),
              ElementsAre(Fault("after.review.when.field", "moon")));
}

TEST(ParsePolicy, AMessageMayBeUrgentOrNotWhateverTheCase) {
  const Policy policy =
      Parsed(Small("communication:\n"
                   "  - {\"on\": [opened], to: [owner]}\n"
                   "  - {\"on\": [closed], to: [owner], urgency: low}\n"
                   "  - {\"on\": [breached], to: [owner], urgency: high}\n"));
  EXPECT_EQ(policy.communication.at(0).urgency, MessageUrgency::kByPriority);
  EXPECT_EQ(policy.communication.at(1).urgency, MessageUrgency::kLow);
  EXPECT_EQ(policy.communication.at(2).urgency, MessageUrgency::kHigh);
  EXPECT_THAT(FaultsOf(Small("communication: [{\"on\": [opened], to: [owner], purpose: page, urgency: low}]\n")),
              ElementsAre(Fault("communication[0].urgency", "a page never waits")));
  EXPECT_THAT(FaultsOf(Small("communication: [{\"on\": [opened], to: [owner], urgency: hi}]\n")),
              ElementsAre(Fault("communication[0].urgency", "by_priority")));
}

TEST(ParsePolicy, ARequestersGraceMayBeInBusinessDays) {
  const Policy policy = Parsed(Small("after: {confirm: {grace: 3bd, calendar: office}}\n"));
  EXPECT_EQ(policy.after.confirm_grace.business_days, 3);
  EXPECT_EQ(policy.confirmation_calendar(), "office");
}

TEST(ParsePolicy, AnApprovalWithoutUnlessExemptsNobody) {
  const Policy policy = Parsed(Small("approvals: [{for: {level: L2}, ask: {level: L2}}]\n"));
  EXPECT_FALSE(Holds(policy.approvals.at(0).unless, Case{}));
}

TEST(ParsePolicy, ATemplateForSeveralEventsBecomesOneRuleEach) {
  const Policy policy =
      Parsed(Small("communication:\n"
                   "  - {\"on\": [opened, resolved], to: [requester], via: [mail], template: \"requester-{event}\"}\n"
                   "  - {to: [stakeholders], cadence: {first: 0m, then: 1h, content_from: owner}}\n"));
  ASSERT_THAT(policy.communication, SizeIs(3));
  EXPECT_EQ(policy.communication[0].message, "requester-opened");
  EXPECT_THAT(policy.communication[1].on, ElementsAre("resolved"));
  EXPECT_EQ(policy.communication[1].message, "requester-resolved");
  EXPECT_EQ(policy.communication[2].cadence, kHourMs);
}

TEST(ParsePolicy, KeysThatBeginWithXAreFree) { EXPECT_EQ(Parsed(Small("x-owner: {team: any}\n")).id, "small"); }

TEST(ParsePolicy, AnUnknownKeyIsNamedWithItsLineAndTheNearestWord) {
  EXPECT_THAT(FaultsOf(Small("limit: {cooldown: 5m}\n")),
              ElementsAre(Fault("limit", "line 16: unknown key; did you mean \"limits\"?")));
  EXPECT_THAT(FaultsOf(Small("limits: {cool_down: 5m}\n")),
              ElementsAre(Fault("limits.cool_down", "did you mean \"cooldown\"?")));
}

TEST(ParsePolicy, EveryFaultIsListedAtOnceInTheOrderOfLinesWithPathAndRemedy) {
  std::string text = Small();
  text.replace(text.find("P1: 5m"), 6, "P1: 5 minutes");
  text.replace(text.find("Europe/Berlin"), 13, "Europe/Berlon");
  text.replace(text.find("low: [P3, P4, P4]"), 17, "low: [P3, P4]");
  EXPECT_THAT(FaultsOf(text),
              ElementsAre(Fault("calendars.office.timezone", "line 5: "),
                          Fault("priority.matrix.low", "line 8: must give three"),
                          Fault("paths.all.functional.steps[0].wait.P1", "line 14: must be a length such as 15m")));
}

TEST(ParsePolicy, WhatOnlyFollowsFromAFaultIsNotReported) {
  std::string text = Small();
  text.replace(text.find("{response: 15m}"), 15, "{respnse: 15m}");
  EXPECT_THAT(FaultsOf(text), ElementsAre(Fault("levels.L1.respnse", "did you mean \"response\"")));
}

TEST(ParsePolicy, FaultsOfMeaningHaveLinesToo) {
  std::string text = Small();
  text.replace(text.find("level: L1, to"), 13, "level: L7, to");
  EXPECT_THAT(FaultsOf(text), ElementsAre(Fault("paths.all.functional.steps[0].level", "line 14: no level \"L7\"")));
}

TEST(ParsePolicy, WordsThatYamlReadsAsBooleansMustBeQuoted) {
  EXPECT_THAT(FaultsOf(Small("communication: [{on: [opened], to: [owner]}]\n")),
              ElementsAre(Fault("communication[0].on", "write \"on\" in quotes")));
  EXPECT_THAT(FaultsOf(Small("triage: {category_keywords: {norway: [no, oslo]}}\n")),
              ElementsAre(Fault("triage.category_keywords.norway[0]", "write \"no\" in quotes")));
}

TEST(ParsePolicy, MissingPartsAreNamed) {
  EXPECT_THAT(FaultsOf("apiVersion: escalon/v1\nkind: Policy\nid: x\n"),
              testing::IsSupersetOf(
                  {Fault("priority", "is missing"), Fault("levels", "is missing"), Fault("paths", "is missing")}));
}

TEST(ParsePolicy, AnotherKindOfDocumentIsRefusedAsAWhole) {
  EXPECT_THAT(FaultsOf("apiVersion: escalon/v1\nkind: Roster\nid: x\npeople: {}\n"),
              ElementsAre(Fault("kind", "wanted is Policy")));
  EXPECT_THAT(FaultsOf("- a\n- b\n"), SizeIs(1));
  EXPECT_THAT(FaultsOf("just text"), SizeIs(1));
}

TEST(ParsePolicy, ARegionOfTheSunMayBeItsNameOnly) {
  const FollowTheSun sun = Parsed(Small("follow_the_sun: {scope: {field: priority, in: [P1, P2]}, order: [emea, amer, "
                                        "apac], ask_before: 30m, spread: 20m, keep_limit: 1h}\n"))
                               .sun;
  ASSERT_THAT(sun.order, SizeIs(3));
  EXPECT_EQ(sun.order[1].id, "amer");
  EXPECT_EQ(sun.order[1].team, "");
  EXPECT_EQ(sun.ask_before, 30 * kMinuteMs);
  EXPECT_EQ(sun.spread, 20 * kMinuteMs);
  EXPECT_EQ(sun.keep_limit, kHourMs);
  EXPECT_THAT(FaultsOf(Small("follow_the_sun: {order: [{region: emea, team: desk}, amer]}\n")),
              ElementsAre(Fault("follow_the_sun.order[0].calendar", "is missing")));
}

TEST(ParsePolicy, AStormSaysWhatBelongsTogetherAndWhatRests) {
  EXPECT_FALSE(Parsed(Small()).storms.has_value());
  const Policy policy = Parsed(Small("storms: {parent: {link_on: same_key, min: 5, suppress: escalation}}\n"));
  ASSERT_TRUE(policy.storms.has_value());
  EXPECT_THAT(policy.storms->link_on, ElementsAre(StormLink::kKey));
  EXPECT_EQ(policy.storms->least, 5);
  EXPECT_EQ(policy.storms->within, 10 * kMinuteMs);
  EXPECT_TRUE(policy.storms->rests);
  EXPECT_FALSE(policy.storms->silent);
  EXPECT_FALSE(policy.storms->resolved_with_parent);
  EXPECT_FALSE(Parsed(Small("storms: {parent: {link_on: same_key, min: 5, suppress: []}}\n")).storms->rests);
  EXPECT_THAT(FaultsOf(Small("storms: {parent: {link_on: [weather], within: 10m}}\n")),
              testing::UnorderedElementsAre(Fault("storms.parent.link_on[0]", "same_service same_key"),
                                            Fault("storms.parent.min", "is missing")));
}

TEST(ParsePolicy, BundlingIsSetElsewhereAndThePlaceIsNamed) {
  EXPECT_THAT(FaultsOf(Small("storms: {parent: {link_on: same_key, min: 5}, bundle: {per_person: 5}}\n")),
              ElementsAre(Fault("storms.bundle", "bundle.informs")));
}

TEST(ParsePolicy, ADayIsNoTargetAndABusinessDayIsNoDuration) {
  std::string text = Small("limits: {cooldown: 1bd}\n");
  text.replace(text.find("P4: 1bd"), 7, "P4: 1d");
  EXPECT_THAT(FaultsOf(text), ElementsAre(Fault("paths.all.functional.steps[0].wait.P4", "24h, or 1bd"),
                                          Fault("limits.cooldown", "business days are not possible here")));
}

TEST(ParsePolicy, ALastResortYieldsToPathsThatAskForSomething) {
  std::string text = Small();
  text.insert(text.find("catch_all"),
              "  incident:\n    when: {field: kind, is: incident}\n    functional: {steps: [{level: L1, to: {team: "
              "desk}, wait: 5m}]}\n");
  const Policy policy = Parsed(text);
  EXPECT_LT(policy.path("all")->precedence, policy.path("incident")->precedence);
}

TEST(ParsePolicy, AConditionHasOneFormAndOneOperator) {
  const auto faults = [](const std::string& when) {
    return FaultsOf(Small("communication: [{\"on\": [opened], to: [owner], when: " + when + "}]\n"));
  };
  EXPECT_THAT(faults("{field: priority, is: P1, in: [P2]}"),
              ElementsAre(Fault("communication[0].when", "exactly one")));
  EXPECT_THAT(faults("{field: priority}"), Contains(Fault("communication[0].when", "exactly one")));
  EXPECT_THAT(faults("{all: [], any: []}"), ElementsAre(Fault("communication[0].when", "must be {field")));
  EXPECT_THAT(faults("{field: priority, si: P1}"), Contains(Fault("communication[0].when.si", "did you mean \"is\"")));
  EXPECT_THAT(faults("P1"), ElementsAre(Fault("communication[0].when", "must be {field")));
  EXPECT_THAT(faults("{any: [{field: priority, is: P1}, {not: {field: tags, has_any: [a]}}]}"), IsEmpty());
}

TEST(ParsePolicy, AWeightedConditionStatesWhatEachFactCounts) {
  const std::string at = "communication[0].when.weighs";
  const auto document = [](const std::string& weighs) {
    return Small("communication: [{\"on\": [opened], to: [owner], when: {weighs: " + weighs + "}}]\n");
  };
  const Policy policy = Parsed(document(
      "{at_least: 40, factors: [{field: complexity, points: {high: +30, low: -5}, missing: 10}, {field: labels.loss, "
      "each: 2, per: 1000, most: 40, missing: 0}]}"));
  const Condition& when = policy.communication.at(0).when;
  ASSERT_EQ(when.kind, Condition::Kind::kWeighs);
  EXPECT_EQ(when.at_least, 40);
  EXPECT_EQ(when.factors.at(0),
            (WeighedFactor{.field = "complexity", .points = {{"high", 30}, {"low", -5}}, .missing = 10}));
  EXPECT_EQ(when.factors.at(1),
            (WeighedFactor{.field = "labels.loss", .points = {}, .each = 2, .per = 1000, .most = 40}));

  const auto faults = [&](const std::string& factor) {
    return FaultsOf(document("{at_least: 1, factors: [" + factor + "]}"));
  };
  EXPECT_THAT(faults("{field: complexity, points: {high: 30}}"),
              ElementsAre(Fault(at + ".factors[0]", "add `missing`, if only 0")));
  EXPECT_THAT(faults("{field: reopens, points: {1: 5}, each: 5, most: 9}"),
              ElementsAre(Fault(at + ".factors[0]", "either `points`")));
  EXPECT_THAT(faults("{field: reopens}"), Contains(Fault(at + ".factors[0]", "either `points`")));
  EXPECT_THAT(faults("{field: reopens, each: 1001, most: 9}"),
              Contains(Fault(at + ".factors[0].each", "-1000 to 1000")));
  EXPECT_THAT(faults("{field: reopens, each: 5, most: 9, pre: 1}"),
              Contains(Fault(at + ".factors[0].pre", "did you mean \"per\"")));
  EXPECT_THAT(FaultsOf(document("{factors: [{field: reopens, each: 5, most: 9}]}")),
              Contains(Fault(at + ".at_least", "missing")));
}

TEST(ParsePolicy, CalendarsTakeHolidaysByNameAndByDate) {
  std::string text = Small("holidays: {be: [\"2030-05-01\"]}\n");
  text.replace(text.find("weekly:"), 7, "holidays: [be, \"2030-12-25\"], overrides: {\"2030-12-24\": []}, weekly:");
  const Policy policy = Parsed(text);
  const CalendarSpec& spec = policy.calendar("office")->spec();
  EXPECT_THAT(spec.holidays, ElementsAre(LocalDate(2030, 5, 1), LocalDate(2030, 12, 25)));
  EXPECT_THAT(spec.overrides.at(LocalDate(2030, 12, 24)), IsEmpty());
  text.replace(text.find("[be,"), 4, "[by,");
  EXPECT_THAT(FaultsOf(text), ElementsAre(Fault("calendars.office.holidays[0]", "no list of holidays \"by\"")));
}

TEST(ParsePolicy, AMajorEscalationHasDefaultsAndKnowsItsKeys) {
  EXPECT_FALSE(Parsed(Small()).major.has_value());
  const Policy policy =
      Parsed(Small("major_escalation: {managers: {team: managers}, executives: L2, assessment_within: 2h}\n"));
  ASSERT_TRUE(policy.major.has_value());
  EXPECT_EQ(policy.major->managers.team, "managers");
  EXPECT_EQ(policy.major->assess_within, 2 * kHourMs);
  EXPECT_EQ(policy.major->monitoring, 72 * kHourMs);
  EXPECT_EQ(policy.major->review_within.business_days, 5);
  EXPECT_FALSE(policy.major->when.has_value()) << "opened by a person only";
  EXPECT_THAT(FaultsOf(Small("major_escalation: {executives: L9, plan_with: 1h}\n")),
              testing::IsSupersetOf(
                  {Fault("major_escalation.plan_with", "plan_within"), Fault("major_escalation.managers", "")}));
  EXPECT_THAT(FaultsOf(Small("major_escalation: {managers: {team: managers}, executives: L9}\n")),
              ElementsAre(Fault("major_escalation.executives", "no level \"L9\"")));
}

TEST(ParsePolicy, AWeekdayNamedTwiceIsRefused) {
  std::string text = Small();
  text.replace(text.find("mon-fri"), 7, "tue: [\"10:00-11:00\"], mon-fri");
  EXPECT_THAT(FaultsOf(text), ElementsAre(Fault("calendars.office.weekly.mon-fri", "names tue a second time")));
}

TEST(ParsePolicy, AFloodOfFaultsIsCutAndCounted) {
  std::string text = Small();
  for (int i = 0; i < 50'000; ++i) text += "unknown" + std::to_string(i) + ": 1\n";
  const auto faults = FaultsOf(text);
  ASSERT_THAT(faults, SizeIs(201));
  EXPECT_THAT(faults.back().message, HasSubstr("49800 more"));
}

/// Cut anywhere, a document is read or refused, never more.
TEST(ParsePolicy, SurvivesEveryTruncation) {
  const std::string text = Small();
  for (size_t length = 0; length < text.size(); ++length) {
    const Result<Policy> policy = ParsePolicy(text.substr(0, length), "acme", 1);
    if (!policy) {
      ASSERT_THAT(policy.error().fields, testing::Not(IsEmpty())) << length;
    }
  }
}

}  // namespace
}  // namespace escalon
