#pragma once

#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

/// `simulate`.
CommandSpec SimulateCommand();

}  // namespace escalon::escalonctl
