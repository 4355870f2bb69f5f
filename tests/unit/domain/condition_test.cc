#include "common/domain/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_join.h"
#include "common/domain/condition_overlap.h"

namespace escalon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Op = Condition::Op;

Condition Field(std::string field, Op op, std::vector<std::string> values) {
  Condition condition;
  condition.kind = Condition::Kind::kCompare;
  condition.field = std::move(field);
  condition.op = op;
  condition.values = std::move(values);
  return condition;
}

Condition Group(Condition::Kind kind, std::vector<Condition> parts) {
  Condition condition;
  condition.kind = kind;
  condition.parts = std::move(parts);
  return condition;
}

class ConditionTest : public testing::Test {
 protected:
  ConditionTest() {
    auto facts = std::make_shared<Facts>();
    facts->kind = "incident";
    facts->tags = {"edge", "security"};
    facts->labels = {{"datacenter", "fra1"}};
    facts->requester.vip = true;
    facts->impact = Grade::kHigh;
    c_.facts = facts;
    c_.priority = Priority::kP2;
    c_.reopens = 2;
  }
  bool Is(const Condition& condition) const { return Holds(condition, c_); }
  Case c_;
};

TEST_F(ConditionTest, NothingAskedAlwaysHolds) { EXPECT_TRUE(Is(Condition{})); }

TEST_F(ConditionTest, IsAndInCompareText) {
  EXPECT_TRUE(Is(Field("kind", Op::kIs, {"incident"})));
  EXPECT_FALSE(Is(Field("kind", Op::kIs, {"request"})));
  EXPECT_TRUE(Is(Field("priority", Op::kIn, {"P1", "P2"})));
  EXPECT_TRUE(Is(Field("requester.vip", Op::kIs, {"true"})));
  EXPECT_FALSE(Is(Field("proactive", Op::kIs, {"true"})));
  EXPECT_TRUE(Is(Field("proactive", Op::kIs, {"false"})));
}

TEST_F(ConditionTest, ListsAreAskedForAnyOrAll) {
  EXPECT_TRUE(Is(Field("tags", Op::kHasAny, {"legal", "security"})));
  EXPECT_FALSE(Is(Field("tags", Op::kHasAll, {"legal", "security"})));
  EXPECT_TRUE(Is(Field("tags", Op::kHasAll, {"edge", "security"})));
}

TEST_F(ConditionTest, OrderKnowsNumbersPrioritiesAndGrades) {
  EXPECT_TRUE(Is(Field("reopens", Op::kGe, {"2"})));
  EXPECT_FALSE(Is(Field("reopens", Op::kGe, {"3"})));
  EXPECT_TRUE(Is(Field("reopens", Op::kLe, {"10"})));
  EXPECT_TRUE(Is(Field("priority", Op::kGe, {"P2"})));
  EXPECT_FALSE(Is(Field("priority", Op::kGe, {"P1"})));
  EXPECT_TRUE(Is(Field("priority", Op::kLe, {"P1"})));
  EXPECT_TRUE(Is(Field("impact", Op::kGe, {"medium"})));
  EXPECT_FALSE(Is(Field("kind", Op::kGe, {"1"})));
}

TEST_F(ConditionTest, AnUnsetValueIsAbsent) {
  EXPECT_THAT(FieldValues(c_, "urgency"), IsEmpty());
  EXPECT_FALSE(Is(Field("urgency", Op::kExists, {"true"})));
  EXPECT_TRUE(Is(Field("urgency", Op::kExists, {"false"})));
  EXPECT_FALSE(Is(Field("urgency", Op::kLe, {"high"})));
  EXPECT_TRUE(Is(Field("impact", Op::kExists, {})));
}

TEST_F(ConditionTest, LabelsAreFieldsByTheirKey) {
  EXPECT_TRUE(Is(Field("labels.datacenter", Op::kIs, {"fra1"})));
  EXPECT_FALSE(Is(Field("labels.rack", Op::kExists, {})));
  EXPECT_TRUE(IsConditionField("labels.rack"));
  EXPECT_FALSE(IsConditionField("labels."));
  EXPECT_FALSE(IsConditionField("priorty"));
}

TEST_F(ConditionTest, GroupsCombine) {
  const Condition yes = Field("kind", Op::kIs, {"incident"});
  const Condition no = Field("kind", Op::kIs, {"request"});
  EXPECT_FALSE(Is(Group(Condition::Kind::kAll, {yes, no})));
  EXPECT_TRUE(Is(Group(Condition::Kind::kAny, {no, yes})));
  EXPECT_TRUE(Is(Group(Condition::Kind::kNot, {no})));
  EXPECT_FALSE(Is(Group(Condition::Kind::kNot, {yes})));
}

TEST_F(ConditionTest, WhatWasSeenIsToldForTheTrace) {
  std::vector<std::pair<std::string, std::string>> saw;
  EXPECT_TRUE(
      Holds(Group(Condition::Kind::kAll, {Field("tags", Op::kHasAny, {"edge"}), Field("reopens", Op::kGe, {"1"})}), c_,
            &saw));
  EXPECT_THAT(saw, ElementsAre(Pair("tags", "edge,security"), Pair("reopens", "2")));
}

TEST_F(ConditionTest, EveryListedFieldCanBeRead) {
  for (const std::string& line : ConditionFields()) {
    const std::string field = line.substr(0, line.find(':'));
    EXPECT_TRUE(IsConditionField(field)) << field;
    (void)FieldValues(c_, field);
  }
}

TEST(MayOverlap, OnlyDifferentValuesOfOneFieldExcludeEachOther) {
  const Condition incident = Field("kind", Op::kIs, {"incident"});
  const Condition request = Field("kind", Op::kIn, {"request", "question"});
  const Condition vip = Field("requester.vip", Op::kIs, {"true"});
  EXPECT_FALSE(MayOverlap(incident, request));
  EXPECT_TRUE(MayOverlap(incident, vip));
  EXPECT_TRUE(MayOverlap(incident, Condition{}));
  EXPECT_TRUE(MayOverlap(incident, Group(Condition::Kind::kAny, {incident, vip})));
  EXPECT_FALSE(MayOverlap(Group(Condition::Kind::kAll, {incident, vip}), request));
  EXPECT_FALSE(MayOverlap(Group(Condition::Kind::kAny, {incident, Field("kind", Op::kIs, {"alert"})}), request));
  EXPECT_TRUE(MayOverlap(Field("tags", Op::kIs, {"a"}), Field("tags", Op::kIs, {"b"})));
}

/// A case in which every field of conditions has a value of its own.
Case FullCase() {
  auto facts = std::make_shared<Facts>();
  facts->kind = "alert";
  facts->service = "mail";
  facts->region = "emea";
  facts->residency = "eu";
  facts->customer = "c-1";
  facts->contract = "gold";
  facts->source = "sensor";
  facts->impact = Grade::kHigh;
  facts->urgency = Grade::kMedium;
  facts->risk = Grade::kLow;
  facts->business_value = Grade::kHigh;
  facts->proactive = true;
  facts->restricted = true;
  facts->tags = {"edge", "lab"};
  facts->requester.vip = true;
  facts->requester.language = "pt";
  facts->reporter.vip = true;
  facts->reporter.language = "de";
  facts->labels = {{"site", "fra1"}};
  Case c;
  c.facts = facts;
  c.category = "network";
  c.complexity = Grade::kMedium;
  c.imported = true;
  c.skills = {"bgp"};
  c.priority = Priority::kP2;
  c.state = CaseState::kPending;
  c.functional.level = "L2";
  c.hierarchical.level = "MGR";
  c.owner = {"noc", "cho", 1};
  c.acknowledged_by = "cho";
  c.majors.emplace_back();
  c.pending.reason = "vendor";
  c.breaches.emplace_back("response", 5);
  c.path = "incident";
  c.reports = 11;
  c.escalations = 12;
  c.re_escalations = 13;
  c.reassignments = 14;
  c.reopens = 15;
  c.attempts_failed = 16;
  c.handovers_declined = 17;
  return c;
}

TEST(ConditionFields, EachReadsWhatItSays) {
  const std::map<std::string, std::string> expected = {
      {"kind", "alert"},
      {"service", "mail"},
      {"category", "network"},
      {"region", "emea"},
      {"residency", "eu"},
      {"customer", "c-1"},
      {"contract", "gold"},
      {"source", "sensor"},
      {"impact", "high"},
      {"urgency", "medium"},
      {"risk", "low"},
      {"business_value", "high"},
      {"complexity", "medium"},
      {"proactive", "true"},
      {"restricted", "true"},
      {"imported", "true"},
      {"tags", "edge,lab"},
      {"skills", "bgp"},
      {"requester.vip", "true"},
      {"requester.language", "pt"},
      {"reporter.vip", "true"},
      {"reporter.language", "de"},
      {"priority", "P2"},
      {"state", "pending"},
      {"level", "L2"},
      {"management_level", "MGR"},
      {"owner.team", "noc"},
      {"owner.person", "cho"},
      {"acknowledged", "true"},
      {"major", "true"},
      {"pending_reason", "vendor"},
      {"breaches", "response"},
      {"path", "incident"},
      {"reports", "11"},
      {"escalations", "12"},
      {"re_escalations", "13"},
      {"reassignments", "14"},
      {"reopens", "15"},
      {"attempts_failed", "16"},
      {"handovers_declined", "17"},
      {"labels.site", "fra1"},
  };
  const Case c = FullCase();
  std::map<std::string, std::string> actual;
  for (const std::string& line : ConditionFields()) {
    const std::string field = line.substr(0, line.find(':'));
    if (field != "labels.<key>") actual[field] = absl::StrJoin(FieldValues(c, field), ",");
  }
  actual["labels.site"] = absl::StrJoin(FieldValues(c, "labels.site"), ",");
  EXPECT_EQ(actual, expected);
}

Condition Weighing(int at_least, std::vector<WeighedFactor> factors) {
  Condition condition;
  condition.kind = Condition::Kind::kWeighs;
  condition.at_least = at_least;
  condition.factors = std::move(factors);
  return condition;
}

const WeighedFactor kComplexity{.field = "complexity", .points = {{"high", 30}, {"medium", 10}}, .missing = 5};
const WeighedFactor kVip{.field = "requester.vip", .points = {{"true", 20}}};
const WeighedFactor kReopens{.field = "reopens", .points = {}, .each = 8, .most = 20};
const WeighedFactor kLoss{.field = "labels.loss", .points = {}, .each = 1, .per = 1'000, .most = 40, .missing = 2};

TEST_F(ConditionTest, FactsAreWeighedTogetherAndEachContributionIsSeen) {
  const auto weighing = [](int at_least) { return Weighing(at_least, {kComplexity, kVip, kReopens, kLoss}); };
  // The complexity is not said: 5. A VIP: 20. Two reopens: 16. No label: 2.
  std::vector<std::pair<std::string, std::string>> saw;
  EXPECT_TRUE(Holds(weighing(43), c_, &saw));
  EXPECT_THAT(saw,
              ElementsAre(Pair("complexity", "missing +5"), Pair("requester.vip", "true +20"), Pair("reopens", "2 +16"),
                          Pair("labels.loss", "missing +2"), Pair("weight", "43 of 43")));
  EXPECT_FALSE(Is(weighing(44)));
  c_.complexity = Grade::kHigh;
  EXPECT_TRUE(Is(weighing(68)));
  EXPECT_FALSE(Is(weighing(69)));
}

TEST_F(ConditionTest, AWeighedValueThatIsNotNamedCountsNothingAndIsNotMissing) {
  c_.complexity = Grade::kLow;
  EXPECT_FALSE(Is(Weighing(1, {kComplexity})));
  EXPECT_TRUE(Is(Weighing(0, {kComplexity})));
}

TEST_F(ConditionTest, AWeighedNumberCountsWholeUnitsUpToItsMost) {
  const auto loss = [this](const std::string& text) {
    auto facts = std::make_shared<Facts>(*c_.facts);
    facts->labels["loss"] = text;
    c_.facts = facts;
    return WeightOf({kLoss}, c_, nullptr);
  };
  EXPECT_EQ(loss("999"), 0);
  EXPECT_EQ(loss("1000"), 1);
  EXPECT_EQ(loss("39999"), 39);
  EXPECT_EQ(loss("9223372036854775807"), 40) << "as much as it may, whatever the number";
  EXPECT_EQ(loss("9223372036854775808"), 2) << "no number that can be counted";
  EXPECT_EQ(loss("-5000"), 0);
  EXPECT_EQ(loss("much"), 2);
  c_.reopens = 3;
  EXPECT_EQ(WeightOf({kReopens}, c_, nullptr), 20);
  WeighedFactor relief = kReopens;
  relief.each = -8;
  EXPECT_EQ(WeightOf({relief}, c_, nullptr), -20);
}

TEST_F(ConditionTest, AWeighedListCountsAllThatIsInIt) {
  const WeighedFactor tags{.field = "tags", .points = {{"security", 30}, {"edge", -5}, {"legal", 50}}, .missing = 1};
  EXPECT_EQ(WeightOf({tags}, c_, nullptr), 25);
  EXPECT_EQ(WeightRange({tags}), std::pair(-5, 80));
  EXPECT_EQ(WeightRange({kComplexity, kVip, kReopens, kLoss}), std::pair(0, 110));
}

TEST_F(ConditionTest, AWeightRulesOutNoOtherCondition) {
  EXPECT_TRUE(MayOverlap(Weighing(10, {kVip}), Field("requester.vip", Op::kIs, {"false"})));
}

}  // namespace
}  // namespace escalon
