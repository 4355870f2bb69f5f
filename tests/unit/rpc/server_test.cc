#include "common/rpc/server.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <thread>

#include "escalon/keeper/v1/keeper_service.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/unit/rpc/rpc_support.h"

namespace escalon::rpc {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using test::FakeKeeper;
using test::Instance;
using test::Keys;

struct Serving : ::testing::Test {
  Keys keys;
  FakeKeeper keeper;
  Instance instance{keys, keeper};

  /// The serving status, or minus the code of the error.
  int Check(const std::string& name) {
    grpc::ClientContext context;
    HealthCheckRequest request;
    request.set_service(name);
    HealthCheckResponse response;
    const grpc::Status status = Health::NewStub(instance.Dial())->Check(&context, request, &response);
    return status.ok() ? static_cast<int>(response.status()) : -static_cast<int>(status.error_code());
  }
};

/// What reflection says to "list services", as bytes; empty: there is no reflection.
std::string ListServices(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  grpc::GenericStub stub(channel);
  auto call = stub.PrepareCall(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  const auto next = [&] {
    void* tag;
    bool ok = false;
    queue.Next(&tag, &ok);
    return ok;
  };
  std::string text;
  call->StartCall(nullptr);
  if (next()) {
    const grpc::Slice ask(std::string("\x3a\x01*", 3));  // list_services: "*"
    call->Write(grpc::ByteBuffer(&ask, 1), nullptr);
    next();
    grpc::ByteBuffer answer;
    call->Read(&answer, nullptr);
    if (next()) {
      std::vector<grpc::Slice> slices;
      (void)answer.Dump(&slices);
      for (const auto& slice : slices) text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
  }
  context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  next();
  queue.Shutdown();
  return text;
}

TEST_F(Serving, health_is_not_serving_until_told) {
  EXPECT_EQ(Check(""), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Check("escalon.keeper.v1.KeeperService"), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Check("unheard.of"), -grpc::StatusCode::NOT_FOUND);
  instance.server->SetServing(true);
  EXPECT_EQ(Check(""), HealthCheckResponse::SERVING);
  EXPECT_EQ(Check("escalon.keeper.v1.KeeperService"), HealthCheckResponse::SERVING);
}

TEST_F(Serving, health_follows_readiness) {
  runtime::Health health{runtime::Logger()};
  health.Require("kafka");
  instance.server->Follow(health);
  EXPECT_EQ(Check(""), HealthCheckResponse::NOT_SERVING);
  health.Set("kafka", true);
  EXPECT_EQ(Check(""), HealthCheckResponse::SERVING);
  health.Set("kafka", false, "away");
  EXPECT_EQ(Check(""), HealthCheckResponse::NOT_SERVING);
}

TEST_F(Serving, readiness_may_change_after_the_server_is_gone) {
  runtime::Health health{runtime::Logger()};
  health.Require("kafka");
  instance.server->Follow(health);
  instance.server.reset();
  health.Set("kafka", true);
}

TEST_F(Serving, reflection_lists_services_only_when_asked_for) {
  EXPECT_NE(ListServices(instance.Dial()).find("escalon.keeper.v1.KeeperService"), std::string::npos);
  ServerOptions options;
  options.reflection = false;
  keeper::v1::KeeperService::CallbackService some;
  const auto silent = Server::Start(options, {&some}, instance.clock, runtime::Logger());
  ASSERT_TRUE(silent);
  EXPECT_EQ(ListServices(grpc::CreateChannel("127.0.0.1:" + std::to_string((*silent)->port()),
                                             grpc::InsecureChannelCredentials())),
            "");
}

TEST_F(Serving, a_port_that_is_taken_is_an_error) {
  ServerOptions options;
  options.address = instance.address();
  keeper::v1::KeeperService::CallbackService some;
  const auto second = Server::Start(options, {&some}, instance.clock, runtime::Logger());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(second.error().message.find(instance.address()), std::string::npos);
}

TEST_F(Serving, tls_files_that_cannot_be_read_are_named) {
  ServerOptions options;
  options.tls = TlsFiles{"/nowhere/cert.pem", "/nowhere/key.pem", ""};
  const auto server = Server::Start(options, {}, instance.clock, runtime::Logger());
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().fields.at(0).field, "tls.certificate");
}

TEST_F(Serving, an_oversized_request_is_refused) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", keys.service);
  keeper::v1::ReadCasesRequest request;
  request.set_tenant(std::string(5 << 20, 'x'));
  keeper::v1::ReadCasesResponse response;
  const auto status = keeper::v1::KeeperService::NewStub(instance.Dial())->ReadCases(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(Serving, stopping_without_calls_is_quick_and_clean) {
  const auto before = instance.clock.Steady();
  EXPECT_TRUE(instance.server->Stop(10'000));
  EXPECT_LT(instance.clock.Steady() - before, std::chrono::seconds(5));
  EXPECT_TRUE(instance.server->Stop(10'000)) << "a second time";
}

TEST_F(Serving, stopping_cuts_a_stream_that_does_not_end) {
  const auto stub = keeper::v1::KeeperService::NewStub(instance.Dial());
  grpc::ClientContext context;
  context.AddMetadata("authorization", keys.service);
  const auto stream = stub->Execute(&context);
  stream->WaitForInitialMetadata();
  std::thread reader([&] {
    keeper::v1::ExecuteResponse response;
    EXPECT_FALSE(stream->Read(&response));
  });
  const auto before = instance.clock.Steady();
  EXPECT_FALSE(instance.server->Stop(200));
  const auto took = instance.clock.Steady() - before;
  EXPECT_GE(took, std::chrono::milliseconds(200));
  EXPECT_LT(took, std::chrono::seconds(10));
  reader.join();
  EXPECT_FALSE(stream->Finish().ok());
}

TEST_F(Serving, a_drained_stream_lets_the_server_stop_clean) {
  const auto stub = keeper::v1::KeeperService::NewStub(instance.Dial());
  grpc::ClientContext context;
  context.AddMetadata("authorization", keys.service);
  const auto stream = stub->Execute(&context);
  stream->WaitForInitialMetadata();
  instance.service->Drain();
  EXPECT_TRUE(instance.server->Stop(20'000));
  EXPECT_TRUE(stream->Finish().ok());
}

}  // namespace
}  // namespace escalon::rpc
