#pragma once

#include <optional>

#include "common/calc/case_history.h"
#include "common/calc/json.h"
#include "common/calc/place.h"

/// The parts of a clock as an `sla` query writes them.
namespace escalon::calc {

ClockKind ReadClockKind(const Place& place);
/// Null: no target.
std::optional<Target> ReadTarget(const Place& place);
HistoryClock ReadHistoryClock(const Place& place);
/// A warning as the answer repeats it: its share as it was written, an offset in milliseconds or days.
Json WarningForm(const Json& written, const WarningRule& rule);

}  // namespace escalon::calc
