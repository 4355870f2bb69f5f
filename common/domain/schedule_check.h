#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/domain/schedule.h"

namespace escalon {

/// Everything wrong with a schedule but its rotations and its zone, each with its path below `field`, and the remedy.
std::vector<FieldViolation> CheckSchedule(const ScheduleSpec& spec, std::string_view field);

}  // namespace escalon
