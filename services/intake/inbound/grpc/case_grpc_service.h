#pragma once

#include "escalon/cases/v1/case_service.grpc.pb.h"
#include "services/intake/application/case_gateway.h"
#include "services/intake/application/query_gateway.h"
#include "services/intake/inbound/grpc/guarded_calls.h"
#include "services/intake/watch/watch_hub.h"

namespace escalon::intake {

class CaseGrpcService final : public cases::v1::CaseService::CallbackService {
 public:
  /// All of it outlives the service, and the service outlives the server.
  CaseGrpcService(GuardedCalls& calls, CaseGateway& cases, QueryGateway& queries, WatchHub& watch,
                  IntakeMetrics& metrics, int most_watchers);

  grpc::ServerUnaryReactor* SubmitCase(grpc::CallbackServerContext* context,
                                       const cases::v1::SubmitCaseRequest* request,
                                       cases::v1::SubmitCaseResponse* response) override;
  grpc::ServerUnaryReactor* SubmitMany(grpc::CallbackServerContext* context,
                                       const cases::v1::SubmitManyRequest* request,
                                       cases::v1::SubmitManyResponse* response) override;
  grpc::ServerUnaryReactor* Execute(grpc::CallbackServerContext* context, const cases::v1::ExecuteRequest* request,
                                    cases::v1::ExecuteResponse* response) override;
  grpc::ServerUnaryReactor* GetCase(grpc::CallbackServerContext* context, const cases::v1::GetCaseRequest* request,
                                    cases::v1::GetCaseResponse* response) override;
  grpc::ServerUnaryReactor* ListCases(grpc::CallbackServerContext* context, const cases::v1::ListCasesRequest* request,
                                      cases::v1::ListCasesResponse* response) override;
  grpc::ServerWriteReactor<cases::v1::WatchCasesResponse>* WatchCases(
      grpc::CallbackServerContext* context, const cases::v1::WatchCasesRequest* request) override;

 private:
  Result<WatchQuestion> Question(const cases::v1::WatchCasesRequest& request, const Principal& principal);

  GuardedCalls& calls_;
  CaseGateway& cases_;
  QueryGateway& queries_;
  WatchHub& watch_;
  IntakeMetrics& metrics_;
  const int most_watchers_;
  std::atomic<int> watchers_{0};
  rpc::Method submit_case_, submit_many_, execute_, get_case_, list_cases_, watch_cases_;
};

}  // namespace escalon::intake
