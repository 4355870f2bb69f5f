#include "services/routing/keeper/kpi_metrics.h"

namespace escalon::routing {
namespace {

/// Seconds, from a minute to four weeks: what people need, not machines.
constexpr std::array<double, 14> kDeskBuckets{60,    300,   900,    1800,   3600,   7200,    14400,
                                              28800, 86400, 172800, 259200, 604800, 1209600, 2419200};
constexpr const char* kOverdueName = "escalon_kpi_overdue_seconds_total";
constexpr const char* kHandoverName = "escalon_kpi_handovers_total";
constexpr const char* kHandoverHelp = "Handovers that were answered or expired, by how.";
constexpr const char* kApprovalName = "escalon_kpi_approvals_total";
constexpr const char* kApprovalHelp = "Approvals decided, by outcome.";
constexpr const char* kPenaltyName = "escalon_kpi_penalties_total";
constexpr const char* kReviewName = "escalon_kpi_reviews_total";
constexpr const char* kReviewHelp = "Reviews of closed cases, by whether they were written in time.";
constexpr const char* kUpdateName = "escalon_kpi_updates_total";
constexpr const char* kUpdateHelp = "Updates that were due to somebody, by whether they came in time.";
constexpr const char* kReasonName = "escalon_kpi_escalation_reasons_total";
constexpr const char* kReasonHelp = "Counted escalations by reason.";

const std::string& NameOf(Priority priority) {
  static const std::array<std::string, 5> kNames{"none", "P1", "P2", "P3", "P4"};
  return kNames[static_cast<size_t>(priority)];
}

/// Whose clock, level or team is not told apart: so every family exists at 0 before its first case.
const kpi::Place kNowhere;

}  // namespace

KpiMetrics::KpiMetrics(runtime::Metrics& metrics) : metrics_(metrics) {
  for (size_t i = 0; i < kpi::kCaseFigures; ++i) CountCase(kpi::Name(static_cast<kpi::CaseFigure>(i)), kNowhere, 0);
  for (size_t i = 0; i < kpi::kMoveFigures; ++i) CountMove(kpi::Name(static_cast<kpi::MoveFigure>(i)), kNowhere, 0);
  for (size_t i = 0; i < kpi::kHandoverFigures; ++i)
    CountOne(kHandoverName, kHandoverHelp, "result", kpi::Name(static_cast<kpi::HandoverFigure>(i)), 0);
  for (size_t i = 0; i < kpi::kSpanFigures; ++i) SpanSeries(static_cast<kpi::SpanFigure>(i), "", Priority::kUnset);
  for (const auto figure : {kpi::PromiseFigure::kKept, kpi::PromiseFigure::kNearMiss, kpi::PromiseFigure::kBroken,
                            kpi::PromiseFigure::kAnnulled})
    CountPromise(kpi::Name(figure), "resolution", kNowhere, 0);
  AddOverdue("resolution", kNowhere, 0);
  AddPenalty("resolution", "none", 0);
  for (const auto outcome :
       {ApprovalOutcome::kApproved, ApprovalOutcome::kRefused, ApprovalOutcome::kDefaultApproved,
        ApprovalOutcome::kDefaultRefused, ApprovalOutcome::kRatified, ApprovalOutcome::kNotRatified})
    CountOne(kApprovalName, kApprovalHelp, "outcome", Name(outcome), 0);
  for (const char* result : {"on_time", "late"}) CountOne(kUpdateName, kUpdateHelp, "result", result, 0);
  for (const char* result : {"in_time", "late"}) CountOne(kReviewName, kReviewHelp, "result", result, 0);
  for (int reason = 1; reason <= static_cast<int>(EscalationReason::kManual); ++reason)
    CountOne(kReasonName, kReasonHelp, "reason", Name(static_cast<EscalationReason>(reason)), 0);
  for (const char* score : {"asked", "1", "2", "3", "4", "5"}) AddRating("resolution", score, 0);
}

const std::string& KpiMetrics::Named(std::set<std::string>* known, const std::string& value) {
  static const std::string kNone = "none", kOther = "other";
  if (value.empty()) return kNone;
  if (const auto found = known->find(value); found != known->end()) return *found;
  if (known->size() >= kMostValues) return kOther;
  return *known->insert(value).first;
}

runtime::Labels KpiMetrics::LabelsOf(const char* figure_label, std::string_view figure, const kpi::Place& place) {
  return {{figure_label, std::string(figure)},
          {"level", Named(&levels_, place.level)},
          {"priority", NameOf(place.priority)},
          {"team", Named(&teams_, place.team)}};
}

runtime::CounterRef KpiMetrics::Series(const char* name, const char* help, runtime::Labels labels) {
  runtime::CounterRef& series = counters_[{name, labels}];
  if (series == nullptr) series = metrics_.AddCounter(name, help, labels);
  return series;
}

void KpiMetrics::CountCase(std::string_view figure, const kpi::Place& place, double by) {
  Series("escalon_kpi_cases_total", "Cases by what the key figures count of them, as it happens.",
         LabelsOf("figure", figure, place))
      ->Increment(by);
}

void KpiMetrics::CountMove(std::string_view figure, const kpi::Place& place, double by) {
  Series("escalon_kpi_moves_total", "Escalations and what is counted beside them; the level is where they led.",
         LabelsOf("figure", figure, place))
      ->Increment(by);
}

void KpiMetrics::CountPromise(std::string_view figure, const std::string& clock, const kpi::Place& place, double by) {
  Series("escalon_kpi_promises_total",
         "Promises kept, kept narrowly (among the kept), broken, and broken ones that were kept after all.",
         {{"clock", Named(&clocks_, clock)}, {"priority", NameOf(place.priority)}, {"result", std::string(figure)}})
      ->Increment(by);
}

void KpiMetrics::AddOverdue(const std::string& clock, const kpi::Place& place, double seconds) {
  Series(kOverdueName, "By how much broken promises were missed when they ended, on their calendars, in seconds.",
         {{"clock", Named(&clocks_, clock)}, {"priority", NameOf(place.priority)}})
      ->Increment(seconds);
}

void KpiMetrics::AddPenalty(const std::string& clock, const std::string& currency, double minor) {
  Series(kPenaltyName, "What contracts ask for broken promises, in the smallest units of the currency.",
         {{"clock", Named(&clocks_, clock)}, {"currency", Named(&currencies_, currency)}})
      ->Increment(minor);
}

void KpiMetrics::CountOne(const char* name, const char* help, const char* label, std::string_view value, double by) {
  Series(name, help, {{label, std::string(value)}})->Increment(by);
}

void KpiMetrics::AddRating(const std::string& what, const std::string& score, double by) {
  Series("escalon_kpi_ratings_total", "Ratings by score, 1 to 5, and how often somebody was asked.",
         {{"what", Named(&rated_, what)}, {"score", score}})
      ->Increment(by);
}

runtime::HistogramRef KpiMetrics::SpanSeries(kpi::SpanFigure figure, const std::string& level, Priority priority) {
  const std::string& named = Named(&levels_, level);
  runtime::HistogramRef& series = spans_[{figure, {named, priority}}];
  if (series == nullptr) {
    series = metrics_.AddHistogram(
        "escalon_kpi_seconds",
        "Seconds from opening to acknowledgement, first escalation and resolution; at a level; waiting for somebody to "
        "take it; waiting for an approval. By the cases' own time.",
        kDeskBuckets, {{"figure", std::string(kpi::Name(figure))}, {"level", named}, {"priority", NameOf(priority)}});
  }
  return series;
}

void KpiMetrics::Count(kpi::CaseFigure figure, const kpi::Place& place) { CountCase(kpi::Name(figure), place, 1); }
void KpiMetrics::Count(kpi::MoveFigure figure, const kpi::Place& place) { CountMove(kpi::Name(figure), place, 1); }
void KpiMetrics::CountReason(EscalationReason reason) { CountOne(kReasonName, kReasonHelp, "reason", Name(reason), 1); }
void KpiMetrics::Count(kpi::PromiseFigure figure, const std::string& clock, const kpi::Place& place) {
  CountPromise(kpi::Name(figure), clock, place, 1);
}
void KpiMetrics::Overdue(const std::string& clock, const kpi::Place& place, DurationMs overdue) {
  AddOverdue(clock, place, static_cast<double>(overdue) / 1000);
}
void KpiMetrics::Penalty(const std::string& clock, const Money& penalty) {
  AddPenalty(clock, penalty.currency, static_cast<double>(penalty.minor));
}
void KpiMetrics::CountReview(bool in_time) {
  CountOne(kReviewName, kReviewHelp, "result", in_time ? "in_time" : "late", 1);
}
void KpiMetrics::Count(kpi::HandoverFigure figure) {
  CountOne(kHandoverName, kHandoverHelp, "result", kpi::Name(figure), 1);
}
void KpiMetrics::CountApproval(ApprovalOutcome outcome) {
  CountOne(kApprovalName, kApprovalHelp, "outcome", Name(outcome), 1);
}
void KpiMetrics::CountUpdate(bool on_time) {
  CountOne(kUpdateName, kUpdateHelp, "result", on_time ? "on_time" : "late", 1);
}
void KpiMetrics::CountRating(const std::string& what, int score) {
  AddRating(what, score == 0 ? "asked" : std::to_string(score), 1);
}
void KpiMetrics::Measure(kpi::SpanFigure figure, const kpi::Place& place, DurationMs span) {
  SpanSeries(figure, place.level, place.priority)->Observe(static_cast<double>(span) / 1000);
}

}  // namespace escalon::routing
