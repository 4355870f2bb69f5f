#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/domain/authority.h"

// What levels may decide, clocks of every kind, steps to a vendor, and delegations, as they are written.

namespace escalon {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// `levels` stand in line 6.
std::string Small(const std::string& levels, const std::string& more) {
  return "apiVersion: escalon/v1\n"                                                   // 1
         "kind: Policy\n"                                                             // 2
         "id: small\n"                                                                // 3
         "priority:\n"                                                                // 4
         "  matrix: {high: [P1, P2, P3], medium: [P2, P3, P4], low: [P3, P4, P4]}\n"  // 5
         "levels: " +                                                                 // 6
         levels +                                                                     //
         "\npaths:\n"                                                                 // 7
         "  all:\n"                                                                   // 8
         "    functional:\n"                                                          // 9
         "      steps:\n"                                                             // 10
         "        - {level: L1, to: {team: desk}, wait: 30m}\n"                       // 11
         "catch_all: {team: desk}\n" +                                                // 12
         more;                                                                        // 13
}

constexpr const char* kLevels = "{L1: {response: 15m}, L2: {response: 1h}}";

std::string WithClock(const std::string& clock) { return Small(kLevels, "clocks: {x: " + clock + "}\n"); }

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

TEST(AuthoritySection, ReadsWhatLevelsMayAsAmountsAndKinds) {
  const Policy policy = Parsed(
      Small("{L1: {may: {spend: 0 EUR}}, L2: {may: {spend: 500.50 EUR, vendor: true}}, L3: {may: {vendor: false}}}",
            "authority:\n"
            "  currency: EUR\n"
            "  rates: {USD: 0.92, JPY: 0.0061}\n"
            "  four_eyes: [vendor, {decision: spend, from: 100 EUR}]\n"));
  ASSERT_THAT(policy.levels, SizeIs(3));
  EXPECT_EQ(policy.levels[0].may.at(0).most, (Money{0, "EUR"}));
  EXPECT_EQ(policy.levels[1].may.at(0).most, (Money{50'050, "EUR"}));
  EXPECT_TRUE(policy.levels[1].may.at(1).allowed);
  EXPECT_TRUE(policy.levels[1].may.at(1).most.empty());
  EXPECT_FALSE(policy.levels[2].may.at(0).allowed);
  EXPECT_EQ(GrantOf(policy, 2, "spend")->most, (Money{50'050, "EUR"})) << "as the level below";
  EXPECT_EQ(policy.authority.rates.at("USD"), 920'000'000);
  EXPECT_EQ(policy.authority.rates.at("JPY"), 6'100'000);
  ASSERT_THAT(policy.authority.four_eyes, SizeIs(2));
  EXPECT_TRUE(policy.authority.four_eyes[0].from.empty());
  EXPECT_EQ(policy.authority.four_eyes[1].from, (Money{10'000, "EUR"}));
}

TEST(AuthoritySection, AmountsThatAreNoneAreNamedWithLineAndRemedy) {
  const auto faults = [](const std::string& amount) {
    return FaultsOf(Small("{L1: {may: {spend: " + amount + "}}}", ""));
  };
  EXPECT_THAT(faults("500"), ElementsAre(Fault("levels.L1.may.spend", "line 6: must be an amount with its currency")));
  EXPECT_THAT(faults("500 DOGE"), ElementsAre(Fault("levels.L1.may.spend", "no currency \"DOGE\"")));
  EXPECT_THAT(faults("1.234 EUR"), ElementsAre(Fault("levels.L1.may.spend", "at most 2 digits behind the point")));
  EXPECT_THAT(faults("-1 EUR"), ElementsAre(Fault("levels.L1.may.spend", "not negative")));
  EXPECT_THAT(faults("99999999999999999999 EUR"), ElementsAre(Fault("levels.L1.may.spend", "below 2^63")));
  EXPECT_THAT(faults("[1 EUR]"), ElementsAre(Fault("levels.L1.may.spend", "such as 500 EUR")));
  EXPECT_THAT(faults("\"true\""), ElementsAre(Fault("levels.L1.may.spend", "without quotes")));
}

TEST(AuthoritySection, CurrenciesThatCannotBeComparedAreRefused) {
  const std::string levels = "{L1: {may: {spend: 5 EUR}}, L2: {may: {spend: 9 CHF}}}";
  EXPECT_THAT(FaultsOf(Small(levels, "")),
              ElementsAre(Fault("levels.L2.may.spend", "`authority.rates` has no rate between them")));
  EXPECT_THAT(FaultsOf(Small(levels, "authority: {currency: EUR, rates: {CHF: 1.04}}\n")), IsEmpty());
  EXPECT_THAT(FaultsOf(Small(levels, "authority: {rates: {CHF: 1.04}}\n")),
              Contains(Fault("authority.currency", "in which currency the rates are")));
  EXPECT_THAT(FaultsOf(Small(levels, "authority: {currency: EUR, rates: {CHF: 1.04, EUR: 1, ABC: 2, USD: 0}}\n")),
              AllOf(Contains(Fault("authority.rates.EUR", "remove it")),
                    Contains(Fault("authority.rates.ABC", "no currency of ISO 4217")),
                    Contains(Fault("authority.rates.USD", "above 0"))));
  EXPECT_THAT(
      FaultsOf(Small("{L1: {may: {spend: 5 EUR}}}", "authority: {four_eyes: [{decision: spend, from: 1 CHF}]}\n")),
      ElementsAre(Fault("authority.four_eyes[0].from", "has no rate between them")));
}

TEST(AuthoritySection, ALadderOnWhichAHigherLevelMayLessIsRefused) {
  EXPECT_THAT(FaultsOf(Small("{L1: {may: {spend: 500 EUR}}, L2: {may: {spend: 400 EUR}}}", "")),
              ElementsAre(Fault("levels.L2.may.spend", "may less than the level below it (500.00 EUR)")));
  EXPECT_THAT(FaultsOf(Small("{L1: {may: {vendor: true}}, L2: {may: {vendor: 400 EUR}}}", "")),
              ElementsAre(Fault("levels.L2.may.vendor", "which has no limit")));
  EXPECT_THAT(FaultsOf(Small("{L1: {may: {spend: 500 EUR}}, L2: {may: {spend: false}}}", "")), IsEmpty());
}

TEST(AuthoritySection, FourEyesForWhatNobodyMayDecideIsASlip) {
  EXPECT_THAT(FaultsOf(Small("{L1: {may: {spend: 500 EUR}}}", "authority: {four_eyes: [spent]}\n")),
              ElementsAre(Fault("authority.four_eyes[0].decision", "no level may decide \"spent\"")));
}

TEST(ClockSection, ReadsAnAgreementForEachVisitOfATeam) {
  const Policy policy =
      Parsed(WithClock("{kind: ola, per: team_visit, target: level, pause_when: {pending: any}, on_return: resume}"));
  const ClockRule& rule = policy.clocks.at(0);
  EXPECT_EQ(rule.kind, ClockRule::Kind::kOla);
  EXPECT_TRUE(rule.per_visit);
  EXPECT_TRUE(rule.level_target);
  EXPECT_TRUE(rule.resume_on_return);
  EXPECT_THAT(rule.start_on, ElementsAre("assigned"));
  EXPECT_THAT(rule.stop_on, ElementsAre("resolved"));
}

TEST(ClockSection, ReadsARegulatorsClockWithWordsOfItsOwn) {
  const Policy policy = Parsed(
      WithClock("{target: 24h, start_on: [classified_significant], stop_on: [authority_informed], pausable: never}"));
  EXPECT_FALSE(policy.clocks.at(0).pausable);
  EXPECT_THAT(policy.milestones(), ElementsAre("classified_significant", "authority_informed"));
  EXPECT_FALSE(
      Parsed(WithClock("{kind: regulatory, target: 24h, start_on: [opened], stop_on: [told]}")).clocks[0].pausable);
}

TEST(ClockSection, ReadsAVendorsClock) {
  const Policy policy = Parsed(WithClock("{kind: vendor, target: 4h, start_on: [pending_vendor], stop_on: [resumed]}"));
  EXPECT_THAT(policy.clocks.at(0).start_on, ElementsAre("pending_vendor"));
  EXPECT_THAT(policy.milestones(), IsEmpty());
}

TEST(ClockSection, AWordThatIsNearlyOneOfTheEnginesIsASlip) {
  EXPECT_THAT(FaultsOf(WithClock("{target: 4h, start_on: [opend], stop_on: [resolved]}")),
              ElementsAre(Fault("clocks.x.start_on[0]", "line 13: \"opend\" is no event of a clock")));
  EXPECT_THAT(FaultsOf(WithClock("{target: 4h, start_on: [opened], stop_on: [acknowledge]}")),
              ElementsAre(Fault("clocks.x.stop_on[0]", "did you mean \"acknowledged\"")));
  EXPECT_THAT(FaultsOf(WithClock("{target: 4h, start_on: [public_reply], stop_on: [resolved]}")),
              ElementsAre(Fault("clocks.x.start_on[0]", "no such event \"public_reply\" here")));
  EXPECT_THAT(FaultsOf(WithClock("{target: 4h, start_on: [pending_weather], stop_on: [resumed]}")),
              ElementsAre(Fault("clocks.x.start_on[0]", "no pending reason \"weather\"")));
  EXPECT_THAT(FaultsOf(WithClock("{target: 4h, start_on: [opened], stop_on: [pending_vendor]}")),
              ElementsAre(Fault("clocks.x.stop_on[0]", "write resumed")));
}

TEST(ClockSection, WhatContradictsItselfIsRefused) {
  EXPECT_THAT(FaultsOf(WithClock("{target: level, start_on: [opened], stop_on: [resolved]}")),
              ElementsAre(Fault("clocks.x.target", "`per: team_visit`")));
  EXPECT_THAT(FaultsOf(WithClock("{target: 4h, on_return: resume, start_on: [opened], stop_on: [resolved]}")),
              ElementsAre(Fault("clocks.x.on_return", "`per: team_visit`")));
  EXPECT_THAT(FaultsOf(WithClock("{per: team_visit, target: 4h, start_on: [opened]}")),
              ElementsAre(Fault("clocks.x.start_on", "a visit begins with `assigned`")));
  EXPECT_THAT(FaultsOf(WithClock("{pausable: never, pause_when: {pending: any}, target: 4h, start_on: [opened], "
                                 "stop_on: [resolved]}")),
              ElementsAre(Fault("clocks.x.pause_when", "never paused")));
  EXPECT_THAT(FaultsOf(WithClock("{target: 4h}")),
              ElementsAre(Fault("clocks.x.start_on", "is missing"), Fault("clocks.x.stop_on", "is missing")));
  EXPECT_THAT(FaultsOf(WithClock("{kind: slo, target: 4h, start_on: [opened], stop_on: [resolved]}")),
              ElementsAre(Fault("clocks.x.kind", "write one of sla ola vendor regulatory")));
}

TEST(VendorSteps, HaveAStepOfTheirOwnAfterOneOfTheHouse) {
  const auto with_step = [](const std::string& step) {
    std::string text = Small(kLevels, "");
    const std::string first = "        - {level: L1, to: {team: desk}, wait: 30m}\n";
    text.insert(text.find(first) + first.size(), "        - {level: L2, to: " + step + ", wait: 4h}\n");
    return text;
  };
  EXPECT_EQ(Parsed(with_step("{vendor: carrier}")).paths[0].functional.steps[1].to.vendor, "carrier");
  EXPECT_THAT(FaultsOf(with_step("{vendor: carrier, team: desk}")),
              ElementsAre(Fault("paths.all.functional.steps[1].to.vendor", "a step of its own")));
  std::string first = Small(kLevels, "");
  first.replace(first.find("team: desk"), 10, "vendor: carrier");
  EXPECT_THAT(FaultsOf(first), Contains(Fault("paths.all.functional.steps[0].to.vendor", "put a step to a team")));
  EXPECT_THAT(FaultsOf(Small("{L1: {people: {vendor: carrier}}}", "")),
              Contains(Fault("levels.L1.people", "outside the ladder")));
}

std::string RosterWith(const std::string& delegations) {
  return "apiVersion: escalon/v1\nkind: Roster\nid: r\npeople: {ana: {}, mia: {}}\n"
         "teams: {desk: {members: [ana, mia], catch_all: true}}\ndelegations: [" +
         delegations + "]\n";
}

std::vector<FieldViolation> RosterFaults(const std::string& delegations) {
  const auto document = ParseRoster(RosterWith(delegations));
  return document ? std::vector<FieldViolation>{} : document.error().fields;
}

TEST(Delegations, AreReadWithTheirEnd) {
  const auto document =
      ParseRoster(RosterWith("{by: mia, to: ana, from: \"2030-05-01T00:00:00Z\", until: \"2030-05-08T00:00:00Z\", "
                             "decisions: [spend], up_to: 500 "
                             "EUR}"));
  ASSERT_TRUE(document.ok()) << document.error().message;
  ASSERT_THAT(document->delegations, SizeIs(1));
  const Delegation& delegation = document->delegations[0];
  EXPECT_EQ(delegation.by, "mia");
  EXPECT_EQ(delegation.to, "ana");
  EXPECT_EQ(delegation.until - *delegation.from, 7 * kDayMs);
  EXPECT_THAT(delegation.decisions, ElementsAre("spend"));
  EXPECT_EQ(delegation.up_to, (Money{50'000, "EUR"}));
}

TEST(Delegations, WithoutAnEndOrToNobodyAreRefused) {
  EXPECT_THAT(RosterFaults("{by: mia, to: ana}"), Contains(Fault("delegations[0].until", "is missing")));
  EXPECT_THAT(RosterFaults("{by: mia, to: mia, until: \"2030-05-08T00:00:00Z\"}"),
              ElementsAre(Fault("delegations[0].to", "would act for themselves")));
  EXPECT_THAT(RosterFaults("{by: zoe, to: ana, until: \"2030-05-08T00:00:00Z\"}"),
              ElementsAre(Fault("delegations[0].by", "unknown person 'zoe'")));
  EXPECT_THAT(RosterFaults("{by: mia, to: ana, from: \"2030-05-09T00:00:00Z\", until: \"2030-05-08T00:00:00Z\"}"),
              ElementsAre(Fault("delegations[0].until", "must be after from")));
}

}  // namespace
}  // namespace escalon
