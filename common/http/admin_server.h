#pragma once

#include <memory>
#include <string>

#include "common/http/server.h"
#include "common/runtime/build_info.h"
#include "common/runtime/health.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"

namespace escalon::http {

/// What the admin endpoints show. All but the strings must outlive the server.
struct AdminView {
  const runtime::Metrics& metrics;
  const runtime::Health& health;
  runtime::BuildInfo build;
  std::string service;
  std::string config;  ///< redacted, as --print-config gives it
};

/// GET /metrics (text 0.0.4), /healthz (200 while the process answers), /readyz (200 or 503 with every condition),
/// /configz, /version; nothing else.
Result<std::unique_ptr<Server>> StartAdminServer(const ServerOptions& options, AdminView view, runtime::Logger log);

}  // namespace escalon::http
