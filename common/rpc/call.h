#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"
#include "common/runtime/trace_context.h"
#include "common/security/credentials.h"
#include "common/security/principal.h"

/// Unary calls with gRPC's callback API: the handler must not block (it runs on one of gRPC's few threads) and answers
/// from any thread, now or later. A service's generated class is then a list of lines such as
///
///   grpc::ServerUnaryReactor* GetCase(grpc::CallbackServerContext* context, const GetCaseRequest* request,
///                                     GetCaseResponse* response) override {
///     return get_case_.Serve(context, request, response, [this](const GetCaseRequest& r, const Caller& c, auto reply)
///     {…});
///   }
namespace escalon::rpc {

/// Who calls, until when, and in which trace.
struct Caller {
  Principal principal;
  InstantMs deadline = kNever;  ///< wall
  runtime::TraceContext trace;
};

/// What the calls of one server have in common. All of it outlives the server.
struct CallOptions {
  const Credentials& credentials;
  const Clock& clock;
  runtime::Metrics& metrics;
  runtime::Logger log;
  int most_at_once = 4096;  ///< calls in work, of all methods; beyond it RESOURCE_EXHAUSTED at once
};

class CallLimits {
 public:
  explicit CallLimits(CallOptions options);
  CallLimits(const CallLimits&) = delete;
  CallLimits& operator=(const CallLimits&) = delete;

 private:
  friend class Method;
  friend class OpenCall;
  const CallOptions options_;
  std::atomic<int> at_once_{0};
  runtime::GaugeRef in_work_;
};

/// One method of a service: admission, authentication, authorization, metrics
/// (`escalon_rpc_calls_total{method,code}`, `escalon_rpc_seconds{method}`) and a rate-limited line for faults of ours.
/// Made at start, one per method. Thread-safe.
class Method {
 public:
  /// `name` is `CaseService/GetCase`. Without an action the handler authorizes by itself.
  Method(CallLimits& limits, std::string name, std::optional<Action> action);
  Method(const Method&) = delete;
  Method& operator=(const Method&) = delete;

  /// `handler(const Request&, const Caller&, std::function<void(Result<Response>)> reply)`. The request lives until
  /// `reply` is called. The first call of `reply` counts; when all its copies are gone without one, the caller gets
  /// INTERNAL.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Serve(grpc::CallbackServerContext* context, const Request* request, Response* response,
                                  Handler&& handler);

  /// For calls that are no unary ones: the checks and the caller; nothing is counted.
  Result<Caller> Check(const grpc::ServerContextBase& context) const;

 private:
  friend class OpenCall;
  static constexpr size_t kCodes = 14;  ///< OK and every ErrorCode
  void Count(const Error* error, std::chrono::steady_clock::time_point started);

  CallLimits& limits_;
  const std::string name_;
  const std::optional<Action> action_;
  std::array<runtime::CounterRef, kCodes> calls_{};
  runtime::HistogramRef seconds_;
  runtime::LogLimit fault_lines_{5};
};

/// The debt of one answer. Not for users of this header.
class OpenCall {
 public:
  OpenCall(Method& method, grpc::ServerUnaryReactor* reactor);
  ~OpenCall();  ///< pays with INTERNAL what is still owed
  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

  Result<Caller> Begin(const grpc::ServerContextBase& context);
  /// True once.
  bool Take() { return !taken_.exchange(true, std::memory_order_acq_rel); }
  /// After Take. nullptr: done.
  void Finish(const Error* error);

 private:
  Method& method_;
  grpc::ServerUnaryReactor* const reactor_;
  const std::chrono::steady_clock::time_point started_;
  std::atomic<bool> taken_{false};
};

template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* Method::Serve(grpc::CallbackServerContext* context, const Request* request,
                                        Response* response, Handler&& handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto call = std::make_shared<OpenCall>(*this, reactor);
  Result<Caller> caller = call->Begin(*context);
  if (!caller) {
    if (call->Take()) call->Finish(&caller.error());
    return reactor;
  }
  std::function<void(Result<Response>)> reply = [call = std::move(call), response](Result<Response> result) {
    if (!call->Take()) return;
    if (!result.ok()) return call->Finish(&result.error());
    *response = std::move(*result);
    call->Finish(nullptr);
  };
  std::forward<Handler>(handler)(*request, *caller, std::move(reply));
  return reactor;
}

}  // namespace escalon::rpc
