#pragma once

#include <string>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/runtime/trace_context.h"
#include "common/security/credentials.h"
#include "common/security/principal.h"

namespace grpc {
class ClientContext;
class ServerContextBase;
}  // namespace grpc

/// What travels with a call beside its message: who calls, until when, and in which trace. Thread-safe, no state of its
/// own.
namespace escalon::rpc {

/// Metadata `authorization`. kUnauthenticated when there is none, more than one, or no valid one.
Result<Principal> PrincipalOf(const grpc::ServerContextBase& context, const Credentials& credentials,
                              const Clock& clock);

/// Metadata `traceparent`: the child of the caller's span, or a new root.
runtime::TraceContext TraceOf(const grpc::ServerContextBase& context);

/// The instant on `clock`'s wall at which the caller's patience ends; kNever without a deadline. Real time: a
/// development clock that runs faster moves it out by its factor.
InstantMs DeadlineOf(const grpc::ServerContextBase& context, const Clock& clock);

/// `address` of the caller as gRPC writes it, `ipv4:127.0.0.1:40212`.
std::string PeerOf(const grpc::ServerContextBase& context);

/// The other direction. `authorization` is the whole value (`Bearer …`); empty: none.
void Attach(grpc::ClientContext& context, const std::string& authorization, const runtime::TraceContext& trace);
/// Until `deadline` on `clock`'s wall; kNever: no deadline.
void AttachDeadline(grpc::ClientContext& context, InstantMs deadline, const Clock& clock);

}  // namespace escalon::rpc
