#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "common/kpi/live_meter.h"
#include "tests/property/domain/random_commands.h"
#include "tests/unit/domain/fixture.h"

namespace escalon {
namespace {

using kpi::CaseFigure;
using kpi::MoveFigure;
using kpi::PromiseFigure;

constexpr uint64_t kHistories = 300;
constexpr int kSteps = 40;

/// Adds up what the meter says.
class Sums final : public kpi::LiveFigures {
 public:
  void Count(CaseFigure figure, const kpi::Place&) override { ++cases[figure]; }
  void Count(MoveFigure figure, const kpi::Place&) override { ++moves[figure]; }
  void CountReason(EscalationReason reason) override { ++reasons[std::string(Name(reason))]; }
  void Count(PromiseFigure figure, const std::string& clock, const kpi::Place&) override {
    ++promises[{figure, clock}];
  }
  void Overdue(const std::string&, const kpi::Place&, DurationMs) override {}
  void Penalty(const std::string&, const Money& penalty) override { penalties += penalty.minor; }
  void CountReview(bool in_time) override { ++(in_time ? reviews_in_time : reviews_late); }
  void Count(kpi::HandoverFigure figure) override { ++handovers[figure]; }
  void CountApproval(ApprovalOutcome) override { ++approvals; }
  void CountUpdate(bool on_time) override { ++(on_time ? on_time_updates : late_updates); }
  void CountRating(const std::string&, int score) override { ++(score == 0 ? asked : ratings); }
  void Measure(kpi::SpanFigure figure, const kpi::Place&, DurationMs span) override { spans[figure].push_back(span); }

  std::map<CaseFigure, uint64_t> cases;
  std::map<MoveFigure, uint64_t> moves;
  std::map<std::string, uint64_t> reasons;
  std::map<std::pair<PromiseFigure, std::string>, uint64_t> promises;
  std::map<kpi::HandoverFigure, uint64_t> handovers;
  std::map<kpi::SpanFigure, std::vector<DurationMs>> spans;
  uint64_t approvals = 0, on_time_updates = 0, late_updates = 0, asked = 0, ratings = 0, reviews_in_time = 0,
           reviews_late = 0;
  int64_t penalties = 0;
};

std::vector<EventBatch> RandomHistory(uint64_t seed, Policy* policy) {
  test::Dice dice(seed);
  test::World w;
  test::Vary(dice, w);
  (void)w.Do(test::World::Incident(static_cast<Grade>(dice.Roll(4)), static_cast<Grade>(dice.Roll(4))), w.Source());
  for (int i = 0; i < kSteps && w.state != nullptr; ++i) {
    if (dice.Chance(40)) {
      w.Run(dice.Of(std::vector<DurationMs>{kMinuteMs, 10 * kMinuteMs, kHourMs, 8 * kHourMs, 2 * kDayMs}));
    } else {
      test::Wish wish = test::AnyWish(dice, w);
      (void)w.Do(std::move(wish.body), wish.actor);
    }
  }
  *policy = w.policy;
  return w.history;
}

/// One history told to both: the report, which has all of it, and the meter, which sees batch after batch.
struct Told {
  explicit Told(uint64_t seed) {
    const std::vector<EventBatch> history = RandomHistory(seed, &policy);
    rules.policy = &policy;
    rules.first_level = policy.levels.front().id;
    kpi::LiveMeter meter;
    Case c;
    c.tenant = "acme";
    for (const EventBatch& batch : history) {
      const Case before = c;
      Evolve(c, batch);
      story.Take(c, batch);
      meter.Take(before.version == 0 ? nullptr : &before, c, batch, rules, &live);
    }
    until = history.empty() ? 0 : history.back().at;
    report = kpi::Compute({&story}, rules, until);
  }

  Policy policy;
  kpi::Rules rules;
  kpi::CaseStory story;
  InstantMs until = 0;
  kpi::Report report;
  Sums live;
};

TEST(LiveFiguresProperty, TheSumOfWhatHappensIsTheReport) {
  uint64_t seen_moves = 0, seen_kept = 0, seen_broken = 0, seen_reopened = 0, seen_returned = 0;
  for (uint64_t seed = 1; seed <= kHistories; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Told told(seed);
    const kpi::Report& report = told.report;
    Sums& live = told.live;
    EXPECT_EQ(live.cases[CaseFigure::kOpened], report.cases);
    EXPECT_EQ(live.moves[MoveFigure::kFunctional], report.functional);
    EXPECT_EQ(live.moves[MoveFigure::kHierarchical], report.hierarchical);
    EXPECT_EQ(live.moves[MoveFigure::kInformed], report.informed);
    EXPECT_EQ(live.moves[MoveFigure::kReEscalation], report.re_escalations);
    EXPECT_EQ(live.moves[MoveFigure::kReturned], report.over_escalation.count);
    EXPECT_EQ(live.moves[MoveFigure::kDeEscalation], report.de_escalations);
    EXPECT_EQ(live.moves[MoveFigure::kConsultation], report.consultations);
    EXPECT_EQ(live.reasons, report.by_reason);
    EXPECT_EQ(live.cases[CaseFigure::kEscalated], report.escalation_rate.count);
    EXPECT_EQ(live.cases[CaseFigure::kUnfitFix], report.unfit_fix.count);
    EXPECT_EQ(live.cases[CaseFigure::kResolved] - live.cases[CaseFigure::kReopened], report.resolved);
    EXPECT_EQ(live.cases[CaseFigure::kMonitored], report.recurrence.of);
    EXPECT_EQ(live.cases[CaseFigure::kRecurred], report.recurrence.count);
    EXPECT_EQ(live.handovers[kpi::HandoverFigure::kComplete], report.complete_first_time.count);
    EXPECT_EQ(live.ratings, report.csat_good.of + report.preparation_answers + report.documentation_answers);
    uint64_t kept = 0, near_misses = 0, broken = 0, annulled = 0;
    for (const auto& [what, count] : live.promises) {
      kept += what.first == PromiseFigure::kKept ? count : 0;
      near_misses += what.first == PromiseFigure::kNearMiss ? count : 0;
      broken += what.first == PromiseFigure::kBroken ? count : 0;
      annulled += what.first == PromiseFigure::kAnnulled ? count : 0;
    }
    int64_t report_penalties = 0;
    uint64_t report_kept = 0, report_broken = 0, report_near = 0;
    for (const auto& [clock, attainment] : report.by_clock) {
      report_kept += attainment.kept;
      report_broken += attainment.broken;
      report_near += attainment.near_misses;
      for (const auto& [currency, minor] : attainment.penalties) report_penalties += minor;
    }
    EXPECT_EQ(live.reviews_in_time, report.reviews.count);
    EXPECT_EQ(live.reviews_in_time + live.reviews_late, report.reviews.of);
    EXPECT_EQ(kept, report_kept);
    EXPECT_EQ(broken - annulled, report_broken);
    EXPECT_EQ(live.on_time_updates, report.communication_kept.count);
    if (annulled == 0) {
      EXPECT_EQ(live.penalties, report_penalties);
      EXPECT_EQ(near_misses, report_near);
      EXPECT_EQ(live.cases[CaseFigure::kHeldTooLong], report.held_too_long.count);
    }
    DurationMs stays = 0, waits = 0;
    for (const kpi::Stay& stay : told.story.stays) stays += stay.to == kNever ? 0 : stay.to - stay.from;
    for (const kpi::Waiting& wait : told.story.waitings) waits += wait.to == kNever ? 0 : wait.to - wait.from;
    EXPECT_EQ(kpi::SpreadOf(live.spans[kpi::SpanFigure::kAtLevel]).total, stays);
    EXPECT_EQ(kpi::SpreadOf(live.spans[kpi::SpanFigure::kWaiting]).total, waits);
    EXPECT_EQ(kpi::SpreadOf(live.spans[kpi::SpanFigure::kToEscalate]).total, report.time_to_escalate.total);
    EXPECT_EQ(kpi::SpreadOf(live.spans[kpi::SpanFigure::kToAcknowledge]).total, report.time_to_acknowledge.total);
    if (HasFailure()) return;
    seen_moves += report.functional + report.hierarchical;
    seen_kept += kept;
    seen_broken += broken;
    seen_reopened += live.cases[CaseFigure::kReopened];
    seen_returned += report.over_escalation.count;
  }
  EXPECT_GT(seen_moves, 100u);
  EXPECT_GT(seen_kept, 100u);
  EXPECT_GT(seen_broken, 100u);
  EXPECT_GT(seen_reopened, 10u);
  EXPECT_GT(seen_returned, 5u);
}

TEST(LiveFiguresProperty, AnOwnerThatTakesOverLosesNoFigureOfWhatFollows) {
  for (uint64_t seed = 1; seed <= kHistories; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Policy policy;
    const std::vector<EventBatch> history = RandomHistory(seed, &policy);
    kpi::Rules rules{&policy, policy.levels.front().id};
    Sums one, other;
    kpi::LiveMeter stays, moves;
    Case c;
    for (size_t i = 0; i < history.size(); ++i) {
      const Case before = c;
      Evolve(c, history[i]);
      const Case* earlier = i == 0 ? nullptr : &before;
      stays.Take(earlier, c, history[i], rules, &one);
      if (i == history.size() / 2) moves.Forget(c.id);
      moves.Take(earlier, c, history[i], rules, &other);
    }
    EXPECT_EQ(one.moves[MoveFigure::kFunctional], other.moves[MoveFigure::kFunctional]);
    EXPECT_EQ(one.moves[MoveFigure::kHierarchical], other.moves[MoveFigure::kHierarchical]);
    EXPECT_EQ(one.cases[CaseFigure::kEscalated], other.cases[CaseFigure::kEscalated]);
    EXPECT_EQ(one.cases[CaseFigure::kResolved], other.cases[CaseFigure::kResolved]);
    EXPECT_EQ(one.cases[CaseFigure::kReopened], other.cases[CaseFigure::kReopened]);
    EXPECT_EQ(one.promises, other.promises);
    EXPECT_EQ(one.handovers, other.handovers);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace escalon
