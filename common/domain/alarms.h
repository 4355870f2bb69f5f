#pragma once

#include <string>
#include <string_view>

#include "common/domain/draft.h"

namespace escalon::decide {

/// How an alarm is taken: it acts; it acts, but a change has just put it into the past (DESIGN §7.6: broken now, not
/// before); or it is only recorded, because its clock is being stopped, or because the case was imported with it.
enum class Raise { kAct, kByChange, kSettle, kImport };

/// Raises all alarms of a promise that are due: of several warnings only the gravest sounds, and none beside a breach;
/// a breach once per generation (DESIGN §5.4, §7.6). Triggers of the path tied to them act, or are recorded as
/// superseded when settling. `why`: what a change was about.
void RaiseDue(Draft& d, std::string_view clock, Raise raise, const std::string& why = "");

}  // namespace escalon::decide
