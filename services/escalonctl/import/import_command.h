#pragma once

#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

/// `import`: the open cases of another system, with their past.
CommandSpec ImportCommand();

}  // namespace escalon::escalonctl
