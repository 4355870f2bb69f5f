#pragma once

#include <vector>

#include "common/domain/policy.h"
#include "common/domain/roster_types.h"
#include "common/simulation/historic_case.h"

namespace escalon::simulation {

/// A roster to try a policy with where none is given: everybody and every team that the history or the policy names.
/// A team is whoever was ever given a case in it; one of them, the first by id, takes its pages, since a history does
/// not say who was on call. Teams and roles of which the history knows nobody get two people of their own
/// (`desk-1`, `desk-2`). All are there around the clock, in UTC.
RosterDocument MadeRoster(const Policy& policy, const std::vector<HistoricCase>& history);

}  // namespace escalon::simulation
