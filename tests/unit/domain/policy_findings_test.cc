#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/sample_policy.h"

namespace escalon {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class PolicyFindingsTest : public testing::Test {
 protected:
  std::vector<std::string> Fields() const {
    std::vector<std::string> fields;
    for (const FieldViolation& finding : Findings(policy_)) fields.push_back(finding.field);
    return fields;
  }
  Path& path() { return policy_.paths[0]; }
  Policy policy_ = SamplePolicy();
};

TEST_F(PolicyFindingsTest, AGoodPolicyHasNone) { EXPECT_THAT(Fields(), IsEmpty()); }

TEST_F(PolicyFindingsTest, EveryFaultIsFoundAtOnceAndSaysWhatToDo) {
  policy_.matrix[1][2] = Priority::kUnset;
  policy_.catch_all_team.clear();
  path().functional.steps[0].level = "L9";
  const auto findings = Findings(policy_);
  EXPECT_EQ(findings.size(), 3u);
  for (const FieldViolation& finding : findings) EXPECT_THAT(finding.message, testing::ContainsRegex("[;:] ?[a-z]"));
  EXPECT_THAT(Fields(), Contains("priority.matrix.medium[2]"));
  EXPECT_THAT(Fields(), Contains("paths.everything.catch_all"));
  EXPECT_THAT(Fields(), Contains("paths.everything.functional.steps[0].level"));
}

TEST_F(PolicyFindingsTest, RegionsThatFollowTheSunHaveDaysAndTeamsOfTheirOwn) {
  policy_.calendars["always"] = Calendar::AlwaysOpen();
  policy_.sun.scope = FieldCondition("weather", Condition::Op::kIs, {"fine"});
  policy_.sun.order = {{"emea", "desk", "always"}, {"emea", "desk", "nowhere"}};
  EXPECT_THAT(Fields(), testing::UnorderedElementsAre("follow_the_sun.scope.field", "follow_the_sun.order[0].calendar",
                                                      "follow_the_sun.order[1].region", "follow_the_sun.order[1].team",
                                                      "follow_the_sun.order[1].calendar"));
  policy_.sun = {};
  policy_.sun.order = {{"emea", "", ""}, {"amer", "", ""}};
  policy_.sun.spread = 2 * kHourMs;
  policy_.sun.keep_limit = 9 * kHourMs;
  EXPECT_THAT(Fields(), testing::UnorderedElementsAre("follow_the_sun.keep_limit", "follow_the_sun.keep_limit"));
  policy_.sun.ask_before = kHourMs;
  policy_.sun.keep_limit = kHourMs;
  EXPECT_THAT(Fields(), testing::UnorderedElementsAre("follow_the_sun.spread"));
  policy_.sun = {};
  policy_.sun.order = {{"emea", "desk", "always"}};
  EXPECT_THAT(Fields(), Contains("follow_the_sun.order"));
}

TEST_F(PolicyFindingsTest, AStormIsSeveralCasesWithinWhatIsRemembered) {
  policy_.storms.emplace();
  policy_.storms->within = 2 * kHourMs;
  policy_.storms->longest = kHourMs;
  policy_.storms->rests = false;
  policy_.storms->resolved_with_parent = true;
  EXPECT_THAT(Fields(), testing::UnorderedElementsAre("storms.parent.link_on", "storms.parent.min",
                                                      "storms.parent.within", "storms.parent.rest_at_most",
                                                      "storms.parent.suppress", "storms.parent.on_parent_resolved"));
  policy_.storms.emplace();
  policy_.storms->link_on = {StormLink::kService};
  policy_.storms->least = 5;
  EXPECT_THAT(Fields(), testing::IsEmpty());
}

TEST_F(PolicyFindingsTest, AStepMustNameSomebody) {
  path().functional.steps[1].to = {};
  EXPECT_THAT(Fields(), Contains("paths.everything.functional.steps[1].to"));
}

TEST_F(PolicyFindingsTest, AStepThatNoPriorityEntersIsUnreachableUnlessRepeated) {
  for (auto& level : path().functional.enter_at.values) level = "L2";
  EXPECT_THAT(Fields(), Contains("paths.everything.functional.steps[0]"));
  path().functional.repeat = 1;
  EXPECT_THAT(Fields(), IsEmpty());
}

TEST_F(PolicyFindingsTest, AnEntryMustBeALevelOfAStep) {
  path().functional.enter_at.of(Priority::kP1) = "MGR";
  EXPECT_THAT(Fields(), Contains("paths.everything.functional.enter_at.P1"));
}

TEST_F(PolicyFindingsTest, APassWithoutAWaitMayNotRepeat) {
  for (PathStep& step : path().functional.steps) step.wait.of(Priority::kP2) = {};
  EXPECT_THAT(Fields(), IsEmpty());
  path().functional.repeat = -1;
  EXPECT_THAT(Fields(), Contains("paths.everything.functional.repeat"));
}

TEST_F(PolicyFindingsTest, ATriggerNeedsAKnownClockAShareAndALevelWithPeople) {
  Trigger& trigger = path().hierarchical.triggers[0];
  trigger.clock = "resolutoin";
  trigger.percent = 0;
  trigger.level = "L2";
  EXPECT_THAT(Fields(), testing::IsSupersetOf({"paths.everything.hierarchical.triggers[0].at.clock",
                                               "paths.everything.hierarchical.triggers[0].at.used",
                                               "paths.everything.hierarchical.triggers[0].level"}));
}

TEST_F(PolicyFindingsTest, TwoPathsThatMayMatchEquallyAreRefused) {
  Path other = path();
  other.id = "incident";
  other.when = FieldCondition("kind", Condition::Op::kIs, {"incident"});
  policy_.paths.push_back(other);
  EXPECT_THAT(Fields(), Contains("paths.incident.when"));
  policy_.paths[1].precedence = 0;
  EXPECT_THAT(Fields(), IsEmpty());
  Path third = policy_.paths[1];
  third.id = "request";
  third.when.values = {"request"};
  policy_.paths.push_back(third);
  EXPECT_THAT(Fields(), IsEmpty());
}

TEST_F(PolicyFindingsTest, APathInTheShadowOfALastResortIsNeverChosen) {
  Path other = path();
  other.id = "incident";
  other.precedence = -2;
  other.when = FieldCondition("kind", Condition::Op::kIs, {"incident"});
  policy_.paths.push_back(other);
  EXPECT_THAT(Fields(), Contains("paths.incident"));
}

TEST_F(PolicyFindingsTest, SomePathMustTakeEveryCase) {
  path().when = FieldCondition("kind", Condition::Op::kIs, {"incident"});
  EXPECT_THAT(Fields(), Contains("paths"));
}

TEST_F(PolicyFindingsTest, AClockMustStartStopAndMeasure) {
  ClockRule& rule = policy_.clocks[0];
  rule.start_on.clear();
  rule.stop_on = {"opened"};
  rule.target = {};
  rule.pausing_reasons = {"weather"};
  rule.warnings = {WarningRule::Percent(50), WarningRule::Percent(50), WarningRule::Percent(101)};
  EXPECT_THAT(Fields(), testing::IsSupersetOf({"clocks.resolution.start_on", "clocks.resolution.stop_on[0]",
                                               "clocks.resolution.target", "clocks.resolution.pause_when.pending",
                                               "clocks.resolution.warn[1]", "clocks.resolution.warn[2]"}));
}

TEST_F(PolicyFindingsTest, WarningsRegionsAndPenaltiesOfAClockMustMeanSomething) {
  ClockRule& rule = policy_.clocks[0];
  rule.warnings = {{WarningRule::Kind::kBefore, 0}, {WarningRule::Kind::kAfterDays, 1}};
  rule.region_calendars = {{"emea", "nowhere"}};
  rule.target.values.fill(Target{0, 2, false});
  rule.penalties = {{{}, {100, "EUR"}}, {FieldCondition("weather", Condition::Op::kIs, {"bad"}), {200, "EUR"}}};
  EXPECT_THAT(Fields(), testing::IsSupersetOf({"clocks.resolution.warn[0]", "clocks.resolution.calendar_by_region.emea",
                                               "clocks.resolution.calendar_by_region", "clocks.resolution.penalty[0]",
                                               "clocks.resolution.penalty[1].when.field"}));
  EXPECT_THAT(Fields(), testing::Not(Contains("clocks.resolution.warn[1]")));
}

TEST_F(PolicyFindingsTest, AClockOfTheEngineMayNotBeRedefined) {
  policy_.clocks[0].name = "lease";
  EXPECT_THAT(Fields(), Contains("clocks.lease"));
}

TEST_F(PolicyFindingsTest, AFirstAnswerMayNotTakeLongerThanTheWhole) {
  ClockRule response = policy_.clocks[0];
  response.name = "response";
  response.target.of(Priority::kP1) = Target{5 * kHourMs};
  policy_.clocks.push_back(response);
  EXPECT_THAT(Fields(), testing::ElementsAre("clocks.response.target.P1"));
}

TEST_F(PolicyFindingsTest, ATargetOfNothingIsRefused) {
  policy_.clocks[0].target.of(Priority::kP3) = Target{};
  EXPECT_THAT(Fields(), Contains("clocks.resolution.target.P3"));
}

TEST_F(PolicyFindingsTest, CalendarsMustExist) {
  policy_.clocks[0].calendar.of(Priority::kP4) = "office";
  path().functional.steps[0].wait_calendar.of(Priority::kP3) = "office";
  policy_.business_calendar = "office";
  EXPECT_THAT(Fields(),
              testing::IsSupersetOf({"clocks.resolution.calendar.P4",
                                     "paths.everything.functional.steps[0].calendar.P3", "business_calendar"}));
}

TEST_F(PolicyFindingsTest, AnUnknownFieldOfAConditionIsNamedWhereItStands) {
  Condition any;
  any.kind = Condition::Kind::kAny;
  any.parts = {FieldCondition("kind", Condition::Op::kIs, {"incident"}),
               FieldCondition("priorty", Condition::Op::kIs, {"P1"})};
  policy_.floors.push_back({"floor", any, Priority::kP2});
  EXPECT_THAT(Fields(), Contains("priority.floors[0].when[1].field"));
}

TEST_F(PolicyFindingsTest, AValueThatAFieldNeverHasIsRefused) {
  policy_.floors.push_back({"floor", FieldCondition("priority", Condition::Op::kIn, {"P1", "P5"}), Priority::kP2});
  policy_.modifiers.push_back({"vip", FieldCondition("requester.vip", Condition::Op::kIs, {"yes"}), 1, 0});
  policy_.modifiers.push_back({"bounced", FieldCondition("reopens", Condition::Op::kGe, {"many"}), 1, 0});
  EXPECT_THAT(Fields(), testing::UnorderedElementsAre("priority.floors[0].when", "priority.modifiers[0].when",
                                                      "priority.modifiers[1].when"));
}

TEST_F(PolicyFindingsTest, AWeighingNamesWhatCannotBeWeighed) {
  const auto of = [this](int at_least, std::vector<WeighedFactor> factors) {
    Condition weighing;
    weighing.kind = Condition::Kind::kWeighs;
    weighing.at_least = at_least;
    weighing.factors = std::move(factors);
    policy_.floors = {{"floor", weighing, Priority::kP2}};
    return Fields();
  };
  const std::string at = "priority.floors[0].when.weighs.";
  const WeighedFactor vip{.field = "requester.vip", .points = {{"true", 20}}};
  EXPECT_THAT(of(20, {vip}), testing::IsEmpty());
  EXPECT_THAT(of(21, {vip}), testing::ElementsAre(at + "at_least")) << "never reached";
  EXPECT_THAT(of(0, {vip}), testing::ElementsAre(at + "at_least")) << "always holds";
  EXPECT_THAT(of(1, {}), testing::ElementsAre(at + "factors"));
  EXPECT_THAT(of(1, {{.field = "complexty", .points = {{"high", 5}}}}), Contains(at + "factors[0].field"));
  EXPECT_THAT(of(1, {{.field = "complexity", .points = {{"P1", 5}}}}),
              testing::ElementsAre(at + "factors[0].points.P1"));
  EXPECT_THAT(of(1, {{.field = "complexity", .points = {}, .each = 1, .most = 5}}),
              testing::ElementsAre(at + "factors[0].each"));
  EXPECT_THAT(of(0, {{.field = "reopens", .points = {}, .each = 1}}), Contains(at + "factors[0].most"));
  EXPECT_THAT(of(1, {{.field = "reopens", .points = {}, .each = 1, .most = 5, .missing = 1}}),
              testing::ElementsAre(at + "factors[0].missing"));
  EXPECT_THAT(of(1, {vip, vip}), testing::ElementsAre(at + "factors[1].field"));
}

TEST_F(PolicyFindingsTest, APauseWithoutAReasonNeedsTheReasonCustomer) {
  policy_.pending_reasons.erase(policy_.pending_reasons.begin());
  EXPECT_THAT(Fields(), Contains("pending.reasons"));
}

TEST_F(PolicyFindingsTest, AnApprovalNeedsSomebodyToAsk) {
  ApprovalRule rule;
  rule.ask_level = "L2";
  policy_.approvals.push_back(rule);
  EXPECT_THAT(Fields(), Contains("approvals[0].ask.level"));
}

TEST_F(PolicyFindingsTest, CommunicationNamesKnownEventsAndSomebody) {
  CommunicationRule rule;
  rule.on = {"solved"};
  policy_.communication.push_back(rule);
  EXPECT_THAT(Fields(), testing::IsSupersetOf({"communication[0].on[0]", "communication[0].to"}));
}

TEST_F(PolicyFindingsTest, LimitsAndLengthsMustMakeSense) {
  policy_.limits.flapping_opens = 1;
  policy_.after.confirm_grace = {};
  policy_.handover.accept_within.of(Priority::kP1) = 0;
  policy_.triage_wait = 0;
  EXPECT_THAT(Fields(), testing::IsSupersetOf({"limits.flapping.opens", "after.confirm.grace",
                                               "handover.accept_within.P1", "triage.wait"}));
}

TEST_F(PolicyFindingsTest, AMajorEscalationNeedsAManagerKnownLevelsAndWorkingDays) {
  MajorRule& rule = policy_.major.emplace();
  rule.executives = "BOARD";
  rule.assess_within = 0;
  rule.when.emplace().kind = Condition::Kind::kCompare;
  rule.when->field = "weather";
  policy_.business_calendar.clear();
  EXPECT_THAT(Fields(), testing::IsSupersetOf({"major_escalation.managers", "major_escalation.executives",
                                               "major_escalation.assessment_within", "major_escalation.when.field",
                                               "major_escalation.review_within"}));
  policy_.major.emplace().managers.team = "duty";
  policy_.major->review_within = Target{kDayMs};
  EXPECT_THAT(Fields(), testing::Not(testing::Contains(testing::StartsWith("major_escalation"))));
}

TEST_F(PolicyFindingsTest, BusinessDaysOfAGraceNeedWorkingDays) {
  policy_.after.confirm_grace = Target{0, 3};
  policy_.after.confirm_calendar.clear();
  policy_.business_calendar.clear();
  EXPECT_THAT(Fields(), testing::Contains("after.confirm.calendar"));
  CalendarSpec spec;
  spec.timezone = "UTC";
  spec.weekly[0] = {{9 * 60, 17 * 60}};
  policy_.calendars["office"] = *Calendar::Build(spec);
  policy_.business_calendar = "office";
  EXPECT_THAT(Fields(), testing::Not(testing::Contains("after.confirm.calendar")));
}

}  // namespace
}  // namespace escalon
