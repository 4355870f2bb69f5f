#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "common/access/sight.h"

namespace escalon {

/// Counted states from the owners, in the order of the ids.
using ReadCases = std::function<void(std::vector<CaseId>, std::function<void(std::vector<Result<Case>>)>)>;
/// The roster of a tenant, never null; by an empty one nobody is cleared for a restricted case.
using RosterOf = std::function<std::shared_ptr<const Roster>(std::string_view tenant)>;

/// Which of `ids` the principal may know of (SightOf, from the desk's side). An operator answers for every message and
/// clock of their tenants: all, and nobody is asked. A case that its owner no longer has is not seen by anybody else.
/// The owner's error, when one cannot be reached: what may be secret is not shown meanwhile. `done` comes on the thread
/// of `read`, or at once.
void AskVisible(const Principal& principal, std::set<CaseId> ids, const ReadCases& read, RosterOf roster_of,
                std::function<void(Result<std::set<CaseId>>)> done);

}  // namespace escalon
