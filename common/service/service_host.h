#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/runtime/config.h"
#include "common/runtime/health.h"
#include "common/runtime/lifecycle.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"
#include "common/runtime/shutdown.h"

namespace escalon::service {

/// What a service is, for RunService.
struct ServiceInfo {
  std::string name;     ///< `sla-timer`; also the log's `service`
  std::string summary;  ///< one line for --help
  /// The service's own options; those of every service (CommonOptions) are added.
  runtime::Options options = {};
  /// Checks that need several options at once; also run by --check-config.
  std::function<Status(const runtime::Config&)> check = {};
};

/// What the composition root builds from. Outlives the App.
struct ServiceContext {
  const runtime::Config& config;
  runtime::Logger log;
  runtime::Metrics& metrics;
  const Clock& clock;          ///< of the cases: a development clock when `dev.clock` is set
  const Clock& machine_clock;  ///< always the machine's
  runtime::Health& health;
  runtime::Lifecycle& lifecycle;
  runtime::ShutdownRequest& shutdown;
  std::string service;
  std::string instance;
};

/// Owns the components of a service.
class App {
 public:
  virtual ~App() = default;
};

/// Builds the components, declares their metrics and health conditions, and adds their steps to the lifecycle; opens no
/// connection yet (--print-metrics calls it too).
using AppFactory = std::function<Result<std::unique_ptr<App>>(ServiceContext&)>;

/// log.level, log.format, instance, admin.listen, admin.port_file, dev.clock.
runtime::Options CommonOptions();

/// The whole of main: command line and configuration, log, metrics, clock, signals, admin HTTP; then the factory, the
/// lifecycle's steps, the wait for shutdown, and the steps in reverse. Readiness has the condition `started`, met once
/// all steps have started, lost when shutdown begins. Returns the exit code: 0 ended as asked, 1 failed, 2 wrong usage
/// or configuration.
int RunService(const ServiceInfo& info, int argc, const char* const* argv, const AppFactory& factory);

}  // namespace escalon::service
