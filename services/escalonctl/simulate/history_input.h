#pragma once

#include <string>
#include <vector>

#include "common/history/event_log.h"
#include "common/simulation/historic_case.h"
#include "services/escalonctl/cli/command.h"
#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {

/// HISTORY, --history-format, --column, --state, --zone.
std::vector<Option> HistoryOptions();

struct HistoryInput {
  std::vector<simulation::HistoricCase> cases;
  size_t bytes = 0;    ///< unpacked
  double seconds = 0;  ///< that reading took
};

/// Reads the history that the options name. Errors name the option, or the line of the file.
Result<HistoryInput> ReadHistory(Session& session, const Arguments& arguments);

}  // namespace escalon::escalonctl
