#pragma once

#include <string>
#include <vector>

#include "common/domain/policy.h"

namespace escalon::explanation {

/// Something that another version of a policy changes.
struct Difference {
  std::string which;  ///< the cases: `cases where kind is incident, at P1 and P2`
  std::string what;   ///< `step 2 waits 10 minutes, around the clock instead of 5 minutes, around the clock`
};

/// In the order of the policy; empty: a case under `after` is led as under `before`.
std::vector<Difference> Differences(const Policy& before, const Policy& after);

}  // namespace escalon::explanation
