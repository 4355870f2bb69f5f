#pragma once

#include <vector>

#include "common/core/result.h"
#include "common/domain/policy.h"
#include "common/domain/roster.h"

namespace escalon {

/// Whom a policy names but the roster does not know: teams, people, roles, schedules, and skills that nobody has. The
/// roster changes daily and lives apart, so this is judged whenever either of them is applied (DESIGN §8). Empty: fine.
std::vector<FieldViolation> FindingsAgainst(const Policy& policy, const Roster& roster);

}  // namespace escalon
