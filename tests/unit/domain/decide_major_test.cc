#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"

// The major escalation record (DESIGN §6): from its opening by rule or person to the review after closing.

namespace escalon {
namespace {

using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// P1 is a major escalation; its manager is of the duty team: mia or noa.
World Desk() {
  World w;
  MajorRule& rule = w.policy.major.emplace();
  rule.when.emplace().kind = Condition::Kind::kCompare;
  rule.when->field = "priority";
  rule.when->op = Condition::Op::kIn;
  rule.when->values = {"P1"};
  rule.managers.team = "duty";
  rule.executives = "EXEC";
  w.policy.paths[0].functional.lease = {};
  w.policy.communication.clear();
  return w;
}

World MajorCase() {
  World w = Desk();
  w.OpenAt(Priority::kP1);
  return w;
}

const MajorRecord& Record(const World& w) { return w.c().majors.front(); }
std::string ManagerOf(const World& w) { return Record(w).PersonOf(MajorPart::kManager); }
Actor ManagerActor(const World& w) { return w.Human(ManagerOf(w)); }

Major Act(MajorAction action) {
  Major major;
  major.action = action;
  return major;
}
Major Naming(MajorPart part, std::string person) {
  Major major = Act(MajorAction::kName);
  major.part = part;
  major.person = std::move(person);
  return major;
}
Major Consent(int hours = 0) {
  Major major = Act(MajorAction::kConsent);
  major.person = "schmidt";
  major.monitoring_hours = hours;
  return major;
}
Major Plan(std::string text = "sealed", std::vector<PlanAction> actions = {}) {
  Major major = Act(MajorAction::kRevisePlan);
  major.sealed_text = std::move(text);
  major.actions = std::move(actions);
  return major;
}

std::vector<std::string> Told(const World& w, std::string_view message) {
  std::vector<std::string> people;
  for (const NotifyIntended& intent : w.All<NotifyIntended>()) {
    if (intent.message != message) continue;
    for (const std::string& person : intent.people) people.push_back(person);
  }
  return people;
}

std::string Refusal(World& w, CommandBody body, const Actor& actor) {
  const auto result = w.Do(std::move(body), actor);
  EXPECT_FALSE(result.ok());
  return result.ok() ? ""
                     : result.error().message +
                           (result.error().fields.empty() ? "" : " " + result.error().fields.front().field);
}

/// Resolved, with the customer's word, monitoring over.
World Watched() {
  World w = MajorCase();
  w.Must(Acknowledge{}, w.Human("cho"));
  w.Must(Resolve{}, w.Human("cho"));
  w.Must(Consent(24), ManagerActor(w));
  w.Run(kDayMs);
  return w;
}

TEST(DecideMajor, ARuleOpensTheRecordAndCitesWhatItSaw) {
  World w = MajorCase();
  ASSERT_THAT(w.c().majors, SizeIs(1));
  EXPECT_EQ(Record(w).because, "by rule: priority=P1");
  EXPECT_EQ(Record(w).opened_by, "");
  EXPECT_THAT(Told(w, "major_manager_named"), ElementsAre(ManagerOf(w)));
  EXPECT_THAT((std::vector<std::string>{"mia", "noa"}), Contains(ManagerOf(w)));
  bool executives = false;
  for (const Escalated& e : w.All<Escalated>()) executives |= e.to_level == "EXEC" && e.inform_only;
  EXPECT_TRUE(executives);
  EXPECT_EQ(w.c().owner.team, "network") << "the case itself stays with its owner";
  EXPECT_NE(w.c().clock("major.assessment"), nullptr);
  EXPECT_NE(w.c().clock("major.plan"), nullptr);
  EXPECT_NE(w.c().clock("major.update"), nullptr);
  EXPECT_EQ(w.c().clock("major.manager"), nullptr);
}

TEST(DecideMajor, WhatTheConditionSeesLaterOpensItToo) {
  World w = Desk();
  w.OpenAt(Priority::kP2);
  EXPECT_THAT(w.c().majors, IsEmpty());
  w.Must(SetPriority{Priority::kP1, false, "it got worse"}, w.Manager("mia"));
  EXPECT_THAT(w.c().majors, SizeIs(1));
}

TEST(DecideMajor, APersonOpensItWithAReason) {
  World w = Desk();
  w.OpenAt(Priority::kP3);
  Major open = Act(MajorAction::kOpen);
  EXPECT_THAT(Refusal(w, open, w.Manager("mia")), HasSubstr("reason"));
  EXPECT_THAT(Refusal(w, Plan(), w.Manager("mia")), HasSubstr("no major escalation"));
  open.reason = "the customer threatens to leave";
  w.Must(open, w.Manager("mia"));
  EXPECT_EQ(Record(w).because, "the customer threatens to leave");
  EXPECT_EQ(Record(w).opened_by, "mia");
  EXPECT_EQ(w.Must(open, w.Manager("mia")).outcome, OutcomeKind::kUnchanged);
  World none;
  none.OpenAt(Priority::kP3);
  EXPECT_THAT(Refusal(none, open, none.Manager("mia")), HasSubstr("no major_escalation section"));
}

TEST(DecideMajor, WithoutAManagerItIsToldAndTriedAgain) {
  World w = Desk();
  w.policy.major->managers.team = "nobody-there";
  w.OpenAt(Priority::kP1);
  EXPECT_EQ(ManagerOf(w), "");
  ASSERT_NE(w.c().clock("major.manager"), nullptr);
  w.Run(30 * kMinuteMs);
  EXPECT_THAT(Record(w).overdue, Contains("manager"));
  ASSERT_NE(w.c().clock("major.manager"), nullptr) << "asked again";
  w.policy.major->managers.team = "duty";
  w.Run(30 * kMinuteMs);
  EXPECT_NE(ManagerOf(w), "");
  EXPECT_THAT(Record(w).overdue, Not(Contains("manager")));
  EXPECT_EQ(w.c().clock("major.manager"), nullptr);
}

TEST(DecideMajor, AManagerIsNamedByHandAndNamesTheTeam) {
  World w = Desk();
  w.policy.major->managers.team = "nobody-there";
  w.OpenAt(Priority::kP1);
  w.Must(Naming(MajorPart::kManager, "eva"), w.Manager("mia"));
  EXPECT_EQ(ManagerOf(w), "eva");
  EXPECT_EQ(w.c().clock("major.manager"), nullptr);
  w.Must(Naming(MajorPart::kIncidentOwner, "cho"), w.Human("eva"));
  w.Must(Naming(MajorPart::kExpert, "dan"), w.Human("eva"));
  EXPECT_THAT(Record(w).Silent(), UnorderedElementsAre("cho", "dan")) << "who acts on the record has it";
  EXPECT_THAT(Refusal(w, Naming(MajorPart::kExpert, "ana"), w.Human("dan")), HasSubstr("escalation manager, eva"));
  EXPECT_THAT(Refusal(w, Naming(MajorPart::kCustomer, "ana"), w.Human("eva")), HasSubstr("part"));
  EXPECT_THAT(Refusal(w, Naming(MajorPart::kExpert, "nobody"), w.Human("eva")), HasSubstr("person"));
  w.Must(Act(MajorAction::kAcknowledge), w.Human("cho"));
  EXPECT_THAT(Record(w).Silent(), ElementsAre("dan"));
  EXPECT_THAT(Refusal(w, Act(MajorAction::kAcknowledge), w.Human("ben")), HasSubstr("only the team"));
  Major release = Act(MajorAction::kRelease);
  release.person = "dan";
  w.Must(release, w.Human("eva"));
  EXPECT_FALSE(Record(w).IsMember("dan"));
  release.person = "eva";
  EXPECT_THAT(Refusal(w, release, w.Human("eva")), HasSubstr("needs one"));
}

TEST(DecideMajor, WhoDoesNotAcknowledgeIsAskedOnceMoreAndTheManagerHears) {
  World w = MajorCase();
  const std::string manager = ManagerOf(w);
  w.Must(Naming(MajorPart::kExpert, "dan"), w.Human(manager));
  w.Run(2 * kHourMs);
  EXPECT_THAT(Told(w, "major_member_named"), ElementsAre("dan", "dan"));
  EXPECT_THAT(Told(w, "major_team_overdue"), Contains(manager));
  EXPECT_THAT(Record(w).overdue, Contains("team"));
  w.Must(Acknowledge{}, w.Human("dan"));
  EXPECT_THAT(Record(w).Silent(), IsEmpty());
  EXPECT_THAT(Record(w).overdue, Not(Contains("team")));
}

TEST(DecideMajor, ThePagesLinkSaysYesToThePartAndTakesTheCaseFromNobody) {
  World w = MajorCase();
  const std::string manager = ManagerOf(w);
  ASSERT_THAT(w.c().functional.people, Not(Contains(manager)));
  w.Must(Acknowledge{}, w.Human(manager));
  EXPECT_THAT(Record(w).Silent(), IsEmpty());
  EXPECT_EQ(w.c().acknowledged_by, "");
  EXPECT_EQ(w.c().owner.team, "network");
}

TEST(DecideMajor, APartIsPagedUntilItsWordIsThere) {
  World w = MajorCase();
  const auto open = [&w] {
    size_t pages = 0;
    for (const OpenIntent& one : w.c().intents) pages += one.intent.message == "major_manager_named" ? 1 : 0;
    return pages;
  };
  w.Must(Acknowledge{}, w.Human("cho"));
  EXPECT_EQ(open(), 1u) << "somebody else has the case; the manager is still wanted";
  w.Must(Act(MajorAction::kAcknowledge), ManagerActor(w));
  EXPECT_EQ(open(), 0u);
}

TEST(DecideMajor, TheAssessmentIsOwedUntilItIsThere) {
  World w = MajorCase();
  w.Run(4 * kHourMs);
  EXPECT_THAT(Record(w).overdue, Contains("assessment"));
  EXPECT_THAT(Told(w, "major_assessment_overdue"), ElementsAre(ManagerOf(w)));
  ASSERT_NE(w.c().clock("major.assessment"), nullptr);
  Major assess = Act(MajorAction::kAssess);
  EXPECT_THAT(Refusal(w, assess, ManagerActor(w)), HasSubstr("text"));
  assess.sealed_text = "sealed";
  EXPECT_THAT(Refusal(w, assess, w.Human("ana")), HasSubstr("the assessment is for the escalation manager"));
  w.Must(assess, ManagerActor(w));
  EXPECT_EQ(w.c().clock("major.assessment"), nullptr);
  EXPECT_THAT(Record(w).overdue, Not(Contains("assessment")));
}

TEST(DecideMajor, ThePlanHasRevisionsAndIsReviewedWhenOneOfItsActionsIsDue) {
  World w = MajorCase();
  const Actor manager = ManagerActor(w);
  EXPECT_EQ(w.c().clock("major.plan")->due_at, w.now + 8 * kHourMs);
  w.Must(Plan("one"), manager);
  EXPECT_EQ(w.c().clock("major.plan")->due_at, w.now + kDayMs);
  w.Must(Plan("two", {{"test the failover", "cho", w.now + 3 * kHourMs}, {"call", "schmidt", 0}}), manager);
  EXPECT_EQ(w.c().clock("major.plan")->due_at, w.now + 3 * kHourMs);
  ASSERT_THAT(Record(w).plans, SizeIs(2));
  EXPECT_EQ(Record(w).plans[0].sealed_text, "one");
  EXPECT_EQ(Record(w).plans[1].revision, 2u);
  EXPECT_FALSE(Record(w).plans[1].agreed);
  Major agreed = Act(MajorAction::kRevisePlan);
  agreed.agreed = true;
  w.Must(agreed, manager);
  ASSERT_THAT(Record(w).plans, SizeIs(2));
  EXPECT_TRUE(Record(w).plans[1].agreed);
  w.Run(3 * kHourMs);
  EXPECT_THAT(Record(w).overdue, Contains("plan"));
  EXPECT_THAT(Refusal(w, Plan("x", {{"", "cho", 0}}), manager), HasSubstr("actions[0].what"));
  for (int i = 0; i < 20; ++i) w.Must(Plan("more"), manager);
  EXPECT_EQ(Record(w).plans.back().revision, 22u);
  EXPECT_THAT(Record(w).plans, SizeIs(8)) << "the log has them all";
}

TEST(DecideMajor, ContactsAndRecordsAreOnIt) {
  World w = MajorCase();
  Major contact = Act(MajorAction::kAddContact);
  contact.part = MajorPart::kCustomer;
  contact.person = "schmidt";
  contact.channel = "phone";
  contact.sealed_contact = "sealed";
  w.Must(contact, ManagerActor(w));
  contact.language = "de";
  w.Must(contact, ManagerActor(w));
  ASSERT_THAT(Record(w).contacts, SizeIs(1));
  EXPECT_EQ(Record(w).contacts.front().language, "de");
  Major record = Act(MajorAction::kAddReference);
  record.part = MajorPart::kProblem;
  EXPECT_THAT(Refusal(w, record, ManagerActor(w)), HasSubstr("reference"));
  record.reference = "PRB7";
  record.person = "eva";
  w.Must(record, w.Source());
  ASSERT_THAT(Record(w).references, SizeIs(1));
  EXPECT_EQ(Record(w).references.front().owner, "eva");
}

TEST(DecideMajor, ARecordThatNobodyTouchesIsStale) {
  World w = MajorCase();
  w.Run(3 * kHourMs);
  w.Must(AddNote{Visibility::kInternal, "sealed", false}, w.Human("cho"));
  w.Run(2 * kHourMs);
  EXPECT_THAT(Record(w).overdue, Not(Contains("update")));
  w.Run(2 * kHourMs);
  EXPECT_THAT(Record(w).overdue, Contains("update"));
  EXPECT_THAT(Told(w, "major_update_overdue"), Contains(ManagerOf(w)));
  w.Must(AddNote{Visibility::kInternal, "sealed", false}, w.Human("cho"));
  EXPECT_THAT(Record(w).overdue, Not(Contains("update")));
}

TEST(DecideMajor, SilenceNeitherBeginsTheMonitoringNorClosesIt) {
  World w = MajorCase();
  w.Must(Acknowledge{}, w.Human("cho"));
  w.Must(Resolve{}, w.Human("cho"));
  EXPECT_EQ(w.c().state, CaseState::kResolved);
  EXPECT_EQ(w.c().clock("monitoring"), nullptr);
  EXPECT_EQ(w.c().clock("confirmation"), nullptr);
  EXPECT_THAT(Told(w, "major_word_wanted"), ElementsAre(ManagerOf(w)));
  w.Run(30 * kDayMs);
  EXPECT_EQ(w.c().state, CaseState::kResolved);
  EXPECT_THAT(Told(w, "major_update_overdue"), Not(IsEmpty()));
  EXPECT_THAT(Refusal(w, Close{""}, ManagerActor(w)), HasSubstr("has not said yet"));
}

TEST(DecideMajor, TheRequestersWordBeginsTheAgreedMonitoringAndTheTeamStandsBy) {
  World w = MajorCase();
  w.Must(Naming(MajorPart::kExpert, "dan"), ManagerActor(w));
  w.Must(Acknowledge{}, w.Human("cho"));
  w.Must(Resolve{}, w.Human("cho"));
  EXPECT_THAT(Refusal(w, ConfirmResolution{}, w.Human("cho")), HasSubstr("comes from the requester"));
  w.Must(ConfirmResolution{}, w.Requester());
  EXPECT_EQ(w.c().state, CaseState::kMonitoring);
  EXPECT_EQ(w.c().monitoring_until, w.now + 3 * kDayMs);
  EXPECT_THAT(Told(w, "major_standby"), UnorderedElementsAre(ManagerOf(w), "dan"));
  w.Run(3 * kDayMs);
  EXPECT_EQ(w.c().state, CaseState::kResolved);
  EXPECT_TRUE(w.c().monitoring_over);
  EXPECT_THAT(Told(w, "major_closing_wanted"), ElementsAre(ManagerOf(w)));
  w.Must(ConfirmResolution{}, w.Requester());
  EXPECT_TRUE(Record(w).consented);
  EXPECT_EQ(w.c().state, CaseState::kResolved) << "the customer's consent alone closes nothing";
}

TEST(DecideMajor, OnlyItsManagerClosesItAndOnlyWithConsent) {
  World w = Watched();
  const std::string other = ManagerOf(w) == "mia" ? "noa" : "mia";
  EXPECT_EQ(w.c().state, CaseState::kResolved);
  EXPECT_EQ(Record(w).monitoring, kDayMs);
  EXPECT_THAT(Refusal(w, Act(MajorAction::kClose), ManagerActor(w)), HasSubstr("silence is not enough"));
  w.Must(Consent(), ManagerActor(w));
  EXPECT_THAT(Refusal(w, Close{""}, w.Manager("max")), HasSubstr(ManagerOf(w)));
  EXPECT_THAT(Refusal(w, Act(MajorAction::kClose), w.Human("cho")), HasSubstr("only its manager"));
  w.Must(Naming(MajorPart::kDeputy, other), ManagerActor(w));
  w.Must(Close{"done"}, w.Human(other));
  EXPECT_EQ(w.c().state, CaseState::kClosed);
  EXPECT_FALSE(Record(w).is_open());
}

TEST(DecideMajor, MonitoringHasToBeOver) {
  World w = MajorCase();
  w.Must(Acknowledge{}, w.Human("cho"));
  EXPECT_THAT(Refusal(w, Consent(), ManagerActor(w)), HasSubstr("still worked on"));
  w.Must(Resolve{}, w.Human("cho"));
  w.Must(Consent(24), ManagerActor(w));
  w.Must(Consent(), ManagerActor(w));
  EXPECT_THAT(Refusal(w, Close{""}, ManagerActor(w)), HasSubstr("monitoring runs until"));
}

TEST(DecideMajor, ARecurrencePagesTheTeamAndWatchesInFullAgain) {
  World w = MajorCase();
  const std::string manager = ManagerOf(w);
  w.Must(Naming(MajorPart::kExpert, "dan"), w.Human(manager));
  w.Must(Act(MajorAction::kAcknowledge), w.Human("dan"));
  w.Must(Acknowledge{}, w.Human("cho"));
  w.Must(Resolve{}, w.Human("cho"));
  w.Must(Consent(24), w.Human(manager));
  w.Run(20 * kHourMs);
  w.Must(Consent(), w.Human(manager));
  OpenCase again = World::Incident();
  again.idempotency_key = "again";
  w.Must(again, w.Source());
  EXPECT_TRUE(IsOpen(w.c().state));
  EXPECT_THAT(Told(w, "major_recurrence"), UnorderedElementsAre(manager, "dan"));
  EXPECT_THAT(Record(w).Silent(), UnorderedElementsAre(manager, "dan"));
  EXPECT_FALSE(Record(w).consented);
  w.Must(Acknowledge{}, w.Human("cho"));
  w.Must(Resolve{}, w.Human("cho"));
  w.Must(Consent(), w.Human(manager));
  EXPECT_EQ(w.c().monitoring_until, w.now + kDayMs);
}

TEST(DecideMajor, NobodyElseEndsItInAnotherWay) {
  World w = MajorCase();
  EXPECT_THAT(Refusal(w, Cancel{CancelCause::kWithdrawn, {}, "no"}, w.Requester()), HasSubstr("only its manager ends"));
  EXPECT_THAT(Refusal(w, Cancel{CancelCause::kWithdrawn, {}, "no"}, w.Source()), HasSubstr("only its manager ends"));
  EXPECT_THAT(Refusal(w, Merge{CaseId::Make(1, 1, 1, 1), ""}, w.Manager("max")), HasSubstr("only its manager ends"));
  w.Must(SourceEnded{false, "closed there"}, w.Source());
  EXPECT_EQ(w.c().state, CaseState::kResolved);
  EXPECT_EQ(w.Must(SourceEnded{false, "closed there"}, w.Source()).outcome, OutcomeKind::kUnchanged);
  EXPECT_FALSE(w.c().confirmed);
  w.Must(Cancel{CancelCause::kWithdrawn, {}, "a false alarm"}, ManagerActor(w));
  EXPECT_FALSE(Record(w).is_open());
  w.Must(Reopen{"not false after all"}, w.Human("cho"));
  EXPECT_TRUE(Record(w).is_open());
}

TEST(DecideMajor, AfterClosingAReviewIsOwedAndOutlivesTheTimeToReopen) {
  World w = Watched();
  w.Must(Consent(), ManagerActor(w));
  w.Must(Act(MajorAction::kClose), ManagerActor(w));
  ASSERT_NE(w.c().clock("major.review"), nullptr);
  EXPECT_GT(w.c().clock("retention")->due_at, w.c().clock("major.review")->due_at);
  w.RunUntil(w.c().clock("major.review")->due_at);
  EXPECT_THAT(Record(w).overdue, ElementsAre("review"));
  EXPECT_THAT(Told(w, "major_review_overdue"), ElementsAre(ManagerOf(w)));
  EXPECT_THAT(Refusal(w, Plan(), ManagerActor(w)), HasSubstr("takes the review only"));
  Major review = Act(MajorAction::kReview);
  review.sealed_text = "sealed";
  review.reference = "PRB7";
  w.Must(review, ManagerActor(w));
  EXPECT_NE(Record(w).reviewed_at, 0);
  EXPECT_THAT(Record(w).overdue, IsEmpty());
  ASSERT_THAT(Record(w).references, SizeIs(1));
  EXPECT_EQ(Record(w).references.front().part, MajorPart::kProblem);
}

TEST(DecideMajor, AReviewBeforeClosingIsEnough) {
  World w = Watched();
  Major review = Act(MajorAction::kReview);
  review.sealed_text = "sealed";
  w.Must(review, ManagerActor(w));
  w.Must(Consent(), ManagerActor(w));
  w.Must(Act(MajorAction::kClose), ManagerActor(w));
  EXPECT_EQ(w.c().clock("major.review"), nullptr);
}

TEST(DecideMajor, AnOrdinaryCaseClosesAsBefore) {
  World w = Desk();
  w.OpenAt(Priority::kP3);
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(Resolve{}, w.Human("ana"));
  w.Must(ConfirmResolution{}, w.Requester());
  EXPECT_EQ(w.c().state, CaseState::kClosed);
}

}  // namespace
}  // namespace escalon
