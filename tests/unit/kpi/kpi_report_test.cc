#include "common/kpi/kpi_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "tests/unit/domain/time_text.h"

// Every formula of domain.md §12 on cases small enough to count by hand.

namespace escalon::kpi {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr InstantMs kDay = 1904292000000;  // 2030-05-06T10:00:00Z, a Monday
constexpr InstantMs kEnd = kDay + 10 * kHourMs;

/// Cases made by hand, and what the formulas make of them.
class Desk {
 public:
  CaseStory& Add(InstantMs opened_at = kDay) {
    CaseStory& story = stories_.emplace_back();
    story.opened_at = opened_at;
    story.kind = "incident";
    story.priority = Priority::kP3;
    story.state = CaseState::kInProgress;
    return story;
  }
  static Move& Escalate(CaseStory& story, InstantMs at, const char* from, const char* to,
                        Track track = Track::kFunctional) {
    Move& move = story.moves.emplace_back();
    move.at = at;
    move.track = track;
    move.from = from;
    move.to = to;
    move.counted = true;
    move.reason = EscalationReason::kNoAcknowledgement;
    return move;
  }
  static Resolution& Resolve(CaseStory& story, InstantMs at, const char* level) {
    story.state = CaseState::kResolved;
    Resolution& resolution = story.resolutions.emplace_back();
    resolution.at = at;
    resolution.level = level;
    return resolution;
  }
  static PromiseRun& Promise(CaseStory& story, const char* name, DurationMs target, InstantMs ended_at,
                             InstantMs breached_at = 0) {
    PromiseRun& run = story.promises.emplace_back();
    run.name = name;
    run.level = "L1";
    run.started_at = story.opened_at;
    run.due_at = story.opened_at + target;
    run.target = target;
    run.ended_at = ended_at;
    run.breached_at = breached_at;
    return run;
  }
  Report Figures(const Rules& rules = {}) const {
    std::vector<const CaseStory*> all;
    for (const CaseStory& story : stories_) all.push_back(&story);
    return Compute(all, rules, kEnd);
  }

 private:
  std::deque<CaseStory> stories_;
};

TEST(Kpi, CountsEscalationsByTrackAndKindApart) {
  Desk desk;
  CaseStory& one = desk.Add();
  one.category = "network";
  Desk::Escalate(one, kDay + 1, "L1", "L2");
  Desk::Escalate(one, kDay + 2, "L2", "L3").reason = EscalationReason::kSkill;
  Desk::Escalate(one, kDay + 3, "", "MGR", Track::kHierarchical);
  Move& informed = Desk::Escalate(one, kDay + 4, "MGR", "EXEC", Track::kHierarchical);
  informed.counted = false;
  informed.inform = true;
  one.de_escalations = 1;
  one.consultations = 2;
  one.majors = 1;
  desk.Add();
  const Report report = desk.Figures();
  EXPECT_EQ(report.functional, 2u);
  EXPECT_EQ(report.hierarchical, 1u);
  EXPECT_EQ(report.informed, 1u);
  EXPECT_EQ(report.de_escalations, 1u);
  EXPECT_EQ(report.consultations, 2u);
  EXPECT_EQ(report.majors, 1u);
  EXPECT_THAT(report.by_reason, ElementsAre(Pair("no_acknowledgement", 2u), Pair("skill", 1u)));
  EXPECT_THAT(report.by_category, ElementsAre(Pair("network", 3u)));
  // One of two cases was escalated.
  EXPECT_EQ(report.escalation_rate.count, 1u);
  EXPECT_EQ(report.escalation_rate.of, 2u);
}

TEST(Kpi, ResolutionTimeIsThatOfTheFinalResolutionWithPausesApart) {
  Desk desk;
  CaseStory& reopened = desk.Add();
  Desk::Resolve(reopened, kDay + kHourMs, "L1").reopened_at = kDay + 2 * kHourMs;
  Desk::Resolve(reopened, kDay + 6 * kHourMs, "L1");
  reopened.pauses = {{kDay + 3 * kHourMs, kDay + 4 * kHourMs}};
  Desk::Resolve(desk.Add(), kDay + 2 * kHourMs, "L1");
  Desk::Resolve(desk.Add(), kDay + 4 * kHourMs, "L1");
  desk.Add();  // open: does not count
  const Report report = desk.Figures();
  EXPECT_EQ(report.resolution_wall.count, 3u);
  EXPECT_EQ(report.resolution_wall.mean(), 4 * kHourMs);  // (6 + 2 + 4) / 3
  EXPECT_EQ(report.resolution_wall.median, 4 * kHourMs);
  EXPECT_EQ(report.resolution_wall.p90, 6 * kHourMs);
  EXPECT_EQ(report.resolution_paused.total, kHourMs);
  EXPECT_EQ(report.resolved, 3u);
  EXPECT_EQ(report.open, 1u);
}

TEST(Kpi, BusinessTimeIsOnThePolicysCalendar) {
  CalendarSpec spec;
  spec.timezone = "UTC";
  for (int day = 0; day < 5; ++day) spec.weekly[static_cast<size_t>(day)] = {{9 * 60, 17 * 60}};
  Policy policy;
  policy.calendars["office"] = *Calendar::Build(spec);
  policy.business_calendar = "office";
  Desk desk;
  Desk::Resolve(desk.Add(), kDay + 24 * kHourMs, "L1");  // Monday 10:00 to Tuesday 10:00: 7 h + 1 h
  EXPECT_EQ(desk.Figures({&policy, "L1"}).resolution_business.total, 8 * kHourMs);
  EXPECT_EQ(desk.Figures().resolution_business.count, 0u);
}

TEST(Kpi, TimePerLevelAddsAllStaysAndACaseInTwoCountsBoth) {
  Desk desk;
  CaseStory& one = desk.Add();
  one.stays = {{Track::kFunctional, "L1", kDay, kDay + kHourMs},
               {Track::kFunctional, "L2", kDay + kHourMs, kDay + 3 * kHourMs},
               {Track::kHierarchical, "MGR", kDay + 2 * kHourMs, kDay + 3 * kHourMs}};
  CaseStory& two = desk.Add();
  two.stays = {{Track::kFunctional, "L1", kDay + 9 * kHourMs, kNever}};  // it lasts: until the end
  const Report report = desk.Figures();
  EXPECT_EQ(report.time_per_level.at("L1").total, 2 * kHourMs);
  EXPECT_EQ(report.time_per_level.at("L1").count, 2u);
  EXPECT_EQ(report.time_per_level.at("L2").total, 2 * kHourMs);
  EXPECT_EQ(report.time_per_level.at("MGR").total, kHourMs);
}

TEST(Kpi, SharesResolvedPerLevelSumToAllAndFirstLevelWantsNoEscalation) {
  Desk desk;
  Desk::Resolve(desk.Add(), kDay + 1, "L1");
  CaseStory& back = desk.Add();
  Desk::Escalate(back, kDay + 1, "L1", "L2");
  Desk::Resolve(back, kDay + 2, "L1");
  Desk::Resolve(desk.Add(), kDay + 1, "L2");
  Desk::Resolve(desk.Add(), kDay + 1, "L3");
  const Report report = desk.Figures();
  EXPECT_EQ(report.resolved_per_level.at("L1").count, 2u);
  uint64_t sum = 0;
  for (const auto& [level, share] : report.resolved_per_level) {
    sum += share.count;
    EXPECT_EQ(share.of, 4u);
  }
  EXPECT_EQ(sum, 4u);
  EXPECT_EQ(report.first_level_resolution.count, 1u);
  EXPECT_EQ(report.first_level_resolution.of, 4u);
}

TEST(Kpi, SatisfactionIsMeanGoodShareAndResponseRate) {
  Desk desk;
  for (const int score : {5, 4, 2}) {
    CaseStory& story = desk.Add();
    Desk::Resolve(story, kDay + 1, "L1");
    story.ratings.push_back({kDay + 2, "resolution", score});
    story.surveys = 1;
  }
  CaseStory& silent = desk.Add();
  Desk::Resolve(silent, kDay + 1, "L1");
  silent.surveys = 1;
  const Report report = desk.Figures();
  EXPECT_THAT(report.csat_mean, DoubleEq(11.0 / 3));
  EXPECT_EQ(report.csat_good.count, 2u);
  EXPECT_EQ(report.csat_good.of, 3u);
  EXPECT_EQ(report.csat_response.count, 3u);
  EXPECT_EQ(report.csat_response.of, 4u);
}

TEST(Kpi, ReEscalationsAndReturnsAreOfEscalatedCasesAndOfEscalations) {
  Desk desk;
  CaseStory& again = desk.Add();
  Desk::Escalate(again, kDay + 1, "L1", "L2").returned = true;
  Desk::Escalate(again, kDay + 2, "L1", "L2").again = true;
  Desk::Escalate(desk.Add(), kDay + 1, "L1", "L2");
  desk.Add();
  const Report report = desk.Figures();
  EXPECT_EQ(report.re_escalations, 1u);
  EXPECT_EQ(report.re_escalation_rate.count, 1u);
  EXPECT_EQ(report.re_escalation_rate.of, 2u);
  EXPECT_EQ(report.over_escalation.count, 1u);
  EXPECT_EQ(report.over_escalation.of, 3u);
}

TEST(Kpi, PreparednessIsTheReceiversMeanAndTheRatedShare) {
  Desk desk;
  CaseStory& story = desk.Add();
  story.handovers = {{"h1", kDay, kDay + 1, true, false, false, false, false},
                     {"h2", kDay, kDay + 1, true, false, false, false, true},
                     {"h3", kDay, kDay + 1, false, true, false, false, false},
                     {"h4", kDay, 0, false, false, true, false, false},
                     {"h5", kDay, 0, false, false, false, false, false}};  // still offered: does not count yet
  story.ratings = {{kDay, "handover", 4}, {kDay, "documentation", 2}};
  const Report report = desk.Figures();
  EXPECT_THAT(report.preparation_mean, DoubleEq(4));
  EXPECT_THAT(report.documentation_mean, DoubleEq(2));
  EXPECT_EQ(report.preparation_rated.count, 1u);
  EXPECT_EQ(report.preparation_rated.of, 2u);
  // Accepted without a request for more: only h1 of four that are answered.
  EXPECT_EQ(report.complete_first_time.count, 1u);
  EXPECT_EQ(report.complete_first_time.of, 4u);
}

TEST(Kpi, HeldTooLongIsABreachBeforeTheFirstEscalation) {
  Desk desk;
  CaseStory& held = desk.Add();
  Desk::Promise(held, "acknowledgement", kHourMs, 0, kDay + kHourMs + 1);
  Desk::Escalate(held, kDay + 2 * kHourMs, "L1", "L2");
  CaseStory& in_time = desk.Add();
  Desk::Escalate(in_time, kDay + 1, "L1", "L2");
  Desk::Promise(in_time, "acknowledgement", kHourMs, 0, kDay + kHourMs + 1);
  CaseStory& never = desk.Add();
  Desk::Promise(never, "resolution", kHourMs, 0, kDay + kHourMs + 1);
  CaseStory& silent = desk.Add();
  Desk::Promise(silent, "update", kHourMs, 0, kDay + kHourMs + 1);  // about telling, not about holding
  const Report report = desk.Figures();
  EXPECT_EQ(report.held_too_long.count, 2u);
  EXPECT_EQ(report.held_too_long.of, 4u);
  EXPECT_EQ(report.time_to_escalate.count, 2u);
  EXPECT_EQ(report.time_to_escalate.mean(), kHourMs);  // 2 h and 1 ms, halved and rounded down
}

TEST(Kpi, AnUnfitFixNeededAnotherLevelAfterItsRecurrence) {
  Desk desk;
  CaseStory& unfit = desk.Add();
  Resolution& fix = Desk::Resolve(unfit, kDay + 1, "L1");
  fix.monitored = true;
  fix.reopened_at = kDay + 2;
  fix.reopened_by = ReopenCause::kRecurrence;
  Desk::Escalate(unfit, kDay + 3, "L1", "L2");
  Desk::Resolve(unfit, kDay + 4, "L2").monitored = true;
  CaseStory& same = desk.Add();
  Desk::Resolve(same, kDay + 1, "L1").reopened_at = kDay + 2;
  Desk::Resolve(same, kDay + 4, "L1");
  const Report report = desk.Figures();
  EXPECT_EQ(report.unfit_fix.count, 1u);
  EXPECT_EQ(report.unfit_fix.of, 2u);
  // Recurrence: of two monitored resolutions one recurred.
  EXPECT_EQ(report.recurrence.count, 1u);
  EXPECT_EQ(report.recurrence.of, 2u);
  // Quality: L1 resolved three times, two were taken up again.
  EXPECT_EQ(report.quality.at("L1").reopened.count, 2u);
  EXPECT_EQ(report.quality.at("L1").reopened.of, 3u);
}

TEST(Kpi, AttainmentCountsEndedClocksAndRunningOnesThatAreBroken) {
  Desk desk;
  CaseStory& story = desk.Add();
  Desk::Promise(story, "resolution", 4 * kHourMs, kDay + kHourMs);                              // kept
  Desk::Promise(story, "resolution", 4 * kHourMs, kDay + 4 * kHourMs - 1);                      // kept, nearly missed
  Desk::Promise(story, "resolution", 4 * kHourMs, kDay + 5 * kHourMs, kDay + 4 * kHourMs + 1);  // 1 h over
  Desk::Promise(story, "resolution", 4 * kHourMs, 0, kDay + 4 * kHourMs + 1);  // runs: 6 h over at the end
  Desk::Promise(story, "resolution", 40 * kHourMs, 0);                         // runs: nobody knows yet
  const Attainment resolution = desk.Figures().by_clock.at("resolution");
  EXPECT_EQ(resolution.kept, 2u);
  EXPECT_EQ(resolution.broken, 2u);
  EXPECT_EQ(resolution.near_misses, 1u);
  EXPECT_EQ(resolution.overdue, 7 * kHourMs);
  EXPECT_EQ(desk.Figures().by_clock_and_level.at({"resolution", "L1"}).broken, 2u);
}

TEST(Kpi, PenaltiesAreSummedByCurrencyAndACancelledPromiseIsNotCounted) {
  Desk desk;
  CaseStory& story = desk.Add();
  Desk::Promise(story, "response", kHourMs, 0, kDay + kHourMs + 1).penalty = {50'000, "EUR"};
  Desk::Promise(story, "response", kHourMs, kDay + 2 * kHourMs, kDay + kHourMs + 1).penalty = {10'000, "EUR"};
  Desk::Promise(story, "response", kHourMs, 0, kDay + kHourMs + 1).penalty = {700, "USD"};
  Desk::Promise(story, "response", kHourMs, kDay + 1).cancelled = true;
  const Attainment response = desk.Figures().by_clock.at("response");
  EXPECT_EQ(response.penalties, (std::map<std::string, int64_t>{{"EUR", 60'000}, {"USD", 700}}));
  EXPECT_EQ(response.kept, 0u);
  EXPECT_EQ(response.broken, 3u);
}

TEST(Kpi, ANearMissGoesByTheCalendarOfEachLeg) {
  Desk desk;
  CaseStory& story = desk.Add();
  Policy policy;
  const test::WindowText night{{"23:00", "24:00"}};
  policy.calendars["night"] = test::Cal(
      "UTC",
      {{"mon", night}, {"tue", night}, {"wed", night}, {"thu", night}, {"fri", night}, {"sat", night}, {"sun", night}});
  PromiseRun& run = Desk::Promise(story, "a", 10 * kHourMs, kDay + 12 * kHourMs);
  run.legs = {{"night", kDay + 6 * kHourMs}};
  EXPECT_FALSE(IsNearMiss(run, {.policy = &policy})) << "six hours counted";
  run.legs.clear();
  EXPECT_TRUE(IsNearMiss(run, {.policy = &policy}));
}

TEST(Kpi, ANearMissLeavesLessThanATenthOfTheTarget) {
  Desk desk;
  CaseStory& story = desk.Add();
  EXPECT_FALSE(IsNearMiss(Desk::Promise(story, "a", 10 * kHourMs, kDay + 9 * kHourMs), {}));
  EXPECT_TRUE(IsNearMiss(Desk::Promise(story, "b", 10 * kHourMs, kDay + 9 * kHourMs + 1), {}));
  PromiseRun& paused = Desk::Promise(story, "c", 10 * kHourMs, kDay + 9 * kHourMs + 1);
  paused.pauses = {{kDay + kHourMs, kDay + 2 * kHourMs}};
  EXPECT_FALSE(IsNearMiss(paused, {}));
  EXPECT_FALSE(IsNearMiss(Desk::Promise(story, "d", 10 * kHourMs, kDay + 11 * kHourMs, kDay + 10 * kHourMs + 1), {}));
}

TEST(Kpi, BottlenecksAreWaitsQueuesAndTheirTrend) {
  Desk desk;
  CaseStory& early = desk.Add();
  early.waitings = {{"L1", "desk", kDay, kDay + kHourMs}};
  CaseStory& late = desk.Add(kDay + 6 * kHourMs);
  late.waitings = {{"L1", "desk", kDay + 6 * kHourMs, kDay + 9 * kHourMs}};
  const Report report = desk.Figures();
  const Bottleneck& level = report.bottleneck_levels.at("L1");
  EXPECT_EQ(level.waiting.mean(), 2 * kHourMs);
  EXPECT_THAT(level.queue, DoubleEq(0.4));  // 4 hours of waiting in 10
  EXPECT_EQ(level.trend, 2 * kHourMs);      // 3 h in the later half, 1 h in the earlier
  EXPECT_EQ(report.bottleneck_teams.at("desk").waiting.count, 2u);
}

TEST(Kpi, CommunicationKeptIsOfUpdateClocksAndCadences) {
  Desk desk;
  CaseStory& story = desk.Add();
  Desk::Promise(story, "update", kHourMs, kDay + 1);
  Desk::Promise(story, "update", kHourMs, kDay + 2 * kHourMs, kDay + kHourMs + 1);
  story.cadences = 3;
  story.cadences_on_time = 2;
  const Report report = desk.Figures();
  EXPECT_EQ(report.communication_kept.count, 3u);
  EXPECT_EQ(report.communication_kept.of, 5u);
}

TEST(Kpi, ReviewsCompletedAreOfThoseWrittenOrLate) {
  Desk desk;
  desk.Add().reviews_due = 2;
  CaseStory& story = desk.Add();
  story.reviews_due = story.reviews_in_time = 1;
  EXPECT_EQ(desk.Figures().reviews.count, 1u);
  EXPECT_EQ(desk.Figures().reviews.of, 3u);
}

TEST(Kpi, ApprovalsByOutcomeWithTheirMedianWait) {
  using enum ApprovalOutcome;
  Desk desk;
  CaseStory& story = desk.Add();
  story.approvals = {{"a1", kDay, kDay + 10, false, kApproved},
                     {"a2", kDay, kDay + 20, false, kRefused},
                     {"a3", kDay, kDay + 30, false, kDefaultApproved},
                     {"a4", kDay, kDay + 40, true, kRatified},
                     {"a5", kDay, 0, false, kApproved}};  // still open
  const Approvals approvals = desk.Figures().approvals;
  EXPECT_EQ(approvals.requested, 5u);
  EXPECT_EQ(approvals.granted, 2u);
  EXPECT_EQ(approvals.refused, 1u);
  EXPECT_EQ(approvals.defaulted, 1u);
  EXPECT_EQ(approvals.bypassed, 1u);
  EXPECT_EQ(approvals.wait.median, 20);
}

TEST(Kpi, ConsistencyIsTheCommonestWayOfEachClass) {
  Desk desk;
  const auto add = [&desk](const char* category, std::vector<const char*> levels) {
    CaseStory& story = desk.Add();
    story.category = category;
    for (const char* level : levels) story.stays.push_back({Track::kFunctional, level, kDay, kDay + 1});
  };
  add("network", {"L1", "L2"});
  add("network", {"L1", "L2"});
  add("network", {"L1"});
  add("payments", {"L1"});
  const Share consistency = desk.Figures().consistency;
  EXPECT_EQ(consistency.count, 3u);  // two of network, one of payments
  EXPECT_EQ(consistency.of, 4u);
}

TEST(Kpi, FiltersAndGroupsByEverythingThatIsNamed) {
  CaseStory story;
  story.opened_at = kDay;
  story.kind = "incident";
  story.category = "network";
  story.region = "emea";
  story.team = "desk";
  story.priority = Priority::kP2;
  Desk::Resolve(story, kDay + 1, "L2");
  EXPECT_TRUE(Passes(story, {}));
  EXPECT_TRUE(Passes(story, {kDay, kDay + 1, "L2", "desk", "network", "P2", "emea", "incident"}));
  EXPECT_FALSE(Passes(story, {.from = kDay + 1}));
  EXPECT_FALSE(Passes(story, {.to = kDay}));
  Filter wrong;
  for (std::string Filter::*field :
       {&Filter::level, &Filter::team, &Filter::category, &Filter::priority, &Filter::region, &Filter::kind}) {
    wrong = Filter();
    wrong.*field = "other";
    EXPECT_FALSE(Passes(story, wrong));
  }
  EXPECT_EQ(GroupOf(story, GroupBy::kLevel), "L2");
  EXPECT_EQ(GroupOf(story, GroupBy::kTeam), "desk");
  EXPECT_EQ(GroupOf(story, GroupBy::kCategory), "network");
  EXPECT_EQ(GroupOf(story, GroupBy::kPriority), "P2");
  EXPECT_EQ(GroupOf(story, GroupBy::kRegion), "emea");
  EXPECT_EQ(GroupOf(story, GroupBy::kKind), "incident");
  EXPECT_EQ(GroupOf(story, GroupBy::kMonth), "2030-05");
}

TEST(Kpi, SpreadsTakeTheNearestRank) {
  const Spread spread = SpreadOf({40, 10, 30, 20});
  EXPECT_EQ(spread.median, 20);
  EXPECT_EQ(spread.p90, 40);
  EXPECT_EQ(spread.mean(), 25);
  EXPECT_EQ(spread.longest, 40);
  EXPECT_EQ(SpreadOf({}).count, 0u);
}

TEST(Kpi, OfNothingNothingIsKnown) {
  const Report report = Compute({}, {}, kEnd);
  EXPECT_EQ(report.cases, 0u);
  EXPECT_FALSE(report.escalation_rate.known());
  EXPECT_EQ(report.resolution_wall.count, 0u);
}

}  // namespace
}  // namespace escalon::kpi
