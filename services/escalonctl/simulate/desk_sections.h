#pragma once

#include <string>
#include <vector>

#include "services/escalonctl/report/report_page.h"
#include "services/escalonctl/simulate/desk_run.h"

namespace escalon::escalonctl {

/// What one run led to: what it was made of, who was paged when, load, gaps, and the formulas of kpi.
std::vector<ReportSection> DeskSections(const DeskRules& rules, const DeskResult& result,
                                        const std::vector<simulation::HistoricCase>& history);

/// Two runs of one history side by side, and the cases that differ, at most `most_cases` of them.
std::vector<ReportSection> ComparisonSections(const DeskResult& a, const DeskResult& b,
                                              const std::vector<simulation::HistoricCase>& history, size_t most_cases);

/// How fast it was. Of every run another, so it stands apart.
ReportSection SpeedSection(const HistoryInput& input, const DeskResult& result);

}  // namespace escalon::escalonctl
