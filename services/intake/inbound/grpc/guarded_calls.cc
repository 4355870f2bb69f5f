#include "services/intake/inbound/grpc/guarded_calls.h"

#include <grpcpp/server_context.h>

#include "common/rpc/authentication.h"
#include "common/rpc/status.h"

namespace escalon::intake {

std::string GuardedCalls::CallerOf(const grpc::ServerContextBase& context) {
  std::string peer = rpc::PeerOf(context);
  if (const size_t port = peer.rfind(':'); port != std::string::npos) peer.resize(port);
  const auto found = context.client_metadata().find("authorization");
  if (found == context.client_metadata().end()) return FailureLimit::CallerOf(peer, {});
  return FailureLimit::CallerOf(peer, {found->second.data(), found->second.size()});
}

Status GuardedCalls::Hear(const std::string& caller) {
  Status heard = failures_.Check(caller);
  if (!heard.ok()) metrics_.Limited(Limit::kAuthentication);
  return heard;
}

grpc::ServerUnaryReactor* GuardedCalls::Refuse(grpc::CallbackServerContext* context, const Error& error) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(rpc::ToGrpc(error));
  return reactor;
}

void GuardedCalls::Judge(const grpc::ServerContextBase& context, const std::string& caller) {
  if (!rpc::PrincipalOf(context, credentials_, clock_).ok()) failures_.Failed(caller);
}

Result<rpc::Caller> GuardedCalls::Check(rpc::Method& method, const grpc::ServerContextBase& context) {
  const std::string who = CallerOf(context);
  if (const Status heard = Hear(who); !heard.ok()) return heard.error();
  Result<rpc::Caller> caller = method.Check(context);
  if (!caller.ok() && caller.error().code == ErrorCode::kUnauthenticated) failures_.Failed(who);
  return caller;
}

}  // namespace escalon::intake
