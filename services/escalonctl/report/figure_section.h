#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// simulate, report.
CommandSection FigureSection();

}  // namespace escalon::escalonctl
