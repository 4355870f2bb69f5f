#include "services/escalonctl/remote/grpc_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "common/rpc/authentication.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"
#include "common/wire/json_codec.h"
#include "escalon/cases/v1/case_service.grpc.pb.h"
#include "escalon/clock/v1/clock_service.grpc.pb.h"
#include "escalon/delivery/v1/delivery_service.grpc.pb.h"
#include "escalon/keeper/v1/keeper_service.grpc.pb.h"
#include "escalon/policy/v1/policy_service.grpc.pb.h"
#include "escalon/query/v1/query_service.grpc.pb.h"
#include "escalon/roster/v1/roster_service.grpc.pb.h"
#include "escalon/triage/v1/triage_service.grpc.pb.h"

namespace escalon::escalonctl {
namespace {

constexpr int kMostAnswerBytes = 64 * 1024 * 1024;
constexpr size_t kMostRequestBytes = 8 * 1024 * 1024;

using Channel = std::shared_ptr<grpc::Channel>;
using OneAnswer = std::function<Result<Json>(const Channel&, grpc::ClientContext&, const Json&)>;
using EachAnswer = std::function<bool(const Json&)>;
using ManyAnswers = std::function<Status(const Channel&, grpc::ClientContext&, const Json&, const EachAnswer&)>;

Status ToMessage(const Json& request, google::protobuf::Message* out) {
  return wire::FromJson(request.dump(-1, ' ', false, Json::error_handler_t::replace), "request", out,
                        kMostRequestBytes);
}

Json FromMessage(const google::protobuf::Message& message) {
  return Json::parse(wire::ToJson(message), nullptr, false);
}

/// The messages of a call are those of its stub's method.
template <typename Service, typename Request, typename Response>
OneAnswer One(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  return [method](const Channel& channel, grpc::ClientContext& context, const Json& json) -> Result<Json> {
    Request request;
    if (const Status read = ToMessage(json, &request); !read) return read.error();
    Response response;
    const auto stub = Service::NewStub(channel);
    const grpc::Status status = (stub.get()->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return FromMessage(response);
  };
}

template <typename Service, typename Request, typename Response>
ManyAnswers Many(std::unique_ptr<grpc::ClientReader<Response>> (Service::Stub::*method)(grpc::ClientContext*,
                                                                                        const Request&)) {
  return [method](const Channel& channel, grpc::ClientContext& context, const Json& json,
                  const EachAnswer& each) -> Status {
    Request request;
    if (const Status read = ToMessage(json, &request); !read) return read;
    const auto stub = Service::NewStub(channel);
    const auto reader = (stub.get()->*method)(&context, request);
    Response response;
    bool wanted = true;
    while (wanted && reader->Read(&response)) wanted = each(FromMessage(response));
    if (!wanted) context.TryCancel();
    const grpc::Status status = reader->Finish();
    if (!status.ok() && wanted) return rpc::FromGrpc(status);
    return {};
  };
}

const std::map<std::string, OneAnswer, std::less<>>& Calls() {
  using Cases = cases::v1::CaseService;
  using Query = query::v1::QueryService;
  using Delivery = delivery::v1::DeliveryService;
  using Clocks = clock::v1::ClockService;
  using Policy = policy::v1::PolicyService;
  using Roster = roster::v1::RosterService;
  using Triage = triage::v1::TriageService;
  using Keeper = keeper::v1::KeeperService;
  static const std::map<std::string, OneAnswer, std::less<>> calls = {
      {"CaseService/SubmitCase", One<Cases>(&Cases::Stub::SubmitCase)},
      {"CaseService/SubmitMany", One<Cases>(&Cases::Stub::SubmitMany)},
      {"CaseService/Execute", One<Cases>(&Cases::Stub::Execute)},
      {"CaseService/GetCase", One<Cases>(&Cases::Stub::GetCase)},
      {"CaseService/ListCases", One<Cases>(&Cases::Stub::ListCases)},
      {"QueryService/GetHistory", One<Query>(&Query::Stub::GetHistory)},
      {"QueryService/GetTrace", One<Query>(&Query::Stub::GetTrace)},
      {"QueryService/GetByExternalRef", One<Query>(&Query::Stub::GetByExternalRef)},
      {"QueryService/CountCases", One<Query>(&Query::Stub::CountCases)},
      {"QueryService/Explain", One<Query>(&Query::Stub::Explain)},
      {"DeliveryService/ListDeliveries", One<Delivery>(&Delivery::Stub::ListDeliveries)},
      {"DeliveryService/ListDeadLetters", One<Delivery>(&Delivery::Stub::ListDeadLetters)},
      {"DeliveryService/Resend", One<Delivery>(&Delivery::Stub::Resend)},
      {"DeliveryService/TestPage", One<Delivery>(&Delivery::Stub::TestPage)},
      {"ClockService/ListClocks", One<Clocks>(&Clocks::Stub::ListClocks)},
      {"ClockService/Stats", One<Clocks>(&Clocks::Stub::Stats)},
      {"PolicyService/Apply", One<Policy>(&Policy::Stub::Apply)},
      {"PolicyService/Validate", One<Policy>(&Policy::Stub::Validate)},
      {"PolicyService/Get", One<Policy>(&Policy::Stub::Get)},
      {"PolicyService/List", One<Policy>(&Policy::Stub::List)},
      {"RosterService/Apply", One<Roster>(&Roster::Stub::Apply)},
      {"RosterService/Validate", One<Roster>(&Roster::Stub::Validate)},
      {"RosterService/Get", One<Roster>(&Roster::Stub::Get)},
      {"RosterService/WhoIsOnCall", One<Roster>(&Roster::Stub::WhoIsOnCall)},
      {"TriageService/Explain", One<Triage>(&Triage::Stub::Explain)},
      {"KeeperService/ShardStatus", One<Keeper>(&Keeper::Stub::ShardStatus)},
      {"KeeperService/Reconcile", One<Keeper>(&Keeper::Stub::Reconcile)},
      {"KeeperService/WriteBase", One<Keeper>(&Keeper::Stub::WriteBase)},
  };
  return calls;
}

const std::map<std::string, ManyAnswers, std::less<>>& Streams() {
  using Cases = cases::v1::CaseService;
  static const std::map<std::string, ManyAnswers, std::less<>> streams = {
      {"CaseService/WatchCases", Many<Cases>(&Cases::Stub::WatchCases)},
  };
  return streams;
}

Error Unknown(std::string_view method) {
  return {ErrorCode::kInternal, "this client does not know the call " + std::string(method)};
}

}  // namespace

struct GrpcClient::Impl {
  std::string authorization;
  DurationMs timeout = 0;
  Channel channel;
  std::string address;

  void Attach(grpc::ClientContext& context) const {
    rpc::Attach(context, authorization, runtime::TraceContext::NewRoot());
  }
  Error Explained(Error error) const {
    if (error.code == ErrorCode::kUnavailable && error.fields.empty()) error.message = address + ": " + error.message;
    return error;
  }
};

GrpcClient::GrpcClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GrpcClient::~GrpcClient() = default;

Result<std::unique_ptr<Remote>> GrpcClient::Connect(const Settings& settings, const std::string& address) {
  auto impl = std::make_unique<Impl>();
  if (!settings.key.empty()) impl->authorization = "Bearer " + std::string(settings.key.Reveal());
  impl->timeout = settings.timeout;
  impl->address = address;
  std::optional<rpc::TlsFiles> files;
  if (!settings.tls_authority.empty() || !settings.tls_certificate.empty() || !settings.tls_key.empty()) {
    files = rpc::TlsFiles{settings.tls_certificate, settings.tls_key, settings.tls_authority};
  }
  const auto credentials = rpc::MakeChannelCredentials(files);
  if (!credentials) return credentials.error();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMostAnswerBytes);
  impl->channel = grpc::CreateCustomChannel(address, *credentials, arguments);
  return std::unique_ptr<Remote>(new GrpcClient(std::move(impl)));
}

Result<Json> GrpcClient::Call(std::string_view method, const Json& request) {
  const auto found = Calls().find(method);
  if (found == Calls().end()) return Unknown(method);
  grpc::ClientContext context;
  impl_->Attach(context);
  context.set_deadline(gpr_time_from_millis(impl_->timeout, GPR_TIMESPAN));
  Result<Json> answer = found->second(impl_->channel, context, request);
  if (!answer) return impl_->Explained(answer.error());
  return answer;
}

Status GrpcClient::Stream(std::string_view method, const Json& request, const EachAnswer& each) {
  const auto found = Streams().find(method);
  if (found == Streams().end()) return Unknown(method);
  grpc::ClientContext context;
  impl_->Attach(context);
  Status ended = found->second(impl_->channel, context, request, each);
  if (!ended) return impl_->Explained(ended.error());
  return ended;
}

}  // namespace escalon::escalonctl
