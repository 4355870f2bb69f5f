#pragma once

#include <string>

#include "common/domain/draft.h"

namespace escalon::decide {

// What ends a case, or takes it up again.

/// Every wait that has no meaning any more; promises and retention go on.
void StopWaits(Draft& d, const std::string& why);
void CloseCase(Draft& d, CloseCause cause);
/// Of an ended case: the live view keeps it at least until a duty that has just begun is due.
void KeepWhatIsOwed(Draft& d);

}  // namespace escalon::decide
