#pragma once

#include <memory>

#include "common/core/result.h"
#include "common/service/service_host.h"

namespace escalon::notification {

/// The composition root of notification.
Result<std::unique_ptr<service::App>> MakeApp(service::ServiceContext& context);

}  // namespace escalon::notification
