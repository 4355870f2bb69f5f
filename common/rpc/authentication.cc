#include "common/rpc/authentication.h"

#include <grpc/support/time.h>
#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "common/runtime/system_clock.h"

namespace escalon::rpc {
namespace {

constexpr char kAuthorization[] = "authorization";
constexpr char kTraceparent[] = "traceparent";

std::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

}  // namespace

Result<Principal> PrincipalOf(const grpc::ServerContextBase& context, const Credentials& credentials,
                              const Clock& clock) {
  const auto [first, last] = context.client_metadata().equal_range(kAuthorization);
  if (first == last) {
    return Error{ErrorCode::kUnauthenticated, "no credential; send metadata authorization: Bearer <API key>"};
  }
  if (std::next(first) != last) {
    return Error{ErrorCode::kUnauthenticated, "more than one credential; send metadata authorization once"};
  }
  return credentials.Authenticate(View(first->second), clock.WallMs());
}

runtime::TraceContext TraceOf(const grpc::ServerContextBase& context) {
  const auto found = context.client_metadata().find(kTraceparent);
  if (found == context.client_metadata().end()) return runtime::TraceContext::NewRoot();
  return runtime::TraceContext::ContinueOrNew(View(found->second));
}

InstantMs DeadlineOf(const grpc::ServerContextBase& context, const Clock& clock) {
  const gpr_timespec raw = context.raw_deadline();
  if (gpr_time_cmp(raw, gpr_inf_future(raw.clock_type)) == 0) return kNever;
  const gpr_timespec deadline = gpr_convert_clock_type(raw, GPR_CLOCK_MONOTONIC);
  // gRPC's monotonic clock is that of steady_clock.
  const auto now = std::chrono::duration<double, std::milli>(clock.Steady().time_since_epoch()).count();
  const double left = static_cast<double>(deadline.tv_sec) * 1e3 + static_cast<double>(deadline.tv_nsec) / 1e6 - now;
  const double wall_left = left * clock.Factor();
  if (wall_left > 9e15) return kNever;
  return clock.WallMs() + static_cast<InstantMs>(std::floor(wall_left));
}

std::string PeerOf(const grpc::ServerContextBase& context) { return context.peer(); }

void Attach(grpc::ClientContext& context, const std::string& authorization, const runtime::TraceContext& trace) {
  if (!authorization.empty()) context.AddMetadata(kAuthorization, authorization);
  if (!trace.empty()) context.AddMetadata(kTraceparent, trace.ToTraceparent());
}

void AttachDeadline(grpc::ClientContext& context, InstantMs deadline, const Clock& clock) {
  if (deadline == kNever) return;
  const auto left = runtime::SteadyWait(clock, deadline - clock.WallMs());
  context.set_deadline(gpr_time_from_nanos(std::min<int64_t>(left.count(), int64_t{1} << 60), GPR_TIMESPAN));
}

}  // namespace escalon::rpc
