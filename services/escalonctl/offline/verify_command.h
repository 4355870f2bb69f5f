#pragma once

#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

CommandSpec VerifyCommand();

}  // namespace escalon::escalonctl
