#pragma once

#include <string>

#include "common/core/result.h"

namespace escalon::load {

/// Puts a policy and a roster in force, as an operator would. Either file may be empty: not applied. Blocks, and
/// repeats what fails for a while.
Status ApplyRules(const std::string& intake, const std::string& authorization, const std::string& policy_file,
                  const std::string& roster_file);

}  // namespace escalon::load
