#pragma once

#include <grpcpp/channel.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/rpc/call.h"
#include "common/rpc/keeper_client.h"
#include "common/rpc/keeper_service.h"
#include "common/rpc/server.h"
#include "common/runtime/system_clock.h"
#include "tests/support/event_waiter.h"
#include "tests/support/temp_dir.h"

namespace escalon::rpc::test {

using escalon::test::EventWaiter;

/// A credentials file of its own; each token is a whole `authorization`.
class Keys {
 public:
  Keys();
  const Credentials& credentials() const { return *credentials_; }
  std::string service, acme_service, agent, operators;

 private:
  escalon::test::TempDir dir_;
  std::unique_ptr<Credentials> credentials_;
};

/// A keeper that does what the test says.
class FakeKeeper final : public KeeperBackend {
 public:
  using OnExecute = std::function<void(std::vector<KeeperItem>)>;
  FakeKeeper();  ///< answers everything at once
  void Set(OnExecute on_execute);
  /// Commands seen so far, repeats included.
  size_t seen() const { return seen_; }

  void Execute(std::vector<KeeperItem> items) override;
  void ReadCases(std::vector<CaseId> ids,
                 std::function<void(std::vector<Result<std::shared_ptr<const Case>>>)> done) override;
  void Standings(std::function<void(std::vector<ShardStanding>)> done) override;
  void Reconcile(int shard, bool dry_run, std::function<void(Result<Reconciled>)> done) override;
  void WriteBase(int shard, std::function<void(Result<WrittenBase>)> done) override;

  std::function<Result<std::shared_ptr<const Case>>(const CaseId&)> read;
  std::function<Result<Reconciled>(int shard, bool dry_run)> reconcile;
  std::vector<ShardStanding> standings;

 private:
  std::mutex mutex_;
  std::shared_ptr<OnExecute> on_execute_;
  std::atomic<size_t> seen_{0};
};

/// One instance of routing.
class Instance {
 public:
  Instance(const Keys& keys, FakeKeeper& keeper, KeeperServiceOptions options = {}, int port = 0);
  ~Instance();
  std::string address() const { return "127.0.0.1:" + std::to_string(server->port()); }
  std::shared_ptr<grpc::Channel> Dial() const;

  runtime::SystemClock clock;
  runtime::Metrics metrics;
  std::unique_ptr<CallLimits> limits;
  std::unique_ptr<KeeperService> service;
  std::unique_ptr<Server> server;
};

ports::Answered AnsweredFor(const Command& command);
Error NotOwner(std::string address);
/// An acknowledgement on a case of `bucket`, by an agent of acme.
Command MakeCommand(int bucket, std::string command_id, InstantMs deadline = kNever);

/// A client of its own with what it needs.
struct Client {
  Client(const Keys& keys, std::vector<std::string> addresses, std::function<void(KeeperClientOptions&)> adjust = {});
  /// Executes and waits.
  Result<ports::Answered> Ask(Command command);
  InstantMs In(DurationMs ms) const { return clock.WallMs() + ms; }
  double Metric(const std::string& line) const;

  runtime::SystemClock clock;
  runtime::Metrics metrics;
  std::unique_ptr<KeeperClient> gate;
};

}  // namespace escalon::rpc::test
