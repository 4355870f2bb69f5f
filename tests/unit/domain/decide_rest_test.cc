#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/domain/state_size.h"
#include "tests/unit/domain/fixture.h"

// Pending and snoozed cases, facts and priority, links and merges, what is refused (DESIGN §6, §5.10, §5.12).

namespace escalon {
namespace {

using test::Find;
using test::kMonday10;
using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// --- pending, snooze

TEST(DecidePending, ClimbAndLeaseRestWhilePendingAndGoOnAfterwards) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(5 * kMinuteMs);
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  EXPECT_TRUE(w.c().clock("step.functional")->paused());
  w.Run(kHourMs);
  w.Must(Resume{""}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("step.functional")->due_at, w.now + 10 * kMinuteMs);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("lease"), nullptr);
  w.Must(Resume{""}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("lease")->due_at, w.now + 2 * kHourMs);
}

TEST(DecidePending, AnUnknownReasonIsRefusedWithThoseThatThereAre) {
  World w;
  w.OpenAt(Priority::kP2);
  EXPECT_THAT(w.Do(Pause{"weather", 0, ""}, w.Human("ana")).error().message, HasSubstr("customer, vendor"));
}

TEST(DecidePending, APauseWithoutAReasonIsTheCustomers) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Pause{"", 0, ""}, w.Human("ana"));
  EXPECT_EQ(w.c().pending.reason, "customer");
}

TEST(DecidePending, TheOwnerIsRemindedUntilThePauseHasLastedTooLong) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  w.Run(2 * kDayMs);
  EXPECT_EQ(w.All<NotifyIntended>().back().message, "follow_up");
  EXPECT_EQ(w.c().state, CaseState::kPending);
  w.Run(8 * kDayMs - 1);
  EXPECT_EQ(w.c().state, CaseState::kPending);
  w.Run(1);
  EXPECT_NE(w.c().state, CaseState::kPending);
}

TEST(DecidePending, APauseUntilAnInstantEndsThere) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Pause{"vendor", w.now + kHourMs, ""}, w.Human("ana"));
  w.Run(kHourMs);
  EXPECT_EQ(w.c().state, CaseState::kAssigned);
  EXPECT_EQ(w.All<Resumed>().size(), 1u);
}

TEST(DecidePending, TheCustomersAnswerEndsTheCustomersPause) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  w.Must(AddNote{Visibility::kPublic, "sealed", true}, w.Requester());
  EXPECT_EQ(w.c().state, CaseState::kAssigned);
}

TEST(DecideSnooze, PagesRestUntilTheInstantAndThenTheStepIsToldAgain) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Must(Snooze{w.now + kHourMs, "deploying"}, w.Human("ana"));
  EXPECT_THAT(w.c().intents, IsEmpty());
  w.Run(kHourMs - 1);
  EXPECT_EQ(w.c().functional.level, "L1");
  const size_t pages = w.Pages().size();
  w.Run(1);
  EXPECT_EQ(w.Pages().size(), pages + 1);
  EXPECT_EQ(w.c().functional.attempt, 1);
  EXPECT_THAT(w.c().intents, SizeIs(1));
}

// --- facts, priority

TEST(DecideFacts, ChangedFactsAreJudgedAnewAndAManualPriorityStays) {
  World w;
  w.OpenAt(Priority::kP3);
  ChangeFacts change;
  change.facts.impact = Grade::kHigh;
  change.facts.urgency = Grade::kHigh;
  change.fields = {"impact", "urgency"};
  w.Must(change, w.Human("ana"));
  EXPECT_EQ(w.c().priority, Priority::kP1);
  EXPECT_EQ(w.c().functional.level, "L2");  // a P1 enters there
  EXPECT_EQ(w.c().hierarchical.level, "MGR");
  EXPECT_EQ(w.c().facts->title, "The shop is slow");

  World manual;
  manual.OpenAt(Priority::kP3);
  manual.Must(SetPriority{Priority::kP4, false, "known issue"}, manual.Human("ana"));
  manual.Must(change, manual.Human("ana"));
  EXPECT_EQ(manual.c().priority, Priority::kP4);
  manual.Must(SetPriority{Priority::kUnset, true, ""}, manual.Human("ana"));
  EXPECT_EQ(manual.c().priority, Priority::kP1);
}

TEST(DecideFacts, EachFactThatIsNamedIsTakenOverAndNoOther) {
  // Each to something else than in World::Incident.
  const std::vector<std::pair<std::string, void (*)(Facts&)>> changes = {
      {"kind", [](Facts& f) { f.kind = "request"; }},
      {"title", [](Facts& f) { f.title = "Another title"; }},
      {"sealed_text", [](Facts& f) { f.sealed_text = "sealed"; }},
      {"service", [](Facts& f) { f.service = "warehouse"; }},
      {"category", [](Facts& f) { f.category = "storage"; }},
      {"region", [](Facts& f) { f.region = "apac"; }},
      {"residency", [](Facts& f) { f.residency = "sg"; }},
      {"customer", [](Facts& f) { f.customer = "c-9"; }},
      {"contract", [](Facts& f) { f.contract = "gold"; }},
      {"external_url", [](Facts& f) { f.external_url = "https://itsm.example/9"; }},
      {"impact", [](Facts& f) { f.impact = Grade::kLow; }},
      {"urgency", [](Facts& f) { f.urgency = Grade::kLow; }},
      {"risk", [](Facts& f) { f.risk = Grade::kHigh; }},
      {"business_value", [](Facts& f) { f.business_value = Grade::kHigh; }},
      {"restricted", [](Facts& f) { f.restricted = true; }},
      {"requester", [](Facts& f) { f.requester.subject = "tom"; }},
      {"tags", [](Facts& f) { f.tags = {"legal"}; }},
      {"skills", [](Facts& f) { f.skills = {"sap"}; }},
      {"labels",
       [](Facts& f) {
         f.labels = {{"site", "sin"}};
       }},
  };
  Facts all;
  for (const auto& [field, change] : changes) change(all);
  for (const auto& [field, change] : changes) {
    World w;
    w.OpenAt(Priority::kP3);
    const Facts before = *w.c().facts;
    w.Must(ChangeFacts{all, {field}}, w.Source());
    Facts expected = before;
    change(expected);
    EXPECT_FALSE(*w.c().facts == before) << field;
    EXPECT_TRUE(*w.c().facts == expected) << field;
  }
}

TEST(DecideFacts, LateAdviceIsTakenButNotAgainstAPersonNorOnOldFacts) {
  World w;
  w.Open(World::Incident());
  const uint64_t judged = w.c().version;
  w.RunUntil(kMonday10 + 5 * kSecondMs);
  ASSERT_EQ(w.c().priority, Priority::kP3);
  RecordTriage late{Priority::kP2, "network", {}, Grade::kHigh, judged, {}};
  w.Must(late, w.Service());
  EXPECT_EQ(w.c().priority, Priority::kP2);
  EXPECT_EQ(w.c().category, "network");
  EXPECT_THAT(w.c().skills, ElementsAre("bgp"));
  ChangeFacts change;
  change.facts.impact = Grade::kLow;
  change.fields = {"impact"};
  w.Must(change, w.Human("ana"));
  const Priority by_rules = w.c().priority;
  late.priority = Priority::kP1;
  w.Must(late, w.Service());
  EXPECT_EQ(w.c().priority, by_rules);
}

TEST(DecideFacts, APersonWhoActsBeforeTriageIsNotKeptWaiting) {
  World w;
  w.Open(World::Incident());
  const EventBatch batch = w.Must(Acknowledge{}, w.Human("ana"));
  EXPECT_TRUE(Find<Triaged>(batch)->fallback);
  EXPECT_EQ(w.c().acknowledged_by, "ana");
  EXPECT_EQ(w.c().clock("triage"), nullptr);
}

TEST(DecideFacts, FailedAttemptsAndReturnsMayTriggerTheManagement) {
  World w;
  w.OpenAt(Priority::kP2);
  w.Run(kMinuteMs);
  for (const char* team : {"network", "engineering", "network", "engineering"}) {
    w.Must(Assign{team, "", "not ours"}, w.Manager("noa"));
    w.Run(kMinuteMs);
  }
  EXPECT_EQ(w.c().reassignments, 4u);
  EXPECT_EQ(w.c().hierarchical.level, "MGR");
  EXPECT_THAT(w.All<Escalated>(), Contains(Field(&Escalated::reason, EscalationReason::kRepetition)));
}

TEST(DecideFacts, AnUnknownFactIsRefusedByName) {
  World w;
  w.OpenAt(Priority::kP3);
  EXPECT_THAT(w.Do(ChangeFacts{{}, {"colour"}}, w.Human("ana")).error().message, HasSubstr("fields[0]"));
}

// --- links, merge

const CaseId kOther = CaseId::Make(kMonday10, 3, 0, 77);

TEST(DecideLinks, ALinkOwesTheOtherCaseItsHalf) {
  World w;
  w.OpenAt(Priority::kP3);
  w.Must(Link{kOther, "", LinkRelation::kChild}, w.Human("ana"));
  EXPECT_EQ(w.c().parent, kOther);
  ASSERT_THAT(w.c().cross_case, SizeIs(1));
  EXPECT_EQ(w.c().cross_case[0].intent.relation, LinkRelation::kParent);
  EXPECT_EQ(w.Must(Link{kOther, "", LinkRelation::kChild}, w.Human("ana")).outcome, OutcomeKind::kUnchanged);
  w.Must(RecordCrossCase{w.c().cross_case[0].version, 0, false, ""}, w.Service());
  EXPECT_THAT(w.c().cross_case, IsEmpty());
}

TEST(DecideLinks, AMergeEndsThisCaseOnlyWhenTheOtherHasTakenItIn) {
  World w;
  w.OpenAt(Priority::kP3);
  w.Must(Merge{kOther, "the same outage"}, w.Human("ana"));
  EXPECT_TRUE(IsOpen(w.c().state));
  const OpenCrossCase intent = w.c().cross_case.at(0);
  EXPECT_EQ(intent.intent.action, "absorb");
  w.Must(RecordCrossCase{intent.version, intent.intent.index, false, ""}, w.Service());
  EXPECT_EQ(w.c().state, CaseState::kCancelled);
  EXPECT_THAT(w.c().intents, IsEmpty());
  w.Run(kMinuteMs);
  w.Must(Reopen{"not the same after all"}, w.Human("ana"));
  EXPECT_TRUE(IsOpen(w.c().state));
  EXPECT_EQ(w.c().reopens, 0u);  // taken back, not come back
}

TEST(DecideLinks, ARefusedMergeLeavesTheCaseAsItIs) {
  World w;
  w.OpenAt(Priority::kP3);
  w.Must(Merge{kOther, ""}, w.Human("ana"));
  w.Must(RecordCrossCase{w.c().cross_case[0].version, 0, true, "closed"}, w.Service());
  EXPECT_TRUE(IsOpen(w.c().state));
  EXPECT_THAT(w.c().cross_case, IsEmpty());
}

TEST(DecideLinks, AnEndedCaseTakesInNoOther) {
  World w;
  w.OpenAt(Priority::kP3);
  w.Must(Cancel{CancelCause::kWithdrawn, {}, "mistake"}, w.Human("ana"));
  EXPECT_EQ(w.Do(AbsorbCrossCase{kOther, "absorb", LinkRelation::kSurvivorOf}, w.Service()).error().code,
            ErrorCode::kWrongState);
}

TEST(DecideLinks, AnUndoneCancellationAfterTheWindowIsRefused) {
  World w;
  w.OpenAt(Priority::kP3);
  w.Must(Cancel{CancelCause::kWithdrawn, {}, "mistake"}, w.Human("ana"));
  w.Run(11 * kMinuteMs);
  EXPECT_THAT(w.Do(Reopen{"oops"}, w.Human("ana")).error().message, HasSubstr("open a new case"));
}

// --- rights and bad input

TEST(DecideRights, ARequesterMovesOnlyTheirOwnCaseAndOnlyTheirSide) {
  World w;
  w.OpenAt(Priority::kP2);
  Actor stranger = w.Requester();
  stranger.subject = "ron";
  EXPECT_EQ(w.Do(AddNote{Visibility::kPublic, "sealed", true}, stranger).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(w.Do(Acknowledge{}, w.Requester()).error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(w.Do(AddNote{Visibility::kPublic, "sealed", true}, w.Requester()).ok());
}

TEST(DecideRights, ARestrictedCaseIsForThoseClearedForIt) {
  World w;
  RosterDocument roster = test::DeskRoster();
  for (Person& person : roster.people) {
    if (person.id == "ben" || person.id == "noa") person.clearance = {"restricted"};
  }
  w.roster = *Roster::Build(roster);
  OpenCase open = World::Incident();
  open.facts.restricted = true;
  w.Open(open);
  w.Must(w.Advice(Priority::kP2), w.Service());
  EXPECT_THAT(w.Pages(), ElementsAre("ben"));
  EXPECT_EQ(w.Do(AddNote{Visibility::kInternal, "sealed", false}, w.Human("ana")).error().code,
            ErrorCode::kPermissionDenied);
  EXPECT_TRUE(w.Do(Acknowledge{}, w.Human("ben")).ok());
}

TEST(DecideRights, DataDoesNotMovePeopleClearedForItsResidencyCome) {
  World w;
  RosterDocument roster = test::DeskRoster();
  roster.people[1].clearance = {"eu"};  // ben
  w.roster = *Roster::Build(roster);
  OpenCase open = World::Incident();
  open.facts.residency = "eu";
  w.Open(open);
  w.Must(w.Advice(Priority::kP2), w.Service());
  EXPECT_THAT(w.Pages(), ElementsAre("ben"));
}

TEST(DecideInput, ATitleIsAsLongInEveryScript) {
  for (const char* character : {"x", "ж", "障", "🔥"}) {
    World w;
    OpenCase open = World::Incident();
    open.facts.title.clear();
    for (int i = 0; i < 200; ++i) open.facts.title += character;
    EXPECT_TRUE(w.Do(open, w.Source()).ok()) << character;
    EXPECT_EQ(CutToCharacters(open.facts.title + character, kLongestTitle), open.facts.title);
    EXPECT_EQ(CharactersOf(open.facts.title), 200u);
  }
}

TEST(DecideInput, EachLimitNamesTheFieldAndTheRemedy) {
  World w;
  OpenCase open = World::Incident();
  open.facts.title = std::string(201, 'x');
  EXPECT_THAT(w.Do(open, w.Source()).error().message, HasSubstr("facts.title: longer than 200 characters"));
  open.facts.title = std::string(801, 'x');
  EXPECT_THAT(w.Do(open, w.Source()).error().message, HasSubstr("facts.title: longer than 800 bytes"));
  open = World::Incident();
  open.dedup_key = std::string(257, 'x');
  EXPECT_THAT(w.Do(open, w.Source()).error().message, HasSubstr("dedup_key"));
  open = World::Incident();
  for (int i = 0; i < 65; ++i) open.facts.labels["k" + std::to_string(i)] = "v";
  EXPECT_THAT(w.Do(open, w.Source()).error().message, HasSubstr("facts.labels"));
  Actor nobody = w.Source();
  nobody.tenant = "*";
  EXPECT_THAT(w.Do(World::Incident(), nobody).error().message, HasSubstr("actor.tenant"));
  Command nameless = w.CommandOf(World::Incident(), w.Source());
  nameless.command_id.clear();
  EXPECT_THAT(w.Send(nameless).error().message, HasSubstr("command_id"));
}

TEST(DecideInput, ACaseThatWouldGrowTooBigIsRefusedWithWhatFillsIt) {
  World w;
  OpenCase open = World::Incident();
  open.facts.sealed_text = std::string(60 * 1024, 'x');
  for (int i = 0; i < 60; ++i) open.facts.labels["k" + std::to_string(i)] = std::string(4000, 'v');
  w.Open(open);
  w.Must(w.Advice(Priority::kP2), w.Service());
  w.Run(kMinuteMs);
  w.Must(Acknowledge{}, w.Human("ana"));
  Result<EventBatch> last = EventBatch{};
  for (int i = 0; i < 16 && last.ok(); ++i)
    last = w.Do(Consult{"network", "", std::string(16 * 1024, 'q')}, w.Human("ana"));
  ASSERT_FALSE(last.ok());
  EXPECT_EQ(last.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(last.error().message, HasSubstr("512 KiB"));
  EXPECT_LE(StateBytes(w.c()), kMostStateBytes);
}

TEST(DecideInput, ACommandWhoseCallerHasGivenUpIsNotDecided) {
  World w;
  w.OpenAt(Priority::kP2);
  Command late = w.CommandOf(Acknowledge{}, w.Human("ana"));
  late.deadline = w.now - 1;
  EXPECT_EQ(w.Send(late).error().code, ErrorCode::kDeadlineExceeded);
}

// --- choosing a person

TEST(DecideWho, TheLeastLoadedOfTwoIsChosenAndTheLongestIdleWhenEqual) {
  World w;
  w.load.work["cho"] = 4;
  w.load.work["dan"] = 2;
  w.OpenAt(Priority::kP1);
  EXPECT_EQ(w.c().owner.person, "dan");
  World idle;
  idle.load.idle["cho"] = kMonday10 - kHourMs;
  idle.load.idle["dan"] = kMonday10 - kMinuteMs;
  idle.OpenAt(Priority::kP1);
  EXPECT_EQ(idle.c().owner.person, "cho");
}

TEST(DecideWho, SkillsAndLanguageArePreferredAndGivenUpWhenNobodyFits) {
  World w;
  w.load.work["cho"] = 9;
  OpenCase open = World::Incident();
  open.facts.skills = {"bgp"};
  open.facts.requester.language = "de-CH";
  w.Open(open);
  w.Must(w.Advice(Priority::kP1), w.Service());
  EXPECT_EQ(w.c().owner.person, "cho");  // the skill weighs more than the load
  const auto& trace = w.last().trace;
  EXPECT_THAT(trace, Contains(Field(&TraceLine::saw, Contains(testing::Pair("widened", HasSubstr("de-CH"))))));
}

TEST(DecideWho, AStepThatAsksForTheCasesSkillsFindsThemInAnyTeam) {
  World w;
  w.policy.paths[0].functional.steps[1].to = {};
  w.policy.paths[0].functional.steps[1].to.case_skills = true;
  OpenCase open = World::Incident();
  open.facts.skills = {"kernel"};
  w.Open(open);
  w.Must(w.Advice(Priority::kP1), w.Service());
  EXPECT_EQ(w.c().functional.level, "L2");
  EXPECT_EQ(w.c().owner.person, "eva");
  EXPECT_EQ(w.c().owner.team, "engineering");
}

TEST(DecideWho, WhenAllAreAtCapacityItSpillsOverUpwards) {
  World w;
  RosterDocument roster = test::DeskRoster();
  roster.people[2].capacity = roster.people[3].capacity = 3;  // cho, dan
  w.roster = *Roster::Build(roster);
  w.load.work["cho"] = w.load.work["dan"] = 3;
  w.OpenAt(Priority::kP1);
  EXPECT_EQ(w.c().functional.level, "L3");
  EXPECT_THAT(w.All<StepEmpty>(), Contains(Field(&StepEmpty::why, HasSubstr("capacity"))));
}

TEST(DecideWho, TheSameSeedGivesTheSameDecision) {
  World a, b;
  a.OpenAt(Priority::kP1);
  b.OpenAt(Priority::kP1);
  EXPECT_TRUE(a.history == b.history);
}

TEST(DecideTrace, IsCutAtFourKilobytesAndSaysSo) {
  World w;
  w.Open(World::Incident());
  RecordTriage advice = w.Advice(Priority::kP2);
  for (int i = 0; i < 200; ++i)
    advice.trace.push_back({"model.feature[" + std::to_string(i) + "]", std::string(300, 'y'), {}});
  const EventBatch batch = w.Must(advice, w.Service());
  size_t bytes = 0;
  for (const TraceLine& line : batch.trace) bytes += line.rule.size() + line.outcome.size();
  EXPECT_LE(bytes, 4096u);
  EXPECT_EQ(batch.trace.back().rule, "trace");
}

}  // namespace
}  // namespace escalon
