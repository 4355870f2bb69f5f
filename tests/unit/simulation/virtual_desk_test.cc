#include "common/simulation/virtual_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/domain/policy_roster.h"
#include "common/simulation/made_roster.h"
#include "common/simulation/work_ledger.h"
#include "tests/unit/simulation/small_desk.h"

namespace escalon::simulation {
namespace {

using test::At;
using test::SmallDesk;

Deed Does(std::string_view at, DeedKind kind, std::string person = "", std::string text = "") {
  Deed deed;
  deed.at = At(at);
  deed.kind = kind;
  deed.person = std::move(person);
  deed.text = std::move(text);
  return deed;
}

HistoricCase Past(std::string_view opened_at, Grade impact, Grade urgency, std::vector<Deed> deeds) {
  HistoricCase c;
  c.facts = SmallDesk::Incident(impact, urgency).facts;
  c.facts.external_ref = std::string(opened_at);
  c.opened_at = At(opened_at);
  c.deeds = std::move(deeds);
  return c;
}

struct Heard {
  std::vector<std::pair<size_t, Happening>> all;
  std::vector<CaseState> states;
  DeskRun run;

  size_t Count(size_t index, HappeningKind kind) const {
    return static_cast<size_t>(std::count_if(
        all.begin(), all.end(), [&](const auto& one) { return one.first == index && one.second.kind == kind; }));
  }
};

Heard Live(const SmallDesk& desk, const std::vector<HistoricCase>& history, InstantMs until = kNever) {
  Heard heard;
  heard.states.resize(history.size(), CaseState::kNew);
  const VirtualDesk virtual_desk(desk.policy(), desk.roster());
  heard.run = virtual_desk.Run(history, until, [&heard](size_t index, const Case& after, const EventBatch& batch) {
    std::vector<Happening> happenings;
    AddHappenings(after, batch, &happenings);
    for (Happening& h : happenings) heard.all.emplace_back(index, std::move(h));
    heard.states[index] = after.state;
  });
  return heard;
}

TEST(VirtualDesk, PeopleDoWhatTheyDidAndThePolicyTheRest) {
  const SmallDesk desk;
  const Heard heard = Live(desk, {Past("2030-05-06T10:00:00Z", Grade::kHigh, Grade::kMedium,
                                       {Does("2030-05-06T10:20:00Z", DeedKind::kAcknowledge, "cho"),
                                        Does("2030-05-06T11:00:00Z", DeedKind::kResolve, "cho"),
                                        Does("2030-05-06T12:00:00Z", DeedKind::kClose)})});
  EXPECT_EQ(heard.run.cases, 1u);
  EXPECT_EQ(heard.run.still_open, 0u);
  EXPECT_EQ(heard.states[0], CaseState::kClosed);
  EXPECT_EQ(heard.Count(0, HappeningKind::kReached), 2u) << "nobody answered for a quarter of an hour";
  EXPECT_EQ(heard.Count(0, HappeningKind::kBreached), 1u);
  EXPECT_EQ(heard.run.deeds[static_cast<size_t>(DeedKind::kAcknowledge)].done, 1u);
  EXPECT_EQ(heard.run.deeds[static_cast<size_t>(DeedKind::kClose)].done, 1u);
}

/// P2s of one service, a minute apart; the first is resolved by hand.
std::vector<HistoricCase> Burst(int cases) {
  std::vector<HistoricCase> history;
  for (int n = 0; n < cases; ++n) {
    HistoricCase c = Past("2030-05-06T10:00:00Z", Grade::kHigh, Grade::kMedium, {});
    c.facts.service = "mail";
    c.facts.external_ref = "M-" + std::to_string(n);
    c.opened_at += n * kMinuteMs;
    if (n == 0) {
      c.deeds = {Does("2030-05-06T10:01:00Z", DeedKind::kAcknowledge, "cho"),
                 Does("2030-05-06T12:00:00Z", DeedKind::kResolve, "cho")};
    }
    history.push_back(std::move(c));
  }
  return history;
}

std::string WithStorms(const std::string& storms) {
  return std::string(test::kPolicy) + "storms: {parent: " + storms + "}\n";
}

TEST(VirtualDesk, AStormPagesOnceAndItsChildrenEndWithTheirParent) {
  const InstantMs until = At("2030-05-06T13:00:00Z");
  const auto pages = [](const Heard& heard, size_t from) {
    size_t sum = 0;
    for (size_t index = from; index < heard.states.size(); ++index) sum += heard.Count(index, HappeningKind::kPaged);
    return sum;
  };
  const SmallDesk quiet;
  EXPECT_GE(pages(Live(quiet, Burst(8), until), 2), 6u) << "without the rule everybody is paged for each";

  const std::string rule = "link_on: [same_service], min: 3, within: 10m, suppress: [escalation, notify]";
  const SmallDesk resolving(WithStorms("{" + rule + ", on_parent_resolved: resolve}"));
  const Heard together = Live(resolving, Burst(8), until);
  EXPECT_EQ(pages(together, 2), 0u);
  for (size_t child = 2; child < 8; ++child) EXPECT_EQ(together.states[child], CaseState::kResolved) << child;
  EXPECT_EQ(together.states[1], CaseState::kAssigned) << "it came before the storm was one";

  const SmallDesk climbing(WithStorms("{" + rule + "}"));
  const Heard apart = Live(climbing, Burst(8), At("2030-05-06T11:59:59Z"));
  EXPECT_EQ(pages(apart, 2), 0u);
  EXPECT_GE(pages(Live(climbing, Burst(8), until), 2), 6u) << "the parent is over, and they climb by themselves";
}

TEST(VirtualDesk, AChildWhoseParentHasEndedClimbsAndAStormWithoutParentIsNone) {
  std::vector<HistoricCase> history = Burst(6);
  history[0].deeds = {Does("2030-05-06T10:00:10Z", DeedKind::kCancel)};
  history[1].deeds = {Does("2030-05-06T10:01:10Z", DeedKind::kCancel)};
  const SmallDesk desk(WithStorms("{link_on: [same_service], min: 3, within: 10m, suppress: [escalation, notify]}"));
  const Heard heard = Live(desk, history, At("2030-05-06T13:00:00Z"));
  EXPECT_GE(heard.Count(2, HappeningKind::kPaged), 1u) << "nobody before it is open: it stands for itself";
  EXPECT_EQ(heard.Count(3, HappeningKind::kPaged), 0u) << "and the others rest under it";
  EXPECT_EQ(heard.run.still_open, 4u);
}

TEST(VirtualDesk, CasesAreSeenInTheOrderOfInstants) {
  const SmallDesk desk;
  const Heard heard = Live(desk,
                           {Past("2030-05-06T10:10:00Z", Grade::kHigh, Grade::kMedium, {}),
                            Past("2030-05-06T10:00:00Z", Grade::kHigh, Grade::kMedium, {})},
                           At("2030-05-06T11:00:00Z"));
  EXPECT_EQ(heard.all.front().first, 1u) << "the earlier opening comes first, wherever it stands";
  EXPECT_TRUE(std::is_sorted(heard.all.begin(), heard.all.end(),
                             [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
  EXPECT_EQ(heard.run.still_open, 2u);
}

TEST(VirtualDesk, ACaseDoesNotRunAheadOfOneThatIsOpenedMeanwhile) {
  const SmallDesk desk;
  const Heard heard = Live(desk,
                           {Past("2030-05-06T10:00:00Z", Grade::kHigh, Grade::kMedium,
                                 {Does("2030-05-06T10:10:00Z", DeedKind::kAcknowledge, "cho"),
                                  Does("2030-05-06T12:00:00Z", DeedKind::kResolve, "cho")}),
                            Past("2030-05-06T10:10:00Z", Grade::kHigh, Grade::kMedium, {})},
                           At("2030-05-06T13:00:00Z"));
  EXPECT_TRUE(std::is_sorted(heard.all.begin(), heard.all.end(),
                             [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
}

TEST(VirtualDesk, WhereNobodysWorkMattersTheOrderOfCasesChangesNothing) {
  // A capacity that nobody reaches makes the desk go side by side.
  std::string roster(test::kRoster);
  roster.replace(roster.find("manager: mia}"), 13, "manager: mia, capacity: 999}");
  std::string pull(test::kPolicy);
  pull.replace(pull.find("assign: push"), 12, "assign: pull");
  const SmallDesk one_by_one(pull), side_by_side(pull, roster);
  std::vector<HistoricCase> history;
  for (int i = 0; i < 20; ++i) {
    history.push_back(Past("2030-05-06T1" + std::to_string(i % 10) + ":00:00Z", static_cast<Grade>(1 + i % 3),
                           Grade::kMedium, {Does("2030-05-07T10:00:00Z", DeedKind::kResolve)}));
  }
  Heard one = Live(one_by_one, history), side = Live(side_by_side, history);
  const auto by_case = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(one.all.begin(), one.all.end(), by_case);
  std::stable_sort(side.all.begin(), side.all.end(), by_case);
  EXPECT_EQ(one.all, side.all);
  EXPECT_EQ(one.run.decisions, side.run.decisions);
}

TEST(VirtualDesk, WhoIsUnknownOrNotNamedIsStoodInFor) {
  const SmallDesk desk;
  Deed elsewhere = Does("2030-05-06T10:01:00Z", DeedKind::kAssign, "zoe");
  elsewhere.team = "moon";
  const Heard heard = Live(desk, {Past("2030-05-06T10:00:00Z", Grade::kHigh, Grade::kMedium,
                                       {elsewhere, Does("2030-05-06T10:02:00Z", DeedKind::kAcknowledge, "zoe"),
                                        Does("2030-05-06T10:03:00Z", DeedKind::kAcknowledge),
                                        Does("2030-05-06T10:04:00Z", DeedKind::kPause, "", "moonlight"),
                                        Does("2030-05-06T10:05:00Z", DeedKind::kResolve)})});
  const auto& deeds = heard.run.deeds;
  EXPECT_EQ(deeds[static_cast<size_t>(DeedKind::kAssign)].unknown, 1u);
  EXPECT_EQ(deeds[static_cast<size_t>(DeedKind::kAcknowledge)].done, 1u);
  EXPECT_EQ(deeds[static_cast<size_t>(DeedKind::kAcknowledge)].needless, 1u);
  EXPECT_EQ(deeds[static_cast<size_t>(DeedKind::kPause)].refused, 1u);
  EXPECT_NE(deeds[static_cast<size_t>(DeedKind::kPause)].first_refusal.find("moonlight"), std::string::npos);
  for (const auto& [index, h] : heard.all) {
    if (h.kind != HappeningKind::kAcknowledged) continue;
    EXPECT_EQ(h.people, std::vector<std::string>{"ana"});
  }
}

TEST(VirtualDesk, EveryDeedHasItsCommand) {
  const SmallDesk desk;
  using enum DeedKind;
  Deed facts = Does("2030-05-06T10:03:00Z", kFacts, "", "network");
  facts.impact = facts.urgency = Grade::kHigh;
  Deed priority = Does("2030-05-06T10:04:00Z", kPriority);
  priority.priority = Priority::kP2;
  Deed rate = Does("2030-05-06T15:00:00Z", kRate);
  rate.score = 5;
  const Heard heard = Live(
      desk, {Past("2030-05-06T10:00:00Z", Grade::kMedium, Grade::kMedium,
                  {Does("2030-05-06T10:01:00Z", kAcknowledge, "ana"), Does("2030-05-06T10:02:00Z", kStartWork, "ana"),
                   facts, priority, Does("2030-05-06T10:05:00Z", kMessage), Does("2030-05-06T10:06:00Z", kReply, "ana"),
                   Does("2030-05-06T10:07:00Z", kNote, "ana"), Does("2030-05-06T10:08:00Z", kAttempt, "ana"),
                   Does("2030-05-06T10:09:00Z", kPause, "ana", "customer"),
                   Does("2030-05-06T10:30:00Z", kResume, "ana"), Does("2030-05-06T10:31:00Z", kEscalate, "ana", "L2"),
                   Does("2030-05-06T10:40:00Z", kDeEscalate, "cho", "L1"),
                   Does("2030-05-06T11:00:00Z", kResolve, "ana"), Does("2030-05-06T12:00:00Z", kReopen, "ana"),
                   Does("2030-05-06T13:00:00Z", kResolve, "ana"), Does("2030-05-06T14:00:00Z", kConfirm), rate}),
             Past("2030-05-06T10:00:00Z", Grade::kLow, Grade::kLow, {Does("2030-05-06T10:30:00Z", kCancel)})});
  for (size_t kind = 1; kind < kDeedKinds; ++kind) {
    const DeedCount& count = heard.run.deeds[kind];
    const auto name = Name(static_cast<DeedKind>(kind));
    EXPECT_EQ(count.refused, 0u) << name << ": " << count.first_refusal;
    if (kind == static_cast<size_t>(kAssign) || kind == static_cast<size_t>(kClose)) continue;
    EXPECT_GE(count.done, 1u) << name;
  }
  EXPECT_EQ(heard.states[0], CaseState::kClosed);
  EXPECT_EQ(heard.states[1], CaseState::kCancelled);
}

TEST(VirtualDesk, NothingIsDoneBehindTheEnd) {
  const SmallDesk desk;
  const Heard heard = Live(desk,
                           {Past("2030-05-06T10:00:00Z", Grade::kHigh, Grade::kMedium,
                                 {Does("2030-05-06T10:20:00Z", DeedKind::kAcknowledge, "cho")}),
                            Past("2030-05-06T12:00:00Z", Grade::kHigh, Grade::kMedium, {})},
                           At("2030-05-06T10:16:00Z"));
  EXPECT_EQ(heard.run.cases, 1u);
  EXPECT_EQ(heard.Count(0, HappeningKind::kAcknowledged), 0u);
  EXPECT_EQ(heard.Count(0, HappeningKind::kReached), 2u);
}

TEST(VirtualDesk, TwoRunsAreTheSame) {
  const SmallDesk desk;
  std::vector<HistoricCase> history;
  for (int i = 0; i < 50; ++i) {
    history.push_back(Past("2030-05-06T10:00:00Z", static_cast<Grade>(1 + i % 3), static_cast<Grade>(1 + i / 3 % 3),
                           {Does("2030-05-06T12:00:00Z", DeedKind::kAcknowledge)}));
  }
  const Heard one = Live(desk, history, At("2030-05-10T10:00:00Z")),
              two = Live(desk, history, At("2030-05-10T10:00:00Z"));
  EXPECT_EQ(one.all, two.all);
  EXPECT_EQ(one.run.decisions, two.run.decisions);
}

TEST(WorkLedger, CountsCasesAndRemembersSinceWhen) {
  WorkLedger ledger;
  ledger.Move("", "ana", 10);
  ledger.Move("", "ana", 20);
  ledger.Move("ana", "ben", 30);
  EXPECT_EQ(ledger.WorkOf("ana"), 1);
  EXPECT_EQ(ledger.WorkOf("ben"), 1);
  EXPECT_EQ(ledger.IdleSince("ana"), 20);
  ledger.Move("ben", "", 40);
  EXPECT_EQ(ledger.WorkOf("ben"), 0);
  EXPECT_EQ(ledger.WorkOf("zoe"), 0);
}

TEST(MadeRoster, KnowsWhomPolicyAndHistoryName) {
  const SmallDesk desk;
  Deed given = Does("2030-05-06T10:01:00Z", DeedKind::kAssign, "zoe");
  given.team = "moon";
  const auto roster =
      Roster::Build(MadeRoster(desk.policy(), {Past("2030-05-06T10:00:00Z", Grade::kHigh, Grade::kMedium, {given})}));
  ASSERT_TRUE(roster.ok()) << roster.error().message;
  EXPECT_TRUE(FindingsAgainst(desk.policy(), **roster).empty());
  EXPECT_TRUE((*roster)->IsMember("moon", "zoe"));
  ASSERT_EQ((*roster)->OnCallOf("desk", At("2030-05-06T03:00:00Z")).size(), 1u);
  EXPECT_EQ((*roster)->CatchAll()->id, "duty");
}

TEST(DeedKind, HasANameEachThatIsReadBack) {
  for (size_t kind = 1; kind < kDeedKinds; ++kind) {
    DeedKind read{};
    ASSERT_TRUE(ParseDeedKind(Name(static_cast<DeedKind>(kind)), &read)) << kind;
    EXPECT_EQ(read, static_cast<DeedKind>(kind));
  }
  DeedKind read{};
  EXPECT_FALSE(ParseDeedKind("", &read));
  EXPECT_FALSE(ParseDeedKind("dance", &read));
}

}  // namespace
}  // namespace escalon::simulation
