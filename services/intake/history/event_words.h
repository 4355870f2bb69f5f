#pragma once

#include <string>
#include <vector>

#include "common/domain/event.h"

namespace escalon::intake {

/// One line for people: `escalated from L1 to L2 (no_acknowledgement)`. Names ids only: no personal texts. Pure.
std::string WordsOf(const Event& event);
/// `a, b and c`.
std::string ListOf(const std::vector<std::string>& names);

}  // namespace escalon::intake
