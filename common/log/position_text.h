#pragma once

#include <string>
#include <string_view>

#include "common/core/position.h"
#include "common/core/result.h"

namespace escalon::log {

/// `p1 <offset> <epoch> <owner, 32 hex digits> <seq>`: what commits carry as metadata and people read in tools.
std::string FormatPosition(const Position& position);
/// Total: anything else is kInvalidArgument.
Result<Position> ParsePosition(std::string_view text);

}  // namespace escalon::log
