#pragma once

#include <string>
#include <string_view>

#include "common/domain/draft.h"

namespace escalon::decide {

// Consent to an escalation that a person asks for, before it or, in an emergency, afterwards (domain.md §9).

/// The policy's rule that asks for consent; nullptr: none.
const ApprovalRule* ApprovalFor(const Draft& d, const ApprovalRequest& request);
bool HasOpenApproval(const Case& c, Track track, std::string_view to_level);
/// Asks the level's people, deputies included, never the one who wants it; with its own clock. False: too many are
/// open.
bool RequestApproval(Draft& d, const ApprovalRule& rule, ApprovalRequest request);

}  // namespace escalon::decide
