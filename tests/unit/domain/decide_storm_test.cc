#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/domain/fixture.h"

// Storms (DESIGN §6): cases that many others came with rest under the first of them; clocks run on, the parent tells.

namespace escalon {
namespace {

using test::Find;
using test::kMonday10;
using test::World;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const CaseId kParent = CaseId::Make(kMonday10, 9, 0, 42);
const CaseId kOther = CaseId::Make(kMonday10, 9, 0, 43);

/// So many others of one key, and a case that may be their parent.
class Others final : public OpeningsSnapshot {
 public:
  Gathering GatheredWith(const Case&, std::string_view link_key, InstantMs since) const override {
    since_ = since;
    return link_key == key ? gathering : Gathering{};
  }
  std::string key = "service mail";
  Gathering gathering{4, kParent};
  mutable InstantMs since_ = 0;
};

struct Stormy : World {
  explicit Stormy(StormLink link = StormLink::kService) {
    policy.storms.emplace();
    policy.storms->link_on = {link};
    policy.storms->least = 5;
    CommunicationRule team;
    team.id = "new";
    team.on = {"opened", "warned"};
    team.to = {Audience::kTeam};
    policy.communication.push_back(team);
    openings = &others;
  }
  void Triage(Priority priority = Priority::kP2, OpenCase open = Mail()) {
    Open(std::move(open));
    Must(Advice(priority), Service());
  }
  static OpenCase Mail() {
    OpenCase open = Incident();
    open.facts.service = "mail";
    return open;
  }
  EventBatch Hear(const std::string& action, const CaseId& from = kParent) {
    return Must(AbsorbCrossCase{from, action, LinkRelation::kChild}, Service());
  }
  std::vector<std::string> Told() const {
    std::vector<std::string> told;
    for (const NotifyIntended& intent : All<NotifyIntended>()) {
      told.push_back(intent.message + " to " + std::string(Name(intent.audience)));
    }
    return told;
  }
  std::vector<std::string> Traced() const {
    std::vector<std::string> lines;
    for (const EventBatch& batch : history) {
      for (const TraceLine& line : batch.trace) lines.push_back(line.rule + ": " + line.outcome);
    }
    return lines;
  }
  Others others;
};

TEST(DecideStorm, ACaseInAStormRestsUnderTheFirstAndItsClocksRunOn) {
  Stormy w;
  w.Triage();
  EXPECT_EQ(w.others.since_, w.now - 10 * kMinuteMs);
  EXPECT_EQ(w.c().parent, kParent);
  EXPECT_THAT(w.c().links, ElementsAre(Linked{kParent, "", LinkRelation::kChild}));
  ASSERT_THAT(w.c().cross_case, SizeIs(1));
  EXPECT_EQ(w.c().cross_case.front().intent.action, "join_storm");
  EXPECT_EQ(w.c().cross_case.front().intent.other, kParent);
  EXPECT_EQ(w.c().snoozed_until, kMonday10 + kDayMs);
  EXPECT_EQ(w.c().owner.team, "desk");
  EXPECT_EQ(w.c().owner.person, "");
  EXPECT_EQ(w.c().functional.level, "L1");
  EXPECT_EQ(w.c().functional.step, 0);
  EXPECT_THAT(w.Told(), ElementsAre("opened to requester")) << "the parent does not tell the requester of this one";
  EXPECT_THAT(w.Traced(), Contains("storms.parent: child of " + kParent.ToString()));
  EXPECT_THAT(w.All<Snoozed>().front().text, HasSubstr("5 cases of service mail"));
  w.Run(12 * kHourMs);
  EXPECT_THAT(w.Pages(), IsEmpty());
  EXPECT_THAT(w.Told(), ElementsAre("opened to requester"));
  EXPECT_EQ(w.c().escalations, 0u);
  EXPECT_THAT(w.All<Breached>(), Contains(Field(&Breached::name, "resolution"))) << "promises run on";
  EXPECT_THAT(w.All<StepEmpty>(), IsEmpty());
}

TEST(DecideStorm, AlertsOfOneKindBelongTogetherByTheirLabel) {
  Stormy w(StormLink::kKey);
  w.others.key = "key servicenow DiskFull";
  OpenCase open = World::Incident();
  open.facts.labels["alertname"] = "DiskFull";
  w.Triage(Priority::kP3, open);
  EXPECT_EQ(w.c().parent, kParent);
}

TEST(DecideStorm, WhatIsNoStormOrMustNotRestStandsForItself) {
  Stormy few;
  few.others.gathering.others = 3;
  few.Triage();
  EXPECT_TRUE(few.c().parent.empty());
  EXPECT_THAT(few.Pages(), ElementsAre("ana+ben"));

  Stormy first;
  first.others.gathering.parent = {};
  first.Triage();
  EXPECT_TRUE(first.c().parent.empty());
  EXPECT_THAT(first.Traced(), Contains(HasSubstr("stands for itself")));

  Stormy restricted;
  OpenCase secret = Stormy::Mail();
  secret.facts.restricted = true;
  restricted.Triage(Priority::kP2, secret);
  EXPECT_TRUE(restricted.c().parent.empty());

  Stormy elsewhere;
  elsewhere.others.key = "service web";
  elsewhere.Triage();
  EXPECT_TRUE(elsewhere.c().parent.empty());

  Stormy unknown;
  unknown.openings = nullptr;
  unknown.Triage();
  EXPECT_TRUE(unknown.c().parent.empty());
}

TEST(DecideStorm, WhenTheParentIsResolvedAChildClimbsFromItsFirstStep) {
  for (const char* action : {"parent_resolved", "parent_ended"}) {
    Stormy w;
    w.Triage();
    w.Run(kHourMs);
    w.Hear(action);
    EXPECT_EQ(w.c().snoozed_until, 0) << action;
    EXPECT_EQ(w.c().clock("snooze"), nullptr);
    EXPECT_THAT(w.Pages(), ElementsAre("ana+ben")) << action;
    EXPECT_EQ(w.c().clock("step.functional")->due_at, w.now + 15 * kMinuteMs);
    w.Run(15 * kMinuteMs);
    EXPECT_EQ(w.c().functional.level, "L2");
    EXPECT_THAT(w.Hear(action).events, IsEmpty()) << "told twice";
  }
}

TEST(DecideStorm, AP1ThatIsLetGoMovesOnBothTracks) {
  Stormy w;
  w.Triage(Priority::kP1);
  EXPECT_THAT(w.Told(), Not(Contains(HasSubstr("stakeholders"))));
  EXPECT_EQ(w.c().hierarchical.level, "");
  w.Hear("parent_resolved");
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().hierarchical.level, "MGR");
  EXPECT_THAT(w.Told(), Contains("escalated to step"));
}

TEST(DecideStorm, AChildMayBeResolvedWithItsParent) {
  Stormy w;
  w.policy.storms->resolved_with_parent = true;
  w.Triage();
  w.Hear("parent_resolved");
  EXPECT_FALSE(IsOpen(w.c().state));
  EXPECT_THAT(w.Pages(), IsEmpty());
  EXPECT_THAT(w.Traced(), Contains(HasSubstr("resolved with it")));

  Stormy cancelled;
  cancelled.policy.storms->resolved_with_parent = true;
  cancelled.Triage();
  cancelled.Hear("parent_ended");
  EXPECT_THAT(cancelled.Pages(), ElementsAre("ana+ben")) << "a parent that was withdrawn has resolved nothing";
}

TEST(DecideStorm, AChildThatIsNotTakenInClimbs) {
  Stormy w;
  w.Triage();
  const OpenCrossCase open = w.c().cross_case.front();
  w.Must(RecordCrossCase{open.version, open.intent.index, true, "the case is resolved"}, w.Service());
  EXPECT_EQ(w.c().snoozed_until, 0);
  EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
  EXPECT_THAT(w.Traced(), Contains(HasSubstr("not taken in by " + kParent.ToString())));

  Stormy taken;
  taken.Triage();
  const OpenCrossCase duty = taken.c().cross_case.front();
  taken.Must(RecordCrossCase{duty.version, duty.intent.index, false, ""}, taken.Service());
  EXPECT_NE(taken.c().snoozed_until, 0);
}

TEST(DecideStorm, NoChildRestsForEver) {
  Stormy w;
  w.policy.storms->longest = 2 * kHourMs;
  w.Triage();
  w.Run(2 * kHourMs - 1);
  EXPECT_THAT(w.Pages(), IsEmpty());
  w.Run(1);
  EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
  EXPECT_EQ(w.c().snoozed_until, 0);
}

TEST(DecideStorm, AGraverChildClimbsByItself) {
  Stormy w;
  w.Triage(Priority::kP3);
  w.Must(SetPriority{Priority::kP4, false, "less"}, w.Manager("mia"));
  EXPECT_NE(w.c().snoozed_until, 0);
  w.Must(SetPriority{Priority::kP1, false, "a bank"}, w.Manager("mia"));
  EXPECT_EQ(w.c().snoozed_until, 0);
  EXPECT_EQ(w.c().functional.level, "L2") << "where a P1 enters";
  EXPECT_THAT(w.Pages(), SizeIs(1)) << "the first step was not told in passing";
}

TEST(DecideStorm, WhoeverTakesAChildUpEndsItsRest) {
  Stormy w;
  w.Triage();
  w.Must(Acknowledge{}, w.Human("ana"));
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_EQ(w.c().snoozed_until, 0);
  EXPECT_THAT(w.Pages(), IsEmpty());
  EXPECT_THAT(w.Hear("parent_resolved").events, IsEmpty()) << "it is ana's now";
  // A person's own snooze is not the parent's to end.
  w.Must(Snooze{w.now + 3 * kHourMs, "lunch"}, w.Human("ana"));
  EXPECT_THAT(w.Hear("parent_resolved").events, IsEmpty());
  EXPECT_NE(w.c().snoozed_until, 0);
}

TEST(DecideStorm, AnotherCaseIsNotItsParent) {
  Stormy w;
  w.Triage();
  EXPECT_THAT(w.Hear("parent_resolved", kOther).events, IsEmpty());
  EXPECT_NE(w.c().snoozed_until, 0);
}

TEST(DecideStorm, ThePolicySaysWhatRests) {
  Stormy told;
  told.policy.storms->silent = false;
  told.Triage();
  EXPECT_THAT(told.Told(), testing::UnorderedElementsAre("opened to requester", "opened to team"));
  EXPECT_THAT(told.Pages(), IsEmpty());

  Stormy linked;
  linked.policy.storms->rests = linked.policy.storms->silent = false;
  linked.Triage();
  EXPECT_EQ(linked.c().parent, kParent);
  EXPECT_EQ(linked.c().snoozed_until, 0);
  EXPECT_THAT(linked.Pages(), ElementsAre("ana+ben"));
}

TEST(DecideStorm, AChildThatClearsByItselfEndsAsQuietlyAsItCame) {
  Stormy w;
  w.policy.communication.back().on.push_back("resolved");
  w.Triage();
  w.Must(SourceEnded{true, ""}, w.Source());
  EXPECT_FALSE(IsOpen(w.c().state));
  EXPECT_THAT(w.Told(), ElementsAre("opened to requester", "resolved to requester"));
  EXPECT_THAT(w.Pages(), IsEmpty());

  Stormy by_hand;
  by_hand.policy.communication.back().on.push_back("resolved");
  by_hand.Triage();
  by_hand.Must(Resolve{}, by_hand.Human("ana"));
  EXPECT_THAT(by_hand.Told(), Contains("resolved to team"));
}

TEST(DecideStorm, WithoutAPathItRestsWithTheCatchAll) {
  Stormy w;
  w.policy.paths.clear();
  w.Triage();
  EXPECT_THAT(w.Pages(), IsEmpty());
  EXPECT_EQ(w.c().owner.team, "duty");
  w.Hear("parent_ended");
  EXPECT_THAT(w.Pages(), SizeIs(1));
}

CaseId Child(uint64_t n) { return CaseId::Make(kMonday10, 9, 0, 100 + n); }

std::vector<size_t> ChildrenWhenTold(Stormy& w, size_t children) {
  std::vector<size_t> told;
  for (size_t n = 1; n <= children; ++n) {
    const EventBatch batch = w.Must(AbsorbCrossCase{Child(n), "join_storm", LinkRelation::kParent}, w.Service());
    const auto* intent = Find<NotifyIntended>(batch);
    if (intent == nullptr) continue;
    EXPECT_EQ(intent->message, "storm");
    EXPECT_EQ(intent->purpose, IntentPurpose::kInform);
    told.push_back(n);
  }
  return told;
}

TEST(DecideStorm, TheParentTellsAtTheThresholdAndAtEachDoubling) {
  Stormy w;
  w.openings = nullptr;
  w.Triage();
  w.Must(Acknowledge{}, w.Human("ana"));
  // 5, 10, 20 and 40 openings, of which the first four are no children.
  EXPECT_THAT(ChildrenWhenTold(w, 50), ElementsAre(1, 6, 16, 36));
  EXPECT_THAT(w.c().links, SizeIs(50));
  EXPECT_THAT(w.Must(AbsorbCrossCase{Child(1), "join_storm", LinkRelation::kParent}, w.Service()).events, IsEmpty());
}

TEST(DecideStorm, EachChildHearsOnceThatItsParentIsOver) {
  Stormy w;
  w.openings = nullptr;
  w.Triage();
  ChildrenWhenTold(w, 3);
  const EventBatch resolved = w.Must(Resolve{}, w.Human("ana"));
  std::vector<std::string> owed;
  for (const OpenCrossCase& open : w.c().cross_case) owed.push_back(open.intent.action);
  EXPECT_THAT(owed, ElementsAre("parent_resolved", "parent_resolved", "parent_resolved"));
  w.Must(Cancel{CancelCause::kWithdrawn, {}, "after all"}, w.Manager("mia"));
  EXPECT_THAT(w.c().cross_case, SizeIs(3));
  const auto late = w.Do(AbsorbCrossCase{Child(9), "join_storm", LinkRelation::kParent}, w.Service());
  ASSERT_FALSE(late.ok());
  EXPECT_FALSE(Retryable(late.error().code)) << "the child would wait for it";

  Stormy cancelled;
  cancelled.openings = nullptr;
  cancelled.Triage();
  ChildrenWhenTold(cancelled, 1);
  cancelled.Must(Cancel{CancelCause::kWithdrawn, {}, "a test"}, cancelled.Manager("mia"));
  EXPECT_EQ(cancelled.c().cross_case.front().intent.action, "parent_ended");
}

TEST(DecideStorm, AParentThatIsFullOrAChildItselfRefusesForGood) {
  Stormy full;
  full.openings = nullptr;
  full.Triage();
  ChildrenWhenTold(full, 500);
  const auto more = full.Do(AbsorbCrossCase{Child(501), "join_storm", LinkRelation::kParent}, full.Service());
  ASSERT_FALSE(more.ok());
  EXPECT_FALSE(Retryable(more.error().code));

  for (const char* action : {"link", "absorb"}) {
    const auto other = full.Do(AbsorbCrossCase{Child(502), action, LinkRelation::kSurvivorOf}, full.Service());
    ASSERT_FALSE(other.ok());
    EXPECT_FALSE(Retryable(other.error().code)) << action << " would be sent again for ever";
  }

  Stormy child;
  child.Triage();
  const auto refused = child.Do(AbsorbCrossCase{Child(1), "join_storm", LinkRelation::kParent}, child.Service());
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("a child itself"));
}

}  // namespace
}  // namespace escalon
