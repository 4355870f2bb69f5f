#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/kpi/live_meter.h"
#include "common/runtime/metrics.h"

namespace escalon::routing {

/// The key figures as metrics: `escalon_kpi_*`. Levels, teams and clocks are those of the tenants' rules, so their
/// series come with the first use of each; of one label at most `kMostValues` values have a name, the rest are `other`.
/// One thread.
class KpiMetrics final : public kpi::LiveFigures {
 public:
  static constexpr size_t kMostValues = 50;

  explicit KpiMetrics(runtime::Metrics& metrics);

  void Count(kpi::CaseFigure figure, const kpi::Place& place) override;
  void Count(kpi::MoveFigure figure, const kpi::Place& place) override;
  void CountReason(EscalationReason reason) override;
  void Count(kpi::PromiseFigure figure, const std::string& clock, const kpi::Place& place) override;
  void Overdue(const std::string& clock, const kpi::Place& place, DurationMs overdue) override;
  void Penalty(const std::string& clock, const Money& penalty) override;
  void CountReview(bool in_time) override;
  void Count(kpi::HandoverFigure figure) override;
  void CountApproval(ApprovalOutcome outcome) override;
  void CountUpdate(bool on_time) override;
  void CountRating(const std::string& what, int score) override;
  void Measure(kpi::SpanFigure figure, const kpi::Place& place, DurationMs span) override;

 private:
  /// `value`, `none` for nothing, or `other` when too many have a name already.
  const std::string& Named(std::set<std::string>* known, const std::string& value);
  runtime::Labels LabelsOf(const char* figure_label, std::string_view figure, const kpi::Place& place);
  runtime::CounterRef Series(const char* name, const char* help, runtime::Labels labels);
  void CountCase(std::string_view figure, const kpi::Place& place, double by);
  void CountMove(std::string_view figure, const kpi::Place& place, double by);
  void CountPromise(std::string_view figure, const std::string& clock, const kpi::Place& place, double by);
  void AddOverdue(const std::string& clock, const kpi::Place& place, double seconds);
  void AddPenalty(const std::string& clock, const std::string& currency, double minor);
  void CountOne(const char* name, const char* help, const char* label, std::string_view value, double by);
  void AddRating(const std::string& what, const std::string& score, double by);
  runtime::HistogramRef SpanSeries(kpi::SpanFigure figure, const std::string& level, Priority priority);

  runtime::Metrics& metrics_;
  std::set<std::string> levels_, teams_, clocks_, currencies_, rated_;
  std::map<std::pair<std::string, runtime::Labels>, runtime::CounterRef> counters_;
  std::map<std::pair<kpi::SpanFigure, std::pair<std::string, Priority>>, runtime::HistogramRef> spans_;
};

}  // namespace escalon::routing
