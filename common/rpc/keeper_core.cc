#include "common/rpc/keeper_core.h"

#include <algorithm>
#include <utility>

#include "common/core/random.h"
#include "common/runtime/address.h"
#include "common/runtime/system_clock.h"
#include "common/wire/command_codec.h"
#include "common/wire/outcome_codec.h"

namespace escalon::rpc {
namespace {

constexpr DurationMs kRetryWhenFullMs = 50;
constexpr size_t kMostLinks = 256;
/// An address that was only heard of is left alone when nobody answers there.
constexpr DurationMs kForgetMs = 30 * kSecondMs;

/// A KeeperCommand as field 1 of an ExecuteRequest; messages are these, one after another
/// (https://protobuf.dev/programming-guides/encoding/).
std::string AsField(const keeper::v1::KeeperCommand& command) {
  constexpr char kTag = 1 << 3 | 2;
  size_t size = command.ByteSizeLong();
  std::string out;
  out.reserve(size + 6);
  out.push_back(kTag);
  for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>(size | 0x80));
  out.push_back(static_cast<char>(size));
  command.AppendToString(&out);
  return out;
}

}  // namespace

KeeperClientMetrics::KeeperClientMetrics(runtime::Metrics& metrics)
    : retries(metrics.AddCounters("escalon_keeper_client_retries_total",
                                  "Commands sent again with the same command id, by reason.", "reason",
                                  {"not_owner", "unavailable", "unknown", "exhausted", "stream_lost"})),
      commands(metrics.AddCounters("escalon_keeper_client_commands_total", "Commands answered, by outcome.", "outcome",
                                   {"done", "rejected", "unknown", "given_up", "refused_full"})),
      in_flight(metrics.AddGauge("escalon_keeper_client_in_flight", "Commands that wait for their answer.")),
      links_up(metrics.AddGauge("escalon_keeper_client_links_up", "Instances of routing with an open stream.")),
      seconds(metrics.AddHistogram("escalon_keeper_client_seconds",
                                   "Seconds from a command to its answer, repeats included.",
                                   runtime::kLatencyBuckets)) {}

KeeperClient::Core::Pending::~Pending() {
  if (done) done(Error{ErrorCode::kUnavailable, "this process is shutting down; repeat with the same command id"});
}

KeeperClient::Core::Core(KeeperClientOptions options, std::shared_ptr<grpc::ChannelCredentials> credentials,
                         const Clock& clock, runtime::Metrics& metrics, runtime::Logger log)
    : options_(std::move(options)),
      credentials_(std::move(credentials)),
      clock_(clock),
      log_(std::move(log)),
      metrics_(metrics),
      thread_("keeper-client", clock),
      loop_(thread_.loop()),
      owners_(static_cast<size_t>(options_.shards), nullptr) {
  for (const std::string& address : options_.addresses) {
    links_.push_back(std::make_unique<KeeperLink>(address, options_, credentials_, loop_, *this));
  }
  loop_.OnTurnEnd([this] {
    for (const auto& link : links_) link->Flush();
  });
  loop_.Post([this] {
    for (size_t i = 0; i < links_.size(); ++i) links_[i]->Connect();
  });
  thread_.Start();
}

KeeperClient::Core::~Core() { Stop(0); }

void KeeperClient::Core::Execute(Command command, std::function<void(Result<ports::Answered>)> done) {
  const InstantMs now = clock_.WallMs();
  if (command.deadline <= now) {
    metrics_.commands[KeeperClientMetrics::kGivenUp]->Increment();
    return done(Error{ErrorCode::kDeadlineExceeded, "deadline: already over; allow more time"});
  }
  if (stopping_.load(std::memory_order_relaxed)) {
    return done(Error{ErrorCode::kUnavailable, "this process is shutting down; repeat at another"});
  }
  if (in_flight_.fetch_add(1, std::memory_order_relaxed) >= options_.most_in_flight) {
    in_flight_.fetch_sub(1, std::memory_order_relaxed);
    metrics_.commands[KeeperClientMetrics::kRefused]->Increment();
    Error full{ErrorCode::kResourceExhausted,
               std::to_string(options_.most_in_flight) + " commands wait for an answer already; repeat a little later"};
    full.retry_after_ms = kRetryWhenFullMs;
    return done(full);
  }
  metrics_.in_flight->Increment();
  auto pending = std::make_unique<Pending>();
  pending->call = next_call_.fetch_add(1, std::memory_order_relaxed);
  pending->shard = ShardOf(command.case_id.bucket(), options_.shards);
  keeper::v1::KeeperCommand message;
  wire::ToProto(command, pending->call, &message);
  pending->bytes = AsField(message);
  pending->command_id = std::move(command.command_id);
  pending->done = std::move(done);
  pending->started = clock_.Steady();
  pending->until = Until(command.deadline);
  {
    const MutexLock lock(inbox_mutex_);
    inbox_.push_back(std::move(pending));
    if (std::exchange(inbox_awaited_, true)) return;
  }
  loop_.Post([this] { TakeInbox(); });
}

void KeeperClient::Core::TakeInbox() {
  std::vector<std::unique_ptr<Pending>> taken;
  {
    const MutexLock lock(inbox_mutex_);
    taken.swap(inbox_);
    if (taken.empty() || options_.gather_ms == 0) inbox_awaited_ = false;
  }
  for (auto& pending : taken) Admit(std::move(pending));
  if (!taken.empty() && options_.gather_ms > 0) loop_.After(options_.gather_ms, [this] { TakeInbox(); });
}

KeeperClient::Core::TimePoint KeeperClient::Core::Until(InstantMs deadline) const {
  const TimePoint now = clock_.Steady();
  if (deadline == kNever) return now + std::chrono::milliseconds(options_.patience_ms);
  return now + runtime::SteadyWait(clock_, deadline - clock_.WallMs());
}

void KeeperClient::Core::Admit(std::unique_ptr<Pending> pending) {
  Pending& p = *pending;
  pending_.emplace(p.call, std::move(pending));
  if (quitting_) return Complete(p, GivenUp(p));
  p.deadline_timer = loop_.At(p.until, [this, call = p.call] { TimeOver(call); });
  Dispatch(p);
}

void KeeperClient::Core::Dispatch(Pending& pending) {
  KeeperLink* link = Pick(pending.shard, pending.attempts);
  pending.link = link;
  if (link == nullptr) {
    pending.where = Pending::Where::kNowhere;
    if (without_link_.size() > 2 * pending_.size() + 1000) {
      std::erase_if(without_link_, [this](uint64_t call) { return pending_.count(call) == 0; });
    }
    without_link_.push_back(pending.call);
    return;
  }
  pending.where = Pending::Where::kQueued;
  link->Queue(pending.call);
}

const std::string* KeeperClient::Core::LinkSends(uint64_t call) {
  const auto found = pending_.find(call);
  if (found == pending_.end()) return nullptr;
  Pending& pending = *found->second;
  pending.where = Pending::Where::kSent;
  return &pending.bytes;
}

void KeeperClient::Core::LinkAnswers(KeeperLink& link, const keeper::v1::ExecuteResponse& response) {
  for (const auto& outcome : response.outcomes()) {
    const auto found = pending_.find(outcome.call());
    // Answered before, or its time was over.
    if (found == pending_.end() || found->second->link != &link) continue;
    if (found->second->where != Pending::Where::kSent) continue;
    Judge(link, *found->second, wire::FromProto(outcome));
  }
}

void KeeperClient::Core::Judge(KeeperLink& link, Pending& pending, Result<ports::Answered> answered) {
  if (answered) {
    owners_[static_cast<size_t>(pending.shard)] = &link;
    return Complete(pending, std::move(answered));
  }
  const Error& error = answered.error();
  const DurationMs pause = std::max(error.retry_after_ms, options_.retry.Delay(pending.attempts, RandomBits()));
  switch (error.code) {
    case ErrorCode::kNotOwner: {
      Learn(pending.shard, link, error);
      KeeperLink* next = Pick(pending.shard, pending.attempts);
      const bool at_once = !pending.redirected && next != nullptr && next != &link;
      if (at_once) pending.redirected = true;
      return Repeat(pending, KeeperClientMetrics::kNotOwner, error, at_once ? 0 : pause);
    }
    case ErrorCode::kUnavailable:
      return Repeat(pending, KeeperClientMetrics::kUnavailable, error, pause);
    case ErrorCode::kOutcomeUnknown:
      pending.doubt = true;
      return Repeat(pending, KeeperClientMetrics::kUnknown, error, pause);
    case ErrorCode::kResourceExhausted:
      if (error.retry_after_ms > 0) return Repeat(pending, KeeperClientMetrics::kExhausted, error, pause);
      return Complete(pending, std::move(answered));
    case ErrorCode::kDeadlineExceeded:
      // Not decided this time; what became of an earlier attempt is another matter.
      pending.last = error;
      return Complete(pending, pending.doubt ? GivenUp(pending) : error);
    default:
      return Complete(pending, std::move(answered));
  }
}

void KeeperClient::Core::Repeat(Pending& pending, KeeperClientMetrics::Retry reason, const Error& error,
                                DurationMs wait) {
  metrics_.retries[reason]->Increment();
  pending.last = error;
  pending.link = nullptr;
  pending.where = Pending::Where::kNowhere;
  ++pending.attempts;
  if (wait == 0) return Dispatch(pending);
  pending.redirected = false;
  pending.retry_timer = loop_.After(wait, [this, call = pending.call] {
    const auto found = pending_.find(call);
    if (found == pending_.end()) return;
    found->second->retry_timer = 0;
    Dispatch(*found->second);
  });
}

void KeeperClient::Core::TimeOver(uint64_t call) {
  const auto found = pending_.find(call);
  if (found == pending_.end()) return;
  found->second->deadline_timer = 0;
  Complete(*found->second, GivenUp(*found->second));
}

Error KeeperClient::Core::GivenUp(const Pending& pending) const {
  if (pending.doubt || pending.where == Pending::Where::kSent) {
    Error unknown{ErrorCode::kOutcomeUnknown,
                  "no answer in time; it may have happened: repeat it with the same command id"};
    unknown.detail = pending.command_id;
    return unknown;
  }
  const Error& last = pending.attempts == 0 && last_down_ ? *last_down_ : pending.last;
  Error away{ErrorCode::kUnavailable, "not done in time: " + last.message + "; repeat it"};
  away.retry_after_ms = options_.retry.most;
  return away;
}

void KeeperClient::Core::Complete(Pending& pending, Result<ports::Answered> answered) {
  loop_.Cancel(pending.deadline_timer);
  loop_.Cancel(pending.retry_timer);
  metrics_.seconds->Observe(std::chrono::duration<double>(clock_.Steady() - pending.started).count());
  auto outcome = KeeperClientMetrics::kDone;
  if (!answered) {
    const ErrorCode code = answered.error().code;
    outcome = code == ErrorCode::kOutcomeUnknown ? KeeperClientMetrics::kInDoubt
              : code == ErrorCode::kUnavailable || code == ErrorCode::kDeadlineExceeded
                  ? KeeperClientMetrics::kGivenUp
                  : KeeperClientMetrics::kRejected;
  }
  metrics_.commands[outcome]->Increment();
  metrics_.in_flight->Decrement();
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
  const auto done = std::move(pending.done);
  pending.done = nullptr;
  pending_.erase(pending.call);
  done(std::move(answered));
  if (stopping_.load(std::memory_order_relaxed)) CheckQuit();
}

KeeperLink* KeeperClient::Core::Pick(int shard, int attempt) {
  KeeperLink* owner = owners_[static_cast<size_t>(shard)];
  if (owner != nullptr && owner->up()) return owner;
  for (size_t i = 0; i < links_.size(); ++i) {
    KeeperLink* link = links_[(static_cast<size_t>(shard) + static_cast<size_t>(attempt) + i) % links_.size()].get();
    if (link->up()) return link;
  }
  return nullptr;
}

KeeperLink* KeeperClient::Core::Find(const std::string& address) {
  for (const auto& link : links_) {
    if (link->address() == address) return link.get();
  }
  if (links_.size() >= kMostLinks || !runtime::ParseHostPort(address, "owner")) return nullptr;
  return links_.emplace_back(std::make_unique<KeeperLink>(address, options_, credentials_, loop_, *this)).get();
}

void KeeperClient::Core::Learn(int shard, KeeperLink& from, const Error& not_owner) {
  KeeperLink*& owner = owners_[static_cast<size_t>(shard)];
  KeeperLink* named = not_owner.detail.empty() ? nullptr : Find(not_owner.detail);
  if (named == nullptr) {
    if (owner == &from) owner = nullptr;
    return;
  }
  owner = named;
  if (!named->idle()) return;
  named->Connect();
  loop_.After(kForgetMs, [named] {
    if (!named->up()) named->Close();
  });
}

void KeeperClient::Core::LinkUp(KeeperLink& link) {
  log_.Info("connected to routing", {{"address", link.address()}});
  last_down_.reset();
  TellConnected();
  std::vector<uint64_t> waiting;
  waiting.swap(without_link_);
  for (const uint64_t call : waiting) {
    const auto found = pending_.find(call);
    if (found == pending_.end() || found->second->where != Pending::Where::kNowhere) continue;
    if (found->second->retry_timer == 0) Dispatch(*found->second);
  }
}

void KeeperClient::Core::LinkDown(KeeperLink& link, const Error& why) {
  if (!quitting_) {
    log_.Limited(down_lines_, runtime::LogLevel::kWarn, "the stream to routing ended; connecting again",
                 {{"address", link.address()}, runtime::ErrorField(why)});
  }
  last_down_ = why;
  TellConnected();
  std::vector<uint64_t> calls;
  for (const auto& [call, pending] : pending_) {
    if (pending->link == &link) calls.push_back(call);
  }
  std::sort(calls.begin(), calls.end());  // repeats keep the order in which the commands came
  const DurationMs pause = options_.retry.Delay(0, RandomBits());
  for (const uint64_t call : calls) {
    Pending& pending = *pending_.at(call);
    if (pending.where == Pending::Where::kSent) {
      pending.doubt = true;
      Repeat(pending, KeeperClientMetrics::kStreamLost, why, pause);
    } else {
      pending.last = why;
      Dispatch(pending);
    }
  }
  CheckQuit();
}

void KeeperClient::Core::TellConnected() {
  const auto up = std::count_if(links_.begin(), links_.end(), [](const auto& link) { return link->up(); });
  metrics_.links_up->Set(static_cast<double>(up));
  const bool connected = up > 0;
  if (connected_.exchange(connected, std::memory_order_relaxed) != connected && on_connected_) on_connected_(connected);
}

void KeeperClient::Core::OnConnected(std::function<void(bool)> callback) {
  loop_.Post([this, callback = std::move(callback)]() mutable {
    on_connected_ = std::move(callback);
    on_connected_(Connected());
  });
}

void KeeperClient::Core::Stop(DurationMs limit_ms) {
  std::call_once(stop_once_, [&] {
    stopping_ = true;
    loop_.Post([this, limit_ms] { BeginStop(limit_ms); });
    quit_.get_future().wait();
    thread_.Stop();
    std::vector<std::unique_ptr<Pending>> late;  // came while the thread ended; their end answers them
    const MutexLock lock(inbox_mutex_);
    late.swap(inbox_);
  });
}

void KeeperClient::Core::BeginStop(DurationMs limit_ms) {
  if (limit_ms > 0 && in_flight_ > 0) {
    loop_.After(limit_ms, [this] { Quit(); });
  } else {
    Quit();
  }
}

void KeeperClient::Core::Quit() {
  if (quitting_) return;
  quitting_ = true;
  TakeInbox();
  while (!pending_.empty()) Complete(*pending_.begin()->second, GivenUp(*pending_.begin()->second));
  for (const auto& link : links_) link->Close();
  CancelCalls();
  CheckQuit();
}

void KeeperClient::Core::CheckQuit() {
  if (!stopping_.load(std::memory_order_relaxed) || quit_told_) return;
  if (!quitting_) {
    if (in_flight_ == 0) Quit();
    return;
  }
  const bool idle = std::all_of(links_.begin(), links_.end(), [](const auto& link) { return link->idle(); });
  if (!idle || !pending_.empty() || !open_calls_.empty()) return;
  quit_told_ = true;
  quit_.set_value();
}

}  // namespace escalon::rpc
