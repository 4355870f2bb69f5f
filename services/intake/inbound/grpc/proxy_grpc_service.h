#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "escalon/clock/v1/clock_service.grpc.pb.h"
#include "escalon/delivery/v1/delivery_service.grpc.pb.h"
#include "escalon/triage/v1/triage_service.grpc.pb.h"
#include "services/intake/inbound/grpc/guarded_calls.h"

namespace escalon::intake {

// Services of others, so that operators need one address. The caller's own credential, deadline and trace are passed
// on: the owning service judges the right, the door only that the credential is one.

class DeliveryProxyService final : public delivery::v1::DeliveryService::CallbackService {
 public:
  /// `address` as host:port; connects when it is first used.
  DeliveryProxyService(GuardedCalls& calls, const Clock& clock, const std::string& address,
                       const std::shared_ptr<grpc::ChannelCredentials>& credentials);

  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* context,
                                           const delivery::v1::ListDeliveriesRequest* request,
                                           delivery::v1::ListDeliveriesResponse* response) override;
  grpc::ServerUnaryReactor* ListDeadLetters(grpc::CallbackServerContext* context,
                                            const delivery::v1::ListDeadLettersRequest* request,
                                            delivery::v1::ListDeadLettersResponse* response) override;
  grpc::ServerUnaryReactor* Resend(grpc::CallbackServerContext* context, const delivery::v1::ResendRequest* request,
                                   delivery::v1::ResendResponse* response) override;
  grpc::ServerUnaryReactor* TestPage(grpc::CallbackServerContext* context, const delivery::v1::TestPageRequest* request,
                                     delivery::v1::TestPageResponse* response) override;

 private:
  GuardedCalls& calls_;
  const Clock& clock_;
  std::unique_ptr<delivery::v1::DeliveryService::Stub> stub_;
  rpc::Method list_deliveries_, list_dead_letters_, resend_, test_page_;
};

class ClockProxyService final : public clock::v1::ClockService::CallbackService {
 public:
  ClockProxyService(GuardedCalls& calls, const Clock& clock, const std::string& address,
                    const std::shared_ptr<grpc::ChannelCredentials>& credentials);

  grpc::ServerUnaryReactor* ListClocks(grpc::CallbackServerContext* context,
                                       const clock::v1::ListClocksRequest* request,
                                       clock::v1::ListClocksResponse* response) override;
  grpc::ServerUnaryReactor* Stats(grpc::CallbackServerContext* context, const clock::v1::StatsRequest* request,
                                  clock::v1::StatsResponse* response) override;

 private:
  GuardedCalls& calls_;
  const Clock& clock_;
  std::unique_ptr<clock::v1::ClockService::Stub> stub_;
  rpc::Method list_clocks_, stats_;
};

class TriageProxyService final : public triage::v1::TriageService::CallbackService {
 public:
  TriageProxyService(GuardedCalls& calls, const Clock& clock, const std::string& address,
                     const std::shared_ptr<grpc::ChannelCredentials>& credentials);

  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context, const triage::v1::ExplainRequest* request,
                                    triage::v1::ExplainResponse* response) override;

 private:
  GuardedCalls& calls_;
  const Clock& clock_;
  std::unique_ptr<triage::v1::TriageService::Stub> stub_;
  rpc::Method explain_;
};

}  // namespace escalon::intake
