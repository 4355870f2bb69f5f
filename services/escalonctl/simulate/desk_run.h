#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/domain/policy.h"
#include "common/domain/roster.h"
#include "common/kpi/case_story.h"
#include "common/kpi/kpi_report.h"
#include "common/simulation/virtual_desk.h"
#include "services/escalonctl/cli/session.h"
#include "services/escalonctl/simulate/desk_measures.h"
#include "services/escalonctl/simulate/history_input.h"

namespace escalon::escalonctl {

/// A policy with the people under whom it is tried.
struct DeskRules {
  std::string name;  ///< of the file
  Policy policy;
  std::shared_ptr<const Roster> roster;
  bool made_roster = false;
};

/// Reads both; without a roster one is made from the history. Errors hold every finding, with its place.
Result<DeskRules> ReadRules(Session& session, const std::string& policy_file, const std::string& roster_file,
                            const std::vector<simulation::HistoricCase>& history);

/// Everything that a run of a history under rules led to.
struct DeskResult {
  simulation::DeskRun run;
  std::vector<kpi::CaseStory> stories;  ///< one for each case of the history, in its order
  kpi::Report kpis;
  DeskMeasures measures;
  std::string promise;  ///< that was compared with the history's word; empty: none
  InstantMs until = 0;
  double seconds = 0;  ///< of the run alone
};

/// `until`: kNever for the end of the history. `promise`: empty for the policy's `closing`, else `resolution`.
DeskResult RunDesk(Session& session, const DeskRules& rules, const std::vector<simulation::HistoricCase>& history,
                   InstantMs until, std::string promise);

}  // namespace escalon::escalonctl
