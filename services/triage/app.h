#pragma once

#include <memory>

#include "common/core/result.h"
#include "common/service/service_host.h"

namespace escalon::triage {

/// The composition root of triage.
Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context);

}  // namespace escalon::triage
