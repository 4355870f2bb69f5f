#include "common/rpc/call.h"

#include <string_view>

#include "common/rpc/authentication.h"
#include "common/rpc/status.h"

namespace escalon::rpc {
namespace {

/// OK, then in the order of ErrorCode.
constexpr std::array<std::string_view, 14> kCodeNames = {"ok",
                                                         "invalid_argument",
                                                         "not_found",
                                                         "wrong_state",
                                                         "permission_denied",
                                                         "unauthenticated",
                                                         "already_exists",
                                                         "resource_exhausted",
                                                         "unavailable",
                                                         "outcome_unknown",
                                                         "not_owner",
                                                         "not_yet",
                                                         "deadline_exceeded",
                                                         "internal"};
static_assert(static_cast<size_t>(ErrorCode::kInternal) + 2 == kCodeNames.size());

constexpr DurationMs kRetryWhenFullMs = 100;

}  // namespace

CallLimits::CallLimits(CallOptions options)
    : options_(std::move(options)),
      in_work_(options_.metrics.AddGauge("escalon_rpc_calls_in_work", "Unary gRPC calls that wait for their answer.")) {
}

Method::Method(CallLimits& limits, std::string name, std::optional<Action> action)
    : limits_(limits),
      name_(std::move(name)),
      action_(action),
      seconds_(limits.options_.metrics.AddHistogram("escalon_rpc_seconds",
                                                    "Seconds from a unary gRPC call to its answer.",
                                                    runtime::kLatencyBuckets, {{"method", name_}})) {
  for (size_t i = 0; i < kCodes; ++i) {
    calls_[i] = limits.options_.metrics.AddCounter("escalon_rpc_calls_total", "Answered unary gRPC calls.",
                                                   {{"method", name_}, {"code", std::string(kCodeNames[i])}});
  }
}

Result<Caller> Method::Check(const grpc::ServerContextBase& context) const {
  const CallOptions& options = limits_.options_;
  Result<Principal> principal = PrincipalOf(context, options.credentials, options.clock);
  if (!principal) return principal.error();
  if (action_) {
    if (Status allowed = Authorize(*principal, *action_); !allowed) return allowed.error();
  }
  return Caller{std::move(*principal), DeadlineOf(context, options.clock), TraceOf(context)};
}

void Method::Count(const Error* error, std::chrono::steady_clock::time_point started) {
  const CallOptions& options = limits_.options_;
  seconds_->Observe(std::chrono::duration<double>(options.clock.Steady() - started).count());
  calls_[error == nullptr ? 0 : static_cast<size_t>(error->code) + 1]->Increment();
  if (error != nullptr && error->code == ErrorCode::kInternal) {
    options.log.Limited(fault_lines_, runtime::LogLevel::kError, "a call failed by a fault of ours",
                        {{"method", name_}, runtime::ErrorField(*error)});
  }
}

OpenCall::OpenCall(Method& method, grpc::ServerUnaryReactor* reactor)
    : method_(method), reactor_(reactor), started_(method.limits_.options_.clock.Steady()) {
  method_.limits_.at_once_.fetch_add(1, std::memory_order_relaxed);
  method_.limits_.in_work_->Increment();
}

OpenCall::~OpenCall() {
  if (Take()) {
    const Error dropped{ErrorCode::kInternal, method_.name_ + " was dropped without an answer; repeat the call"};
    Finish(&dropped);
  }
}

Result<Caller> OpenCall::Begin(const grpc::ServerContextBase& context) {
  const int most = method_.limits_.options_.most_at_once;
  if (method_.limits_.at_once_.load(std::memory_order_relaxed) > most) {
    Error full{ErrorCode::kResourceExhausted,
               "the server works on " + std::to_string(most) + " calls already; repeat a little later"};
    full.retry_after_ms = kRetryWhenFullMs;
    return full;
  }
  return method_.Check(context);
}

void OpenCall::Finish(const Error* error) {
  method_.Count(error, started_);
  method_.limits_.at_once_.fetch_sub(1, std::memory_order_relaxed);
  method_.limits_.in_work_->Decrement();
  // The last touch: the reply's message and the server may be gone right after.
  reactor_->Finish(error == nullptr ? grpc::Status::OK : ToGrpc(*error));
}

}  // namespace escalon::rpc
