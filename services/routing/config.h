#pragma once

#include "common/core/result.h"
#include "common/runtime/config.h"
#include "common/runtime/options.h"

namespace escalon::routing {

/// Everything that this service can be told beside the options of every service: one declaration for help, environment,
/// YAML and checks.
runtime::Options ServiceOptions();
/// What needs several options at once.
Status CheckOptions(const runtime::Config& config);

}  // namespace escalon::routing
