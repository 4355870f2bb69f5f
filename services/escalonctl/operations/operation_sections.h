#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// deliveries, dlq, test-page.
CommandSection DeliverySection();
/// clocks, shard.
CommandSection MachineSection();

}  // namespace escalon::escalonctl
