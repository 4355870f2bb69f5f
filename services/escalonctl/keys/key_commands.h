#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// Fresh API keys, key rings and webhook secrets: made here, nothing is sent.
CommandSection KeySection();

}  // namespace escalon::escalonctl
