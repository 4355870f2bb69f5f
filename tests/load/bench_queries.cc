#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "common/rpc/status.h"
#include "common/runtime/system_clock.h"
#include "escalon/cases/v1/case_service.grpc.pb.h"
#include "tests/load/bench.h"
#include "tests/load/bench_parts.h"
#include "tests/load/generator.h"
#include "tests/load/installation.h"
#include "tests/load/shard_sampler.h"

namespace escalon::load {
namespace {

namespace cs = ::escalon::cases::v1;

constexpr int kPageSize = 50;
constexpr int kKnownCases = 500;
constexpr int64_t kPatienceMs = 5000;
constexpr int64_t kMostWaitUs = 20'000;

/// Asks for pages and single cases by turns, in an open loop: a question counts from the instant at which it was due.
class QueryBench {
 public:
  QueryBench(const QueryBenchOptions& options, std::string authorization)
      : options_(options),
        authorization_(std::move(authorization)),
        stub_(cs::CaseService::NewStub(grpc::CreateChannel(options.place.intake, grpc::InsecureChannelCredentials()))) {
  }

  Status Run() {
    if (const Status known = LearnCases(); !known.ok()) return known;
    const int64_t start = SteadyUs(clock_);
    const auto total = static_cast<int64_t>(options_.rate * options_.seconds);
    int64_t asked = 0;
    while (answered_ < total) {
      const int64_t now = SteadyUs(clock_);
      while (asked < total && DueUs(start, asked) <= now) {
        Ask(asked, DueUs(start, asked));
        ++asked;
      }
      const int64_t wait = asked < total ? std::min(kMostWaitUs, DueUs(start, asked) - SteadyUs(clock_)) : kMostWaitUs;
      Take(std::max<int64_t>(wait, 0));
    }
    Report();
    return {};
  }

 private:
  struct Call {
    grpc::ClientContext context;
    grpc::Status status;
    cs::GetCaseResponse got;
    cs::ListCasesResponse page;
    std::unique_ptr<grpc::ClientAsyncResponseReader<cs::GetCaseResponse>> get;
    std::unique_ptr<grpc::ClientAsyncResponseReader<cs::ListCasesResponse>> list;
    int64_t due_us = 0;
  };

  int64_t DueUs(int64_t start, int64_t index) const {
    return start + static_cast<int64_t>(static_cast<double>(index) * 1e6 / options_.rate);
  }

  void Prepare(grpc::ClientContext& context) const {
    context.AddMetadata("authorization", authorization_);
    context.set_deadline(gpr_time_from_millis(kPatienceMs, GPR_TIMESPAN));
  }

  Status LearnCases() {
    grpc::ClientContext context;
    Prepare(context);
    cs::ListCasesRequest request;
    request.mutable_filter()->set_open(true);
    request.set_page_size(kKnownCases);
    cs::ListCasesResponse response;
    if (const grpc::Status status = stub_->ListCases(&context, request, &response); !status.ok())
      return rpc::FromGrpc(status);
    for (const cs::PublicCase& c : response.cases()) known_.push_back(c.case_id());
    if (known_.empty()) return Error{ErrorCode::kWrongState, "there is no open case to ask for; open some first"};
    return {};
  }

  void Ask(int64_t index, int64_t due_us) {
    auto call = std::make_unique<Call>();
    Prepare(call->context);
    call->due_us = due_us;
    if (index % 2 == 0) {
      cs::GetCaseRequest request;
      request.set_case_id(known_[static_cast<size_t>(index / 2) % known_.size()]);
      call->get = stub_->AsyncGetCase(&call->context, request, &queue_);
      call->get->Finish(&call->got, &call->status, call.get());
    } else {
      cs::ListCasesRequest request;
      request.mutable_filter()->set_open(true);
      request.set_page_size(kPageSize);
      call->list = stub_->AsyncListCases(&call->context, request, &queue_);
      call->list->Finish(&call->page, &call->status, call.get());
    }
    call.release();  // the queue's until it comes back
  }

  void Take(int64_t wait_us) {
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, gpr_time_from_micros(wait_us, GPR_TIMESPAN)) != grpc::CompletionQueue::GOT_EVENT)
      return;
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    ++answered_;
    if (!call->status.ok()) {
      if (failed_++ == 0) std::fprintf(stderr, "escalon-load: %s\n", call->status.error_message().c_str());
      return;
    }
    (call->get != nullptr ? get_us_ : list_us_).push_back(SteadyUs(clock_) - call->due_us);
  }

  static nlohmann::json Latency(const std::vector<int64_t>& us) {
    return {{"p50", PercentileMs(us, 0.5)}, {"p99", PercentileMs(us, 0.99)}, {"max", PercentileMs(us, 1)}};
  }

  void Report() const {
    const nlohmann::json out{{"variant", "queries"},       {"queries_per_s", options_.rate},
                             {"get_ms", Latency(get_us_)}, {"list_ms", Latency(list_us_)},
                             {"page", kPageSize},          {"failed", failed_}};
    std::printf("%s\n", out.dump().c_str());
    std::fflush(stdout);
  }

  const QueryBenchOptions& options_;
  const std::string authorization_;
  const runtime::SystemClock clock_;
  const std::unique_ptr<cs::CaseService::Stub> stub_;
  grpc::CompletionQueue queue_;
  std::vector<std::string> known_;
  std::vector<int64_t> get_us_, list_us_;
  int64_t answered_ = 0;
  uint64_t failed_ = 0;
};

}  // namespace

int RunQueryBench(const QueryBenchOptions& options) {
  const auto fail = [](const Error& error) {
    std::fprintf(stderr, "escalon-load: %s\n", error.message.c_str());
    return 2;
  };
  const Result<Tokens> tokens = Tokens::Load(options.place.dir + "/tokens");
  if (!tokens.ok()) return fail(tokens.error());
  const std::string* reader = tokens->Of("operator");
  if (reader == nullptr) return fail(Error{ErrorCode::kNotFound, "no key of operator in " + options.place.dir});
  QueryBench bench(options, *reader);
  if (const Status run = bench.Run(); !run.ok()) return fail(run.error());
  return 0;
}

}  // namespace escalon::load
