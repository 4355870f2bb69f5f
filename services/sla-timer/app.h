#pragma once

#include <memory>

#include "common/core/result.h"
#include "common/service/service_host.h"

namespace escalon::slatimer {

/// The composition root of sla-timer.
Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context);

}  // namespace escalon::slatimer
