#pragma once

#include <memory>

#include "common/core/result.h"
#include "common/service/service_host.h"

namespace escalon::routing {

/// The composition root of routing.
Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context);

}  // namespace escalon::routing
