#include "common/rpc/keeper_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "tests/support/free_port.h"
#include "tests/unit/rpc/freezing_proxy.h"
#include "tests/unit/rpc/rpc_support.h"

namespace escalon::rpc {
namespace {

using test::Client;
using test::EventWaiter;
using test::FakeKeeper;
using test::Instance;
using test::Keys;
using test::MakeCommand;
using test::NotOwner;

/// A keeper's memory of commands: a repeat gets the first outcome and has no second effect.
class Ledger {
 public:
  ports::Answered Apply(const Command& command) {
    std::lock_guard lock(mutex_);
    ++asked_[command.command_id];
    const auto [entry, first] = outcomes_.emplace(command.command_id, test::AnsweredFor(command));
    if (first) entry->second.version = ++effects_;
    return entry->second;
  }
  size_t effects() {
    std::lock_guard lock(mutex_);
    return effects_;
  }
  /// How often each id was asked for.
  std::map<std::string, int> asked() {
    std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  size_t effects_ = 0;
  std::map<std::string, int> asked_;
  std::map<std::string, ports::Answered> outcomes_;
};

struct Asking : ::testing::Test {
  Keys keys;
  FakeKeeper keeper;
};

TEST_F(Asking, a_command_is_answered) {
  Instance instance(keys, keeper);
  Client client(keys, {instance.address()});
  const Command command = MakeCommand(9, "a", client.In(20'000));
  const auto answered = client.Ask(command);
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_EQ(answered->case_id, command.case_id);
  EXPECT_EQ(answered->level, "L1");
  EXPECT_TRUE(client.gate->Connected());
  EXPECT_EQ(client.Metric("escalon_keeper_client_in_flight"), 0);
  EXPECT_EQ(client.Metric("escalon_keeper_client_commands_total{outcome=\"done\"}"), 1);
}

TEST_F(Asking, everything_of_a_command_arrives) {
  Instance instance(keys, keeper);
  std::promise<Command> seen;
  keeper.Set([&](std::vector<KeeperItem> items) {
    items[0].answer(test::AnsweredFor(items[0].command));
    seen.set_value(std::move(items[0].command));
  });
  Client client(keys, {instance.address()});
  Command command = MakeCommand(9, "a", client.In(20'000));
  command.body_hash = 77;
  command.expected_version = 4;
  command.trace_parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  command.body = Assign{"team-a", "p-2", "knows it"};
  ASSERT_TRUE(client.Ask(command));
  const Command got = seen.get_future().get();
  EXPECT_EQ(got.case_id, command.case_id);
  EXPECT_EQ(got.command_id, "a");
  EXPECT_EQ(got.body_hash, 77u);
  EXPECT_EQ(got.deadline, command.deadline);
  EXPECT_EQ(got.expected_version, 4u);
  EXPECT_EQ(got.trace_parent, command.trace_parent);
  EXPECT_EQ(got.actor, command.actor);
  EXPECT_EQ(std::get<Assign>(got.body).person, "p-2");
}

TEST_F(Asking, a_rejection_is_final) {
  Instance instance(keys, keeper);
  keeper.Set([](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(Error{ErrorCode::kWrongState, "the case is closed; reopen it"});
  });
  Client client(keys, {instance.address()});
  const auto answered = client.Ask(MakeCommand(9, "a", client.In(20'000)));
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code, ErrorCode::kWrongState);
  EXPECT_EQ(answered.error().message, "the case is closed; reopen it");
  EXPECT_EQ(keeper.seen(), 1u);
}

TEST_F(Asking, a_handler_that_never_answers_ends_in_unknown_at_the_deadline) {
  Instance instance(keys, keeper);
  EventWaiter<std::vector<KeeperItem>> held;
  keeper.Set([&](std::vector<KeeperItem> items) {
    held.Change([&](auto& all) { std::move(items.begin(), items.end(), std::back_inserter(all)); });
  });
  Client client(keys, {instance.address()});
  const InstantMs deadline = client.In(300);
  const auto answered = client.Ask(MakeCommand(9, "a", deadline));
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code, ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(answered.error().detail, "a");
  EXPECT_GE(client.clock.WallMs(), deadline - 2);
  EXPECT_LT(client.clock.WallMs(), deadline + 5'000);
  held.Change([](auto& all) {
    for (auto& item : all) item.answer(test::AnsweredFor(item.command));  // too late for anybody
  });
}

TEST_F(Asking, without_any_instance_a_command_is_unavailable_since_it_was_never_sent) {
  const std::string nobody = "127.0.0.1:" + std::to_string(escalon::test::FreePort());
  Client client(keys, {nobody});
  const auto answered = client.Ask(MakeCommand(9, "a", client.In(200)));
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(client.gate->Connected());
  const auto late = client.Ask(MakeCommand(9, "b", client.In(-1)));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kDeadlineExceeded);
}

TEST_F(Asking, a_command_waits_for_an_instance_that_comes_up_in_time) {
  const int port = escalon::test::FreePort();
  Client client(keys, {"127.0.0.1:" + std::to_string(port)});
  auto answer = std::async(std::launch::async, [&] { return client.Ask(MakeCommand(9, "a", client.In(20'000))); });
  EXPECT_EQ(answer.wait_for(std::chrono::milliseconds(150)), std::future_status::timeout);
  Instance instance(keys, keeper, {}, port);
  EXPECT_TRUE(answer.get());
}

TEST_F(Asking, a_refused_credential_is_told) {
  Instance instance(keys, keeper);
  Client client(keys, {instance.address()}, [&](KeeperClientOptions& o) { o.authorization = keys.agent; });
  const auto answered = client.Ask(MakeCommand(9, "a", client.In(500)));
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(answered.error().message.find("may not forward"), std::string::npos) << answered.error().message;
}

TEST_F(Asking, not_owner_leads_to_the_owner_and_later_commands_go_straight_there) {
  FakeKeeper owner;
  Instance second(keys, owner);
  keeper.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(NotOwner(second.address()));
  });
  Instance first(keys, keeper);
  Client client(keys, {first.address()});  // the owner is not configured
  for (int i = 0; i < 10; ++i) {
    const auto answered = client.Ask(MakeCommand(9, std::to_string(i), client.In(20'000)));
    ASSERT_TRUE(answered) << answered.error().message;
  }
  EXPECT_EQ(owner.seen(), 10u);
  EXPECT_LT(keeper.seen(), 20u);
  const size_t before = keeper.seen();
  ASSERT_TRUE(client.Ask(MakeCommand(9, "straight", client.In(20'000))));
  EXPECT_EQ(keeper.seen(), before);
}

TEST_F(Asking, two_instances_that_name_each_other_are_not_asked_without_a_pause) {
  FakeKeeper other;
  Instance first(keys, keeper), second(keys, other);
  keeper.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(NotOwner(second.address()));
  });
  other.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(NotOwner(first.address()));
  });
  Client client(keys, {first.address(), second.address()},
                [](KeeperClientOptions& o) { o.retry = {.first = 40, .most = 40}; });
  const auto answered = client.Ask(MakeCommand(9, "a", client.In(600)));
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code, ErrorCode::kUnavailable) << "NOT_OWNER is safe: it was never decided";
  EXPECT_LT(keeper.seen() + other.seen(), 100u);
  EXPECT_GT(keeper.seen() + other.seen(), 4u);
}

TEST_F(Asking, unavailable_and_full_with_a_time_are_repeated_and_full_without_is_not) {
  Instance instance(keys, keeper);
  std::atomic<int> times{0};
  keeper.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) {
      const int n = times++;
      Error error{n % 2 == 0 ? ErrorCode::kUnavailable : ErrorCode::kResourceExhausted, "not now"};
      error.retry_after_ms = n % 2 == 0 ? 0 : 20;
      if (n < 4) {
        item.answer(error);
      } else {
        item.answer(test::AnsweredFor(item.command));
      }
    }
  });
  Client client(keys, {instance.address()});
  EXPECT_TRUE(client.Ask(MakeCommand(9, "a", client.In(20'000))));
  EXPECT_EQ(times, 5);
  EXPECT_EQ(client.Metric("escalon_keeper_client_retries_total{reason=\"unavailable\"}"), 2);
  EXPECT_EQ(client.Metric("escalon_keeper_client_retries_total{reason=\"exhausted\"}"), 2);
  keeper.Set([](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(Error{ErrorCode::kResourceExhausted, "over the tenant's quota"});
  });
  const auto full = client.Ask(MakeCommand(9, "b", client.In(20'000)));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::kResourceExhausted);
}

TEST_F(Asking, over_the_deadline_after_an_unknown_attempt_is_unknown) {
  Instance instance(keys, keeper);
  std::atomic<int> times{0};
  keeper.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) {
      item.answer(times++ == 0 ? Error{ErrorCode::kOutcomeUnknown, "lost the shard"}
                               : Error{ErrorCode::kDeadlineExceeded, "over"});
    }
  });
  Client client(keys, {instance.address()});
  const auto answered = client.Ask(MakeCommand(9, "a", client.In(20'000)));
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code, ErrorCode::kOutcomeUnknown);
}

TEST_F(Asking, intake_retries_unknown_with_same_id) {
  const int port = escalon::test::FreePort();
  Ledger ledger;
  std::atomic<int> mode{0};  // 0: decides and says unknown, 1: decides and says nothing, 2: decides and answers
  EventWaiter<size_t> effects;
  EventWaiter<std::vector<KeeperItem>> held;
  keeper.Set([&](std::vector<KeeperItem> items) {
    const int now = mode;
    for (auto& item : items) {
      const ports::Answered answered = ledger.Apply(item.command);
      if (now == 0) item.answer(Error{ErrorCode::kOutcomeUnknown, "lost the shard"});
      if (now == 2) item.answer(answered);
    }
    if (now == 1) held.Change([&](auto& all) { std::move(items.begin(), items.end(), std::back_inserter(all)); });
    effects.Change([&](size_t& n) { n = ledger.effects(); });
  });
  auto instance = std::make_unique<Instance>(keys, keeper, KeeperServiceOptions{}, port);
  Client client(keys, {instance->address()});
  constexpr size_t kCommands = 200;
  EventWaiter<std::map<int, Result<ports::Answered>>> answers;
  std::set<std::string> ids;
  for (size_t i = 0; i < kCommands; ++i) {
    const std::string id = "c" + std::to_string(i);
    ids.insert(id);
    client.gate->Execute(
        MakeCommand(static_cast<int>(i), id, client.In(30'000)), [&, i](Result<ports::Answered> answered) {
          answers.Change(
              [&](auto& all) { EXPECT_TRUE(all.emplace(static_cast<int>(i), std::move(answered)).second) << "twice"; });
        });
  }
  ASSERT_TRUE(effects.Wait([](size_t n) { return n == kCommands; }));
  mode = 1;
  ASSERT_TRUE(held.Wait([&](const auto& all) { return all.size() >= kCommands; }));
  instance->server->Stop(0);  // gone in the middle of all of them
  instance.reset();
  mode = 2;
  instance = std::make_unique<Instance>(keys, keeper, KeeperServiceOptions{}, port);
  ASSERT_TRUE(answers.Wait([](const auto& all) { return all.size() == kCommands; }));
  for (const auto& [i, answered] : answers.Get()) EXPECT_TRUE(answered) << i;
  EXPECT_EQ(ledger.effects(), kCommands) << "no command took effect twice";
  for (const auto& [id, times] : ledger.asked()) {
    EXPECT_TRUE(ids.count(id)) << id;
    EXPECT_GE(times, 2);
  }
  EXPECT_GT(client.Metric("escalon_keeper_client_retries_total{reason=\"unknown\"}"), 0);
  EXPECT_EQ(client.Metric("escalon_keeper_client_retries_total{reason=\"stream_lost\"}"), kCommands);
  held.Change([](auto& all) { all.clear(); });
}

TEST_F(Asking, instances_cut_again_and_again_lose_and_double_nothing) {
  Ledger ledger;
  keeper.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(ledger.Apply(item.command));
  });
  const int ports[] = {escalon::test::FreePort(), escalon::test::FreePort()};
  std::unique_ptr<Instance> instances[2];
  for (int i : {0, 1}) instances[i] = std::make_unique<Instance>(keys, keeper, KeeperServiceOptions{}, ports[i]);
  Client client(keys, {instances[0]->address(), instances[1]->address()});
  constexpr size_t kCommands = 5'000, kThreads = 4;
  EventWaiter<std::pair<size_t, size_t>> answered;  // good ones, all
  std::vector<std::thread> asking;
  for (size_t t = 0; t < kThreads; ++t) {
    asking.emplace_back([&, t] {
      for (size_t i = 0; i < kCommands; ++i) {
        client.gate->Execute(
            MakeCommand(static_cast<int>(i % 4096), std::to_string(t) + "-" + std::to_string(i), client.In(60'000)),
            [&](const Result<ports::Answered>& one) {
              answered.Change([&](auto& n) {
                n.first += one.ok();
                ++n.second;
              });
            });
        if (i % 500 == 0) answered.Wait([&](const auto& n) { return n.second >= i * kThreads / 2; });
      }
    });
  }
  for (int cut = 0; cut < 10; ++cut) {
    const size_t before = answered.Get().second;
    answered.Wait([&](const auto& n) { return n.second >= before + 500 || n.second == kCommands * kThreads; });
    auto& instance = instances[cut % 2];
    instance.reset();
    instance = std::make_unique<Instance>(keys, keeper, KeeperServiceOptions{}, ports[cut % 2]);
  }
  for (auto& thread : asking) thread.join();
  ASSERT_TRUE(answered.Wait([](const auto& n) { return n.second == kCommands * kThreads; }));
  EXPECT_EQ(answered.Get().first, kCommands * kThreads);
  EXPECT_EQ(ledger.effects(), kCommands * kThreads);
}

TEST_F(Asking, a_peer_that_hangs_is_given_up_and_its_commands_go_to_another) {
  Ledger ledger;
  FakeKeeper other;
  Instance first(keys, keeper), second(keys, other);
  test::FreezingProxy proxy(first.server->port());
  Client client(keys, {"127.0.0.1:" + std::to_string(proxy.port()), second.address()}, [](KeeperClientOptions& o) {
    o.ping_every_ms = 1'000;
    o.ping_answer_ms = 300;
  });
  keeper.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(ledger.Apply(item.command));
  });
  other.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(NotOwner("127.0.0.1:" + std::to_string(proxy.port())));
  });
  ASSERT_TRUE(client.Ask(MakeCommand(9, "before", client.In(20'000))));
  other.Set([&](std::vector<KeeperItem> items) {
    for (auto& item : items) item.answer(ledger.Apply(item.command));
  });
  proxy.Freeze();
  const auto start = client.clock.Steady();
  EXPECT_TRUE(client.Ask(MakeCommand(9, "during", client.In(20'000))));
  EXPECT_LT(client.clock.Steady() - start, std::chrono::seconds(6));
  EXPECT_EQ(client.Metric("escalon_keeper_client_retries_total{reason=\"stream_lost\"}"), 1);
  proxy.Thaw();
}

TEST_F(Asking, too_many_in_flight_are_refused_at_once) {
  Instance instance(keys, keeper);
  EventWaiter<std::vector<KeeperItem>> held;
  keeper.Set([&](std::vector<KeeperItem> items) {
    held.Change([&](auto& all) { std::move(items.begin(), items.end(), std::back_inserter(all)); });
  });
  Client client(keys, {instance.address()}, [](KeeperClientOptions& o) { o.most_in_flight = 3; });
  std::atomic<int> done{0};
  for (int i = 0; i < 3; ++i) {
    client.gate->Execute(MakeCommand(9, std::to_string(i), client.In(20'000)), [&](const auto&) { ++done; });
  }
  const auto fourth = client.Ask(MakeCommand(9, "fourth", client.In(20'000)));
  ASSERT_FALSE(fourth);
  EXPECT_EQ(fourth.error().code, ErrorCode::kResourceExhausted);
  EXPECT_GT(fourth.error().retry_after_ms, 0);
  ASSERT_TRUE(held.Wait([](const auto& all) { return all.size() == 3; }));
  held.Change([](auto& all) {
    for (auto& item : all) item.answer(test::AnsweredFor(item.command));
    all.clear();
  });
  client.gate->Stop(20'000);
  EXPECT_EQ(done, 3);
}

TEST_F(Asking, stopping_answers_everything_once) {
  Instance instance(keys, keeper);
  EventWaiter<std::vector<KeeperItem>> held;
  keeper.Set([&](std::vector<KeeperItem> items) {
    held.Change([&](auto& all) { std::move(items.begin(), items.end(), std::back_inserter(all)); });
  });
  Client client(keys, {instance.address()});
  std::map<std::string, ErrorCode> answers;
  const auto execute = [&](const std::string& id) {
    client.gate->Execute(MakeCommand(9, id, client.In(20'000)), [&, id](const Result<ports::Answered>& one) {
      EXPECT_TRUE(answers.emplace(id, one.error().code).second);
    });
  };
  execute("sent");
  ASSERT_TRUE(held.Wait([](const auto& all) { return all.size() == 1; }));
  client.gate->Stop(50);
  execute("after");
  EXPECT_EQ(answers, (std::map<std::string, ErrorCode>{{"sent", ErrorCode::kOutcomeUnknown},
                                                       {"after", ErrorCode::kUnavailable}}));
  held.Change([](auto& all) { all.clear(); });
}

TEST_F(Asking, a_connection_is_told) {
  const int port = escalon::test::FreePort();
  Client client(keys, {"127.0.0.1:" + std::to_string(port)});
  EventWaiter<std::vector<bool>> told;
  client.gate->OnConnected([&](bool connected) { told.Change([&](auto& all) { all.push_back(connected); }); });
  ASSERT_TRUE(told.Wait([](const auto& all) { return all == std::vector{false}; }));
  {
    Instance instance(keys, keeper, {}, port);
    ASSERT_TRUE(told.Wait([](const auto& all) { return all == std::vector{false, true}; }));
  }
  ASSERT_TRUE(told.Wait([](const auto& all) { return all == std::vector{false, true, false}; }));
}

TEST_F(Asking, cases_are_read_from_their_owners) {
  FakeKeeper other;
  Instance first(keys, keeper), second(keys, other);
  const auto half = [](FakeKeeper& of, int from, const std::string& elsewhere) {
    of.read = [=](const CaseId& id) -> Result<std::shared_ptr<const Case>> {
      if (id.bucket() / 2048 != from) return NotOwner(elsewhere);
      if (id.bucket() % 2048 == 5) return Error{ErrorCode::kNotFound, "no such case"};
      auto c = std::make_shared<Case>();
      c->id = id;
      c->tenant = "acme";
      c->version = static_cast<uint64_t>(id.bucket()) + 1;
      return std::shared_ptr<const Case>(c);
    };
  };
  half(keeper, 0, second.address());
  half(other, 1, first.address());
  Client client(keys, {first.address(), second.address()});
  std::vector<CaseId> ids;
  for (int i = 0; i < 1200; ++i) ids.push_back(MakeCommand(i * 3, std::to_string(i)).case_id);
  ids.push_back(MakeCommand(5, "none").case_id);
  // Until a stream is up no owner can be asked.
  EventWaiter<bool> up;
  client.gate->OnConnected([&](bool connected) { up.Change([&](bool& u) { u = connected; }); });
  ASSERT_TRUE(up.Wait([](bool u) { return u; }));
  std::promise<std::vector<Result<Case>>> read;
  client.gate->ReadCases(ids, "acme", client.In(20'000), [&](auto cases) { read.set_value(std::move(cases)); });
  const auto cases = read.get_future().get();
  ASSERT_EQ(cases.size(), ids.size());
  for (size_t i = 0; i + 1 < ids.size(); ++i) {
    if (ids[i].bucket() % 2048 == 5) continue;
    ASSERT_TRUE(cases[i]) << i << cases[i].error().message;
    EXPECT_EQ(cases[i]->id, ids[i]);
    EXPECT_EQ(cases[i]->version, static_cast<uint64_t>(ids[i].bucket()) + 1);
  }
  ASSERT_FALSE(cases.back());
  EXPECT_EQ(cases.back().error().code, ErrorCode::kNotFound);
}

TEST_F(Asking, operators_hear_every_instance_and_reach_the_one_that_has_the_shard) {
  FakeKeeper other;
  Instance first(keys, keeper), second(keys, other);
  ShardStanding standing;
  standing.shard = 3;
  standing.phase = ShardPhase::kClosed;
  standing.reason = "the log is shorter than the view";
  standing.counted = {.offset = 12, .epoch = 4, .owner = {9, 8, 7}, .seq = 5};
  standing.quarantined = {MakeCommand(1, "q").case_id};
  other.standings = {standing};
  keeper.reconcile = [](int, bool) -> Result<Reconciled> { return NotOwner(""); };
  other.reconcile = [](int shard, bool dry_run) -> Result<Reconciled> {
    return Reconciled{static_cast<uint64_t>(shard), {}, dry_run ? "would" : "did"};
  };
  const std::string nobody = "127.0.0.1:" + std::to_string(escalon::test::FreePort());
  Client client(keys, {first.address(), nobody, second.address()});

  std::promise<std::vector<Result<InstanceStanding>>> heard;
  client.gate->Standings(client.In(2'000), [&](auto all) { heard.set_value(std::move(all)); });
  const auto standings = heard.get_future().get();
  ASSERT_EQ(standings.size(), 3u);
  EXPECT_TRUE(standings[0]);
  EXPECT_FALSE(standings[1]);
  ASSERT_TRUE(standings[2]);
  ASSERT_EQ(standings[2]->shards.size(), 1u);
  EXPECT_EQ(standings[2]->shards[0].phase, ShardPhase::kClosed);
  EXPECT_EQ(standings[2]->shards[0].counted, standing.counted);
  EXPECT_EQ(standings[2]->shards[0].quarantined, standing.quarantined);
  EXPECT_EQ(standings[2]->shards[0].reason, standing.reason);

  std::promise<Result<Reconciled>> reconciled;
  client.gate->Reconcile(3, true, client.In(20'000), [&](auto r) { reconciled.set_value(std::move(r)); });
  const auto done = reconciled.get_future().get();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->summary, "would");
  EXPECT_EQ(done->records, 3u);

  std::promise<Result<WrittenBase>> written;
  client.gate->WriteBase(6, client.In(20'000), [&](auto r) { written.set_value(std::move(r)); });
  const auto base = written.get_future().get();
  ASSERT_TRUE(base);
  EXPECT_EQ(base->floor.seq, 9u);
  EXPECT_EQ(base->cases, 6u);
}

TEST_F(Asking, options_that_cannot_be_are_named) {
  const runtime::SystemClock clock;
  runtime::Metrics metrics;
  const auto create = [&](std::vector<std::string> addresses, int shards) {
    KeeperClientOptions options;
    options.addresses = std::move(addresses);
    options.shards = shards;
    const auto client = KeeperClient::Create(options, clock, metrics, runtime::Logger());
    return client ? std::string() : client.error().fields.at(0).field;
  };
  EXPECT_EQ(create({}, 8), "keeper.addresses");
  EXPECT_EQ(create({"127.0.0.1:1", "no port"}, 8), "keeper.addresses[1]");
  EXPECT_EQ(create({"127.0.0.1:1"}, 12), "keeper.shards");
}

}  // namespace
}  // namespace escalon::rpc
