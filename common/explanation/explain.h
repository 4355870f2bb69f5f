#pragma once

#include "common/domain/policy.h"
#include "common/domain/roster.h"
#include "common/explanation/page.h"

namespace escalon::explanation {

/// The criteria page of one version of a policy: how priority is judged, levels with their targets and authority,
/// promises, ways, approvals, handover, who is told, calendars; with a roster also the contacts.
Page Explain(const Policy& policy, const Roster* roster);

}  // namespace escalon::explanation
