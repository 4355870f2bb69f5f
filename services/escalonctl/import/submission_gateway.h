#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/core/result.h"
#include "common/domain/command.h"

namespace escalon::escalonctl {

/// What the door would make of a submission in JSON, but that nothing is sealed. kInvalidArgument names the field.
Result<OpenCase> OpenCaseOf(const nlohmann::json& submission);

}  // namespace escalon::escalonctl
