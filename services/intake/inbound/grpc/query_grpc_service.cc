#include "services/intake/inbound/grpc/query_grpc_service.h"

#include <utility>

namespace escalon::intake {

namespace qu = ::escalon::query::v1;

QueryGrpcService::QueryGrpcService(GuardedCalls& calls, QueryGateway& queries)
    : calls_(calls),
      queries_(queries),
      get_history_(calls.limits(), "QueryService/GetHistory", std::nullopt),
      get_trace_(calls.limits(), "QueryService/GetTrace", std::nullopt),
      get_by_ref_(calls.limits(), "QueryService/GetByExternalRef", std::nullopt),
      count_cases_(calls.limits(), "QueryService/CountCases", std::nullopt),
      explain_(calls.limits(), "QueryService/Explain", std::nullopt),
      may_decide_(calls.limits(), "QueryService/MayDecide", std::nullopt) {}

grpc::ServerUnaryReactor* QueryGrpcService::GetHistory(grpc::CallbackServerContext* context,
                                                       const qu::GetHistoryRequest* request,
                                                       qu::GetHistoryResponse* response) {
  return calls_.Serve(
      get_history_, context, request, response,
      [this](const auto& r, const rpc::Caller& c, auto reply) { queries_.GetHistory(r, c, std::move(reply)); });
}

grpc::ServerUnaryReactor* QueryGrpcService::GetTrace(grpc::CallbackServerContext* context,
                                                     const qu::GetTraceRequest* request,
                                                     qu::GetTraceResponse* response) {
  return calls_.Serve(get_trace_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    queries_.GetTrace(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* QueryGrpcService::GetByExternalRef(grpc::CallbackServerContext* context,
                                                             const qu::GetByExternalRefRequest* request,
                                                             qu::GetByExternalRefResponse* response) {
  return calls_.Serve(get_by_ref_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    queries_.GetByExternalRef(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* QueryGrpcService::CountCases(grpc::CallbackServerContext* context,
                                                       const qu::CountCasesRequest* request,
                                                       qu::CountCasesResponse* response) {
  return calls_.Serve(
      count_cases_, context, request, response,
      [this](const auto& r, const rpc::Caller& c, auto reply) { queries_.CountCases(r, c, std::move(reply)); });
}

grpc::ServerUnaryReactor* QueryGrpcService::Explain(grpc::CallbackServerContext* context,
                                                    const qu::ExplainRequest* request, qu::ExplainResponse* response) {
  return calls_.Serve(explain_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    queries_.Explain(r, c, std::move(reply));
  });
}

grpc::ServerUnaryReactor* QueryGrpcService::MayDecide(grpc::CallbackServerContext* context,
                                                      const qu::MayDecideRequest* request,
                                                      qu::MayDecideResponse* response) {
  return calls_.Serve(may_decide_, context, request, response, [this](const auto& r, const rpc::Caller& c, auto reply) {
    queries_.MayDecide(r, c, std::move(reply));
  });
}

}  // namespace escalon::intake
