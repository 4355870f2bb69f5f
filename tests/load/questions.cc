#include "tests/load/questions.h"

#include <grpcpp/grpcpp.h>

#include <utility>

#include "common/rpc/status.h"
#include "escalon/clock/v1/clock_service.grpc.pb.h"
#include "escalon/query/v1/query_service.grpc.pb.h"

namespace escalon::load {
namespace {

namespace qy = ::escalon::query::v1;
namespace cl = ::escalon::clock::v1;

constexpr int64_t kPatienceMs = 2000;

}  // namespace

struct Questions::Stubs {
  std::unique_ptr<qy::QueryService::Stub> query;
  std::unique_ptr<cl::ClockService::Stub> clock;

  template <typename Stub, typename Request, typename Response>
  Result<Response> Ask(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                       const Request& request, const std::string& authorization) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", authorization);
    context.set_deadline(gpr_time_from_millis(kPatienceMs, GPR_TIMESPAN));
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
};

Questions::Questions(const std::string& address, std::string authorization)
    : authorization_(std::move(authorization)), stubs_(std::make_unique<Stubs>()) {
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  stubs_->query = qy::QueryService::NewStub(channel);
  stubs_->clock = cl::ClockService::NewStub(channel);
}

Questions::~Questions() = default;

Result<std::map<std::string, uint64_t>> Questions::CountByState() {
  qy::CountCasesRequest request;
  request.add_by(qy::COUNT_BY_STATE);
  const auto response = stubs_->Ask(*stubs_->query, &qy::QueryService::Stub::CountCases, request, authorization_);
  if (!response.ok()) return response.error();
  std::map<std::string, uint64_t> out;
  for (const qy::Count& count : response->counts()) out[count.values(0)] += count.cases();
  return out;
}

Result<std::map<std::string, uint64_t>> Questions::CountOpenByLevel() {
  qy::CountCasesRequest request;
  request.add_by(qy::COUNT_BY_LEVEL);
  for (int state = common::v1::CASE_STATE_NEW; state <= common::v1::CASE_STATE_PENDING; ++state) {
    request.mutable_filter()->add_states(static_cast<common::v1::CaseState>(state));
  }
  const auto response = stubs_->Ask(*stubs_->query, &qy::QueryService::Stub::CountCases, request, authorization_);
  if (!response.ok()) return response.error();
  std::map<std::string, uint64_t> out;
  for (const qy::Count& count : response->counts()) out[count.values(0)] += count.cases();
  return out;
}

Result<Questions::TimerStats> Questions::Timer() {
  const auto response = stubs_->Ask(*stubs_->clock, &cl::ClockService::Stub::Stats, cl::StatsRequest(), authorization_);
  if (!response.ok()) return response.error();
  return TimerStats{response->armed(),       response->fired(),       response->refused(), response->late_p50_ms(),
                    response->late_p99_ms(), response->late_max_ms(), response->warm()};
}

Result<std::vector<Questions::Armed>> Questions::NextClocks(int most) {
  cl::ListClocksRequest request;
  request.set_page_size(most);
  const auto response = stubs_->Ask(*stubs_->clock, &cl::ClockService::Stub::ListClocks, request, authorization_);
  if (!response.ok()) return response.error();
  std::vector<Armed> out;
  for (const cl::ArmedClock& armed : response->clocks()) out.push_back({armed.case_id(), armed.clock(), armed.at_ms()});
  return out;
}

}  // namespace escalon::load
