#pragma once

#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

CommandSpec ReplayCommand();

}  // namespace escalon::escalonctl
