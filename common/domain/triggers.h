#pragma once

#include <string>
#include <string_view>

#include "common/domain/draft.h"

namespace escalon::decide {

// The rules of a path that move a case by themselves (DESIGN §6): at opening, at a share or the breach of a clock, when
// facts change.

/// By the id of a trigger whose alarm has fired; its condition is judged now.
void FireTrigger(Draft& d, std::string_view id);
/// Those tied to the breach of a clock.
void FireBreachTriggers(Draft& d, std::string_view clock);
/// Those of opening: when the case enters its path, and again when its priority rises. Those of facts look, too: what
/// comes in so is no different from what becomes so.
void FireOpeningTriggers(Draft& d);
/// After anything that a condition may look at: facts, priority, counts. A level that the case has reached already is
/// not told again.
void FireFactTriggers(Draft& d);

}  // namespace escalon::decide
