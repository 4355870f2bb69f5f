#pragma once

#include <string>

#include "common/domain/draft.h"

namespace escalon::decide {

// What ends a case, or takes it up again.

/// Every wait that has no meaning any more; promises and retention go on.
void StopWaits(Draft& d, const std::string& why);
void CloseCase(Draft& d, CloseCause cause);

}  // namespace escalon::decide
