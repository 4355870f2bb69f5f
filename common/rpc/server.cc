#include "common/rpc/server.h"

#include <absl/synchronization/mutex.h>
#include <grpc/support/time.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "common/core/mutex.h"

namespace escalon::rpc {
namespace {

constexpr int kPingEveryMs = 30'000;
constexpr int kPingAnswerMs = 10'000;
constexpr int kClientMayPingEveryMs = 1'000;
constexpr int kLookaheadBytes = 4 << 20;

/// The reflection library adds itself to every server that is built; here a server has it when asked for.
class Reflection final : public grpc::ServerBuilderOption {
 public:
  explicit Reflection(bool wanted) : wanted_(wanted) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    auto own = std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>();
    std::erase_if(*plugins, [&](const auto& plugin) { return plugin->name() == own->name(); });
    if (wanted_) plugins->push_back(std::move(own));
  }

 private:
  const bool wanted_;
};

bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("localhost:") || address.starts_with("[::1]");
}

}  // namespace

struct Server::State {
  std::vector<std::string> names;
  const Clock* clock = nullptr;
  runtime::Logger log;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
  Mutex mutex;
  bool stopped ABSL_GUARDED_BY(mutex) = false;

  void SetServing(bool serving) {
    const MutexLock lock(mutex);
    if (stopped) return;
    Tell(serving);
  }
  void Tell(bool serving) {
    grpc::HealthCheckServiceInterface* health = server->GetHealthCheckService();
    health->SetServingStatus("", serving);
    for (const auto& name : names) health->SetServingStatus(name, serving);
  }
};

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, const std::vector<grpc::Service*>& services,
                                              const Clock& clock, runtime::Logger log) {
  grpc::EnableDefaultHealthCheckService(true);  // of servers built from now on
  // Debian builds Abseil without NDEBUG, so every lock that gRPC takes would be entered into a graph of lock orders.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  auto credentials = MakeServerCredentials(options.tls);
  if (!credentials) return credentials.error();

  auto state = std::make_shared<State>();
  state->names = std::move(options.health_services);
  state->clock = &clock;
  state->log = std::move(log);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.address, *credentials, &state->port);
  builder.SetMaxReceiveMessageSize(options.most_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.most_streams);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a second process on the port is an error, not a share
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kPingEveryMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingAnswerMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kClientMayPingEveryMs);
  // Measuring the bandwidth costs a ping per window; a fixed window does as well inside a cluster.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kLookaheadBytes);
  builder.SetOption(std::make_unique<Reflection>(options.reflection));
  for (grpc::Service* service : services) builder.RegisterService(service);
  state->server = builder.BuildAndStart();
  if (!state->server || state->port == 0) {
    return Error{ErrorCode::kUnavailable,
                 "cannot listen on " + options.address + "; give a free port and an address of this machine"};
  }
  state->SetServing(false);
  if (!options.tls && !IsLoopback(options.address)) {
    state->log.Warn(
        "gRPC is plain text to other machines; set tls.certificate and tls.key, or put it behind an edge that "
        "ends TLS",
        {{"address", options.address}});
  }
  state->log.Info("gRPC listens",
                  {{"address", options.address}, {"port", state->port}, {"tls", options.tls.has_value()}});
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::shared_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() { Stop(0); }

int Server::port() const { return state_->port; }
void Server::SetServing(bool serving) { state_->SetServing(serving); }

void Server::Follow(runtime::Health& health) {
  health.OnReadiness([weak = std::weak_ptr<State>(state_)](bool ready) {
    if (const auto state = weak.lock()) state->SetServing(ready);
  });
}

bool Server::Stop(DurationMs limit_ms) {
  {
    const MutexLock lock(state_->mutex);
    if (state_->stopped) return true;
    state_->Tell(false);
    state_->stopped = true;
  }
  const auto until = state_->clock->Steady() + std::chrono::milliseconds(limit_ms);
  // gRPC reckons a span from now on, in its monotonic time.
  state_->server->Shutdown(gpr_time_from_millis(limit_ms, GPR_TIMESPAN));
  const bool clean = state_->clock->Steady() < until;
  state_->log.Info("gRPC stopped", {{"port", state_->port}, {"cut", !clean}});
  return clean;
}

}  // namespace escalon::rpc
