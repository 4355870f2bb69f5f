#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/rpc/tls.h"
#include "common/runtime/health.h"
#include "common/runtime/logging.h"

namespace grpc {
class Service;
}

namespace escalon::rpc {

inline constexpr int kPublicMessageBytes = 1 << 20;    ///< for callers from outside
inline constexpr int kInternalMessageBytes = 4 << 20;  ///< between services

struct ServerOptions {
  std::string address = "127.0.0.1:0";  ///< `host:port`; port 0: any free one
  /// Full names (`escalon.cases.v1.CaseService`) that health checks may ask for, beside "" for all.
  std::vector<std::string> health_services = {};
  bool reflection = true;
  int most_message_bytes = kPublicMessageBytes;  ///< of a request; beyond it RESOURCE_EXHAUSTED
  int most_streams = 1024;                       ///< concurrent calls of one connection; further ones wait
  std::optional<TlsFiles> tls = std::nullopt;
};

/// A listening gRPC server with health and, as asked, reflection. Health is NOT_SERVING until told otherwise. Dead
/// clients are found by pings within 40 s; clients may ping every second. Thread-safe.
class Server {
 public:
  /// Serves when it returns. The services must outlive it. Only `clock.Steady()` is used. kUnavailable when the address
  /// cannot be had.
  static Result<std::unique_ptr<Server>> Start(ServerOptions options, const std::vector<grpc::Service*>& services,
                                               const Clock& clock, runtime::Logger log);
  ~Server();  ///< Stop(0)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  /// What health answers for all names.
  void SetServing(bool serving);
  /// Health follows readiness from now on. `health` may outlive the server.
  void Follow(runtime::Health& health);
  /// NOT_SERVING, no new calls; those in flight end by themselves until `limit_ms` of steady time, then they are cut.
  /// Waits for handlers that still owe an answer. Idempotent. True when nothing had to be cut. Streams that never end
  /// by themselves must be told first (KeeperService::Drain).
  bool Stop(DurationMs limit_ms);

 private:
  struct State;
  explicit Server(std::shared_ptr<State> state);
  const std::shared_ptr<State> state_;  ///< shared with Health's callback, which cannot be taken back
};

}  // namespace escalon::rpc
