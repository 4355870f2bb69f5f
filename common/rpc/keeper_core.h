#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/core/mutex.h"
#include "common/rpc/keeper_client.h"
#include "common/rpc/keeper_link.h"
#include "common/runtime/event_loop.h"

namespace grpc {
class ClientContext;
}

/// Private to the room.
namespace escalon::rpc {

struct KeeperClientMetrics {
  explicit KeeperClientMetrics(runtime::Metrics& metrics);
  enum Retry { kNotOwner, kUnavailable, kUnknown, kExhausted, kStreamLost };
  enum Outcome { kDone, kRejected, kInDoubt, kGivenUp, kRefused };
  std::vector<runtime::CounterRef> retries;   ///< by Retry
  std::vector<runtime::CounterRef> commands;  ///< by Outcome
  runtime::GaugeRef in_flight;
  runtime::GaugeRef links_up;
  runtime::HistogramRef seconds;
};

/// Commands in flight, the owners as last heard, and the links. The state is its own thread's.
class KeeperClient::Core final : public KeeperLinkEvents {
 public:
  Core(KeeperClientOptions options, std::shared_ptr<grpc::ChannelCredentials> credentials, const Clock& clock,
       runtime::Metrics& metrics, runtime::Logger log);
  ~Core() override;

  // Any thread:
  void Execute(Command command, std::function<void(Result<ports::Answered>)> done);
  void ReadCases(std::vector<CaseId> ids, std::string tenant, InstantMs deadline,
                 std::function<void(std::vector<Result<Case>>)> done);
  void Standings(InstantMs deadline, std::function<void(std::vector<Result<InstanceStanding>>)> done);
  void Reconcile(int shard, bool dry_run, InstantMs deadline, std::function<void(Result<Reconciled>)> done);
  void WriteBase(int shard, InstantMs deadline, std::function<void(Result<WrittenBase>)> done);
  bool Connected() const { return connected_.load(std::memory_order_relaxed); }
  void OnConnected(std::function<void(bool)> callback);
  void Stop(DurationMs limit_ms);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  using TimerId = runtime::EventLoop::TimerId;

  /// A command until it is answered.
  struct Pending {
    ~Pending();  ///< whoever drops it still answers
    enum class Where { kNowhere, kQueued, kSent };
    uint64_t call = 0;
    int shard = 0;
    std::string bytes;  ///< encoded as a field of ExecuteRequest
    std::string command_id;
    std::function<void(Result<ports::Answered>)> done;
    TimePoint started, until;
    TimerId deadline_timer = 0, retry_timer = 0;
    Where where = Where::kNowhere;
    KeeperLink* link = nullptr;
    int attempts = 0;
    bool redirected = false;  ///< once at once; then with pauses, since two instances may name each other
    bool doubt = false;       ///< an earlier attempt may have taken effect
    Error last{ErrorCode::kUnavailable, "no instance of routing could be reached"};
  };
  // KeeperLinkEvents
  void LinkUp(KeeperLink& link) override;
  void LinkAnswers(KeeperLink& link, const keeper::v1::ExecuteResponse& response) override;
  void LinkDown(KeeperLink& link, const Error& why) override;
  const std::string* LinkSends(uint64_t call) override;

  void TakeInbox();
  void Admit(std::unique_ptr<Pending> pending);
  void Dispatch(Pending& pending);
  void Judge(KeeperLink& link, Pending& pending, Result<ports::Answered> answered);
  void Repeat(Pending& pending, KeeperClientMetrics::Retry reason, const Error& error, DurationMs wait);
  void TimeOver(uint64_t call);
  void Complete(Pending& pending, Result<ports::Answered> answered);
  Error GivenUp(const Pending& pending) const;
  TimePoint Until(InstantMs deadline) const;

  /// The owner as last heard, else any that is up; nullptr: none is.
  KeeperLink* Pick(int shard, int attempt);
  KeeperLink* Find(const std::string& address);
  void Learn(int shard, KeeperLink& from, const Error& not_owner);
  void TellConnected();

  // keeper_core_calls.cc
  struct Reading;
  /// One unary call of KeeperService; `done` comes in the loop's thread.
  template <typename Request, typename Response>
  void Call(KeeperLink& link, const char* method, Request request, TimePoint until,
            std::function<void(Result<Response>)> done);
  /// A call to the instance that has the shard: one after another until one does not say kNotOwner.
  template <typename Request, typename Response>
  struct Asking;
  template <typename Request, typename Response>
  void Ask(std::shared_ptr<Asking<Request, Response>> asking);
  void ReadRound(const std::shared_ptr<Reading>& reading);
  void TakeRead(Reading& reading, KeeperLink& link, const std::vector<size_t>& asked,
                const Result<keeper::v1::ReadCasesResponse>& response);
  void EndRound(const std::shared_ptr<Reading>& reading);

  void BeginStop(DurationMs limit_ms);
  void Quit();
  void CancelCalls();
  void CheckQuit();

  const KeeperClientOptions options_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  const Clock& clock_;
  const runtime::Logger log_;
  KeeperClientMetrics metrics_;
  std::atomic<uint64_t> next_call_{1};
  std::atomic<size_t> in_flight_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> connected_{false};

  Mutex inbox_mutex_;
  std::vector<std::unique_ptr<Pending>> inbox_ ABSL_GUARDED_BY(inbox_mutex_);
  bool inbox_awaited_ ABSL_GUARDED_BY(inbox_mutex_) = false;  ///< the loop will look without being told

  runtime::LoopThread thread_;
  runtime::EventLoop& loop_;
  // The loop's:
  std::vector<std::unique_ptr<KeeperLink>> links_;  ///< the configured ones first
  std::vector<KeeperLink*> owners_;                 ///< by shard; nullptr: not known
  std::unordered_map<uint64_t, std::unique_ptr<Pending>> pending_;
  std::vector<uint64_t> without_link_;
  std::unordered_set<grpc::ClientContext*> open_calls_;
  std::function<void(bool)> on_connected_;
  runtime::LogLimit down_lines_{4};
  std::optional<Error> last_down_;  ///< since a stream was last up
  bool quitting_ = false, quit_told_ = false;
  std::promise<void> quit_;
  std::once_flag stop_once_;
};

}  // namespace escalon::rpc
