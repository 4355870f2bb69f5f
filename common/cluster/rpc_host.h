#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/cluster/cluster.h"
#include "common/cluster/live_credentials.h"
#include "common/rpc/call.h"
#include "common/rpc/keeper_client.h"
#include "common/rpc/server.h"
#include "common/service/service_host.h"

namespace escalon::cluster {

/// grpc.listen, grpc.port_file, and those of trust.h.
runtime::Options RpcOptions(int default_port);
/// service.key, routing.addresses: of services that send commands.
runtime::Options KeeperOptions();

/// The gRPC side of a service: credentials, admission, the server and its place in the lifecycle. Made by the
/// composition root.
class RpcHost {
 public:
  static Result<std::unique_ptr<RpcHost>> Create(service::ServiceContext& context);

  const Credentials& credentials() const { return credentials_->current(); }
  rpc::CallLimits& limits() { return *limits_; }
  /// Adds the step that listens (last of a service's steps) and, at shutdown first, stops. `before_stop` ends streams
  /// that do not end by themselves. The services outlive the lifecycle.
  void AddStep(std::vector<grpc::Service*> services, std::vector<std::string> names, int most_message_bytes,
               std::function<void()> before_stop = {});

 private:
  RpcHost(service::ServiceContext& context, std::unique_ptr<LiveCredentials> credentials);
  Status Listen(const std::vector<grpc::Service*>& services, const std::vector<std::string>& names,
                int most_message_bytes);

  service::ServiceContext& context_;
  const std::unique_ptr<LiveCredentials> credentials_;
  const std::unique_ptr<rpc::CallLimits> limits_;
  std::unique_ptr<rpc::Server> server_;
};

/// The way to the owners of the cases, by the options above. Adds the step that stops it and the condition `keeper` of
/// readiness.
Result<std::unique_ptr<rpc::KeeperClient>> ConnectKeeper(const Cluster& cluster, service::ServiceContext& context);

}  // namespace escalon::cluster
