#pragma once

#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

CommandSpec DumpCommand();

}  // namespace escalon::escalonctl
