#pragma once

#include "common/domain/condition.h"

namespace escalon {

/// Whether one case could meet both conditions. False only when that is provably impossible (they want different values
/// of the same single-valued field): of two paths that may both match, the policy must say which one wins.
bool MayOverlap(const Condition& a, const Condition& b);

}  // namespace escalon
