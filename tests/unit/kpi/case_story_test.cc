#include "common/kpi/case_story.h"

#include <gtest/gtest.h>

#include <utility>

namespace escalon::kpi {
namespace {

constexpr InstantMs kDay = 1904292000000;

/// A case told batch by batch, as a log holds it.
class Told {
 public:
  template <typename... E>
  Told& At(InstantMs at, E... events) {
    EventBatch batch;
    batch.at = kDay + at;
    (batch.events.emplace_back(std::move(events)), ...);
    Evolve(case_, batch);
    story.Take(case_, batch);
    return *this;
  }

  CaseStory story;

 private:
  Case case_;
};

Opened Incident() {
  Opened opened;
  opened.facts.kind = "incident";
  opened.facts.region = "emea";
  opened.facts.external_ref = "INC1";
  opened.path = "incident";
  return opened;
}

Triaged AsP2() {
  Triaged judged;
  judged.priority = Priority::kP2;
  judged.category = "network";
  return judged;
}

Escalated To(const char* from, const char* to, int step, bool counted) {
  Escalated e;
  e.from_level = from;
  e.to_level = to;
  e.step = step;
  e.counted = counted;
  return e;
}

Assigned Has(const char* team, const char* person = "") {
  Assigned e;
  e.team = team;
  e.person = person;
  return e;
}

ClockArmed Promise(const char* name, InstantMs due_at, uint32_t generation = 1) {
  ClockArmed e;
  e.clock.name = name;
  e.clock.generation = generation;
  e.clock.started_at = kDay;
  e.clock.due_at = kDay + due_at;
  e.clock.target = Target{due_at};
  e.clock.alarms = {{kDay + due_at + 1, AlarmKind::kBreach, {}, ""}};
  return e;
}

TEST(CaseStory, KeepsStaysWaitsAndVisits) {
  Told told;
  told.At(0, Incident())
      .At(1, AsP2(), To("", "L1", 0, false), Has("desk"))
      .At(10, To("L1", "L2", 1, true), Has("network", "cho"))
      .At(20, Acknowledged{"cho", Track::kFunctional, "link"})
      .At(30, Resolved{"cho", ResolutionCause::kFixed, "", "L2"});
  const CaseStory& story = told.story;
  EXPECT_EQ(story.ref, "INC1");
  EXPECT_EQ(story.priority, Priority::kP2);
  EXPECT_EQ(story.category, "network");
  EXPECT_EQ(story.level(), "L2");
  EXPECT_EQ(story.escalations(), 1u);
  ASSERT_EQ(story.stays.size(), 2u);
  EXPECT_EQ(story.stays[0].from, kDay) << "the first level has it from the opening on";
  EXPECT_EQ(story.stays[0].to, kDay + 10);
  EXPECT_EQ(story.stays[1].to, kDay + 30);
  ASSERT_EQ(story.waitings.size(), 2u);
  EXPECT_EQ(story.waitings[0].team, "desk");
  EXPECT_EQ(story.waitings[1].to, kDay + 20);
  ASSERT_EQ(story.visits.size(), 2u);
  EXPECT_EQ(story.visits[1].team, "network");
  EXPECT_EQ(story.visits[1].to, kDay + 30);
  EXPECT_EQ(story.acknowledged_at, kDay + 20);
}

TEST(CaseStory, APromiseIsOneThroughItsGenerationsAndABreachStays) {
  Told told;
  told.At(0, Incident(), Promise("resolution", 100))
      .At(5, Promise("resolution", 50, 2))
      .At(51, Breached{"resolution", 2, kDay + 50, 1, "", {}})
      .At(60, Promise("resolution", 200, 3))
      .At(70, ClockStopped{"resolution", 3, true, "resolved"});
  ASSERT_EQ(told.story.promises.size(), 1u);
  EXPECT_EQ(told.story.promises[0].breached_at, kDay + 51);
  EXPECT_FALSE(told.story.promises[0].kept());
}

TEST(CaseStory, APromiseThatEndedWithACancelledCaseIsNeitherKeptNorBroken) {
  Told told;
  told.At(0, Incident(), Promise("response", 100), Promise("update", 10))
      .At(11, Breached{"update", 1, kDay + 10, 1, "", {500, "EUR"}})
      .At(20, ClockStopped{"response", 1, true, std::string(ClockStopped::kCancelled)},
          ClockStopped{"update", 1, false, std::string(ClockStopped::kCancelled)});
  ASSERT_EQ(told.story.promises.size(), 2u);
  EXPECT_FALSE(told.story.promises[0].kept());
  EXPECT_FALSE(told.story.promises[0].broken());
  EXPECT_TRUE(told.story.promises[1].broken());
  EXPECT_EQ(told.story.promises[1].penalty, (Money{500, "EUR"}));
}

TEST(CaseStory, AnAnnulledBreachIsNoneAndAPauseMovesTheDeadline) {
  Told told;
  told.At(0, Incident(), Promise("response", 10))
      .At(2, ClockPaused{"response", 1})
      .At(4, ClockResumed{"response", 1, kDay + 12, {}})
      .At(13, Breached{"response", 1, kDay + 12, 1, "", {100, "EUR"}})
      .At(14, ClockStopped{"response", 1, true, "public_reply"}, BreachAnnulled{"response", 1, kDay + 11});
  const PromiseRun& run = told.story.promises.at(0);
  EXPECT_TRUE(run.kept());
  EXPECT_TRUE(run.penalty.empty());
  EXPECT_EQ(run.due_at, kDay + 12);
  ASSERT_EQ(run.pauses.size(), 1u);
  EXPECT_EQ(run.pauses[0].from, kDay + 2);
  EXPECT_EQ(run.pauses[0].to, kDay + 4);
}

TEST(CaseStory, WaitsAreNoPromises) {
  Told told;
  ClockArmed wait = Promise("step.functional", 10);
  wait.clock.alarms[0].kind = AlarmKind::kDeadline;
  told.At(0, Incident(), wait);
  EXPECT_TRUE(told.story.promises.empty());
}

TEST(CaseStory, AMoveAfterAReturnOrAResolutionIsAReEscalation) {
  Told told;
  told.At(0, Incident())
      .At(1, AsP2(), To("", "L1", 0, false), Has("desk"))
      .At(2, To("L1", "L2", 1, true))
      .At(3, DeEscalated{Track::kFunctional, "L2", "L1", "you can do it"})
      .At(4, To("L1", "L2", 1, true));
  ASSERT_EQ(told.story.moves.size(), 3u);
  EXPECT_TRUE(told.story.moves[1].returned);
  EXPECT_FALSE(told.story.moves[1].again);
  EXPECT_TRUE(told.story.moves[2].again);
  EXPECT_EQ(told.story.de_escalations, 1u);
}

TEST(CaseStory, AReopeningUndoesTheResolutionAndBeginsANewStay) {
  Told told;
  ClockArmed monitoring = Promise("monitoring", 100);
  monitoring.clock.alarms[0].kind = AlarmKind::kDeadline;
  told.At(0, Incident())
      .At(1, AsP2(), To("", "L1", 0, false), Has("desk"))
      .At(5, Resolved{"ana", ResolutionCause::kFixed, "", "L1"}, monitoring)
      .At(8, Reopened{ReopenCause::kRecurrence, "again"});
  EXPECT_EQ(told.story.final_resolution(), nullptr);
  ASSERT_EQ(told.story.resolutions.size(), 1u);
  EXPECT_TRUE(told.story.resolutions[0].monitored);
  EXPECT_EQ(told.story.resolutions[0].reopened_at, kDay + 8);
  ASSERT_EQ(told.story.stays.size(), 2u);
  EXPECT_EQ(told.story.stays[1].from, kDay + 8);
  EXPECT_EQ(told.story.stays[1].to, kNever);
}

TEST(CaseStory, KeepsPagesHandoversApprovalsRatingsAndCadences) {
  Told told;
  NotifyIntended page;
  page.purpose = IntentPurpose::kPage;
  page.people = {"ana", "ben"};
  NotifyIntended told_requester;
  told_requester.audience = Audience::kRequester;
  told_requester.message = "requester-resolved";
  HandoverOffered offer;
  offer.id = "h1";
  ApprovalRequested asked;
  asked.request.id = "a1";
  Alarm due;
  due.at = kDay + 9;
  told.At(0, Incident())
      .At(1, page, told_requester, offer, asked)
      .At(2, HandoverAskedForMore{"h1", "cho", {"impact"}, ""},
          ApprovalDecided{"a1", "mia", ApprovalOutcome::kRefused, "no"})
      .At(3, HandoverAccepted{"h1", "cho"}, Rated{"handover", "h1", 4, "cho", ""})
      .At(9, ClockFired{"cadence", 1, due, 0, false})
      .At(10, ClockFired{"cadence", 2, due, 2 * kMinuteMs, false})
      .At(11, ClockStopped{"review", 1, true, "reviewed"})
      .At(12, ClockStopped{"review", 2, true, "reopened"})
      .At(13, ClockFired{"major.review", 1, due, 0, false})
      .At(14, ClockStopped{"major.review", 1, true, "not in time"});
  const CaseStory& story = told.story;
  ASSERT_EQ(story.pages.size(), 1u);
  EXPECT_EQ(story.pages[0].people.size(), 2u);
  EXPECT_EQ(story.surveys, 1u);
  ASSERT_EQ(story.handovers.size(), 1u);
  EXPECT_TRUE(story.handovers[0].accepted);
  EXPECT_TRUE(story.handovers[0].asked_for_more);
  ASSERT_EQ(story.approvals.size(), 1u);
  EXPECT_EQ(story.approvals[0].outcome, ApprovalOutcome::kRefused);
  EXPECT_EQ(story.ratings.size(), 1u);
  EXPECT_EQ(story.cadences, 2u);
  EXPECT_EQ(story.cadences_on_time, 1u);
  EXPECT_EQ(story.reviews_due, 2u);
  EXPECT_EQ(story.reviews_in_time, 1u);
}

}  // namespace
}  // namespace escalon::kpi
