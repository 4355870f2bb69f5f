#pragma once

#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

CommandSpec SubmitCommand();

}  // namespace escalon::escalonctl
