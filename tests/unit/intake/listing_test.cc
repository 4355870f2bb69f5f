#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "services/intake/listing/case_filter.h"
#include "services/intake/listing/list_plan.h"
#include "services/intake/listing/page_token.h"

namespace escalon::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Case Sample() {
  Case c;
  c.tenant = "acme";
  c.state = CaseState::kAssigned;
  c.priority = Priority::kP2;
  c.owner = {"network", "ann", 0};
  c.functional.level = "L2";
  c.functional.people = {"ann", "bob"};
  Facts facts;
  facts.service = "mail";
  facts.source = "shop";
  facts.external_ref = "INC1";
  facts.requester.subject = "rita";
  c.facts = std::make_shared<const Facts>(facts);
  return c;
}

TEST(CaseFilter, EmptyConditionsHoldOfEverything) { EXPECT_TRUE(Matches({}, Sample())); }

TEST(CaseFilter, EveryConditionCanRefuse) {
  const Case c = Sample();
  const auto refused = [&](auto change) {
    CaseFilter filter;
    change(filter);
    return !Matches(filter, c);
  };
  EXPECT_TRUE(refused([](CaseFilter& f) { f.states = {CaseState::kNew}; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.priorities = {Priority::kP1}; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.team = "x"; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.person = "x"; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.level = "x"; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.service = "x"; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.requester = "x"; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.source = "x"; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.external_ref = "x"; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.pageable = "x"; }));
  EXPECT_TRUE(refused([](CaseFilter& f) { f.breached = true; }));
  EXPECT_FALSE(refused([](CaseFilter& f) {
    f.states = {CaseState::kNew, CaseState::kAssigned};
    f.priorities = {Priority::kP2};
    f.team = "network";
    f.person = "ann";
    f.level = "L2";
    f.service = "mail";
    f.requester = "rita";
    f.source = "shop";
    f.external_ref = "INC1";
    f.pageable = "bob";
    f.open = true;
  }));
}

TEST(CaseFilter, EndedCasesHaveNoOwnerAndAreNotOpen) {
  Case c = Sample();
  c.state = CaseState::kClosed;
  EXPECT_TRUE(Matches({}, c));
  CaseFilter open;
  open.open = true;
  EXPECT_FALSE(Matches(open, c));
  CaseFilter team;
  team.team = "network";
  EXPECT_FALSE(Matches(team, c));
}

TEST(ListPlan, TheGravestComeFirstThenTheUnjudgedThenTheEnded) {
  const ListPlan plan = PlanList("acme", {}, CaseOrder::kPriorityAndDue);
  ASSERT_EQ(plan.segments.size(), 6u);
  EXPECT_THAT(plan.segments[0].indexes, ElementsAre("ix:priority:acme/P1"));
  EXPECT_THAT(plan.segments[3].indexes, ElementsAre("ix:priority:acme/P4"));
  EXPECT_TRUE(plan.segments[4].only_unjudged);
  EXPECT_THAT(plan.segments[5].indexes, ElementsAre("ix:state:acme/closed", "ix:state:acme/cancelled"));
  EXPECT_THAT(plan.narrow, IsEmpty());
}

TEST(ListPlan, OpenListsLeaveTheEndedOut) {
  CaseFilter filter;
  filter.open = true;
  filter.priorities = {Priority::kP1};
  const ListPlan plan = PlanList("acme", filter, CaseOrder::kPriorityAndDue);
  ASSERT_EQ(plan.segments.size(), 1u);
  EXPECT_THAT(plan.segments[0].indexes, ElementsAre("ix:priority:acme/P1"));
}

TEST(ListPlan, TheMostSelectiveIndexNarrows) {
  CaseFilter filter;
  filter.team = "network";
  EXPECT_THAT(PlanList("acme", filter, CaseOrder::kPriorityAndDue).narrow, ElementsAre("ix:team:acme/network"));
  filter.person = "ann";
  EXPECT_THAT(PlanList("acme", filter, CaseOrder::kPriorityAndDue).narrow, ElementsAre("ix:person:acme/ann"));
  filter.requester = "rita";
  EXPECT_THAT(PlanList("acme", filter, CaseOrder::kPriorityAndDue).narrow, ElementsAre("ix:requester:acme/rita"));
  filter.source = "shop";
  filter.external_ref = "INC1";
  EXPECT_THAT(PlanList("acme", filter, CaseOrder::kPriorityAndDue).narrow, ElementsAre("ix:ref:acme/shop/INC1"));
}

TEST(ListPlan, ByOpeningAnIndexIsWalkedAsItIs) {
  CaseFilter filter;
  filter.team = "network";
  const ListPlan plan = PlanList("acme", filter, CaseOrder::kOpened);
  ASSERT_EQ(plan.segments.size(), 1u);
  EXPECT_TRUE(plan.segments[0].descending);
  EXPECT_THAT(plan.segments[0].indexes, ElementsAre("ix:team:acme/network"));
  EXPECT_THAT(plan.narrow, IsEmpty());
}

TEST(ListPlan, ByLastChangeThereIsNoIndexToWalk) {
  CaseFilter filter;
  filter.states = {CaseState::kPending};
  const ListPlan plan = PlanList("acme", filter, CaseOrder::kChanged);
  EXPECT_TRUE(plan.only_narrow);
  EXPECT_THAT(plan.narrow, ElementsAre("ix:state:acme/pending"));
}

TEST(ListPlan, SortsAsTheSegmentsRun) {
  Case p1 = Sample(), p3 = Sample(), unjudged = Sample(), closed = Sample();
  p1.priority = Priority::kP1;
  p3.priority = Priority::kP3;
  unjudged.priority = Priority::kUnset;
  closed.state = CaseState::kClosed;
  closed.priority = Priority::kP1;
  const auto key = [](const Case& c) { return SortKeyOf(c, CaseOrder::kPriorityAndDue); };
  EXPECT_LT(key(p1), key(p3));
  EXPECT_LT(key(p3), key(unjudged));
  EXPECT_LT(key(unjudged), key(closed));
  ClockRun response;
  response.name = "response";
  response.due_at = 500;
  Case sooner = p1;
  sooner.clocks = {response};
  response.due_at = 900;
  p1.clocks = {response};
  EXPECT_LT(key(sooner), key(p1));
}

PageTokens Tokens(const std::string& id = "k1") {
  return PageTokens(KeyRing::Parse("test", NewKeyRingLine(id)).value());
}

TEST(PageToken, ComesBackAsItWas) {
  const PageTokens tokens = Tokens();
  const PagePlace place{PagePlace::Mode::kSorted, 3, -5, INT64_MAX, CaseId::Make(1, 2, 3, 4)};
  const auto read = tokens.Read(tokens.Make(place, "q"), "q");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, place);
}

TEST(PageToken, IsNoUseForAnotherQuestion) {
  const PageTokens tokens = Tokens();
  EXPECT_EQ(tokens.Read(tokens.Make({}, "q"), "r").error().fields.front().field, "page_token");
}

TEST(PageToken, OfAnotherKeyIsRefused) {
  const std::string token = Tokens().Make({}, "q");
  EXPECT_FALSE(Tokens().Read(token, "q").ok());
  EXPECT_FALSE(Tokens("k2").Read(token, "q").ok());
}

TEST(PageToken, NoChangedOrForeignTextIsTaken) {
  const PageTokens tokens = Tokens();
  const std::string token = tokens.Make({PagePlace::Mode::kWalk, 1, 2, 3, {}}, "q");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.Read(changed, "q").ok()) << i;
    EXPECT_FALSE(tokens.Read(token.substr(0, i), "q").ok()) << i;
  }
  EXPECT_FALSE(tokens.Read(std::string(100'000, 'A'), "q").ok());
  EXPECT_FALSE(tokens.Read("?!", "q").ok());
}

}  // namespace
}  // namespace escalon::intake
