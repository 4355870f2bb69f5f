#pragma once

#include <string>
#include <vector>

#include "common/domain/roster.h"
#include "common/icalendar/writer.h"

/// Pure: from a roster to what its commands print.
namespace escalon::escalonctl {

/// Everybody's stretches of duty by a schedule in [from, to): of one person each, joined where they follow each other,
/// by begin. `person` empty: of all.
std::vector<icalendar::Shift> ShiftsOf(const Roster& roster, const std::string& schedule, const std::string& person,
                                       InstantMs from, InstantMs to);

}  // namespace escalon::escalonctl
