#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// Questions to the rules about time, rosters and paths; no server, no network, no clock.
CommandSection CalcSection();

}  // namespace escalon::escalonctl
