#pragma once

#include <string>
#include <vector>

#include "common/history/event_log.h"

namespace escalon::load {

/// A roster of everybody who works in the log: a team for each group with all who were ever given a case in it, a desk,
/// duty managers; everybody is told through the service's own log. YAML.
std::string RosterOfLog(const std::vector<history::LogCase>& cases);

}  // namespace escalon::load
