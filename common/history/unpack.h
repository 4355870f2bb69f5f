#pragma once

#include <cstddef>
#include <string>

#include "common/core/result.h"

namespace escalon::history {

/// What `bytes` hold: an .xz file unpacked, anything else as it is. kInvalidArgument: damaged, or more than
/// `most_bytes` when unpacked.
Result<std::string> Unpacked(std::string bytes, size_t most_bytes);

}  // namespace escalon::history
