#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// The case log itself, read directly from Kafka: verify, replay, dump.
CommandSection LogSection();

}  // namespace escalon::escalonctl
