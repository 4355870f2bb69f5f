#include "tests/load/rules.h"

#include <grpcpp/grpcpp.h>

#include "common/rpc/status.h"
#include "common/runtime/shutdown.h"
#include "escalon/policy/v1/policy_service.grpc.pb.h"
#include "escalon/roster/v1/roster_service.grpc.pb.h"
#include "tests/load/staff.h"

namespace escalon::load {
namespace {

constexpr int64_t kPatienceMs = 10'000;
constexpr int kTries = 20;
constexpr DurationMs kPauseMs = 250;

template <typename Stub, typename Request, typename Response>
Status Apply(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
             const std::string& authorization, const std::string& file) {
  const Result<std::string> text = ReadTextFile(file);
  if (!text.ok()) return text.error();
  Request request;
  request.set_yaml(*text);
  request.set_comment("the demonstration's rules");
  const runtime::ShutdownRequest pause;
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", authorization);
    context.set_deadline(gpr_time_from_millis(kPatienceMs, GPR_TIMESPAN));
    context.set_wait_for_ready(true);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (status.ok()) return {};
    Error error = rpc::FromGrpc(status);
    if (!Retryable(error.code) || attempt == kTries) {
      error.message = file + ": " + error.message;
      for (const FieldViolation& field : error.fields) error.message += "\n  " + field.field + ": " + field.message;
      return error;
    }
    static_cast<void>(pause.WaitFor(kPauseMs));
  }
}

}  // namespace

Status ApplyRules(const std::string& intake, const std::string& authorization, const std::string& policy_file,
                  const std::string& roster_file) {
  const auto channel = grpc::CreateChannel(intake, grpc::InsecureChannelCredentials());
  if (!roster_file.empty()) {
    const auto stub = roster::v1::RosterService::NewStub(channel);
    if (Status s = Apply(*stub, &roster::v1::RosterService::Stub::Apply, authorization, roster_file); !s.ok()) return s;
  }
  if (!policy_file.empty()) {
    const auto stub = policy::v1::PolicyService::NewStub(channel);
    if (Status s = Apply(*stub, &policy::v1::PolicyService::Stub::Apply, authorization, policy_file); !s.ok()) return s;
  }
  return {};
}

}  // namespace escalon::load
