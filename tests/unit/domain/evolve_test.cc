#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "common/domain/case.h"

namespace escalon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr InstantMs kStart = 1'900'000'000'000;

/// A case and the next batch for it, one minute after the other.
class EvolveTest : public testing::Test {
 protected:
  EvolveTest() {
    c_.id = CaseId::Make(kStart, 7, 0, 1);
    c_.tenant = "acme";
  }

  void Happen(std::vector<Event> events, std::string command_id = {}) {
    EventBatch batch;
    batch.at = now_;
    batch.events = std::move(events);
    batch.command_id = std::move(command_id);
    Evolve(c_, batch);
    now_ += kMinuteMs;
  }

  void Open() {
    Opened opened;
    opened.facts.kind = "incident";
    opened.facts.category = "network";
    opened.facts.skills = {"bgp"};
    opened.facts.occurred_at = kStart - 5 * kMinuteMs;
    opened.policy = "shop@3";
    opened.path = "incident";
    Happen({opened});
  }

  Escalated Step(int step, int attempt = 0) {
    Escalated e;
    e.to_level = "L" + std::to_string(step + 1);
    e.step = step;
    e.attempt = attempt;
    e.counted = step > 0;
    return e;
  }

  NotifyIntended Page(int step, int attempt = 0) {
    NotifyIntended e;
    e.purpose = IntentPurpose::kPage;
    e.audience = Audience::kStep;
    e.people = {"ana"};
    e.team = "desk";
    e.message = "escalated";
    e.step = step;
    e.attempt = attempt;
    return e;
  }

  void OpenOnFirstStep() {
    Open();
    Happen({Triaged{Priority::kP2, "", {}, Grade::kUnset, false, 1}, Step(0),
            Assigned{"desk", "", AssignMode::kPull, "L1", true, ""}, Page(0)});
  }

  static ClockRun Clock(std::string name, InstantMs due_at, uint32_t generation = 1) {
    ClockRun run;
    run.name = std::move(name);
    run.generation = generation;
    run.started_at = kStart;
    run.due_at = due_at;
    run.alarms = {{due_at - kMinuteMs, AlarmKind::kWarning, WarningRule::Percent(50), ""},
                  {due_at + 1, AlarmKind::kBreach, {}, ""}};
    return run;
  }

  Case c_;
  InstantMs now_ = kStart;
};

TEST_F(EvolveTest, OpenedSetsWhatIsKnownOfTheCase) {
  Open();
  EXPECT_EQ(c_.version, 1u);
  EXPECT_EQ(c_.last_at, kStart);
  EXPECT_EQ(c_.state, CaseState::kNew);
  EXPECT_EQ(c_.facts->kind, "incident");
  EXPECT_EQ(c_.category, "network");
  EXPECT_THAT(c_.skills, ElementsAre("bgp"));
  EXPECT_EQ(c_.opened_at, kStart);
  EXPECT_EQ(c_.reported_at, kStart - 5 * kMinuteMs);
  EXPECT_EQ(c_.policy, "shop@3");
  EXPECT_EQ(c_.facts_version, 1u);
}

TEST_F(EvolveTest, ASourceThatReportsTheFutureIsReportedAtItsOpening) {
  Opened opened;
  opened.facts.occurred_at = kStart + kDayMs;
  Happen({opened});
  EXPECT_EQ(c_.reported_at, kStart);
}

TEST_F(EvolveTest, TimeNeverRunsBack) {
  Open();
  now_ = kStart - kHourMs;
  Happen({WorkStarted{"ana"}});
  EXPECT_EQ(c_.last_at, kStart);
}

TEST_F(EvolveTest, CommandsAreRememberedWithTheirOutcomeAndOnlyTheLast64) {
  Open();
  for (int i = 0; i < 70; ++i) Happen({}, "command-" + std::to_string(i));
  EXPECT_THAT(c_.commands, SizeIs(64));
  EXPECT_EQ(c_.FindCommand("command-5"), nullptr);
  ASSERT_NE(c_.FindCommand("command-6"), nullptr);
  EXPECT_EQ(c_.FindCommand("command-6")->version, 8u);
  EXPECT_EQ(c_.FindCommand("command-69")->version, c_.version);
}

TEST_F(EvolveTest, TriageNeverOverrulesAManualPriority) {
  Open();
  Happen({PriorityChanged{Priority::kUnset, Priority::kP1, true, "flood"}});
  Happen({Triaged{Priority::kP4, "storage", {"san"}, Grade::kHigh, false, 1}});
  EXPECT_EQ(c_.priority, Priority::kP1);
  EXPECT_EQ(c_.category, "storage");
  EXPECT_THAT(c_.skills, ElementsAre("san"));
  EXPECT_EQ(c_.complexity, Grade::kHigh);
}

TEST_F(EvolveTest, EnteringThePathIsNoEscalationAndLaterStepsAre) {
  OpenOnFirstStep();
  EXPECT_EQ(c_.escalations, 0u);
  EXPECT_EQ(c_.state, CaseState::kAssigned);
  EXPECT_EQ(c_.functional.level, "L1");
  EXPECT_THAT(c_.functional.people, ElementsAre("ana"));
  EXPECT_EQ(c_.functional.team, "desk");
  Happen({Step(1), Assigned{"network", "bob", AssignMode::kPush, "L2", true, ""}});
  EXPECT_EQ(c_.escalations, 1u);
  EXPECT_EQ(c_.last_escalated_at, c_.last_at);
  EXPECT_EQ(c_.functional.step, 1);
  EXPECT_THAT(c_.functional.people, IsEmpty());
}

TEST_F(EvolveTest, AnAssignmentThatBelongsToAnEscalationIsNoReassignment) {
  OpenOnFirstStep();
  Happen({Step(1), Assigned{"network", "bob", AssignMode::kPush, "L2", true, ""}});
  EXPECT_EQ(c_.reassignments, 0u);
}

TEST_F(EvolveTest, TakingACaseFromTheOwnTeamIsNoReassignmentButPassingItOnIs) {
  OpenOnFirstStep();
  Happen({Assigned{"desk", "ana", AssignMode::kPull, "L1", false, ""}});
  EXPECT_EQ(c_.reassignments, 0u);
  Happen({Assigned{"desk", "ben", AssignMode::kPush, "L1", false, ""}});
  Happen({Assigned{"network", "bob", AssignMode::kPush, "L1", false, ""}});
  EXPECT_EQ(c_.reassignments, 2u);
  EXPECT_THAT(c_.gave_up, ElementsAre("ana", "ben"));
  Happen({Assigned{"network", "bob", AssignMode::kPush, "L1", false, ""}});
  EXPECT_EQ(c_.reassignments, 2u);
}

TEST_F(EvolveTest, AnAcknowledgementStopsTheFunctionalStepsOnly) {
  OpenOnFirstStep();
  Happen({Acknowledged{"ana", Track::kFunctional, "link"}});
  EXPECT_TRUE(c_.functional.stopped);
  EXPECT_FALSE(c_.hierarchical.stopped);
  EXPECT_EQ(c_.state, CaseState::kAcknowledged);
  EXPECT_EQ(c_.acknowledged_by, "ana");
  EXPECT_EQ(c_.acknowledged_at, c_.last_at);
}

TEST_F(EvolveTest, AnAcknowledgementOnTheHierarchicalTrackLeavesTheStateAlone) {
  OpenOnFirstStep();
  Happen({Acknowledged{"mia", Track::kHierarchical, "api"}});
  EXPECT_TRUE(c_.hierarchical.stopped);
  EXPECT_FALSE(c_.functional.stopped);
  EXPECT_EQ(c_.state, CaseState::kAssigned);
  EXPECT_EQ(c_.management_acknowledged_by, "mia");
}

TEST_F(EvolveTest, ALeaseThatRunsOutReturnsTheCaseToItsStep) {
  OpenOnFirstStep();
  Happen({Acknowledged{"ana", Track::kFunctional, ""}, WorkStarted{"ana"}});
  EXPECT_EQ(c_.state, CaseState::kInProgress);
  Happen({AcknowledgementEnded{Track::kFunctional, "lease"}, Step(0, 1), Page(0, 1)});
  EXPECT_EQ(c_.state, CaseState::kAssigned);
  EXPECT_FALSE(c_.functional.stopped);
  EXPECT_EQ(c_.functional.attempt, 1);
  EXPECT_THAT(c_.intents, SizeIs(1));
}

TEST_F(EvolveTest, TellingSomebodyBesideTheClimbLeavesTheClimbWhereItIs) {
  OpenOnFirstStep();
  Happen({[this] {
    Escalated e = Step(0);
    e.track = Track::kHierarchical;
    return e;
  }()});
  Escalated inform;
  inform.track = Track::kHierarchical;
  inform.to_level = "EXEC";
  inform.step = -2;
  inform.inform_only = true;
  Happen({inform});
  EXPECT_EQ(c_.hierarchical.level, "EXEC");
  EXPECT_EQ(c_.hierarchical.step, 0);
}

TEST_F(EvolveTest, AHeldStepIsReachedWithNobodyOnIt) {
  OpenOnFirstStep();
  Happen({StepEmpty{Track::kFunctional, 1, true, "nobody has the skill"}});
  EXPECT_EQ(c_.functional.step, 1);
  EXPECT_THAT(c_.functional.people, IsEmpty());
  EXPECT_THAT(c_.intents, IsEmpty());
  Happen({StepEmpty{Track::kFunctional, 0, true, ""}});
  EXPECT_EQ(c_.functional.pass, 1);
}

TEST_F(EvolveTest, ASkippedStepIsNotReached) {
  OpenOnFirstStep();
  Happen({StepEmpty{Track::kFunctional, 1, false, ""}, Step(2)});
  EXPECT_EQ(c_.functional.step, 2);
  EXPECT_EQ(c_.functional.pass, 0);
}

TEST_F(EvolveTest, APageIsForgottenOnceItsStepIsAcknowledged) {
  OpenOnFirstStep();
  EXPECT_THAT(c_.intents, SizeIs(1));
  EXPECT_EQ(c_.intents[0].version, 2u);
  Happen({Acknowledged{"ana", Track::kFunctional, ""}});
  EXPECT_THAT(c_.intents, IsEmpty());
}

TEST_F(EvolveTest, APageIsForgottenOnceTheCaseHasMovedOn) {
  OpenOnFirstStep();
  Happen({Step(1), Page(1)});
  ASSERT_THAT(c_.intents, SizeIs(1));
  EXPECT_EQ(c_.intents[0].intent.step, 1);
}

TEST_F(EvolveTest, APageThatReachedNobodyIsForgotten) {
  OpenOnFirstStep();
  Happen({NobodyReached{2, 0, "all channels failed"}});
  EXPECT_THAT(c_.intents, IsEmpty());
}

TEST_F(EvolveTest, AnArmedClockReplacesTheRunOfItsNameAndKeepsItsFirstBreach) {
  Open();
  Happen({ClockArmed{Clock("resolution", kStart + kHourMs), ""}, ClockArmed{Clock("ack", kStart + kHourMs), ""}});
  Happen({Breached{"resolution", 1, kStart + kMinuteMs, 0, "shorter target", {}}});
  Happen({ClockArmed{Clock("resolution", kStart + 2 * kHourMs, 2), "priority"}});
  ASSERT_THAT(c_.clocks, SizeIs(2));
  EXPECT_EQ(c_.clocks[0].name, "ack");
  EXPECT_EQ(c_.clock("resolution")->generation, 2u);
  EXPECT_EQ(c_.clock("resolution")->due_at, kStart + 2 * kHourMs);
  EXPECT_EQ(c_.clock("resolution")->breached_at, kStart + 2 * kMinuteMs);
  EXPECT_THAT(c_.generations, ElementsAre(Pair("resolution", 2u), Pair("ack", 1u)));
}

TEST_F(EvolveTest, GenerationsOutliveTheClock) {
  Open();
  Happen({ClockArmed{Clock("update", kStart + kHourMs, 3), ""}, ClockStopped{"update", 3, true, ""}});
  EXPECT_EQ(c_.clock("update"), nullptr);
  EXPECT_THAT(c_.generations, ElementsAre(Pair("update", 3u)));
  EXPECT_EQ(c_.next_due_at(), kNever);
}

TEST_F(EvolveTest, AnEventOfAnOldGenerationChangesNothing) {
  Open();
  Happen({ClockArmed{Clock("response", kStart + kHourMs, 2), ""}});
  const InstantMs due = c_.next_due_at();
  Happen(
      {ClockStopped{"response", 1, true, ""}, ClockPaused{"response", 1}, Breached{"response", 1, kStart, 0, "", {}}});
  ASSERT_NE(c_.clock("response"), nullptr);
  EXPECT_EQ(c_.next_due_at(), due);
  EXPECT_EQ(c_.clock("response")->breached_at, 0);
  EXPECT_THAT(c_.breaches, ElementsAre(Pair("response", testing::_)));
}

TEST_F(EvolveTest, AFiredAlarmIsGoneAndTheNextOneIsDue) {
  Open();
  const ClockRun run = Clock("resolution", kStart + kHourMs);
  Happen({ClockArmed{run, ""}});
  EXPECT_EQ(c_.next_due_at(), kStart + 59 * kMinuteMs);
  Happen({ClockFired{"resolution", 1, run.alarms[0], 3, false}});
  EXPECT_EQ(c_.next_due_at(), kStart + kHourMs + 1);
}

TEST_F(EvolveTest, ABreachIsDatedByItsDeadlineAndNotByWhenItWasNoticed) {
  Open();
  const InstantMs due = kStart + kMinuteMs;
  Happen({ClockArmed{Clock("resolution", due), ""}});
  now_ = due + 1 + 5000;
  Happen({Breached{"resolution", 1, due, 5000, "", {}}});
  EXPECT_EQ(c_.clock("resolution")->breached_at, due);
  EXPECT_THAT(c_.breaches, ElementsAre(Pair("resolution", due)));
  ASSERT_THAT(c_.clock("resolution")->alarms, SizeIs(1));
  EXPECT_EQ(c_.clock("resolution")->alarms[0].kind, AlarmKind::kWarning);
}

TEST_F(EvolveTest, TheFirstBreachOfAPromiseStays) {
  Open();
  Happen({ClockArmed{Clock("update", kStart + kMinuteMs), ""}});
  now_ = kStart + kMinuteMs + 1;
  Happen({Breached{"update", 1, kStart + kMinuteMs, 0, "", {}}, ClockStopped{"update", 1, false, ""}});
  Happen({ClockArmed{Clock("update", now_ + kMinuteMs, 2), ""}});
  now_ += 2 * kMinuteMs;
  Happen({Breached{"update", 2, now_ - 1, 0, "", {}}});
  EXPECT_THAT(c_.breaches, ElementsAre(Pair("update", kStart + kMinuteMs)));
  Happen({BreachAnnulled{"update", 2, kStart}});
  EXPECT_THAT(c_.breaches, IsEmpty());
  EXPECT_EQ(c_.clock("update")->breached_at, 0);
}

TEST_F(EvolveTest, APausedClockIsNotDueAndRunsAgainWhereTheEventSays) {
  Open();
  Happen({ClockArmed{Clock("resolution", kStart + kHourMs), ""}});
  Happen({ClockPaused{"resolution", 1}});
  EXPECT_EQ(c_.next_due_at(), kNever);
  EXPECT_EQ(c_.clock("resolution")->due_at, kNever);
  const InstantMs paused_at = c_.last_at;
  ClockResumed resumed{"resolution", 1, kStart + 2 * kHourMs, {{kStart + 2 * kHourMs + 1, AlarmKind::kBreach, {}, ""}}};
  Happen({resumed});
  EXPECT_THAT(c_.clock("resolution")->pauses, ElementsAre(PauseSpan{paused_at, c_.last_at}));
  EXPECT_EQ(c_.next_due_at(), kStart + 2 * kHourMs + 1);
}

TEST_F(EvolveTest, APauseGoesBackToTheStateBeforeAndIsRemembered) {
  OpenOnFirstStep();
  Happen({WorkStarted{"ana"}});
  Happen({Paused{"customer", kStart + kDayMs, ""}});
  EXPECT_EQ(c_.state, CaseState::kPending);
  const InstantMs paused_at = c_.last_at;
  Happen({Paused{"vendor", kStart + kDayMs, ""}});
  const InstantMs changed_at = c_.last_at;
  Happen({Resumed{""}});
  EXPECT_EQ(c_.state, CaseState::kInProgress);
  EXPECT_THAT(c_.pauses, ElementsAre(PauseSpan{paused_at, changed_at}, PauseSpan{changed_at, c_.last_at}));
  EXPECT_THAT(c_.pause_reasons, ElementsAre("customer", "vendor"));
  EXPECT_EQ(c_.pending, PendingPause{});
}

TEST_F(EvolveTest, AResolutionStopsBothTracksAndEndsPauseAndOffers) {
  OpenOnFirstStep();
  Happen({Paused{"customer", 0, ""},
          HandoverOffered{"h1", "ana", "desk", "network", "", "", Track::kFunctional, {}, {}, false, ""}});
  Happen({Resolved{"ana", ResolutionCause::kFixed, "", "L1"}});
  EXPECT_EQ(c_.state, CaseState::kResolved);
  EXPECT_TRUE(c_.functional.stopped);
  EXPECT_TRUE(c_.hierarchical.stopped);
  EXPECT_EQ(c_.pauses.back().to, c_.last_at);
  EXPECT_THAT(c_.handovers, IsEmpty());
  EXPECT_THAT(c_.intents, IsEmpty());
  EXPECT_EQ(c_.resolved_level, "L1");
}

TEST_F(EvolveTest, ARejectedResolutionGoesBackToTheSameWork) {
  OpenOnFirstStep();
  Happen({Acknowledged{"ana", Track::kFunctional, ""}});
  Happen({Resolved{"ana", ResolutionCause::kFixed, "", "L1"}});
  const InstantMs resolved_at = c_.last_at;
  Happen({ResolutionRejected{"rq", "still broken"}, Reopened{ReopenCause::kRejectedByRequester, ""}});
  EXPECT_EQ(c_.state, CaseState::kInProgress);
  EXPECT_TRUE(c_.functional.stopped);
  EXPECT_FALSE(c_.hierarchical.stopped);
  EXPECT_EQ(c_.reopens, 1u);
  EXPECT_EQ(c_.re_escalations, 0u);
  EXPECT_EQ(c_.resolved_at, 0);
  EXPECT_THAT(c_.pauses, ElementsAre(PauseSpan{resolved_at, c_.last_at}));
  EXPECT_THAT(c_.pause_reasons, ElementsAre("resolved"));
}

TEST_F(EvolveTest, ARecurrenceInMonitoringIsUnacknowledgedAndCountsAsAReEscalation) {
  OpenOnFirstStep();
  Happen({Acknowledged{"ana", Track::kFunctional, ""}});
  Happen({Resolved{"ana", ResolutionCause::kFixed, "", "L2"}, MonitoringStarted{kStart + kDayMs}});
  EXPECT_EQ(c_.state, CaseState::kMonitoring);
  Happen({Reopened{ReopenCause::kRecurrence, ""}});
  EXPECT_EQ(c_.state, CaseState::kAssigned);
  EXPECT_EQ(c_.acknowledged_by, "");
  EXPECT_FALSE(c_.functional.stopped);
  EXPECT_EQ(c_.re_escalations, 1u);
  EXPECT_EQ(c_.monitoring_until, 0);
  EXPECT_EQ(c_.resolved_level, "L2");
}

TEST_F(EvolveTest, AnUndoneResolutionIsNoReopening) {
  OpenOnFirstStep();
  Happen({Resolved{"ana", ResolutionCause::kFixed, "", "L1"}});
  Happen({Reopened{ReopenCause::kUndo, ""}});
  EXPECT_EQ(c_.reopens, 0u);
  EXPECT_TRUE(IsOpen(c_.state));
}

TEST_F(EvolveTest, MonitoringThatIsOverWaitsForConfirmationAndThenCloses) {
  OpenOnFirstStep();
  Happen({Resolved{"ana", ResolutionCause::kFixed, "", "L1"}, MonitoringStarted{kStart + kDayMs}});
  Happen({MonitoringEnded{}});
  EXPECT_TRUE(c_.monitoring_over);
  EXPECT_EQ(c_.state, CaseState::kResolved);
  Happen({ResolutionConfirmed{"rq"}, Closed{CloseCause::kConfirmed, ""}});
  EXPECT_EQ(c_.state, CaseState::kClosed);
  EXPECT_EQ(c_.ended_at, c_.last_at);
  EXPECT_TRUE(c_.confirmed);
  Happen({Retired{}});
  EXPECT_TRUE(c_.retired);
}

TEST_F(EvolveTest, AnAcceptedHandoverMovesTheCaseAndIsOver) {
  OpenOnFirstStep();
  Happen({Assigned{"desk", "ana", AssignMode::kPull, "L1", false, ""}});
  Happen({HandoverOffered{"h1", "ana", "desk", "network", "", "L2", Track::kFunctional, {}, {}, false, ""}});
  EXPECT_EQ(c_.owner.person, "ana");
  Happen({HandoverAskedForMore{"h1", "bob", {"impact"}, "how many?"}});
  EXPECT_EQ(c_.handovers[0].state, HandoverState::kAskedForMore);
  Happen({HandoverSupplied{"h1", {{{"impact", "all"}}}}});
  EXPECT_EQ(c_.handovers[0].state, HandoverState::kOffered);
  EXPECT_EQ(c_.handovers[0].offer.package.fields.at("impact"), "all");
  Happen({HandoverAccepted{"h1", "bob"}});
  EXPECT_THAT(c_.handovers, IsEmpty());
  EXPECT_EQ(c_.owner.team, "network");
  EXPECT_EQ(c_.owner.person, "bob");
  EXPECT_THAT(c_.gave_up, ElementsAre("ana"));
}

TEST_F(EvolveTest, WhatAnEmergencyHandoverLeftOutIsOwedUntilItIsSupplied) {
  OpenOnFirstStep();
  Happen({HandoverOffered{
      "h1", "ana", "desk", "network", "", "L2", Track::kFunctional, {}, {"impact", "summary"}, true, ""}});
  Happen({HandoverAccepted{"h1", "bob"}});
  ASSERT_THAT(c_.handovers, SizeIs(1));
  Happen({HandoverSupplied{"h1", {{{"impact", "all"}}}}});
  ASSERT_THAT(c_.handovers, SizeIs(1));
  EXPECT_THAT(c_.handovers[0].offer.missing, ElementsAre("summary"));
  Happen({HandoverSupplied{"h1", {{{"summary", "x"}}}}});
  EXPECT_THAT(c_.handovers, IsEmpty());
}

TEST_F(EvolveTest, ADeclinedHandoverIsCountedAndDoesNotComeStraightBack) {
  OpenOnFirstStep();
  Happen({HandoverOffered{"h1", "ana", "desk", "network", "bob", "L2", Track::kFunctional, {}, {}, false, ""}});
  Happen({HandoverDeclined{"h1", "bob", "not ours"}});
  EXPECT_THAT(c_.handovers, IsEmpty());
  EXPECT_EQ(c_.handovers_declined, 1u);
  EXPECT_THAT(c_.gave_up, ElementsAre("bob"));
}

TEST_F(EvolveTest, QuestionsAreOpenUntilAnswered) {
  OpenOnFirstStep();
  ApprovalRequest request;
  request.id = "a1";
  Happen({ApprovalRequested{request}, ConsultationAsked{"q1", "ana", "database", "", ""},
          CrossCaseIntended{4, CaseId{}, "link"}});
  EXPECT_THAT(c_.approvals, SizeIs(1));
  EXPECT_THAT(c_.consultations, SizeIs(1));
  EXPECT_THAT(c_.cross_case, SizeIs(1));
  const uint64_t version = c_.version;
  Happen({ApprovalDecided{"a1", "mia", ApprovalOutcome::kApproved, ""}, ConsultationAnswered{"q1", "dan", ""},
          CrossCaseDone{version, 4, false, ""}});
  EXPECT_THAT(c_.approvals, IsEmpty());
  EXPECT_THAT(c_.consultations, IsEmpty());
  EXPECT_THAT(c_.cross_case, IsEmpty());
}

TEST_F(EvolveTest, ARatificationIsOwedBeyondTheResolution) {
  OpenOnFirstStep();
  ApprovalRequest consent, ratification;
  consent.id = "a1";
  ratification.id = "a2";
  ratification.ratify = true;
  Happen({ApprovalRequested{consent}, ApprovalRequested{ratification}});
  Happen({Resolved{"ana", ResolutionCause::kFixed, "", "L1"}});
  ASSERT_THAT(c_.approvals, SizeIs(1));
  EXPECT_EQ(c_.approvals[0].request.id, "a2");
}

TEST_F(EvolveTest, ADeEscalationOnTheHierarchicalTrackIsItsStop) {
  OpenOnFirstStep();
  Happen({DeEscalated{Track::kHierarchical, "EXEC", "MGR", "go on"}});
  EXPECT_TRUE(c_.hierarchical.stopped);
  EXPECT_EQ(c_.hierarchical.level, "MGR");
  Happen({DeEscalated{Track::kFunctional, "L2", "L1", "try the runbook"}});
  EXPECT_FALSE(c_.functional.stopped);
  EXPECT_EQ(c_.functional.step, -2);
}

TEST_F(EvolveTest, OnlyAPublicReplyOfAPersonIsAFirstResponse) {
  OpenOnFirstStep();
  Happen({NoteAdded{Visibility::kInternal, "ana", "", false}, NoteAdded{Visibility::kPublic, "", "", false},
          NoteAdded{Visibility::kPublic, "rq", "", true}});
  EXPECT_EQ(c_.first_response_at, 0);
  Happen({NoteAdded{Visibility::kPublic, "ana", "", false}});
  EXPECT_EQ(c_.first_response_at, c_.last_at);
}

TEST_F(EvolveTest, ChangedFactsAreWholeAndGiveTheVersionThatAdviceMustHaveSeen) {
  OpenOnFirstStep();
  Facts facts = *c_.facts;
  facts.category = "storage";
  facts.title = "new";
  Happen({FactsChanged{facts, {"title"}}});
  EXPECT_EQ(c_.facts->title, "new");
  EXPECT_EQ(c_.category, "network");
  EXPECT_EQ(c_.facts_version, c_.version);
  Happen({FactsChanged{facts, {"category"}}});
  EXPECT_EQ(c_.category, "storage");
}

TEST_F(EvolveTest, ALinkIsThereOnceAndAChildKnowsItsParent) {
  Open();
  const CaseId other = CaseId::Make(kStart, 9, 0, 2);
  Happen({Linked{other, "", LinkRelation::kChild}});
  Happen({Linked{other, "", LinkRelation::kChild}});
  EXPECT_THAT(c_.links, SizeIs(1));
  EXPECT_EQ(c_.parent, other);
}

TEST_F(EvolveTest, AttachedReportsAndFailedAttemptsAreCounted) {
  Open();
  Happen({Attached{3, "zendesk"}, AttemptLogged{"restart", "ana", false}, AttemptLogged{"failover", "ana", true}});
  EXPECT_EQ(c_.reports, 4u);
  EXPECT_EQ(c_.attempts_failed, 1u);
}

TEST_F(EvolveTest, AMigrationMovesThePinThePathAndTheNumbersOfStepsAndOfTheirOpenPages) {
  OpenOnFirstStep();
  NotifyIntended page;
  page.purpose = IntentPurpose::kPage;
  page.audience = Audience::kStep;
  page.people = {"ana"};
  page.message = "assigned";
  Happen({page});
  ASSERT_FALSE(c_.intents.empty());
  Happen({PolicyMigrated{"p@1", "p@2", "other", 2, -2, ""}});
  EXPECT_EQ(c_.policy, "p@2");
  EXPECT_EQ(c_.path, "other");
  EXPECT_EQ(c_.functional.step, 2);
  EXPECT_EQ(c_.hierarchical.step, -2);
  ASSERT_FALSE(c_.intents.empty());
  EXPECT_EQ(c_.intents.back().intent.step, 2);
}

/// Events about things that a case does not have: `Evolve` never fails.
TEST_F(EvolveTest, EveryKindCanHappenToAnEmptyCase) {
  [&]<size_t... I>(std::index_sequence<I...>) { (Happen({Event(std::in_place_index<I>)}), ...); }
  (std::make_index_sequence<kEventKinds>());
  EXPECT_EQ(c_.version, kEventKinds);
}

TEST(KindNames, AreKnownAndDistinct) {
  std::vector<std::string_view> names;
  for (uint32_t kind = 1; kind <= kEventKinds; ++kind) names.push_back(KindName(kind));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_EQ(KindName(0), "unknown");
  EXPECT_EQ(KindName(kEventKinds + 1), "unknown");
  EXPECT_EQ(KindName(KindOf(Event(EtaChanged{}))), "eta_changed");
  EXPECT_EQ(KindName(KindOf(Event(Resolved{}))), "resolved");
  EXPECT_EQ(KindName(KindOf(Event(HandoverOffered{}))), "handover_offered");
}

}  // namespace
}  // namespace escalon
