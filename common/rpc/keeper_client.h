#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/backoff.h"
#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/ports/command_gate.h"
#include "common/rpc/shard_standing.h"
#include "common/rpc/tls.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"

namespace escalon::rpc {

struct KeeperClientOptions {
  /// `host:port` of routing's instances, at least one. Owners elsewhere are learned from their answers.
  std::vector<std::string> addresses;
  int shards = 8;             ///< N of the cluster's manifest
  std::string authorization;  ///< the service's own credential, `Bearer …`; never logged
  std::optional<TlsFiles> tls = std::nullopt;
  /// A lone command leaves at once; what comes within this time after it leaves together. Messages cost far more than
  /// commands; 0: every turn of the client's thread sends.
  DurationMs gather_ms = 2;
  size_t most_in_flight = 20'000;           ///< beyond it Execute answers kResourceExhausted at once
  DurationMs patience_ms = 30 * kSecondMs;  ///< of commands without a deadline; steady time
  Backoff retry = {.first = 10, .most = kSecondMs};
  Backoff reconnect = {.first = 20, .most = kSecondMs};
  /// A peer that answers no ping for `ping_every_ms + ping_answer_ms` is given up: below the 6 s after which a stopped
  /// owner loses its shards.
  DurationMs ping_every_ms = 3 * kSecondMs;
  DurationMs ping_answer_ms = 2 * kSecondMs;
};

/// The way to the owner of every case: one stream per instance of routing, many commands per message, one thread. A
/// command is sent to the owner of its shard as last heard, else to any instance, which names the owner. kNotOwner,
/// kUnavailable, kOutcomeUnknown, kResourceExhausted with a time, and a broken stream repeat it with the same command
/// id until its deadline (protocol.md rule 22). Commands on one case keep their order as long as none is repeated.
///
/// Answers of its own: kOutcomeUnknown when the deadline passes and the command may have taken effect; kUnavailable
/// when it cannot have; kDeadlineExceeded when it was over at once; kResourceExhausted when too many are in flight.
/// Answers come on the client's thread; callbacks must not block. Thread-safe.
class KeeperClient final : public ports::CommandGate {
 public:
  /// Begins to connect; waits for nothing. `clock` is that of the deadlines. Errors: kInvalidArgument for the options.
  static Result<std::unique_ptr<KeeperClient>> Create(KeeperClientOptions options, const Clock& clock,
                                                      runtime::Metrics& metrics, runtime::Logger log);
  ~KeeperClient() override;  ///< Stop(0)

  void Execute(Command command, std::function<void(Result<ports::Answered>)> done) override;

  /// Counted state from the owners, in the order of the ids, by `deadline` (wall). `tenant` empty: of any.
  void ReadCases(std::vector<CaseId> ids, std::string tenant, InstantMs deadline,
                 std::function<void(std::vector<Result<Case>>)> done);
  /// What every configured instance says; kUnavailable for those that cannot be reached.
  void Standings(InstantMs deadline, std::function<void(std::vector<Result<InstanceStanding>>)> done);
  /// At the instance that the shard belongs to. Not repeated after it may have begun.
  void Reconcile(int shard, bool dry_run, InstantMs deadline, std::function<void(Result<Reconciled>)> done);
  void WriteBase(int shard, InstantMs deadline, std::function<void(Result<WrittenBase>)> done);

  /// Whether a stream to some instance is up.
  bool Connected() const;
  /// Called with the new state on the client's thread, and now with the present one. Set once, before the first
  /// command.
  void OnConnected(std::function<void(bool connected)> callback);
  /// Refuses new commands, waits until those in flight are answered or `limit_ms` of steady time are over, answers the
  /// rest (kOutcomeUnknown or kUnavailable) and disconnects. Blocks; not from the client's thread. Idempotent.
  void Stop(DurationMs limit_ms);

 private:
  class Core;
  explicit KeeperClient(std::unique_ptr<Core> core);
  const std::unique_ptr<Core> core_;
};

}  // namespace escalon::rpc
