#pragma once

#include <string>
#include <vector>

#include "common/kpi/kpi_report.h"
#include "services/escalonctl/report/report_page.h"

namespace escalon::escalonctl {

/// One line a measure: what it is, its value, of how many.
ReportSection SummarySection(const kpi::Report& report);
/// All of domain.md §12 of one set of cases, as tables.
std::vector<ReportSection> KpiSections(const kpi::Report& report);

struct NamedReport {
  std::string name;
  kpi::Report report;
};
/// Groups side by side, the main measures of each.
ReportSection GroupSection(const std::string& by, const std::vector<NamedReport>& groups);

/// Seconds, for a column of Unit::kSpan.
inline double Seconds(DurationMs span) { return static_cast<double>(span) / kSecondMs; }
/// Null when nothing was counted.
Json ShareJson(const kpi::Share& share);

}  // namespace escalon::escalonctl
