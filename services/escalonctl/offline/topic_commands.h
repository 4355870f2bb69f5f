#pragma once

#include "services/escalonctl/cli/catalogue.h"

namespace escalon::escalonctl {

/// Topics and the cluster's manifest, directly on Kafka.
CommandSection TopicSection();

}  // namespace escalon::escalonctl
