#include "services/routing/keeper/kpi_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace escalon::routing {
namespace {

using kpi::CaseFigure;
using kpi::MoveFigure;
using testing::HasSubstr;
using testing::Not;

TEST(KpiMetrics, EveryFamilyExistsBeforeItsFirstCase) {
  runtime::Metrics registry;
  const KpiMetrics metrics(registry);
  const std::string text = registry.Serialize();
  for (const char* name :
       {"escalon_kpi_cases_total", "escalon_kpi_moves_total", "escalon_kpi_promises_total",
        "escalon_kpi_overdue_seconds_total", "escalon_kpi_handovers_total", "escalon_kpi_penalties_total",
        "escalon_kpi_reviews_total", "escalon_kpi_approvals_total", "escalon_kpi_updates_total",
        "escalon_kpi_ratings_total", "escalon_kpi_escalation_reasons_total", "escalon_kpi_seconds_count"}) {
    EXPECT_THAT(text, HasSubstr(std::string(name) + "{"));
  }
  EXPECT_THAT(text, HasSubstr(R"(figure="first_level",level="none",priority="none",team="none")"));
}

TEST(KpiMetrics, CountsWhereItHappened) {
  runtime::Metrics registry;
  KpiMetrics metrics(registry);
  const kpi::Place place{"L2", "network", Priority::kP1};
  metrics.Count(CaseFigure::kResolved, place);
  metrics.Count(CaseFigure::kResolved, place);
  metrics.Count(MoveFigure::kFunctional, place);
  metrics.Count(kpi::PromiseFigure::kBroken, "response", place);
  metrics.Overdue("response", place, 90 * kSecondMs);
  metrics.CountRating("resolution", 0);
  metrics.CountRating("resolution", 5);
  metrics.Measure(kpi::SpanFigure::kToResolve, place, kHourMs);
  const std::string text = registry.Serialize();
  for (const char* line : {R"(escalon_kpi_cases_total{figure="resolved",level="L2",priority="P1",team="network"} 2)",
                           R"(escalon_kpi_moves_total{figure="functional",level="L2",priority="P1",team="network"} 1)",
                           R"(escalon_kpi_promises_total{clock="response",priority="P1",result="broken"} 1)",
                           R"(escalon_kpi_overdue_seconds_total{clock="response",priority="P1"} 90)",
                           R"(escalon_kpi_ratings_total{score="asked",what="resolution"} 1)",
                           R"(escalon_kpi_ratings_total{score="5",what="resolution"} 1)",
                           R"(escalon_kpi_seconds_sum{figure="to_resolve",level="L2",priority="P1"} 3600)"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(KpiMetrics, ANameTooManyIsOther) {
  runtime::Metrics registry;
  KpiMetrics metrics(registry);
  for (size_t i = 0; i < KpiMetrics::kMostValues + 20; ++i)
    metrics.Count(CaseFigure::kOpened, {"L1", "team-" + std::to_string(i), Priority::kP3});
  const std::string text = registry.Serialize();
  EXPECT_THAT(text, HasSubstr(R"(team="other"} 20)"));
  EXPECT_THAT(text, HasSubstr(R"(team="team-49"} 1)"));
  EXPECT_THAT(text, Not(HasSubstr(R"(team="team-50")")));
}

}  // namespace
}  // namespace escalon::routing
