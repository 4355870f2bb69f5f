#pragma once

#include <string>
#include <vector>

#include "common/domain/case.h"
#include "common/domain/policy.h"
#include "common/domain/roster.h"

namespace escalon::escalonctl {

/// What a migration would do to one case: nothing, these changes in words, or why it is refused.
struct MigrationEffect {
  std::vector<std::string> changes;
  std::string refused;
  bool breaks_now = false;  ///< a promise would be broken at once
};

/// By the one decider, at `now`. `before`: the rules to which the case is pinned; `next` those that `name` (id@version)
/// stands for. Pure.
MigrationEffect PreviewMigration(const Case& c, const Policy& before, const Policy& next, const std::string& name,
                                 const Roster& roster, InstantMs now);

}  // namespace escalon::escalonctl
