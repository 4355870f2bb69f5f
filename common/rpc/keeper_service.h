#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/domain/command.h"
#include "common/ports/command_gate.h"
#include "common/rpc/shard_standing.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"
#include "common/security/credentials.h"

namespace grpc {
class Service;
}

namespace escalon::rpc {

class CallLimits;

/// A command and the way back. The first call of `answer` counts, from any thread; when all its copies are gone without
/// one, the caller hears kOutcomeUnknown.
struct KeeperItem {
  Command command;
  std::function<void(Result<ports::Answered>)> answer;
};

/// The keeper as its gRPC service needs it. Called from gRPC's threads: nothing may block, answers come from any
/// thread.
class KeeperBackend {
 public:
  virtual ~KeeperBackend() = default;
  /// All commands of one message, in the order in which they shall take effect.
  virtual void Execute(std::vector<KeeperItem> items) = 0;
  /// Counted state, in the order of the ids; kNotOwner where the shard is elsewhere.
  virtual void ReadCases(std::vector<CaseId> ids,
                         std::function<void(std::vector<Result<std::shared_ptr<const Case>>>)> done) = 0;
  virtual void Standings(std::function<void(std::vector<ShardStanding>)> done) = 0;
  virtual void Reconcile(int shard, bool dry_run, std::function<void(Result<Reconciled>)> done) = 0;
  virtual void WriteBase(int shard, std::function<void(Result<WrittenBase>)> done) = 0;
};

struct KeeperServiceOptions {
  std::string address;  ///< where callers reach this instance; shown in ShardStatus
  int shards = 8;
  /// Commands of one stream whose answers have not left yet; beyond it the stream is not read, so its sender waits.
  size_t most_per_stream = 4000;
  /// Answers wait for FlushAnswers, which the keeper calls at the end of its turn: one write for all of a turn. Else
  /// the first answer leaves at once and further ones while it is being written.
  bool answers_wait_for_flush = false;
};

/// The server side of escalon.keeper.v1.KeeperService. Callers need the role service (ReadCases, Execute) or operator
/// (the others). The actor of a command is believed when its tenant is within the caller's reach; a command that is
/// malformed or whose actor is not believed gets an error of its own and the stream goes on. Thread-safe.
class KeeperService {
 public:
  /// All of it outlives the service, and the service outlives the server. Answers that the backend gives later are
  /// dropped.
  KeeperService(KeeperServiceOptions options, KeeperBackend& backend, CallLimits& limits,
                const Credentials& credentials, const Clock& clock, runtime::Metrics& metrics, runtime::Logger log);
  ~KeeperService();

  grpc::Service* service();
  void FlushAnswers();
  /// Takes no more commands; every stream ends once it has been given the answers it waits for. Does not wait for that:
  /// Server::Stop does.
  void Drain();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::rpc
