#pragma once

#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

/// `report`.
CommandSpec ReportCommand();

}  // namespace escalon::escalonctl
