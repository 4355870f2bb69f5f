#pragma once

#include <cstdint>

#include "common/core/result.h"

namespace escalon::escalonctl {

/// What the shell hears. Scripts rest on the numbers: never renumber.
enum class ExitCode : uint8_t {
  kOk = 0,
  kRefused = 1,      ///< the other side said no, or something failed for good
  kUsage = 2,        ///< the command line or the configuration is wrong; nothing was done
  kNotFound = 3,     ///< no such case, document, person, or not for this credential
  kUnavailable = 4,  ///< something needed is away or the outcome is unknown: repeat with the same command id
  kFindings = 5,     ///< it ran, and what it looked at is not as it must be
};

ExitCode ExitCodeOf(ErrorCode code);

}  // namespace escalon::escalonctl
