#include "common/log/follower.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "common/core/mutex.h"
#include "common/log/base_index.h"
#include "common/log/envelope.h"
#include "common/log/follower_start.h"
#include "common/log/group_member.h"
#include "common/log/partition_consumer.h"
#include "common/log/rejoin_pause.h"
#include "common/log/shard_progress.h"

namespace escalon::log {
namespace {

constexpr int kAskMs = 5000;  // for one question to the broker
constexpr std::chrono::milliseconds kTryAgain{3000};
constexpr std::chrono::milliseconds kPublish{100};
constexpr size_t kMaxDrain = 1000;

void AddTo(ReaderStats* sum, const ReaderStats& more) {
  sum->counted += more.counted;
  sum->fences += more.fences;
  sum->fences_lost += more.fences_lost;
  sum->foreign += more.foreign;
  sum->lower += more.lower;
  sum->voided += more.voided;
  sum->undecodable += more.undecodable;
  sum->repeated += more.repeated;
  sum->missing += more.missing;
}

}  // namespace

struct Follower::Impl {
  using Steady = std::chrono::steady_clock::time_point;

  struct Shard {
    explicit Shard(const Position& start) : reader(start), progress(start) {}
    Reader reader;
    ShardProgress progress;
    int64_t committed = -1;
    int64_t end = -1;
    bool caught_up = false;
    bool paused = false;
    std::optional<Steady> refetch_at;  ///< it stands still until then
    int refetches = 0;                 ///< since the last record
  };

  /// A shard that is ours and has no start yet.
  struct Waiting {
    Steady at;
    bool lost = false;
  };

  Impl(FollowerConfig c, FollowerHandler* h, const Clock* k) : config(std::move(c)), handler(h), clock(k) {}
  ~Impl() {
    Stop();
    EndMembership();
  }

  Status JoinGroup() {
    GroupMember::Events on;
    on.on_assigned = [this](const std::vector<int>& assigned) {
      for (int shard : assigned) waiting[shard] = {clock->Steady(), false};
    };
    on.on_revoked = [this](const std::vector<int>& revoked, bool lost) { Revoked(revoked, lost); };
    on.on_fatal = [this](const Error& e) { JoinLater(e); };
    on.on_trouble = [this](const Error& e) { handler->OnAlarm(-1, e); };
    on.on_committed = [this](int shard, int64_t offset, bool ok) { Committed(shard, offset, ok); };
    EndMembership();  // an earlier one
    Result<std::unique_ptr<GroupMember>> joined = GroupMember::Join(
        config.kafka, {config.topic, config.group, config.instance, config.session_timeout_ms}, std::move(on), &wakeup);
    if (!joined) return joined.error();
    member = std::move(joined).value();
    rejoin_pause.Joined(clock->Steady());
    return {};
  }

  /// It still calls back while it leaves, and finds itself in place then.
  void EndMembership() {
    if (member) member->Leave();
    member.reset();
  }

  Status Open() {
    Result<std::unique_ptr<PartitionConsumer>> opened =
        PartitionConsumer::Open(config.kafka, config.topic, {config.fetch_min_bytes, config.fetch_wait_ms}, &wakeup);
    if (!opened) return opened.error();
    consumer = std::move(opened).value();
    Result<std::unique_ptr<BaseIndex>> index = BaseIndex::Open(config.kafka, config.topic, config.base_group);
    if (!index) return index.error();
    bases = std::move(index).value();
    if (Status s = JoinGroup(); !s) return s.error();
    next_commit = next_publish = clock->Steady();
    return {};
  }

  void Stop() {
    {
      const MutexLock lock(mutex);
      stopping = true;
    }
    wakeup.Signal();
    if (thread.joinable()) thread.join();
  }

  // All below on the follower's thread.

  void Run() {
    own_thread = std::this_thread::get_id();
    bool more = false;
    while (!Stopping()) {
      if (!more) wakeup.Wait(WaitMs());
      if (rejoin_at && clock->Steady() >= *rejoin_at) JoinAgain();
      if (member) member->Serve();
      StartWaiting();
      more = Drain();
      TakeDoneMarks();
      CommitIfDue();
      if (unpublished && clock->Steady() >= next_publish) PublishStats();
    }
    TakeDoneMarks();
    if (member) member->Leave();
    PublishStats();
  }

  /// The brokers fence a member whose id they no longer know, also after a restart of theirs. All shards were revoked
  /// as lost; they start again at what was committed.
  void JoinAgain() {
    rejoin_at.reset();
    if (const Status s = JoinGroup(); !s) JoinLater(s.error());
  }

  void JoinLater(const Error& why) {
    const std::chrono::milliseconds pause = rejoin_pause.Ended(clock->Steady());
    handler->OnAlarm(-1, Error{why.code, why.message + "; joining again in " + std::to_string(pause.count()) + " ms"});
    rejoin_at = clock->Steady() + pause;
  }

  bool Stopping() {
    const MutexLock lock(mutex);
    return stopping;
  }

  static bool Dirty(const Shard& s) { return s.progress.done().offset != s.committed && s.progress.done().epoch > 0; }

  int WaitMs() const {
    Steady next = clock->Steady() + std::chrono::minutes(1);
    for (const auto& [shard, w] : waiting) next = std::min(next, w.at);
    for (const auto& [shard, s] : shards) {
      if (s.refetch_at) next = std::min(next, *s.refetch_at);
      if (Dirty(s)) next = std::min(next, next_commit);
    }
    if (unpublished) next = std::min(next, next_publish);
    if (rejoin_at) next = std::min(next, *rejoin_at);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - clock->Steady());
    return std::max(0, static_cast<int>(left.count()));
  }

  void StartWaiting() {
    const Steady now = clock->Steady();
    for (auto it = waiting.begin(); it != waiting.end();) {
      const int shard = it->first;
      Waiting& w = it->second;
      if (w.at > now) {
        ++it;
        continue;
      }
      const Result<StartChoice> choice = FindStart(shard, w.lost);
      if (!choice) {
        handler->OnAlarm(shard, choice.error());
        w.at = clock->Steady() + kTryAgain;
        ++it;
        continue;
      }
      it = waiting.erase(it);
      Begin(shard, *choice);
    }
    for (auto& [shard, s] : shards) {
      if (!s.refetch_at || *s.refetch_at > now) continue;
      s.refetch_at.reset();
      if (!s.paused) consumer->Start(shard, s.reader.next_offset());
    }
  }

  Result<StartChoice> FindStart(int shard, bool lost) {
    StartFacts facts;
    facts.lost = lost;
    Result<GroupMember::Committed> committed = member->ReadCommitted(shard, kAskMs);
    if (!committed) return committed.error();
    facts.committed = committed->offset;
    facts.metadata = std::move(committed->metadata);
    Result<Watermarks> ends = consumer->QueryEnds(shard, kAskMs);
    if (!ends) return ends.error();
    facts.ends = *ends;
    Result<Position> base = bases->LastBase(shard, kAskMs);
    if (base) {
      facts.base = *base;
    } else if (base.error().code != ErrorCode::kNotFound && base.error().code != ErrorCode::kInvalidArgument) {
      return base.error();
    }
    return ChooseStart(facts);
  }

  void Begin(int shard, const StartChoice& choice) {
    if (!choice.alarm.empty()) {
      handler->OnAlarm(shard, Error{ErrorCode::kInternal, choice.alarm});
      ++restarts_at_base;
    }
    unpublished = true;
    Shard& s = shards.emplace(shard, Shard(choice.start.at)).first->second;
    s.end = -1;
    if (choice.start.reason == StartReason::kCommitted) s.committed = choice.start.at.offset;
    handler->OnAssigned(shard, choice.start);
    consumer->Start(shard, choice.start.at.offset);
  }

  /// True: it stopped at its limit, there may be more.
  bool Drain() {
    size_t taken = 0;
    bool delivered = false;
    while (taken < kMaxDrain) {
      const MessagePtr message = consumer->Pop();
      if (!message) break;
      ++taken;
      delivered |= Take(*message);
    }
    if (delivered) handler->OnBatchEnd();
    if (taken > 0) unpublished = true;
    return taken == kMaxDrain;
  }

  bool Take(const rd_kafka_message_t& m) {
    const auto found = shards.find(m.partition);
    if (found == shards.end()) return false;
    Shard& s = found->second;
    if (m.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      s.end = m.offset;
      if (!s.caught_up) handler->OnCaughtUp(m.partition, m.offset);
      s.caught_up = true;
      return false;
    }
    if (m.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      Broken(m.partition, &s, FetchError(m));
      return false;
    }
    Result<Record> record = Decode(ValueOf(m));
    const Verdict verdict = record ? s.reader.Judge(m.offset, record->head) : s.reader.JudgeUndecodable(m.offset);
    if (verdict == Verdict::kMissing) {
      Broken(m.partition, &s,
             Error{ErrorCode::kInternal, "offset " + std::to_string(s.reader.next_offset()) + " of shard " +
                                             std::to_string(m.partition) + " is missing, the log goes on at " +
                                             std::to_string(m.offset)});
      return false;
    }
    s.refetches = 0;
    if (verdict == Verdict::kUndecodable) {
      ++poison;
      handler->OnPoison(m.partition, m.offset, ValueOf(m), record.error());
    }
    if (!Counts(verdict)) return false;
    s.progress.Delivered(s.reader.position());
    handler->OnRecord(m.partition, m.offset, BrokerTimeOf(m), *record);
    if (s.progress.outstanding() > config.max_outstanding && !s.paused) {
      s.paused = true;
      consumer->Stop(m.partition);
      TakeDoneMarks();
    }
    return true;
  }

  /// Fetching has ended. Out of range: at the base. Anything else: from the same offset again, at once and then slowly.
  void Broken(int shard, Shard* s, const Error& why) {
    consumer->Stop(shard);
    if (why.code == ErrorCode::kNotFound) {
      Drop(shard, true);
      waiting[shard] = {clock->Steady(), true};
      return;
    }
    handler->OnAlarm(shard, why);
    s->refetch_at = clock->Steady() + (s->refetches++ == 0 ? std::chrono::milliseconds(0) : kTryAgain);
  }

  void Drop(int shard, bool lost) {
    const auto found = shards.find(shard);
    if (found == shards.end()) return;
    unpublished = true;
    AddTo(&past, found->second.reader.stats());
    shards.erase(found);
    {
      const MutexLock lock(mutex);
      marks.erase(shard);
    }
    handler->OnRevoked(shard, lost);
  }

  void Revoked(const std::vector<int>& revoked, bool lost) {
    TakeDoneMarks();
    if (!lost) CommitNow(revoked);
    for (int shard : revoked) {
      waiting.erase(shard);
      if (shards.count(shard)) consumer->Stop(shard);
      Drop(shard, lost);
    }
  }

  void TakeDoneMarks() {
    {
      const MutexLock lock(mutex);
      taken_marks.swap(marks);
    }
    if (!taken_marks.empty()) unpublished = true;
    for (const auto& [shard, offset] : taken_marks) {
      const auto found = shards.find(shard);
      if (found == shards.end()) continue;
      Shard& s = found->second;
      s.progress.Done(offset);
      if (s.paused && s.progress.outstanding() <= config.max_outstanding / 2) {
        s.paused = false;
        if (!s.refetch_at) consumer->Start(shard, s.reader.next_offset());
      }
    }
    taken_marks.clear();
  }

  std::vector<GroupMember::Place> Due(const std::set<int>* only) const {
    std::vector<GroupMember::Place> places;
    for (const auto& [shard, s] : shards)
      if (Dirty(s) && (!only || only->count(shard))) places.push_back({shard, s.progress.done()});
    return places;
  }

  void CommitIfDue() {
    if (clock->Steady() < next_commit) return;
    const std::vector<GroupMember::Place> places = Due(nullptr);
    if (places.empty()) return;
    next_commit = clock->Steady() + std::chrono::milliseconds(config.commit_interval_ms);
    if (!member->Commit(places)) ++commit_failures;
  }

  void CommitNow(const std::vector<int>& revoked) {
    const std::set<int> only(revoked.begin(), revoked.end());
    const std::vector<GroupMember::Place> places = Due(&only);
    if (places.empty()) return;
    if (Status s = member->CommitNow(places); s) {
      ++commits;
    } else {
      ++commit_failures;
      handler->OnAlarm(-1, s.error());
    }
  }

  void Committed(int shard, int64_t offset, bool ok) {
    unpublished = true;
    ++(ok ? commits : commit_failures);
    const auto found = shards.find(shard);
    if (ok && found != shards.end()) found->second.committed = offset;
  }

  void PublishStats() {
    unpublished = false;
    next_publish = clock->Steady() + kPublish;
    FollowerStats now;
    now.total = past;
    for (const auto& [shard, s] : shards) {
      AddTo(&now.total, s.reader.stats());
      now.shards[shard] = {s.reader.stats(), s.reader.next_offset(), s.committed,
                           std::max(s.end, consumer->CachedEnd(shard)), s.progress.outstanding()};
    }
    now.poison = poison;
    now.commits = commits;
    now.commit_failures = commit_failures;
    now.restarts_at_base = restarts_at_base;
    const MutexLock lock(mutex);
    published = std::move(now);
  }

  const FollowerConfig config;
  FollowerHandler* const handler;
  const Clock* const clock;
  Wakeup wakeup;
  std::unique_ptr<PartitionConsumer> consumer;
  std::unique_ptr<BaseIndex> bases;
  std::unique_ptr<GroupMember> member;
  std::map<int, Shard> shards;
  std::map<int, Waiting> waiting;
  std::map<int, int64_t> taken_marks;
  std::optional<Steady> rejoin_at;  ///< the membership has ended for good; another is begun then
  RejoinPause rejoin_pause;
  Steady next_commit, next_publish;
  bool unpublished = false;
  ReaderStats past;  ///< of shards that were revoked
  uint64_t poison = 0, commits = 0, commit_failures = 0, restarts_at_base = 0;

  std::atomic<std::thread::id> own_thread;
  mutable Mutex mutex;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  std::map<int, int64_t> marks ABSL_GUARDED_BY(mutex);
  FollowerStats published ABSL_GUARDED_BY(mutex);
  std::thread thread;
};

Follower::Follower(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Follower::~Follower() = default;

Result<std::unique_ptr<Follower>> Follower::Open(FollowerConfig config, FollowerHandler* handler, const Clock* clock) {
  auto impl = std::make_unique<Impl>(std::move(config), handler, clock);
  if (Status s = impl->Open(); !s) return s.error();
  return std::unique_ptr<Follower>(new Follower(std::move(impl)));
}

void Follower::Start() {
  impl_->thread = std::thread([impl = impl_.get()] { impl->Run(); });
}

void Follower::MarkDone(int shard, int64_t offset) {
  bool first = false;
  {
    const MutexLock lock(impl_->mutex);
    first = impl_->marks.empty();
    const auto [it, added] = impl_->marks.emplace(shard, offset);
    if (!added) it->second = std::max(it->second, offset);
  }
  if (first && std::this_thread::get_id() != impl_->own_thread.load()) impl_->wakeup.Signal();
}

FollowerStats Follower::stats() const {
  const MutexLock lock(impl_->mutex);
  return impl_->published;
}

void Follower::Stop() { impl_->Stop(); }

}  // namespace escalon::log
