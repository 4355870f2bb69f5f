#pragma once

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "common/core/mutex.h"
#include "common/core/result.h"
#include "common/ports/command_gate.h"
#include "common/rpc/keeper_service.h"
#include "common/runtime/metrics.h"
#include "common/security/principal.h"
#include "escalon/keeper/v1/keeper_service.pb.h"

/// Private to the room.
namespace escalon::rpc {

class KeeperSession;

/// What the streams of one service share, and what answers that come late still find.
struct KeeperSessions {
  KeeperSessions(KeeperServiceOptions service_options, KeeperBackend& keeper, runtime::Metrics& metrics);

  const KeeperServiceOptions options;
  KeeperBackend& backend;
  runtime::GaugeRef streams;
  runtime::HistogramRef batch;
  runtime::CounterRef malformed, not_believed;

  void Add(std::shared_ptr<KeeperSession> session);
  void Remove(const KeeperSession* session);
  void HasAnswers(std::weak_ptr<KeeperSession> session);
  void FlushAnswers();
  void Drain();

 private:
  Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::shared_ptr<KeeperSession>> all_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<KeeperSession>> waiting_ ABSL_GUARDED_BY(mutex_);  ///< have answers to flush
};

/// One Execute stream of a caller. gRPC's reactor and the place where the answers gather; lives until gRPC is done with
/// it and the last answer it is owed has come or been dropped. No operation of gRPC starts under the lock, since its
/// reaction may run inside the call.
class KeeperSession final : public grpc::ServerBidiReactor<keeper::v1::ExecuteRequest, keeper::v1::ExecuteResponse>,
                            public std::enable_shared_from_this<KeeperSession> {
 public:
  KeeperSession(std::shared_ptr<KeeperSessions> shared, Principal caller)
      : sessions_(std::move(shared)), shared_(*sessions_), caller_(std::move(caller)) {}
  void Start();

  /// Any thread, once per command.
  void Answer(uint64_t call, const Result<ports::Answered>& answered);
  void Flush();
  void Drain();

 private:
  using ReactorBase = grpc::ServerBidiReactor<keeper::v1::ExecuteRequest, keeper::v1::ExecuteResponse>;
  struct Step {
    bool read = false, write = false, finish = false;
  };

  void OnSendInitialMetadataDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  void TakeCommands();
  Result<Command> Decode(const keeper::v1::KeeperCommand& command);
  void PauseOrResumeLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  /// What may begin now; marks it as begun.
  Step NextLocked(bool may_write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Do(Step step);

  const std::shared_ptr<KeeperSessions> sessions_;
  KeeperSessions& shared_;
  const Principal caller_;
  std::shared_ptr<KeeperSession> self_;  ///< until OnDone
  keeper::v1::ExecuteRequest request_;   ///< gRPC's while a read is under way
  keeper::v1::ExecuteResponse written_;  ///< gRPC's while a write is under way

  Mutex mutex_;
  keeper::v1::ExecuteResponse answers_ ABSL_GUARDED_BY(mutex_);
  size_t owed_ ABSL_GUARDED_BY(mutex_) = 0;      ///< commands whose answer has not been given yet
  size_t unsent_ ABSL_GUARDED_BY(mutex_) = 0;    ///< answers that have not left yet
  int starting_ ABSL_GUARDED_BY(mutex_) = 0;     ///< operations decided on whose call has not returned
  bool queued_ ABSL_GUARDED_BY(mutex_) = false;  ///< in KeeperSessions' list of those with answers
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;  ///< owes too much to read on
  bool reading_ ABSL_GUARDED_BY(mutex_) = false, writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool reads_done_ ABSL_GUARDED_BY(mutex_) = false;  ///< the caller has half-closed
  bool drained_ ABSL_GUARDED_BY(mutex_) = false;     ///< nothing more is read
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false, finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace escalon::rpc
