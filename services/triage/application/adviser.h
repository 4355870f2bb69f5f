#pragma once

#include "common/domain/case.h"
#include "common/domain/command.h"
#include "common/domain/policy.h"

namespace escalon::triage {

/// What triage says of a case by rules: priority (matrix, modifiers, floors), category and skills from the policy's own
/// words, complexity, each with the rule and the facts that it saw. Pure. The sealed description is not read: titles,
/// tags and labels are.
RecordTriage Advise(const Policy& policy, const Case& c);

}  // namespace escalon::triage
