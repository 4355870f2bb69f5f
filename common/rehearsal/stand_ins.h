#pragma once

#include <memory>
#include <span>

#include "common/core/result.h"
#include "common/domain/policy.h"
#include "common/domain/policy_test.h"
#include "common/domain/roster.h"

namespace escalon::rehearsal {

/// Two people, `desk-1` and `desk-2`, for every team, role and schedule `desk` that the policy names, every person that
/// it or its tests name, always present, with all skills, languages and clearances: what a policy promises when the
/// people are there. Errors: the policy names what no roster could have.
Result<std::shared_ptr<const Roster>> StandIns(const Policy& policy, std::span<const PolicyTest> tests);

}  // namespace escalon::rehearsal
