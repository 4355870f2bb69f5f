#include "services/intake/inbound/grpc/document_grpc_service.h"

#include <utility>

namespace escalon::intake {

namespace po = ::escalon::policy::v1;
namespace ro = ::escalon::roster::v1;

PolicyGrpcService::PolicyGrpcService(GuardedCalls& calls, DocumentGateway& documents)
    : calls_(calls),
      documents_(documents),
      apply_(calls.limits(), "PolicyService/Apply", std::nullopt),
      validate_(calls.limits(), "PolicyService/Validate", std::nullopt),
      get_(calls.limits(), "PolicyService/Get", std::nullopt),
      list_(calls.limits(), "PolicyService/List", std::nullopt) {}

grpc::ServerUnaryReactor* PolicyGrpcService::Apply(grpc::CallbackServerContext* context,
                                                   const po::ApplyRequest* request, po::ApplyResponse* response) {
  return calls_.Serve(apply_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    documents_.ApplyPolicy(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* PolicyGrpcService::Validate(grpc::CallbackServerContext* context,
                                                      const po::ValidateRequest* request,
                                                      po::ValidateResponse* response) {
  return calls_.Serve(validate_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    documents_.ValidatePolicy(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* PolicyGrpcService::Get(grpc::CallbackServerContext* context, const po::GetRequest* request,
                                                 po::GetResponse* response) {
  return calls_.Serve(get_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    documents_.GetPolicy(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* PolicyGrpcService::List(grpc::CallbackServerContext* context, const po::ListRequest* request,
                                                  po::ListResponse* response) {
  return calls_.Serve(list_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    documents_.ListPolicies(r, c, std::move(reply));
  });
}

RosterGrpcService::RosterGrpcService(GuardedCalls& calls, DocumentGateway& documents)
    : calls_(calls),
      documents_(documents),
      apply_(calls.limits(), "RosterService/Apply", std::nullopt),
      validate_(calls.limits(), "RosterService/Validate", std::nullopt),
      get_(calls.limits(), "RosterService/Get", std::nullopt),
      who_is_on_call_(calls.limits(), "RosterService/WhoIsOnCall", std::nullopt) {}

grpc::ServerUnaryReactor* RosterGrpcService::Apply(grpc::CallbackServerContext* context,
                                                   const ro::ApplyRequest* request, ro::ApplyResponse* response) {
  return calls_.Serve(apply_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    documents_.ApplyRoster(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* RosterGrpcService::Validate(grpc::CallbackServerContext* context,
                                                      const ro::ValidateRequest* request,
                                                      ro::ValidateResponse* response) {
  return calls_.Serve(validate_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    documents_.ValidateRoster(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* RosterGrpcService::Get(grpc::CallbackServerContext* context, const ro::GetRequest* request,
                                                 ro::GetResponse* response) {
  return calls_.Serve(get_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    documents_.GetRoster(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* RosterGrpcService::WhoIsOnCall(grpc::CallbackServerContext* context,
                                                         const ro::WhoIsOnCallRequest* request,
                                                         ro::WhoIsOnCallResponse* response) {
  return calls_.Serve(
      who_is_on_call_, context, request, response,
      [this](const auto& r, const rpc::Caller& c, auto reply) { documents_.WhoIsOnCall(r, c, std::move(reply)); });
}

}  // namespace escalon::intake
