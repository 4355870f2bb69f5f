#pragma once

#include <grpcpp/support/server_callback.h>

#include <string>
#include <string_view>
#include <utility>

#include "common/rpc/call.h"
#include "services/intake/access/rate_limit.h"
#include "services/intake/application/intake_metrics.h"

namespace escalon::intake {

/// What all public gRPC methods have in common beside rpc::Method: callers that fail to authenticate too often are
/// refused unheard.
class GuardedCalls {
 public:
  GuardedCalls(rpc::CallLimits& limits, const Credentials& credentials, const Clock& clock, FailureLimit& failures,
               IntakeMetrics& metrics)
      : limits_(limits), credentials_(credentials), clock_(clock), failures_(failures), metrics_(metrics) {}

  rpc::CallLimits& limits() { return limits_; }

  /// As Method::Serve.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Serve(rpc::Method& method, grpc::CallbackServerContext* context, const Request* request,
                                  Response* response, Handler&& handler) {
    const std::string caller = CallerOf(*context);
    if (const Status heard = Hear(caller); !heard.ok()) return Refuse(context, heard.error());
    bool entered = false;
    grpc::ServerUnaryReactor* reactor =
        method.Serve(context, request, response, [&](const Request& r, const rpc::Caller& c, auto reply) {
          entered = true;
          handler(r, c, std::move(reply));
        });
    if (!entered) Judge(*context, caller);
    return reactor;
  }
  /// As Method::Check, for streams.
  Result<rpc::Caller> Check(rpc::Method& method, const grpc::ServerContextBase& context);

 private:
  static std::string CallerOf(const grpc::ServerContextBase& context);
  static grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context, const Error& error);
  Status Hear(const std::string& caller);
  /// After a refusal: was it the credential?
  void Judge(const grpc::ServerContextBase& context, const std::string& caller);

  rpc::CallLimits& limits_;
  const Credentials& credentials_;
  const Clock& clock_;
  FailureLimit& failures_;
  IntakeMetrics& metrics_;
};

}  // namespace escalon::intake
