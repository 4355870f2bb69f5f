#include "common/service/service_host.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "common/http/admin_server.h"
#include "common/runtime/address.h"
#include "common/runtime/build_info.h"
#include "common/runtime/process_metrics.h"
#include "common/runtime/system_clock.h"

namespace escalon::service {
namespace {

using runtime::CommandLine;
using runtime::Config;

constexpr int kDone = 0, kFailed = 1, kUsage = 2;

void Print(std::FILE* out, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
}

std::string VersionText(const std::string& service) {
  const runtime::BuildInfo build = runtime::ThisBuild();
  return service + " " + build.version + " (" + build.commit + ", " + build.compiler + ")\n";
}

std::string MetricsText(const runtime::Metrics& metrics) {
  std::string out;
  for (const runtime::MetricInfo& info : metrics.Catalogue()) {
    out += info.name + "\t" + info.type + "\t";
    for (const std::string& label : info.labels) out += (&label == &info.labels.front() ? "" : ",") + label;
    out += "\t" + info.help + "\n";
  }
  return out;
}

std::string DefaultInstance(const std::string& service) {
  char host[256] = {};
  if (gethostname(host, sizeof host - 1) != 0) return service + "-" + std::to_string(getpid());
  return std::string(host) + "-" + std::to_string(getpid());
}

// Whole or not at all, for whoever waits for it.
Status WritePortFile(const std::string& path, uint16_t port) {
  const std::string part = path + ".part";
  std::ofstream file(part);
  file << port << "\n";
  file.close();
  if (!file || std::rename(part.c_str(), path.c_str()) != 0)
    return Error{ErrorCode::kInternal, "cannot write admin.port_file \"" + path + "\""};
  return {};
}

// One run of a service, once the configuration is good. The order of members is the order of need.
class Host {
 public:
  Host(const ServiceInfo& info, const Config& config, std::unique_ptr<Clock> clock)
      : info_(info),
        config_(config),
        instance_(config.GetString("instance").empty() ? DefaultInstance(info.name) : config.GetString("instance")),
        signals_(shutdown_),
        clock_(std::move(clock)),
        log_(runtime::Logger::ToStderr(
            {.level = runtime::ParseLogLevel(config.GetString("log.level")).value(),
             .format = config.GetString("log.format") == "text" ? runtime::LogFormat::kText : runtime::LogFormat::kJson,
             .service = info.name,
             .instance = instance_},
            machine_clock_)),
        health_(log_),
        lifecycle_(log_, machine_clock_) {
    runtime::AddProcessMetrics(metrics_, runtime::ThisBuild(), machine_clock_);
  }

  Status Build(const AppFactory& factory) {
    health_.Require("started");
    context_.emplace(ServiceContext{config_, log_, metrics_, *clock_, machine_clock_, health_, lifecycle_, shutdown_,
                                    info_.name, instance_});
    Result<std::unique_ptr<App>> app = factory(*context_);
    if (!app) return app.error();
    app_ = std::move(*app);
    return {};
  }

  std::string MetricsList() const { return MetricsText(metrics_); }

  int Run(const AppFactory& factory) {
    const runtime::BuildInfo build = runtime::ThisBuild();
    log_.Info("starting", {{"version", build.version}, {"commit", build.commit}, {"pid", getpid()}});
    if (clock_->Factor() != 1.0)
      log_.Warn("a development clock is in use",
                {{"now", FormatInstant(clock_->WallMs())}, {"factor", clock_->Factor()}});
    const bool served = Told("the admin server cannot start", StartAdmin());
    const bool built = served && Told("the service cannot be built", Build(factory));
    const bool started = built && Told("the service cannot start", lifecycle_.Start());
    if (started) {
      health_.Set("started", true);
      log_.Info("ready when its conditions are met");
      shutdown_.Wait();
    }
    log_.Info("stopping", {{"reason", shutdown_.requested() ? shutdown_.reason() : "start failed"}});
    health_.Set("started", false, "stopping");
    const bool clean = lifecycle_.Stop();
    // Asked to end while it still waited for something is no failure.
    const bool failed = shutdown_.failed() || !clean || (!started && !shutdown_.requested());
    log_.Info("ended", {{"clean", clean}});
    // A step that is stuck still uses what would be destroyed now.
    if (!clean) std::_Exit(kFailed);
    app_.reset();
    if (admin_ != nullptr) admin_->Stop(kAdminStopMs);
    return failed ? kFailed : kDone;
  }

 private:
  static constexpr DurationMs kAdminStopMs = 500;

  bool Told(const char* message, const Status& status) {
    if (!status) log_.Error(message, {runtime::ErrorField(status.error())});
    return status.ok();
  }

  Status StartAdmin() {
    const Result<runtime::HostPort> listen = runtime::ParseHostPort(config_.GetString("admin.listen"), "admin.listen");
    if (!listen) return listen.error();
    http::ServerOptions options;
    options.address = listen->host;
    options.port = listen->port;
    options.body_limit = 4096;
    options.max_connections = 64;
    http::AdminView view{metrics_, health_, runtime::ThisBuild(), info_.name, config_.Print()};
    Result<std::unique_ptr<http::Server>> server = http::StartAdminServer(options, std::move(view), log_);
    if (!server) return server.error();
    admin_ = std::move(*server);
    log_.Info("admin server listens", {{"address", listen->host}, {"port", admin_->port()}});
    const std::string port_file = config_.GetString("admin.port_file");
    return port_file.empty() ? Status() : WritePortFile(port_file, admin_->port());
  }

  const ServiceInfo& info_;
  const Config& config_;
  const std::string instance_;
  runtime::ShutdownRequest shutdown_;
  runtime::SignalListener signals_;  ///< before anything that starts a thread
  runtime::SystemClock machine_clock_;
  std::unique_ptr<Clock> clock_;
  runtime::Logger log_;
  runtime::Metrics metrics_;
  runtime::Health health_;
  runtime::Lifecycle lifecycle_;
  std::unique_ptr<http::Server> admin_;
  std::optional<ServiceContext> context_;
  std::unique_ptr<App> app_;
};

int WrongUsage(const std::string& service, const Error& error) {
  Print(stderr, service + ": " + error.message + "\n");
  return kUsage;
}

}  // namespace

runtime::Options CommonOptions() {
  return {runtime::ChoiceOption("log.level", "info", {"debug", "info", "warn", "error", "off"},
                                "The least serious lines that are written."),
          runtime::ChoiceOption("log.format", "json", {"json", "text"}, "One JSON object per line, or text to read."),
          runtime::StringOption("instance", "", "The name of this process in logs; empty: host name and process id.",
                                "routing-0"),
          runtime::StringOption("admin.listen", "127.0.0.1:0",
                                "Where /metrics, /healthz, /readyz, /configz and /version are served: IP and port; "
                                "port 0 takes a free one.",
                                "0.0.0.0:9464"),
          runtime::PathOption("admin.port_file", "", "A file that gets the admin server's port once it listens."),
          runtime::StringOption("dev.clock", "",
                                "A development clock shared by all services, EPOCH,FACTOR,REALSTART; empty: the "
                                "machine's.",
                                "2016-02-29T00:00:00Z,600,2030-01-01T12:00:00Z")};
}

int RunService(const ServiceInfo& info, int argc, const char* const* argv, const AppFactory& factory) {
  runtime::Options options = CommonOptions();
  options.insert(options.end(), info.options.begin(), info.options.end());
  const Result<CommandLine> line = runtime::ParseCommandLine({argv + (argc > 0 ? 1 : 0), argv + argc});
  if (!line) {
    std::string message = line.error().message;
    for (const FieldViolation& finding : line.error().fields) message += "\n  " + finding.field + " " + finding.message;
    return WrongUsage(info.name, {ErrorCode::kInvalidArgument, message});
  }
  if (line->action == CommandLine::Action::kHelp) {
    Print(stdout, runtime::HelpText(info.name, info.summary, options));
    return kDone;
  }
  if (line->action == CommandLine::Action::kVersion) {
    Print(stdout, VersionText(info.name));
    return kDone;
  }
  const Result<Config> config = Config::Load(options, *line, runtime::ReadEnvironment());
  if (!config) return WrongUsage(info.name, config.error());
  Result<std::unique_ptr<Clock>> clock = runtime::MakeClock(config->GetString("dev.clock"));
  if (!clock) return WrongUsage(info.name, clock.error());
  const auto listen = runtime::ParseHostPort(config->GetString("admin.listen"), "admin.listen");
  if (!listen) return WrongUsage(info.name, listen.error());
  const Status checked = info.check ? info.check(*config) : Status();
  if (!checked) return WrongUsage(info.name, checked.error());
  if (line->action == CommandLine::Action::kCheckConfig) {
    Print(stdout, "the configuration is good\n");
    return kDone;
  }
  if (line->action == CommandLine::Action::kPrintConfig) {
    Print(stdout, config->Print());
    return kDone;
  }
  Host host(info, *config, std::move(*clock));
  if (line->action == CommandLine::Action::kPrintMetrics) {
    const Status built = host.Build(factory);
    if (!built) return WrongUsage(info.name, built.error());
    Print(stdout, host.MetricsList());
    return kDone;
  }
  return host.Run(factory);
}

}  // namespace escalon::service
