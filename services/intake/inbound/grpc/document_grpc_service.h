#pragma once

#include "escalon/policy/v1/policy_service.grpc.pb.h"
#include "escalon/roster/v1/roster_service.grpc.pb.h"
#include "services/intake/application/document_gateway.h"
#include "services/intake/inbound/grpc/guarded_calls.h"

namespace escalon::intake {

class PolicyGrpcService final : public policy::v1::PolicyService::CallbackService {
 public:
  PolicyGrpcService(GuardedCalls& calls, DocumentGateway& documents);

  grpc::ServerUnaryReactor* Apply(grpc::CallbackServerContext* context, const policy::v1::ApplyRequest* request,
                                  policy::v1::ApplyResponse* response) override;
  grpc::ServerUnaryReactor* Validate(grpc::CallbackServerContext* context, const policy::v1::ValidateRequest* request,
                                     policy::v1::ValidateResponse* response) override;
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const policy::v1::GetRequest* request,
                                policy::v1::GetResponse* response) override;
  grpc::ServerUnaryReactor* List(grpc::CallbackServerContext* context, const policy::v1::ListRequest* request,
                                 policy::v1::ListResponse* response) override;

 private:
  GuardedCalls& calls_;
  DocumentGateway& documents_;
  rpc::Method apply_, validate_, get_, list_;
};

class RosterGrpcService final : public roster::v1::RosterService::CallbackService {
 public:
  RosterGrpcService(GuardedCalls& calls, DocumentGateway& documents);

  grpc::ServerUnaryReactor* Apply(grpc::CallbackServerContext* context, const roster::v1::ApplyRequest* request,
                                  roster::v1::ApplyResponse* response) override;
  grpc::ServerUnaryReactor* Validate(grpc::CallbackServerContext* context, const roster::v1::ValidateRequest* request,
                                     roster::v1::ValidateResponse* response) override;
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const roster::v1::GetRequest* request,
                                roster::v1::GetResponse* response) override;
  grpc::ServerUnaryReactor* WhoIsOnCall(grpc::CallbackServerContext* context,
                                        const roster::v1::WhoIsOnCallRequest* request,
                                        roster::v1::WhoIsOnCallResponse* response) override;

 private:
  GuardedCalls& calls_;
  DocumentGateway& documents_;
  rpc::Method apply_, validate_, get_, who_is_on_call_;
};

}  // namespace escalon::intake
