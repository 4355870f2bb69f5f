#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/domain/command.h"
#include "common/domain/openings.h"
#include "common/domain/policy.h"
#include "common/domain/roster.h"

namespace escalon {

/// Open work per person, advisory and ≤ 1 s old (DESIGN §6 "Choosing a person").
class LoadSnapshot {
 public:
  virtual ~LoadSnapshot() = default;
  /// Weighted open cases of a person; 0 when unknown.
  virtual double WorkOf(std::string_view person) const = 0;
  /// Since when the person has taken nothing; 0: for ever.
  virtual InstantMs IdleSince(std::string_view person) const = 0;
};

/// All that a decision may look at beside the case and the command.
struct Context {
  const Policy& policy;  ///< the one that the case is pinned to; for OpenCase the active one
  const Roster& roster;  ///< live
  const LoadSnapshot& load;
  uint64_t seed = 0;                           ///< for power of two choices; the same seed gives the same decision
  InstantMs now = 0;                           ///< the owner's wall clock
  const OpeningsSnapshot* openings = nullptr;  ///< null: none are known
  const Policy* next_policy = nullptr;         ///< that a Migrate names; null: no version is known under that name
};

/// The one decider (DESIGN §4): pure, table-driven where a table is clearer. `current` is nullptr for OpenCase. Returns
/// the batch to append (its `command_id`, `command_hash`, `actor`, `at` filled in), or a rejection worded for a person.
/// A batch without events is a success without change (`kUnchanged`). `after` (optional, a fresh case) is where
/// the case is worked out: with events it is then what `Evolve` makes of the batch, else it means nothing.
Result<EventBatch> Decide(const Case* current, const Command& command, const Context& context, Case* after = nullptr);

}  // namespace escalon
