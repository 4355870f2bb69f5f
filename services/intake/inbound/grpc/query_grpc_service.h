#pragma once

#include "escalon/query/v1/query_service.grpc.pb.h"
#include "services/intake/application/query_gateway.h"
#include "services/intake/inbound/grpc/guarded_calls.h"

namespace escalon::intake {

class QueryGrpcService final : public query::v1::QueryService::CallbackService {
 public:
  QueryGrpcService(GuardedCalls& calls, QueryGateway& queries);

  grpc::ServerUnaryReactor* GetHistory(grpc::CallbackServerContext* context,
                                       const query::v1::GetHistoryRequest* request,
                                       query::v1::GetHistoryResponse* response) override;
  grpc::ServerUnaryReactor* GetTrace(grpc::CallbackServerContext* context, const query::v1::GetTraceRequest* request,
                                     query::v1::GetTraceResponse* response) override;
  grpc::ServerUnaryReactor* GetByExternalRef(grpc::CallbackServerContext* context,
                                             const query::v1::GetByExternalRefRequest* request,
                                             query::v1::GetByExternalRefResponse* response) override;
  grpc::ServerUnaryReactor* CountCases(grpc::CallbackServerContext* context,
                                       const query::v1::CountCasesRequest* request,
                                       query::v1::CountCasesResponse* response) override;
  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context, const query::v1::ExplainRequest* request,
                                    query::v1::ExplainResponse* response) override;
  grpc::ServerUnaryReactor* MayDecide(grpc::CallbackServerContext* context, const query::v1::MayDecideRequest* request,
                                      query::v1::MayDecideResponse* response) override;

 private:
  GuardedCalls& calls_;
  QueryGateway& queries_;
  rpc::Method get_history_, get_trace_, get_by_ref_, count_cases_, explain_, may_decide_;
};

}  // namespace escalon::intake
