#include "services/intake/inbound/grpc/proxy_grpc_service.h"

#include <grpcpp/create_channel.h>

#include <utility>

#include "common/rpc/authentication.h"
#include "common/rpc/status.h"

namespace escalon::intake {
namespace {

namespace cl = ::escalon::clock::v1;
namespace de = ::escalon::delivery::v1;
namespace tr = ::escalon::triage::v1;

// As an operator knows them: the options with their addresses.
constexpr std::string_view kNotification = "notification.address", kSlaTimer = "sla_timer.address",
                           kTriage = "triage.address";
constexpr DurationMs kPatienceMs = 10 * kSecondMs;  ///< of callers without a deadline

std::string AuthorizationOf(const grpc::ServerContextBase& context) {
  const auto found = context.client_metadata().find("authorization");
  return found == context.client_metadata().end() ? std::string()
                                                  : std::string(found->second.data(), found->second.size());
}

/// One call passed on; `where` names the one that is asked. `call(context, request, response, done)` starts it at the
/// stub.
template <typename Request, typename Response, typename Call>
grpc::ServerUnaryReactor* PassOn(GuardedCalls& calls, rpc::Method& method, const Clock& clock,
                                 grpc::CallbackServerContext* context, const Request* request, Response* response,
                                 std::string_view where, Call call) {
  return calls.Serve(method, context, request, response,
                     [&clock, call, where, authorization = AuthorizationOf(*context)](
                         const Request& r, const rpc::Caller& caller, auto reply) {
                       struct Passing {
                         grpc::ClientContext context;
                         Response response;
                       };
                       auto passing = std::make_shared<Passing>();
                       rpc::Attach(passing->context, authorization, caller.trace.Child());
                       const auto patience = static_cast<DurationMs>(static_cast<double>(kPatienceMs) * clock.Factor());
                       rpc::AttachDeadline(passing->context, std::min(caller.deadline, clock.WallMs() + patience),
                                           clock);
                       call(&passing->context, &r, &passing->response,
                            [passing, where, reply = std::move(reply)](grpc::Status status) {
                              if (status.ok()) return reply(std::move(passing->response));
                              Error error = rpc::FromGrpc(status);
                              if (error.code == ErrorCode::kUnavailable) {
                                error.message = std::string(where) + ": " + error.message;
                              }
                              reply(std::move(error));
                            });
                     });
}

}  // namespace

DeliveryProxyService::DeliveryProxyService(GuardedCalls& calls, const Clock& clock, const std::string& address,
                                           const std::shared_ptr<grpc::ChannelCredentials>& credentials)
    : calls_(calls),
      clock_(clock),
      stub_(de::DeliveryService::NewStub(grpc::CreateChannel(address, credentials))),
      list_deliveries_(calls.limits(), "DeliveryService/ListDeliveries", std::nullopt),
      list_dead_letters_(calls.limits(), "DeliveryService/ListDeadLetters", std::nullopt),
      resend_(calls.limits(), "DeliveryService/Resend", std::nullopt),
      test_page_(calls.limits(), "DeliveryService/TestPage", std::nullopt) {}

grpc::ServerUnaryReactor* DeliveryProxyService::ListDeliveries(grpc::CallbackServerContext* context,
                                                               const de::ListDeliveriesRequest* request,
                                                               de::ListDeliveriesResponse* response) {
  return PassOn(calls_, list_deliveries_, clock_, context, request, response, kNotification,
                [this](auto* out, auto* r, auto* into, auto done) {
                  stub_->async()->ListDeliveries(out, r, into, std::move(done));
                });
}

grpc::ServerUnaryReactor* DeliveryProxyService::ListDeadLetters(grpc::CallbackServerContext* context,
                                                                const de::ListDeadLettersRequest* request,
                                                                de::ListDeadLettersResponse* response) {
  return PassOn(calls_, list_dead_letters_, clock_, context, request, response, kNotification,
                [this](auto* out, auto* r, auto* into, auto done) {
                  stub_->async()->ListDeadLetters(out, r, into, std::move(done));
                });
}

grpc::ServerUnaryReactor* DeliveryProxyService::Resend(grpc::CallbackServerContext* context,
                                                       const de::ResendRequest* request, de::ResendResponse* response) {
  return PassOn(
      calls_, resend_, clock_, context, request, response, kNotification,
      [this](auto* out, auto* r, auto* into, auto done) { stub_->async()->Resend(out, r, into, std::move(done)); });
}

grpc::ServerUnaryReactor* DeliveryProxyService::TestPage(grpc::CallbackServerContext* context,
                                                         const de::TestPageRequest* request,
                                                         de::TestPageResponse* response) {
  return PassOn(
      calls_, test_page_, clock_, context, request, response, kNotification,
      [this](auto* out, auto* r, auto* into, auto done) { stub_->async()->TestPage(out, r, into, std::move(done)); });
}

ClockProxyService::ClockProxyService(GuardedCalls& calls, const Clock& clock, const std::string& address,
                                     const std::shared_ptr<grpc::ChannelCredentials>& credentials)
    : calls_(calls),
      clock_(clock),
      stub_(cl::ClockService::NewStub(grpc::CreateChannel(address, credentials))),
      list_clocks_(calls.limits(), "ClockService/ListClocks", std::nullopt),
      stats_(calls.limits(), "ClockService/Stats", std::nullopt) {}

grpc::ServerUnaryReactor* ClockProxyService::ListClocks(grpc::CallbackServerContext* context,
                                                        const cl::ListClocksRequest* request,
                                                        cl::ListClocksResponse* response) {
  return PassOn(
      calls_, list_clocks_, clock_, context, request, response, kSlaTimer,
      [this](auto* out, auto* r, auto* into, auto done) { stub_->async()->ListClocks(out, r, into, std::move(done)); });
}

grpc::ServerUnaryReactor* ClockProxyService::Stats(grpc::CallbackServerContext* context,
                                                   const cl::StatsRequest* request, cl::StatsResponse* response) {
  return PassOn(
      calls_, stats_, clock_, context, request, response, kSlaTimer,
      [this](auto* out, auto* r, auto* into, auto done) { stub_->async()->Stats(out, r, into, std::move(done)); });
}

TriageProxyService::TriageProxyService(GuardedCalls& calls, const Clock& clock, const std::string& address,
                                       const std::shared_ptr<grpc::ChannelCredentials>& credentials)
    : calls_(calls),
      clock_(clock),
      stub_(tr::TriageService::NewStub(grpc::CreateChannel(address, credentials))),
      explain_(calls.limits(), "TriageService/Explain", std::nullopt) {}

grpc::ServerUnaryReactor* TriageProxyService::Explain(grpc::CallbackServerContext* context,
                                                      const tr::ExplainRequest* request,
                                                      tr::ExplainResponse* response) {
  return PassOn(
      calls_, explain_, clock_, context, request, response, kTriage,
      [this](auto* out, auto* r, auto* into, auto done) { stub_->async()->Explain(out, r, into, std::move(done)); });
}

}  // namespace escalon::intake
