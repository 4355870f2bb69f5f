#include "common/rpc/call.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "common/rpc/authentication.h"
#include "common/rpc/status.h"
#include "escalon/clock/v1/clock_service.grpc.pb.h"
#include "tests/unit/rpc/rpc_support.h"

namespace escalon::rpc {
namespace {

namespace pb = ::escalon::clock::v1;
using test::EventWaiter;
using test::Keys;
using Reply = std::function<void(Result<pb::StatsResponse>)>;

class Clocks final : public pb::ClockService::CallbackService {
 public:
  explicit Clocks(CallLimits& limits) : stats_(limits, "ClockService/Stats", Action::kRead) {}
  grpc::ServerUnaryReactor* Stats(grpc::CallbackServerContext* context, const pb::StatsRequest* request,
                                  pb::StatsResponse* response) override {
    return stats_.Serve(context, request, response,
                        [this](const pb::StatsRequest&, const Caller& caller, Reply reply) { handler(caller, reply); });
  }
  std::function<void(const Caller&, Reply)> handler;

 private:
  Method stats_;
};

struct Calls : ::testing::Test {
  Calls() {
    auto started = Server::Start({}, {&clocks}, clock, runtime::Logger());
    server = std::move(*started);
    channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(server->port()), grpc::InsecureChannelCredentials());
    clocks.handler = [](const Caller&, const Reply& reply) { reply(pb::StatsResponse()); };
  }
  struct Outcome {
    grpc::Status status;
    pb::StatsResponse response;
  };
  Outcome Ask(const std::string& authorization, const std::function<void(grpc::ClientContext&)>& adjust = {}) {
    grpc::ClientContext context;
    if (!authorization.empty()) context.AddMetadata("authorization", authorization);
    if (adjust) adjust(context);
    Outcome outcome;
    outcome.status = pb::ClockService::NewStub(channel)->Stats(&context, {}, &outcome.response);
    return outcome;
  }
  bool Shows(const std::string& line) { return metrics.Serialize().find(line + "\n") != std::string::npos; }

  Keys keys;
  runtime::SystemClock clock;
  runtime::Metrics metrics;
  EventWaiter<std::vector<std::string>> lines;
  runtime::Logger log = runtime::Logger::ToFunction(
      {}, clock, [this](std::string_view line) { lines.Change([&](auto& all) { all.emplace_back(line); }); });
  CallLimits limits{{keys.credentials(), clock, metrics, log, 2}};
  Clocks clocks{limits};
  std::unique_ptr<Server> server;
  std::shared_ptr<grpc::Channel> channel;
};

TEST_F(Calls, an_answer_from_another_thread_arrives) {
  std::thread answering;
  clocks.handler = [&](const Caller&, Reply reply) {
    answering = std::thread([reply = std::move(reply)] {
      pb::StatsResponse response;
      response.set_armed(42);
      reply(std::move(response));
    });
  };
  const Outcome outcome = Ask(keys.agent);
  answering.join();
  EXPECT_TRUE(outcome.status.ok());
  EXPECT_EQ(outcome.response.armed(), 42u);
  EXPECT_TRUE(Shows("escalon_rpc_calls_total{code=\"ok\",method=\"ClockService/Stats\"} 1"));
}

TEST_F(Calls, who_calls_until_when_and_in_which_trace) {
  std::optional<Caller> seen;
  clocks.handler = [&](const Caller& caller, const Reply& reply) {
    seen = caller;
    reply(pb::StatsResponse());
  };
  const auto trace = runtime::TraceContext::NewRoot();
  const InstantMs deadline = clock.WallMs() + 20'000;
  const Outcome outcome = Ask("", [&](grpc::ClientContext& context) {
    Attach(context, keys.agent, trace);
    AttachDeadline(context, deadline, clock);
  });
  ASSERT_TRUE(outcome.status.ok());
  EXPECT_EQ(seen->principal.tenant, "acme");
  EXPECT_EQ(seen->principal.subject, "p-1");
  EXPECT_EQ(seen->trace.trace_id(), trace.trace_id());
  EXPECT_NE(seen->trace.span_id(), trace.span_id());
  EXPECT_NEAR(static_cast<double>(seen->deadline), static_cast<double>(deadline), 1500);
  Ask(keys.agent);
  EXPECT_EQ(seen->deadline, kNever);
  EXPECT_FALSE(seen->trace.empty());
}

TEST_F(Calls, a_call_without_a_valid_credential_never_reaches_the_handler) {
  int calls = 0;
  clocks.handler = [&](const Caller&, const Reply& reply) {
    ++calls;
    reply(pb::StatsResponse());
  };
  for (const std::string& bad :
       {std::string(), std::string("Bearer escalon_aaaaaaaaaaaa_00"), std::string("Basic eA==")}) {
    EXPECT_EQ(Ask(bad).status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << bad;
  }
  const Outcome twice =
      Ask(keys.agent, [&](grpc::ClientContext& context) { context.AddMetadata("authorization", keys.service); });
  EXPECT_EQ(twice.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(Shows("escalon_rpc_calls_total{code=\"unauthenticated\",method=\"ClockService/Stats\"} 4"));
}

TEST_F(Calls, a_role_that_may_not_is_refused) {
  CallLimits other{{keys.credentials(), clock, metrics, log, 2}};
  grpc::ServerContext nobody;
  EXPECT_FALSE(Method(other, "X/Y", Action::kRead).Check(nobody));
  Method operate(limits, "ClockService/Operate", Action::kOperate);
  std::optional<Result<Caller>> checked;
  struct Probe final : pb::ClockService::CallbackService {
    grpc::ServerUnaryReactor* Stats(grpc::CallbackServerContext* context, const pb::StatsRequest* request,
                                    pb::StatsResponse* response) override {
      return method->Serve(context, request, response,
                           [](const auto&, const Caller&, auto reply) { reply(pb::StatsResponse()); });
    }
    Method* method = nullptr;
  } probe;
  probe.method = &operate;
  auto second = Server::Start({}, {&probe}, clock, runtime::Logger());
  ASSERT_TRUE(second);
  channel = grpc::CreateChannel("127.0.0.1:" + std::to_string((*second)->port()), grpc::InsecureChannelCredentials());
  EXPECT_EQ(Ask(keys.agent).status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(Ask(keys.operators).status.ok());
}

TEST_F(Calls, errors_arrive_with_their_details_however_long) {
  clocks.handler = [](const Caller&, const Reply& reply) {
    Error error{ErrorCode::kInvalidArgument, std::string(5000, 'm')};
    for (int i = 0; i < 16; ++i) {
      error.fields.push_back({"fields[" + std::to_string(i) + "]." + std::string(300, 'f'), std::string(600, 'v')});
    }
    error.detail = std::string(3000, 'd');
    reply(error);
  };
  const Error error = FromGrpc(Ask(keys.agent).status);
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  ASSERT_GE(error.fields.size(), 2u);
  EXPECT_EQ(error.fields[0].field.substr(0, 9), "fields[0]");
}

TEST_F(Calls, beyond_the_limit_calls_are_refused_at_once) {
  EventWaiter<std::vector<Reply>> open;
  clocks.handler = [&](const Caller&, Reply reply) {
    open.Change([&](auto& all) { all.push_back(std::move(reply)); });
  };
  std::vector<std::future<Outcome>> waiting;
  for (int i = 0; i < 2; ++i) waiting.push_back(std::async(std::launch::async, [&] { return Ask(keys.agent); }));
  ASSERT_TRUE(open.Wait([](const auto& all) { return all.size() == 2; }));
  const Error full = FromGrpc(Ask(keys.agent).status);
  EXPECT_EQ(full.code, ErrorCode::kResourceExhausted);
  EXPECT_GT(full.retry_after_ms, 0);
  for (const Reply& reply : open.Get()) reply(pb::StatsResponse());
  for (auto& one : waiting) EXPECT_TRUE(one.get().status.ok());
  clocks.handler = [](const Caller&, const Reply& reply) { reply(pb::StatsResponse()); };
  EXPECT_TRUE(Ask(keys.agent).status.ok()) << "room again";
}

TEST_F(Calls, only_the_first_answer_counts) {
  clocks.handler = [](const Caller&, const Reply& reply) {
    reply(Error{ErrorCode::kNotFound, "no such case"});
    reply(pb::StatsResponse());
    reply(Error{ErrorCode::kInternal, "again"});
  };
  EXPECT_EQ(Ask(keys.agent).status.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(Calls, a_dropped_call_is_answered_and_logged_as_a_fault) {
  clocks.handler = [](const Caller&, const Reply&) {};
  EXPECT_EQ(Ask(keys.agent).status.error_code(), grpc::StatusCode::INTERNAL);
  ASSERT_TRUE(lines.Wait([](const auto& all) { return !all.empty(); }));
  EXPECT_NE(lines.Get()[0].find("ClockService/Stats"), std::string::npos);
}

TEST_F(Calls, an_answer_after_the_caller_went_away_does_no_harm) {
  EventWaiter<std::vector<Reply>> open;
  clocks.handler = [&](const Caller&, Reply reply) {
    open.Change([&](auto& all) { all.push_back(std::move(reply)); });
  };
  const Outcome outcome =
      Ask(keys.agent, [&](grpc::ClientContext& context) { AttachDeadline(context, clock.WallMs() + 50, clock); });
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  ASSERT_TRUE(open.Wait([](const auto& all) { return all.size() == 1; }));
  open.Get()[0](pb::StatsResponse());
}

TEST(Deadline, a_fast_development_clock_moves_it_out) {
  const runtime::SystemClock machine;
  const runtime::DevelopmentClock fast(1'900'000'000'000, 60.0, machine.WallMs());
  grpc::ServerContext without;
  EXPECT_EQ(DeadlineOf(without, fast), kNever);
}

}  // namespace
}  // namespace escalon::rpc
