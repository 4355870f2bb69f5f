#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// policy and roster.
CommandSection RuleSection();
/// Those of a roster.
std::vector<CommandSpec> RosterCommands();

}  // namespace escalon::escalonctl
