#include "common/rpc/keeper_session.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/rpc/keeper_stream.h"
#include "common/wire/command_codec.h"
#include "common/wire/outcome_codec.h"

namespace escalon::rpc {
namespace {

constexpr int kMostOutcomes = 1000;

/// The debt of one answer; whoever drops it unpaid leaves the caller in doubt, and says so.
class Debt {
 public:
  Debt(std::shared_ptr<KeeperSession> session, uint64_t call) : session_(std::move(session)), call_(call) {}
  ~Debt() {
    Pay(Error{ErrorCode::kOutcomeUnknown,
              "the keeper gave the command up without an answer; repeat it with the same command id"});
  }
  Debt(const Debt&) = delete;
  Debt& operator=(const Debt&) = delete;

  void Pay(const Result<ports::Answered>& answered) {
    if (!paid_.exchange(true, std::memory_order_acq_rel)) session_->Answer(call_, answered);
  }

 private:
  const std::shared_ptr<KeeperSession> session_;
  const uint64_t call_;
  std::atomic<bool> paid_{false};
};

}  // namespace

KeeperSessions::KeeperSessions(KeeperServiceOptions service_options, KeeperBackend& keeper, runtime::Metrics& metrics)
    : options(std::move(service_options)),
      backend(keeper),
      streams(metrics.AddGauge("escalon_rpc_keeper_streams", "Open Execute streams of callers.")),
      batch(metrics.AddHistogram("escalon_rpc_keeper_batch_commands", "Commands per received message.",
                                 runtime::kBatchBuckets)) {
  const auto refused =
      metrics.AddCounters("escalon_rpc_keeper_refused_total", "Commands refused before the keeper saw them, by reason.",
                          "reason", {"malformed", "not_believed"});
  malformed = refused[0];
  not_believed = refused[1];
}

void KeeperSessions::Add(std::shared_ptr<KeeperSession> session) {
  streams->Increment();
  KeeperSession* added = session.get();
  bool draining;
  {
    const MutexLock lock(mutex_);
    all_.push_back(std::move(session));
    draining = draining_;
  }
  if (draining) added->Drain();
}

void KeeperSessions::Remove(const KeeperSession* session) {
  streams->Decrement();
  const MutexLock lock(mutex_);
  std::erase_if(all_, [&](const auto& one) { return one.get() == session; });
}

void KeeperSessions::HasAnswers(std::weak_ptr<KeeperSession> session) {
  const MutexLock lock(mutex_);
  waiting_.push_back(std::move(session));
}

void KeeperSessions::FlushAnswers() {
  std::vector<std::weak_ptr<KeeperSession>> waiting;
  {
    const MutexLock lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& one : waiting) {
    if (const auto session = one.lock()) session->Flush();
  }
}

void KeeperSessions::Drain() {
  std::vector<std::shared_ptr<KeeperSession>> all;
  {
    const MutexLock lock(mutex_);
    draining_ = true;
    all = all_;
  }
  for (const auto& session : all) session->Drain();
}

void KeeperSession::Start() {
  self_ = shared_from_this();
  shared_.Add(self_);
  Step step;
  {
    const MutexLock lock(mutex_);
    step = NextLocked(false);
  }
  // At once, so that the caller knows that it is heard before it has sent anything.
  StartSendInitialMetadata();
  Do(step);
}

void KeeperSession::OnSendInitialMetadataDone(bool) {}

void KeeperSession::OnReadDone(bool ok) {
  if (ok) TakeCommands();
  Step step;
  {
    const MutexLock lock(mutex_);
    reading_ = false;
    if (!ok) reads_done_ = true;
    step = NextLocked(true);
  }
  Do(step);
}

void KeeperSession::OnWriteDone(bool ok) {
  Step step;
  {
    const MutexLock lock(mutex_);
    writing_ = false;
    unsent_ -= static_cast<size_t>(written_.outcomes_size());
    if (!ok) cancelled_ = true;
    step = NextLocked(true);
  }
  Do(step);
}

void KeeperSession::OnCancel() {
  Step step;
  {
    const MutexLock lock(mutex_);
    cancelled_ = true;
    step = NextLocked(false);
  }
  Do(step);
}

void KeeperSession::OnDone() {
  shared_.Remove(this);
  const auto last = std::move(self_);
}

Result<Command> KeeperSession::Decode(const keeper::v1::KeeperCommand& command) {
  Result<Command> decoded = wire::FromProto(command);
  if (!decoded) {
    shared_.malformed->Increment();
    return decoded;
  }
  const Actor& actor = decoded->actor;
  Result<Principal> principal = MakePrincipal("actor", actor.tenant, actor.subject, actor.roles);
  if (!principal) {
    shared_.malformed->Increment();
    return principal.error();
  }
  if (!CoversTenant(caller_, actor.tenant)) {
    shared_.not_believed->Increment();
    return Error{ErrorCode::kPermissionDenied, "actor.tenant: this credential may not speak for " + actor.tenant +
                                                   "; use one of that tenant or of all"};
  }
  return decoded;
}

void KeeperSession::TakeCommands() {
  const int count = request_.commands_size();
  shared_.batch->Observe(count);
  bool drained;
  {
    const MutexLock lock(mutex_);
    drained = drained_;
  }
  std::vector<KeeperItem> items;
  items.reserve(std::min(static_cast<size_t>(count), kMostCommands));
  std::vector<std::pair<uint64_t, Error>> refused;
  for (int i = 0; i < count; ++i) {
    const auto& command = request_.commands(i);
    if (static_cast<size_t>(i) >= kMostCommands) {
      shared_.malformed->Increment();
      refused.emplace_back(command.call(), InvalidField("commands", "more than 1000 in one message; send several"));
      continue;
    }
    if (drained) {
      refused.emplace_back(command.call(), Error{ErrorCode::kUnavailable,
                                                 "this instance of routing is shutting down; repeat at another"});
      continue;
    }
    Result<Command> decoded = Decode(command);
    if (!decoded) {
      refused.emplace_back(command.call(), decoded.error());
      continue;
    }
    items.push_back({std::move(*decoded), [debt = std::make_shared<Debt>(shared_from_this(), command.call())](
                                              const Result<ports::Answered>& answered) { debt->Pay(answered); }});
  }
  {
    const MutexLock lock(mutex_);
    owed_ += items.size();
    unsent_ += refused.size();
    for (const auto& [call, error] : refused)
      wire::ToProto(call, Result<ports::Answered>(error), answers_.add_outcomes());
  }
  if (!items.empty()) shared_.backend.Execute(std::move(items));
}

void KeeperSession::Answer(uint64_t call, const Result<ports::Answered>& answered) {
  Step step;
  bool queue = false;
  {
    const MutexLock lock(mutex_);
    --owed_;
    if (!cancelled_ && !finished_) {
      wire::ToProto(call, answered, answers_.add_outcomes());
      ++unsent_;
    }
    const bool wait = shared_.options.answers_wait_for_flush && !cancelled_;
    if (wait) {
      queue = !std::exchange(queued_, true);
    } else {
      step = NextLocked(true);
    }
  }
  if (queue) shared_.HasAnswers(weak_from_this());
  Do(step);
}

void KeeperSession::Flush() {
  Step step;
  {
    const MutexLock lock(mutex_);
    queued_ = false;
    step = NextLocked(true);
  }
  Do(step);
}

void KeeperSession::Drain() {
  Step step;
  {
    const MutexLock lock(mutex_);
    drained_ = true;
    step = NextLocked(true);
  }
  Do(step);
}

void KeeperSession::PauseOrResumeLocked() {
  const size_t load = owed_ + unsent_;
  if (load >= shared_.options.most_per_stream) paused_ = true;
  if (load <= shared_.options.most_per_stream / 2) paused_ = false;
}

KeeperSession::Step KeeperSession::NextLocked(bool may_write) {
  Step step;
  if (finished_) return step;
  if (cancelled_) answers_.Clear();
  if (may_write && !writing_ && answers_.outcomes_size() > 0) {
    written_.Clear();
    if (answers_.outcomes_size() <= kMostOutcomes) {
      written_.Swap(&answers_);
    } else {
      keeper::v1::KeeperOutcome* first[kMostOutcomes];
      answers_.mutable_outcomes()->ExtractSubrange(0, kMostOutcomes, first);
      for (auto* outcome : first) written_.mutable_outcomes()->AddAllocated(outcome);
    }
    writing_ = step.write = true;
    ++starting_;
  }
  PauseOrResumeLocked();
  if (!reading_ && !reads_done_ && !drained_ && !cancelled_ && !paused_) {
    reading_ = step.read = true;
    ++starting_;
  }
  const bool all_answered = owed_ == 0 && answers_.outcomes_size() == 0;
  const bool over = cancelled_ || ((reads_done_ || drained_) && all_answered);
  if (over && !writing_ && starting_ == 0) finished_ = step.finish = true;
  return step;
}

void KeeperSession::Do(Step step) {
  while (step.read || step.write || step.finish) {
    if (step.finish) {
      bool cancelled;
      {
        const MutexLock lock(mutex_);
        cancelled = cancelled_;
      }
      Finish(cancelled ? grpc::Status(grpc::StatusCode::CANCELLED, "the caller is gone") : grpc::Status::OK);
      return;
    }
    const auto alive = shared_from_this();  // a reaction may be the last to need it
    if (step.write) StartWrite(&written_);
    if (step.read) StartRead(&request_);
    const MutexLock lock(mutex_);
    starting_ -= (step.write ? 1 : 0) + (step.read ? 1 : 0);
    step = NextLocked(false);
  }
}

}  // namespace escalon::rpc
