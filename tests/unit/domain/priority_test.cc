#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/sample_policy.h"

namespace escalon {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Pair;

class PriorityTest : public testing::Test {
 protected:
  PriorityTest() { Facts(Grade::kMedium, Grade::kMedium); }

  void Facts(Grade impact, Grade urgency) {
    auto facts = std::make_shared<escalon::Facts>(*c_.facts);
    facts->kind = "incident";
    facts->impact = impact;
    facts->urgency = urgency;
    c_.facts = facts;
  }
  void Vip() {
    auto facts = std::make_shared<escalon::Facts>(*c_.facts);
    facts->requester.vip = true;
    c_.facts = facts;
  }
  void Tags(std::vector<std::string> tags) {
    auto facts = std::make_shared<escalon::Facts>(*c_.facts);
    facts->tags = std::move(tags);
    c_.facts = facts;
  }
  Priority Judge() {
    trace_.clear();
    return PriorityOf(policy_, c_, &trace_);
  }
  void AddVipModifier(std::string id) {
    policy_.modifiers.push_back({std::move(id), FieldCondition("requester.vip", Condition::Op::kIs, {"true"}), 0, 1});
  }

  Policy policy_ = SamplePolicy();
  Case c_;
  std::vector<TraceLine> trace_;
};

TEST_F(PriorityTest, TheMatrixIsReadByImpactAndUrgency) {
  Facts(Grade::kHigh, Grade::kLow);
  EXPECT_EQ(Judge(), Priority::kP3);
  Facts(Grade::kLow, Grade::kHigh);
  EXPECT_EQ(Judge(), Priority::kP3);
  Facts(Grade::kHigh, Grade::kMedium);
  EXPECT_EQ(Judge(), Priority::kP2);
}

TEST_F(PriorityTest, WhatIsNotSaidIsTakenFromThePolicyAndTheTraceSaysSo) {
  Facts(Grade::kHigh, Grade::kUnset);
  EXPECT_EQ(Judge(), Priority::kP2);
  ASSERT_EQ(trace_.size(), 1u);
  EXPECT_EQ(trace_[0].rule, "priority.matrix");
  EXPECT_EQ(trace_[0].outcome, "P2");
  EXPECT_THAT(trace_[0].saw, ElementsAre(Pair("impact", "high"), Pair("urgency", "medium (default)")));
}

TEST_F(PriorityTest, AModifierRaisesAGradeAndIsTraced) {
  AddVipModifier("vip");
  EXPECT_EQ(Judge(), Priority::kP3);
  Vip();
  EXPECT_EQ(Judge(), Priority::kP2);
  EXPECT_THAT(trace_, ElementsAre(Field(&TraceLine::rule, "priority.modifiers.vip"),
                                  Field(&TraceLine::rule, "priority.matrix")));
}

TEST_F(PriorityTest, ModifiersTogetherMoveAGradeByOneAtMost) {
  AddVipModifier("vip");
  AddVipModifier("gold");
  Facts(Grade::kMedium, Grade::kLow);
  Vip();
  EXPECT_EQ(Judge(), Priority::kP3);
}

TEST_F(PriorityTest, AGradeStaysBetweenHighAndLow) {
  AddVipModifier("vip");
  policy_.modifiers.push_back({"calm", {}, -1, 0});
  Facts(Grade::kLow, Grade::kHigh);
  Vip();
  EXPECT_EQ(Judge(), Priority::kP3);
}

TEST_F(PriorityTest, AFloorLiftsButNeverLowers) {
  policy_.floors.push_back({"security", FieldCondition("tags", Condition::Op::kHasAny, {"security"}), Priority::kP2});
  Facts(Grade::kLow, Grade::kLow);
  EXPECT_EQ(Judge(), Priority::kP4);
  Tags({"security"});
  EXPECT_EQ(Judge(), Priority::kP2);
  EXPECT_EQ(trace_.back().rule, "priority.floors.security");
  EXPECT_THAT(trace_.back().saw, ElementsAre(Pair("tags", "security")));
  Facts(Grade::kHigh, Grade::kHigh);
  EXPECT_EQ(Judge(), Priority::kP1);
}

TEST_F(PriorityTest, TheSameFactsGiveTheSameAnswerWithoutATrace) {
  AddVipModifier("vip");
  Vip();
  EXPECT_EQ(PriorityOf(policy_, c_, nullptr), Judge());
}

class PathChoiceTest : public PriorityTest {
 protected:
  void AddPath(std::string id, int precedence, Condition when) {
    Path path = policy_.paths[0];
    path.id = std::move(id);
    path.precedence = precedence;
    path.when = std::move(when);
    policy_.paths.push_back(path);
  }
};

TEST_F(PathChoiceTest, TheHighestPrecedenceThatMatchesWins) {
  AddPath("incident", 0, FieldCondition("kind", Condition::Op::kIs, {"incident"}));
  AddPath("vip", 5, FieldCondition("requester.vip", Condition::Op::kIs, {"true"}));
  EXPECT_EQ(ChoosePath(policy_, c_, &trace_)->id, "incident");
  EXPECT_THAT(trace_, ElementsAre(Field(&TraceLine::rule, "paths.incident.when")));
  Vip();
  EXPECT_EQ(ChoosePath(policy_, c_, nullptr)->id, "vip");
}

TEST_F(PathChoiceTest, WithoutAMatchTheLastResortIsTakenElseNone) {
  AddPath("request", 0, FieldCondition("kind", Condition::Op::kIs, {"request"}));
  EXPECT_EQ(ChoosePath(policy_, c_, nullptr)->id, "everything");
  policy_.paths.erase(policy_.paths.begin());
  EXPECT_EQ(ChoosePath(policy_, c_, &trace_), nullptr);
  EXPECT_THAT(trace_, IsEmpty());
}

}  // namespace
}  // namespace escalon
