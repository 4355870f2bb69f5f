#include "common/rpc/keeper_service.h"

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <thread>

#include "common/wire/command_codec.h"
#include "common/wire/outcome_codec.h"
#include "common/wire/snapshot_codec.h"
#include "escalon/keeper/v1/keeper_service.grpc.pb.h"
#include "tests/unit/rpc/rpc_support.h"

namespace escalon::rpc {
namespace {

namespace pb = ::escalon::keeper::v1;
using test::EventWaiter;
using test::FakeKeeper;
using test::Instance;
using test::Keys;
using test::MakeCommand;

/// A caller's end of an Execute stream.
struct Stream {
  Stream(const Instance& instance, const std::string& authorization)
      : stub(pb::KeeperService::NewStub(instance.Dial())) {
    if (!authorization.empty()) context.AddMetadata("authorization", authorization);
    stream = stub->Execute(&context);
  }
  bool Send(const std::vector<pb::KeeperCommand>& commands) {
    pb::ExecuteRequest request;
    for (const auto& command : commands) *request.add_commands() = command;
    return stream->Write(request);
  }
  /// The next `count` outcomes by call; fewer when the stream ends.
  std::map<uint64_t, Result<ports::Answered>> Take(size_t count) {
    std::map<uint64_t, Result<ports::Answered>> all;
    pb::ExecuteResponse response;
    while (all.size() < count && stream->Read(&response)) {
      for (const auto& outcome : response.outcomes()) {
        EXPECT_TRUE(all.emplace(outcome.call(), wire::FromProto(outcome)).second) << "answered twice";
      }
    }
    return all;
  }
  grpc::ClientContext context;
  std::unique_ptr<pb::KeeperService::Stub> stub;
  std::unique_ptr<grpc::ClientReaderWriter<pb::ExecuteRequest, pb::ExecuteResponse>> stream;
};

pb::KeeperCommand Encode(const Command& command, uint64_t call) {
  pb::KeeperCommand out;
  wire::ToProto(command, call, &out);
  return out;
}

struct Keeping : ::testing::Test {
  Keys keys;
  FakeKeeper keeper;
};

TEST_F(Keeping, a_malformed_command_gets_an_error_of_its_own_and_the_stream_goes_on) {
  Instance instance(keys, keeper);
  Stream stream(instance, keys.service);
  pb::KeeperCommand short_id = Encode(MakeCommand(1, "a"), 1);
  short_id.set_case_id("short");
  pb::KeeperCommand empty;
  empty.set_call(2);
  pb::KeeperCommand unknown_role = Encode(MakeCommand(1, "b"), 3);
  unknown_role.mutable_actor()->add_roles("king");
  ASSERT_TRUE(stream.Send({short_id, empty, unknown_role, Encode(MakeCommand(1, "c"), 4)}));
  auto outcomes = stream.Take(4);
  ASSERT_EQ(outcomes.size(), 4u);
  for (uint64_t call = 1; call <= 3; ++call) {
    ASSERT_FALSE(outcomes.at(call)) << call;
    EXPECT_EQ(outcomes.at(call).error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(outcomes.at(call).error().fields.empty());
  }
  EXPECT_TRUE(outcomes.at(4));
  ASSERT_TRUE(stream.Send({Encode(MakeCommand(1, "d"), 5)}));
  EXPECT_TRUE(stream.Take(1).at(5));
  EXPECT_EQ(keeper.seen(), 2u);
}

TEST_F(Keeping, a_message_of_too_many_commands_is_refused_from_the_first_too_many_on) {
  Instance instance(keys, keeper);
  Stream stream(instance, keys.service);
  std::vector<pb::KeeperCommand> commands;
  for (uint64_t call = 1; call <= 1003; ++call) commands.push_back(Encode(MakeCommand(1, std::to_string(call)), call));
  ASSERT_TRUE(stream.Send(commands));
  const auto outcomes = stream.Take(1003);
  EXPECT_TRUE(outcomes.at(1000));
  EXPECT_FALSE(outcomes.at(1001));
  EXPECT_EQ(keeper.seen(), 1000u);
}

TEST_F(Keeping, a_forged_principal_is_refused) {
  Instance instance(keys, keeper);
  Stream stream(instance, keys.acme_service);
  Command foreign = MakeCommand(1, "a");
  foreign.actor.tenant = "other";
  Command everybody = MakeCommand(1, "b");
  everybody.actor = {"*", "ops", {"operator"}, ActorKind::kHuman};
  ASSERT_TRUE(stream.Send({Encode(foreign, 1), Encode(everybody, 2), Encode(MakeCommand(1, "c"), 3)}));
  const auto outcomes = stream.Take(3);
  ASSERT_FALSE(outcomes.at(1));
  EXPECT_EQ(outcomes.at(1).error().code, ErrorCode::kPermissionDenied);
  EXPECT_NE(outcomes.at(1).error().message.find("actor.tenant"), std::string::npos);
  EXPECT_FALSE(outcomes.at(2));
  EXPECT_TRUE(outcomes.at(3));
  EXPECT_EQ(keeper.seen(), 1u);
}

TEST_F(Keeping, only_services_may_pass_commands_on) {
  Instance instance(keys, keeper);
  const std::map<std::string, grpc::StatusCode> refused = {{"", grpc::StatusCode::UNAUTHENTICATED},
                                                           {"Bearer nonsense", grpc::StatusCode::UNAUTHENTICATED},
                                                           {keys.agent, grpc::StatusCode::PERMISSION_DENIED},
                                                           {keys.operators, grpc::StatusCode::PERMISSION_DENIED}};
  for (const auto& [authorization, code] : refused) {
    Stream stream(instance, authorization);
    stream.Send({Encode(MakeCommand(1, "a"), 1)});
    EXPECT_TRUE(stream.Take(1).empty());
    EXPECT_EQ(stream.stream->Finish().error_code(), code);
  }
  EXPECT_EQ(keeper.seen(), 0u);
}

TEST_F(Keeping, commands_of_one_message_come_as_one_batch_in_order) {
  Instance instance(keys, keeper);
  EventWaiter<std::vector<std::vector<std::string>>> batches;
  keeper.Set([&](std::vector<KeeperItem> items) {
    std::vector<std::string> ids;
    for (auto& item : items) ids.push_back(item.command.command_id);
    batches.Change([&](auto& all) { all.push_back(ids); });
    for (auto& item : items) item.answer(test::AnsweredFor(item.command));
  });
  Stream stream(instance, keys.service);
  stream.Send({Encode(MakeCommand(1, "a"), 1), Encode(MakeCommand(2, "b"), 2), Encode(MakeCommand(1, "c"), 3)});
  EXPECT_EQ(stream.Take(3).size(), 3u);
  EXPECT_EQ(batches.Get(), (std::vector<std::vector<std::string>>{{"a", "b", "c"}}));
}

TEST_F(Keeping, ten_thousand_commands_on_several_streams_are_answered_out_of_order_exactly_once) {
  for (const bool flushed : {false, true}) {
    KeeperServiceOptions options;
    options.answers_wait_for_flush = flushed;
    Instance instance(keys, keeper, options);
    // Answers come from one thread, in random order.
    EventWaiter<std::pair<std::vector<KeeperItem>, bool>> queue;
    keeper.Set([&](std::vector<KeeperItem> items) {
      queue.Change([&](auto& q) { std::move(items.begin(), items.end(), std::back_inserter(q.first)); });
    });
    std::thread answering([&] {
      std::mt19937 random(7);
      bool over = false;
      while (!over) {
        queue.Wait([](const auto& q) { return !q.first.empty() || q.second; });
        std::vector<KeeperItem> items;
        queue.Change([&](auto& q) {
          items.swap(q.first);
          over = q.second;
        });
        std::shuffle(items.begin(), items.end(), random);
        for (auto& item : items) item.answer(test::AnsweredFor(item.command));
        instance.service->FlushAnswers();
      }
    });
    constexpr int kStreams = 4, kPerStream = 2500, kPerMessage = 50;
    std::vector<std::thread> callers;
    std::atomic<int> right{0};
    for (int s = 0; s < kStreams; ++s) {
      callers.emplace_back([&, s] {
        Stream stream(instance, keys.service);
        std::thread sending([&] {
          for (int n = 0; n < kPerStream;) {
            std::vector<pb::KeeperCommand> commands;
            for (int i = 0; i < kPerMessage; ++i, ++n) {
              commands.push_back(
                  Encode(MakeCommand(n % 4096, std::to_string(s) + "-" + std::to_string(n)), static_cast<uint64_t>(n)));
            }
            EXPECT_TRUE(stream.Send(commands));
          }
          stream.stream->WritesDone();
        });
        for (const auto& [call, answered] : stream.Take(kPerStream)) {
          const std::string id = std::to_string(s) + "-" + std::to_string(call);
          right += answered && answered->case_id == MakeCommand(static_cast<int>(call) % 4096, id).case_id;
        }
        sending.join();
        pb::ExecuteResponse more;
        EXPECT_FALSE(stream.stream->Read(&more)) << "the stream ends after the last answer";
        EXPECT_TRUE(stream.stream->Finish().ok());
      });
    }
    for (auto& caller : callers) caller.join();
    queue.Change([](auto& q) { q.second = true; });
    answering.join();
    EXPECT_EQ(right, kStreams * kPerStream);
  }
}

TEST_F(Keeping, a_stream_that_owes_too_much_is_not_read) {
  KeeperServiceOptions options;
  options.most_per_stream = 100;
  Instance instance(keys, keeper, options);
  EventWaiter<std::vector<KeeperItem>> held;
  keeper.Set([&](std::vector<KeeperItem> items) {
    held.Change([&](auto& all) { std::move(items.begin(), items.end(), std::back_inserter(all)); });
  });
  Stream stream(instance, keys.service);
  std::thread sending([&] {
    uint64_t call = 0;
    for (int message = 0; message < 40; ++message) {
      std::vector<pb::KeeperCommand> commands;
      for (int i = 0; i < 10; ++i, ++call) commands.push_back(Encode(MakeCommand(1, std::to_string(call)), call));
      EXPECT_TRUE(stream.Send(commands));
    }
  });
  ASSERT_TRUE(held.Wait([](const auto& all) { return all.size() >= 100; }));
  EXPECT_FALSE(held.Wait([](const auto& all) { return all.size() > 100; }, std::chrono::milliseconds(100)));
  std::thread reading([&] { EXPECT_EQ(stream.Take(400).size(), 400u); });
  size_t answered = 0;
  while (answered < 400) {
    ASSERT_TRUE(held.Wait([](const auto& all) { return !all.empty(); }));
    std::vector<KeeperItem> items;
    held.Change([&](auto& all) { items.swap(all); });
    EXPECT_LE(items.size(), 110u);
    for (auto& item : items) item.answer(test::AnsweredFor(item.command));
    answered += items.size();
  }
  sending.join();
  reading.join();
}

TEST_F(Keeping, answers_for_a_caller_that_is_gone_are_dropped) {
  EventWaiter<std::vector<KeeperItem>> held;
  keeper.Set([&](std::vector<KeeperItem> items) {
    held.Change([&](auto& all) { std::move(items.begin(), items.end(), std::back_inserter(all)); });
  });
  {
    Instance instance(keys, keeper);
    for (int i = 0; i < 20; ++i) {
      Stream stream(instance, keys.service);
      ASSERT_TRUE(stream.Send({Encode(MakeCommand(1, "a"), 1), Encode(MakeCommand(1, "b"), 2)}));
      ASSERT_TRUE(held.Wait([&](const auto& all) { return all.size() == static_cast<size_t>(2 * (i + 1)); }));
      stream.context.TryCancel();
      if (i % 2 == 0) held.Get().back().answer(test::AnsweredFor({}));
      stream.stream->Finish();
    }
    held.Change([](auto& all) {
      for (auto& item : all) item.answer(Error{ErrorCode::kUnavailable, "late"});
      all.clear();
    });
    EXPECT_TRUE(instance.server->Stop(20'000));
  }
}

TEST_F(Keeping, a_command_given_up_without_an_answer_is_unknown) {
  Instance instance(keys, keeper);
  keeper.Set([](std::vector<KeeperItem>) {});
  Stream stream(instance, keys.service);
  stream.Send({Encode(MakeCommand(1, "a"), 1)});
  const auto outcomes = stream.Take(1);
  ASSERT_FALSE(outcomes.at(1));
  EXPECT_EQ(outcomes.at(1).error().code, ErrorCode::kOutcomeUnknown);
}

TEST_F(Keeping, draining_gives_the_answers_that_are_owed_and_ends_the_streams) {
  Instance instance(keys, keeper);
  EventWaiter<std::vector<KeeperItem>> held;
  keeper.Set([&](std::vector<KeeperItem> items) {
    held.Change([&](auto& all) { std::move(items.begin(), items.end(), std::back_inserter(all)); });
  });
  Stream stream(instance, keys.service);
  stream.Send({Encode(MakeCommand(1, "a"), 1)});
  ASSERT_TRUE(held.Wait([](const auto& all) { return all.size() == 1; }));
  instance.service->Drain();
  held.Change([](auto& all) {
    all[0].answer(test::AnsweredFor(all[0].command));
    all.clear();
  });
  EXPECT_TRUE(stream.Take(1).at(1));
  EXPECT_TRUE(instance.server->Stop(20'000));
  EXPECT_TRUE(stream.stream->Finish().ok());
}

TEST_F(Keeping, cases_are_read_with_their_tenant_in_mind) {
  Instance instance(keys, keeper);
  const CaseId mine = MakeCommand(1, "mine").case_id, foreign = MakeCommand(2, "foreign").case_id;
  const CaseId elsewhere = MakeCommand(3, "elsewhere").case_id;
  keeper.read = [&](const CaseId& id) -> Result<std::shared_ptr<const Case>> {
    if (id == elsewhere) return test::NotOwner("there:1");
    auto c = std::make_shared<Case>();
    c->id = id;
    c->version = 5;
    c->tenant = id == mine ? "acme" : "other";
    return std::shared_ptr<const Case>(c);
  };
  pb::ReadCasesRequest request;
  for (const CaseId& id : {mine, foreign, elsewhere}) request.add_case_ids(std::string(id.AsBytes()));
  const auto read = [&](const std::string& authorization, const std::string& tenant, pb::ReadCasesResponse* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", authorization);
    request.set_tenant(tenant);
    return pb::KeeperService::NewStub(instance.Dial())->ReadCases(&context, request, response).error_code();
  };
  pb::ReadCasesResponse response;
  ASSERT_EQ(read(keys.service, "", &response), grpc::StatusCode::OK);
  ASSERT_EQ(response.cases_size(), 3);
  EXPECT_EQ(wire::DecodeCase(response.cases(0).snapshot())->version, 5u);
  EXPECT_TRUE(response.cases(1).has_snapshot());
  EXPECT_EQ(response.cases(2).error().code(), grpc::StatusCode::UNAVAILABLE);
  ASSERT_EQ(read(keys.acme_service, "", &response), grpc::StatusCode::OK);
  EXPECT_EQ(response.cases(1).error().code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(read(keys.acme_service, "other", &response), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(read(keys.agent, "", &response), grpc::StatusCode::PERMISSION_DENIED);
  request.add_case_ids("short");
  EXPECT_EQ(read(keys.service, "", &response), grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_case_ids();
  EXPECT_EQ(read(keys.service, "", &response), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace escalon::rpc
