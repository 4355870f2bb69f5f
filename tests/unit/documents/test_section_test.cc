#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/documents/policy_document.h"

namespace escalon {
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
    "levels: {L1: {}, L2: {people: {team: managers}}}\n"
    "clocks: {resolution: {target: 4h, start_on: [opened], stop_on: [resolved]}}\n"
    "paths: {all: {functional: {steps: [{level: L1, to: {team: desk}, wait: 5m}]}}}\n"
    "catch_all: managers\n"
    "tests:\n";  // line 9

std::vector<PolicyTest> TestsOf(const std::string& tests) {
  Result<PolicyDocument> document = ParsePolicyDocument(kPolicy + tests, "acme", 1);
  if (document) return std::move(document->tests);
  for (const FieldViolation& fault : document.error().fields) ADD_FAILURE() << fault.field << ": " << fault.message;
  return {};
}

std::vector<FieldViolation> FaultsOf(const std::string& tests) {
  const Result<Policy> policy = ParsePolicy(kPolicy + tests, "acme", 1);
  return policy ? std::vector<FieldViolation>{} : policy.error().fields;
}

std::vector<FieldViolation> FaultsOfExpectation(const std::string& expectation) {
  return FaultsOf("  - {name: a, given: {at: \"2030-01-07T09:00:00Z\"}, expect: [" + expectation + "]}\n");
}

auto Fault(const std::string& field, const std::string& message) {
  return AllOf(Field(&FieldViolation::field, field), Field(&FieldViolation::message, HasSubstr(message)));
}

TEST(PolicyTests, AreReadWithTheirPlaces) {
  const auto tests = TestsOf(
      "  - name: one\n"  // 10
      "    given: {kind: incident, impact: high, requester: {vip: true}, labels: {site: lyon}, at: "
      "\"2030-01-07T09:00:00Z\"}\n"
      "    then:\n"                                                                  // 12
      "      - {after: 1h, do: resolve}\n"                                           // 13
      "      - {at: \"2030-01-07T09:10:00Z\", do: acknowledge, by: {team: desk}}\n"  // 14
      "    expect:\n"                                                                // 15
      "      - {within: 5m, step: L1}\n"                                             // 16
      "      - {never: {breach: resolution}}\n");                                    // 17
  ASSERT_THAT(tests, SizeIs(1));
  EXPECT_EQ(tests[0].name, "one");
  EXPECT_EQ(tests[0].facts.kind, "incident");
  EXPECT_TRUE(tests[0].facts.requester.vip);
  EXPECT_EQ(tests[0].facts.labels.at("site"), "lyon");
  ASSERT_THAT(tests[0].acts, SizeIs(2));
  EXPECT_TRUE(std::holds_alternative<Acknowledge>(tests[0].acts[0].body)) << "in order of time";
  EXPECT_EQ(tests[0].acts[0].after, 10 * kMinuteMs);
  EXPECT_EQ(tests[0].acts[0].line, 14);
  EXPECT_EQ(tests[0].acts[0].by.place.team, "desk");
  ASSERT_THAT(tests[0].expected, SizeIs(2));
  EXPECT_EQ(tests[0].expected[0].place, "tests[0].expect[0]");
  EXPECT_EQ(tests[0].expected[0].line, 16);
  EXPECT_EQ(tests[0].expected[0].no_later, tests[0].opened_at + 5 * kMinuteMs);
  EXPECT_TRUE(tests[0].expected[1].never);
  EXPECT_EQ(tests[0].watched, 7 * kDayMs);
}

TEST(PolicyTests, AreWatchedAsLongAsTheyNameInstants) {
  const auto tests = TestsOf(
      "  - {name: a, given: {at: \"2030-01-07T09:00:00Z\"}, expect: [{after: 30d, step: L1}]}\n"
      "  - {name: b, given: {at: \"2030-01-07T09:00:00Z\"}, expect: [{step: L1}], watch: 1h}\n");
  ASSERT_THAT(tests, SizeIs(2));
  EXPECT_GT(tests[0].watched, 30 * kDayMs);
  EXPECT_EQ(tests[1].watched, kHourMs);
}

TEST(PolicyTests, UnknownLevelsClocksAndPathsAreNamedWithTheNearest) {
  EXPECT_THAT(FaultsOfExpectation("{step: L3}"), ElementsAre(Fault("tests[0].expect[0].step", "no level \"L3\"")));
  EXPECT_THAT(FaultsOfExpectation("{breach: resolutoin}"),
              ElementsAre(Fault("tests[0].expect[0].breach", "did you mean \"resolution\"")));
  EXPECT_THAT(FaultsOfExpectation("{path: al}"), ElementsAre(Fault("tests[0].expect[0].path", "did you mean \"all\"")));
  EXPECT_THAT(FaultsOfExpectation("{stpe: L1}"),
              ElementsAre(Fault("tests[0].expect[0]", "exactly one of step"),
                          Fault("tests[0].expect[0].stpe", "did you mean \"step\"")));
}

TEST(PolicyTests, AnExpectationHasOneSubjectAndOneMoment) {
  EXPECT_THAT(FaultsOfExpectation("{step: L1, path: all}"), ElementsAre(Fault("tests[0].expect[0]", "exactly one")));
  EXPECT_THAT(FaultsOfExpectation("{at: \"2030-01-07T10:00:00Z\", within: 5m, step: L1}"),
              ElementsAre(Fault("tests[0].expect[0].within", "keep one")));
  EXPECT_THAT(FaultsOfExpectation("{at: \"2030-01-07T08:00:00Z\", step: L1}"),
              ElementsAre(Fault("tests[0].expect[0].at", "before the case opens")));
  EXPECT_THAT(FaultsOfExpectation("{due: resolution}"), ElementsAre(Fault("tests[0].expect[0]", "the deadline")));
  EXPECT_THAT(FaultsOfExpectation("{never: {step: L1}, step: L2}"),
              ElementsAre(Fault("tests[0].expect[0].step", "inside")));
}

TEST(PolicyTests, AnActIsOfAKnownKindAndHasWhatItNeeds) {
  const auto faults = [](const std::string& act) {
    return FaultsOf("  - {name: a, given: {at: \"2030-01-07T09:00:00Z\"}, then: [" + act +
                    "], expect: [{step: L1}]}\n");
  };
  EXPECT_THAT(faults("{after: 1m, do: aknowledge}"),
              ElementsAre(Fault("tests[0].then[0].do", "did you mean \"acknowledge\"")));
  EXPECT_THAT(faults("{after: 1m, do: set_priority, priority: P1}"),
              ElementsAre(Fault("tests[0].then[0].text", "is missing")));
  EXPECT_THAT(faults("{after: 1m, do: resolve, text: a}"), ElementsAre(Fault("tests[0].then[0].text", "unknown key")));
  EXPECT_THAT(faults("{after: 1m, do: escalate, level: L2, track: functional}"), IsEmpty());
}

TEST(PolicyTests, ATestNeedsANameACaseAndAnExpectation) {
  EXPECT_THAT(FaultsOf("  - {given: {kind: incident}}\n"),
              testing::IsSupersetOf({Fault("tests[0].name", "is missing"), Fault("tests[0].given.at", "is missing"),
                                     Fault("tests[0].expect", "is missing")}));
}

}  // namespace
}  // namespace escalon
