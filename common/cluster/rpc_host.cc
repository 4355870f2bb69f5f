#include "common/cluster/rpc_host.h"

#include <fstream>
#include <utility>

#include "common/cluster/trust.h"
#include "common/wire/protobuf_log.h"

namespace escalon::cluster {
namespace {

constexpr DurationMs kCutBeforeLimitMs = 500;

}  // namespace

runtime::Options RpcOptions(int default_port) {
  runtime::Options options = {
      runtime::StringOption("grpc.listen", "127.0.0.1:" + std::to_string(default_port),
                            "Where calls are taken, host:port; port 0: any free one."),
      runtime::PathOption("grpc.port_file", "", "Written with the listening port once it is known; for port 0."),
  };
  for (runtime::Option& option : TrustOptions()) options.push_back(std::move(option));
  return options;
}

runtime::Options KeeperOptions() {
  return {
      runtime::ListOption("routing.addresses", "127.0.0.1:7003", "Instances of routing, host:port.",
                          "routing-0:7003,routing-1:7003"),
      runtime::SecretOption("service.key", "This service's own API key, with the role service."),
  };
}

RpcHost::RpcHost(service::ServiceContext& context, std::unique_ptr<LiveCredentials> credentials)
    : context_(context),
      credentials_(std::move(credentials)),
      limits_(std::make_unique<rpc::CallLimits>(rpc::CallOptions{.credentials = credentials_->current(),
                                                                 .clock = context.clock,
                                                                 .metrics = context.metrics,
                                                                 .log = context.log})) {}

Result<std::unique_ptr<RpcHost>> RpcHost::Create(service::ServiceContext& context) {
  wire::SilenceProtobufLog();
  auto credentials = LiveCredentials::Create(context);
  if (!credentials.ok()) return credentials.error();
  return std::unique_ptr<RpcHost>(new RpcHost(context, std::move(*credentials)));
}

void RpcHost::AddStep(std::vector<grpc::Service*> services, std::vector<std::string> names, int most_message_bytes,
                      std::function<void()> before_stop) {
  context_.lifecycle.Add({.name = "grpc",
                          .start = [this, services = std::move(services), names = std::move(names),
                                    most_message_bytes] { return Listen(services, names, most_message_bytes); },
                          .stop =
                              [this, before_stop = std::move(before_stop)](DurationMs limit) {
                                if (before_stop) before_stop();
                                if (server_ != nullptr) server_->Stop(limit - kCutBeforeLimitMs);
                              },
                          .stop_limit_ms = 6 * kSecondMs});
}

Status RpcHost::Listen(const std::vector<grpc::Service*>& services, const std::vector<std::string>& names,
                       int most_message_bytes) {
  rpc::ServerOptions options;
  options.address = context_.config.GetString("grpc.listen");
  options.health_services = names;
  options.most_message_bytes = most_message_bytes;
  options.tls = TlsFromConfig(context_.config);
  auto server = rpc::Server::Start(options, services, context_.clock, context_.log);
  if (!server.ok()) return server.error();
  server_ = std::move(*server);
  server_->Follow(context_.health);
  context_.log.Info("taking calls", {{"address", options.address}, {"port", server_->port()}});
  const std::string file = context_.config.GetString("grpc.port_file");
  if (file.empty()) return {};
  std::ofstream out(file);
  out << server_->port() << "\n";
  if (!out.good()) return InvalidField("grpc.port_file", "cannot be written: " + file);
  return {};
}

Result<std::unique_ptr<rpc::KeeperClient>> ConnectKeeper(const Cluster& cluster, service::ServiceContext& context) {
  rpc::KeeperClientOptions options;
  options.addresses = context.config.GetList("routing.addresses");
  options.shards = cluster.plan.shards;
  options.authorization = "Bearer " + context.config.GetSecret("service.key");
  options.tls = TlsFromConfig(context.config);
  auto created = rpc::KeeperClient::Create(std::move(options), context.clock, context.metrics, context.log);
  if (!created.ok()) return created.error();
  rpc::KeeperClient* client = created->get();
  context.health.Require("keeper", "connecting to routing");
  client->OnConnected([&context](bool connected) {
    context.health.Set("keeper", connected, connected ? "" : "no instance of routing answers");
  });
  context.lifecycle.Add(
      {.name = "keeper client", .stop = [client](DurationMs limit) { client->Stop(limit - kCutBeforeLimitMs); }});
  return std::move(*created);
}

}  // namespace escalon::cluster
