#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/vocabulary.h"

namespace escalon {

/// Time for which an imported case waited elsewhere.
struct StandingPause {
  std::string reason;  ///< of the policy's pending reasons
  InstantMs from = 0, to = 0;
  auto operator<=>(const StandingPause&) const = default;
};

/// A promise that was running elsewhere.
struct StandingClock {
  std::string name;  ///< of the policy's clocks
  InstantMs started_at = 0;
  auto operator<=>(const StandingClock&) const = default;
};

/// How a case stood in the system from which it is imported. All of it optional.
struct Standing {
  Priority priority = Priority::kUnset;  ///< stays until somebody releases it; unset: by the rules
  std::string level;                     ///< of the policy; empty: that of the path's first step
  std::string team, person;              ///< of the roster; empty: the step's team
  InstantMs opened_at = 0;               ///< clocks run from then on, unless `clocks` says otherwise
  InstantMs acknowledged_at = 0, responded_at = 0;
  std::string pending;  ///< it waits now, for this reason
  InstantMs pending_since = 0;
  uint32_t escalations = 0, reassignments = 0, reopens = 0;
  std::vector<StandingPause> pauses;
  std::vector<StandingClock> clocks;
  auto operator<=>(const Standing&) const = default;
};

}  // namespace escalon
