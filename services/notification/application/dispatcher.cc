#include "services/notification/application/dispatcher.h"

#include <algorithm>

#include "common/runtime/system_clock.h"
#include "services/notification/application/quiet_hours.h"
#include "services/notification/application/wanted.h"

namespace escalon::notification {
namespace {

constexpr size_t kMostInQuestion = 500;                ///< cases read by one call
constexpr DurationMs kLongestSleepMs = 5 * kSecondMs;  ///< a wall clock that steps is noticed
constexpr DurationMs kMeasureMs = kSecondMs;
constexpr DurationMs kReadAgainMs = 5 * kSecondMs;
constexpr DurationMs kAskBehindMs = 20;              ///< steady
constexpr DurationMs kMostBehindMs = 2 * kSecondMs;  ///< of an owner behind the record that we read

}  // namespace

Dispatcher::Dispatcher(DispatchOptions options, DispatchParts parts)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      bundler_(options_.bundles),
      sinks_(options_.most_per_sink, options_.breaker) {
  hook_ = parts_.loop.OnTurnEnd([this] { OnTurnEnd(); });
  measure_timer_ = parts_.loop.After(kMeasureMs, [this] { Measure(); });
}

Dispatcher::~Dispatcher() {
  *alive_ = false;
  parts_.loop.RemoveTurnEnd(hook_);
  parts_.loop.Cancel(timer_);
  parts_.loop.Cancel(measure_timer_);
}

bool Dispatcher::IsLate(const Delivery& d, InstantMs now) const {
  return d.ask_first ||
         static_cast<double>(now - d.origin->at) > static_cast<double>(options_.late_after_ms) * parts_.clock.Factor();
}

Delivery* Dispatcher::Find(uint64_t id) {
  const auto found = table_.find(id);
  return found == table_.end() ? nullptr : found->second.get();
}

Delivery& Dispatcher::Insert(std::unique_ptr<Delivery> d) {
  d->id = ++last_id_;
  Delivery& out = *d;
  by_case_[out.origin->case_id].push_back(out.id);
  table_.emplace(out.id, std::move(d));
  return out;
}

void Dispatcher::Erase(Delivery& d) {
  ReleaseSlot(d);
  if (d.state == DeliveryState::kQueued) --queued_;
  if (d.id == 0) return;
  const auto of_case = by_case_.find(d.origin->case_id);
  if (of_case != by_case_.end()) {
    std::erase(of_case->second, d.id);
    if (of_case->second.empty()) by_case_.erase(of_case);
  }
  table_.erase(d.id);
}

std::shared_ptr<Intent> Dispatcher::IntentOf(const Origin& origin, const NotifyIntended& told) {
  const auto of_case = by_case_.find(origin.case_id);
  if (of_case != by_case_.end()) {
    for (const uint64_t id : of_case->second) {
      const Delivery& d = *table_.at(id);
      if (d.origin->version == origin.version && d.intent->told.index == told.index) return d.intent;
    }
  }
  auto intent = std::make_shared<Intent>();
  intent->told = told;
  return intent;
}

bool Dispatcher::IsKnown(const Origin& origin, const std::string& key) const {
  const auto of_shard = delivered_.find(origin.shard);
  return of_shard != delivered_.end() && of_shard->second.contains(key);
}

void Dispatcher::Accept(const std::shared_ptr<Origin>& origin, const NotifyIntended& told) {
  parts_.metrics.Intent(told.purpose);
  Addressed addressed = Address(*parts_.rosters.Of(origin->tenant), told, Now());
  const std::string nobody = std::move(addressed.nobody);
  if (addressed.to.empty()) {
    Recipient none;
    none.kind = Recipient::Kind::kTeam;
    none.team = told.team.empty() ? std::string(Name(told.audience)) : told.team;
    addressed.to.push_back(std::move(none));
  }
  const bool restoring = delivered_.contains(origin->shard);
  const std::shared_ptr<Intent> intent = restoring ? IntentOf(*origin, told) : std::make_shared<Intent>();
  if (!restoring || !intent->complete) {
    intent->told = told;
    intent->complete = true;
  }
  std::vector<std::unique_ptr<Delivery>> deliveries;
  for (Recipient& to : addressed.to) {
    if (restoring && IsKnown(*origin, DeliveryKey(origin->case_id, origin->version, told.index, to.key()))) {
      intent->reached = true;  // it was taken care of
      continue;
    }
    auto d = std::make_unique<Delivery>();
    d->origin = origin;
    d->intent = intent;
    d->to = std::move(to);
    d->expires_at = origin->at + options_.attempts.MaxAge(told.purpose, told.priority);
    deliveries.push_back(std::move(d));
  }
  // Counted before the first begins: it may end at once.
  intent->open += static_cast<int>(deliveries.size());
  origin->open += static_cast<int>(deliveries.size());
  for (std::unique_ptr<Delivery>& d : deliveries) {
    if (nobody.empty()) {
      Begin(std::move(d));
    } else if (Delivery& none = Insert(std::move(d)); none.page()) {
      Exhausted(none, nobody);
    } else {
      Suppress(none, nobody);
    }
  }
}

void Dispatcher::Begin(std::unique_ptr<Delivery> fresh) {
  const InstantMs now = Now();
  const ContactMethod* method = fresh->method();
  Channel* channel = method == nullptr ? nullptr : parts_.channels.Find(method->channel);
  const NotifyIntended& told = fresh->intent->told;
  const bool is_urgent = told.urgency == MessageUrgency::kHigh ||
                         (told.urgency == MessageUrgency::kByPriority && told.priority == Priority::kP1);
  const bool quiet = !fresh->page() && !is_urgent && !fresh->to.quiet_hours.empty();
  const InstantMs quiet_until = quiet ? QuietUntil(fresh->to.quiet_hours, fresh->to.timezone, now) : 0;
  if (channel != nullptr && channel->immediate() && quiet_until == 0 && !IsLate(*fresh, now)) return Send(*fresh);
  Delivery& d = Insert(std::move(fresh));
  if (d.to.kind != Recipient::Kind::kOfCase && method == nullptr) {
    return Exhausted(d, d.to.key() + " has no contact in the roster");
  }
  if (quiet_until != 0) {
    d.ask_first = true;
    d.expires_at = quiet_until + options_.attempts.MaxAge(d.intent->told.purpose, d.intent->told.priority);
    Record(d, Outcome::kHeld, "quiet hours", quiet_until);
    return WaitUntil(d, DeliveryState::kHeld, quiet_until);
  }
  const bool bundles = channel != nullptr && !channel->immediate() && d.resent_by.empty();
  const std::string person = d.origin->tenant + "/" + d.to.key();
  if (bundles && bundler_.Wants(person, d.intent->told.purpose, now)) {
    bundler_.Add(person, d.intent->told.purpose, d.id, now);
    d.state = DeliveryState::kBundled;
    return Record(d, Outcome::kHeld, "goes with others in one message");
  }
  Enqueue(d);
}

void Dispatcher::Enqueue(Delivery& d) {
  d.state = DeliveryState::kQueued;
  ++queued_;
  queue_.Push(d.page(), d.origin->tenant, d.id);
}

void Dispatcher::WaitUntil(Delivery& d, DeliveryState state, InstantMs at) {
  ReleaseSlot(d);
  d.state = state;
  d.due_at = at;
  due_.emplace(at, d.id);
}

void Dispatcher::ReleaseSlot(Delivery& d) {
  if (!d.slot) return;
  d.slot = false;
  --in_flight_;
}

void Dispatcher::Pump() {
  while (!closing_ && in_flight_ < options_.most_in_flight) {
    const std::optional<uint64_t> id = queue_.Pop();
    if (!id) break;
    Delivery* d = Find(*id);
    if (d == nullptr || d->state != DeliveryState::kQueued) continue;
    --queued_;
    d->slot = true;
    ++in_flight_;
    const ContactMethod* method = d->method();
    const Channel* channel = method == nullptr ? nullptr : parts_.channels.Find(method->channel);
    const bool needs_case = d->to.kind == Recipient::Kind::kOfCase || (channel != nullptr && channel->wants_words());
    // One question serves both: whether it is still wanted, and what there is to say.
    if (needs_case || IsLate(*d, Now())) {
      Ask(*d);
    } else {
      Send(*d);
    }
  }
}

void Dispatcher::KeepWaits() {
  const InstantMs now = Now();
  const DurationMs back = std::exchange(last_now_, now) - now;
  if (back <= 0) return;
  bundler_.SetBack(back);
  sinks_.SetBack(back);
  std::multimap<InstantMs, uint64_t> due;
  for (const auto& [at, id] : due_) {
    Delivery* d = Find(id);
    const bool waits = d != nullptr && d->state == DeliveryState::kWaiting && d->due_at == at;
    if (waits) d->due_at -= back;
    due.emplace(waits ? at - back : at, id);
  }
  due_ = std::move(due);
}

void Dispatcher::OnTurnEnd() {
  KeepWaits();
  Pump();
  FlushQuestions();
  ArmTimer();
  parts_.metrics.queued->Set(static_cast<double>(queued_));
  parts_.metrics.in_flight->Set(static_cast<double>(in_flight_));
  parts_.metrics.dead_letters->Set(static_cast<double>(dead_.size()));
  if (closing_ && in_flight_ == 0 && on_idle_) std::exchange(on_idle_, nullptr)();
}

void Dispatcher::ArmTimer() {
  const InstantMs next = std::min(due_.empty() ? kNever : due_.begin()->first, bundler_.next_due());
  if (next == timer_at_ && timer_ != 0) return;
  parts_.loop.Cancel(timer_);
  timer_ = 0;
  timer_at_ = next;
  if (next == kNever) return;
  const auto longest = std::chrono::milliseconds(kLongestSleepMs);
  const auto wait = std::min<std::chrono::nanoseconds>(runtime::SteadyWait(parts_.clock, next - Now()), longest);
  timer_ = parts_.loop.At(parts_.clock.Steady() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait),
                          [this] {
                            timer_ = 0;
                            timer_at_ = kNever;
                            OnTimer();
                          });
}

void Dispatcher::OnTimer() {
  KeepWaits();
  const InstantMs now = Now();
  while (!due_.empty() && due_.begin()->first <= now) {
    Delivery* d = Find(due_.begin()->second);
    const InstantMs at = due_.begin()->first;
    due_.erase(due_.begin());
    const bool waits =
        d != nullptr && (d->state == DeliveryState::kWaiting || d->state == DeliveryState::kHeld) && d->due_at == at;
    if (waits) Enqueue(*d);
  }
  for (const std::vector<uint64_t>& bundle : bundler_.TakeDue(now)) {
    Delivery* leader = nullptr;
    for (const uint64_t id : bundle) {
      Delivery* d = Find(id);
      if (d == nullptr || d->state != DeliveryState::kBundled) continue;
      if (leader == nullptr) {
        leader = d;
        continue;
      }
      d->leader = leader->id;
      leader->bundle.push_back(id);
    }
    if (leader == nullptr) continue;
    if (!leader->bundle.empty()) {
      parts_.metrics.bundles->Increment();
      parts_.metrics.bundled->Increment(static_cast<double>(leader->bundle.size()));
    }
    leader->ask_first = true;
    Enqueue(*leader);
  }
}

void Dispatcher::Measure() {
  InstantMs oldest = kNever;
  size_t waiting = 0;
  for (const auto& [id, d] : table_) {
    const bool waits =
        d->state == DeliveryState::kWaiting || d->state == DeliveryState::kHeld || d->state == DeliveryState::kBundled;
    waiting += waits ? 1 : 0;
    if (!waits) oldest = std::min(oldest, d->origin->at);
  }
  parts_.metrics.waiting->Set(static_cast<double>(waiting));
  const double age = oldest == kNever ? 0 : static_cast<double>(Now() - oldest) / (1000 * parts_.clock.Factor());
  parts_.metrics.oldest->Set(std::max(0.0, age));
  for (const char* channel : {"webhook", "mail"}) {
    parts_.metrics.OpenBreakers(channel, static_cast<double>(sinks_.OpenBreakers(channel)));
  }
  measure_timer_ = parts_.loop.After(kMeasureMs, [this] { Measure(); });
}

void Dispatcher::Ask(Delivery& leader) {
  for (Delivery* member : Members(leader)) {
    member->answered = false;
    questions_.insert(member->origin->case_id);
  }
  leader.state = DeliveryState::kAsking;
}

void Dispatcher::Touched(const CaseId& id) {
  if (by_case_.empty()) return;
  const auto of_case = by_case_.find(id);
  if (of_case == by_case_.end()) return;
  const bool waits = std::any_of(of_case->second.begin(), of_case->second.end(), [this](uint64_t one) {
    const Delivery& d = *table_.at(one);
    return d.state != DeliveryState::kSending && d.state != DeliveryState::kReporting && !d.orphan;
  });
  if (waits) questions_.insert(id);
}

void Dispatcher::FlushQuestions() {
  while (!questions_.empty()) {
    std::vector<CaseId> ids;
    while (!questions_.empty() && ids.size() < kMostInQuestion)
      ids.push_back(questions_.extract(questions_.begin()).value());
    runtime::EventLoop* loop = &parts_.loop;
    parts_.cases.Read(ids, [this, loop, ids, alive = alive_](std::vector<Result<Case>> cases) {
      loop->Post([this, alive, ids, cases = std::make_unique<std::vector<Result<Case>>>(std::move(cases))] {
        if (*alive) Answered(ids, *cases);
      });
    });
  }
}

void Dispatcher::Answered(const std::vector<CaseId>& ids, const std::vector<Result<Case>>& cases) {
  for (size_t i = 0; i < ids.size() && i < cases.size(); ++i) AnsweredOne(ids[i], cases[i]);
}

void Dispatcher::AnsweredOne(const CaseId& id, const Result<Case>& answer) {
  const auto of_case = by_case_.find(id);
  if (of_case == by_case_.end()) return;
  const std::vector<uint64_t> deliveries = of_case->second;  // a copy: judging may end some
  const std::shared_ptr<const Case> seen = answer.ok() ? std::make_shared<const Case>(*answer) : nullptr;
  bool behind = false;
  for (const uint64_t one : deliveries) {
    Delivery* d = Find(one);
    if (d == nullptr || d->orphan || d->state == DeliveryState::kSending || d->state == DeliveryState::kReporting)
      continue;
    if (OwnerIsBehind(*d, answer)) {
      behind = true;
      continue;
    }
    d->answered = true;
    if (seen != nullptr) d->seen = seen;
    const uint64_t leader_id = d->leader != 0 ? d->leader : d->id;
    Judge(*d, answer);
    // When it was not wanted, it is gone now, and its bundle may have another leader.
    Delivery* leader = Find(leader_id);
    if (leader != nullptr && leader->state == DeliveryState::kAsking) ProceedIfAnswered(*leader);
  }
  if (!behind) return;
  parts_.loop.After(kAskBehindMs, [this, id, alive = alive_] {
    if (!*alive) return;
    Touched(id);
    FlushQuestions();
  });
}

bool Dispatcher::OwnerIsBehind(const Delivery& d, const Result<Case>& answer) const {
  if (!answer.ok() && answer.error().code != ErrorCode::kNotFound) return false;
  const uint64_t version = answer.ok() ? answer->version : 0;
  const auto most = static_cast<DurationMs>(static_cast<double>(kMostBehindMs) * parts_.clock.Factor());
  return version < d.origin->version && Now() - d.origin->at < most;
}

void Dispatcher::Judge(Delivery& d, const Result<Case>& answer) {
  using Answer = NotificationMetrics::Answer;
  if (!answer.ok() && answer.error().code != ErrorCode::kNotFound) {
    parts_.metrics.Asked(Answer::kUnreachable);
    return;  // DESIGN §9: rather once too often than never
  }
  std::string why;
  if (!answer.ok() || answer->tenant != d.origin->tenant) {
    why = "the case is no longer live";
  } else if (answer->version >= d.origin->version) {  // an older state knows nothing of what is to be told
    why = WhyUnwanted(*answer, d);
    if (why.empty()) Complete(*answer, &d);
  }
  parts_.metrics.Asked(why.empty() ? Answer::kWanted : Answer::kUnwanted);
  if (!why.empty()) Suppress(d, why);
}

bool Dispatcher::LearnRecipient(Delivery& d) {
  if (d.to.kind != Recipient::Kind::kOfCase || !d.to.contacts.empty()) return true;
  if (d.seen == nullptr) {
    const InstantMs at = Now() + kReadAgainMs;
    d.ask_first = true;
    if (at > d.expires_at) {
      Exhausted(d, "the case could not be read to find out whom to tell");
    } else {
      Record(d, Outcome::kRetrying, "the case cannot be read to find out whom to tell", at);
      WaitUntil(d, DeliveryState::kWaiting, at);
    }
    return false;
  }
  const Audience audience = d.to.person == Name(Audience::kProvider) ? Audience::kProvider : Audience::kRequester;
  Result<Recipient> found = AddressOfCase(*parts_.rosters.Of(d.origin->tenant), *d.seen, audience, parts_.open_contact);
  if (found.ok()) {
    d.to = std::move(*found);
    return true;
  }
  if (found.error().code == ErrorCode::kNotFound) {
    Suppress(d, found.error().message);
  } else {
    Exhausted(d, found.error().message);
  }
  return false;
}

void Dispatcher::ProceedIfAnswered(Delivery& leader) {
  for (const Delivery* member : Members(leader)) {
    if (!member->answered) return;
  }
  if (LearnRecipient(leader)) Send(leader);
}

void Dispatcher::Restore(int shard, RestoredShard restored) {
  delivered_[shard] = restored.TakeDelivered();
  for (DeadLetter& letter : restored.TakeDead(shard)) dead_.Add(std::move(letter));
  std::map<std::string, std::shared_ptr<Origin>> origins;
  for (PendingDelivery& pending : restored.TakePending()) {
    const wire::DeliveryRecord& last = pending.last;
    parts_.metrics.restored->Increment();
    std::shared_ptr<Origin>& origin = origins[DeliveryKey(last.case_id, last.version, 0, "")];
    if (origin == nullptr) {
      origin = std::make_shared<Origin>();
      origin->shard = shard;
      origin->case_id = last.case_id;
      origin->tenant = last.tenant;
      origin->version = last.version;
      origin->at = last.intended_at;
      origin->trace_parent = last.trace_parent;
    }
    NotifyIntended told;
    told.index = last.index;
    told.purpose = last.purpose;
    told.message = last.message;
    told.priority = last.priority;
    told.team = last.team;
    auto d = std::make_unique<Delivery>();
    d->origin = origin;
    d->intent = IntentOf(*origin, told);
    if (d->intent->open == 0) d->intent->complete = false;
    ++d->intent->open;
    d->intent->reached = d->intent->reached || pending.somebody_reached;
    d->to = AddressAgain(*parts_.rosters.Of(last.tenant), last.person, last.team, {});
    d->restored = d->recorded = d->ask_first = true;
    d->attempts = pending.attempts;
    d->resent_by = last.resent_by;
    if (!last.resent_by.empty()) d->resent_at = last.at;
    d->expires_at =
        std::max(last.intended_at, last.next_attempt_at) + options_.attempts.MaxAge(told.purpose, told.priority);
    while (!last.channel.empty() && d->method() != nullptr && d->method()->channel != last.channel) ++d->contact;
    if (d->method() == nullptr) d->contact = 0;
    if (last.outcome == Outcome::kRetrying) d->attempt = last.attempt;
    const bool next_contact = last.outcome == Outcome::kChannelFailed && !last.channel.empty();
    Delivery& in = Insert(std::move(d));
    if (in.to.kind != Recipient::Kind::kOfCase && (in.method() == nullptr || next_contact)) {
      if (in.method() != nullptr) ++in.contact;
      if (in.method() == nullptr) {
        Exhausted(in, last.reason.empty() ? in.to.key() + " has no contact in the roster" : last.reason);
        continue;
      }
    }
    WaitUntil(in, DeliveryState::kWaiting, std::max(last.next_attempt_at, Now()));
  }
}

void Dispatcher::CaughtUp(int shard) { delivered_.erase(shard); }

void Dispatcher::Drop(int shard) {
  std::vector<uint64_t> gone;
  for (auto& [id, d] : table_) {
    if (d->origin->shard != shard) continue;
    const Delivery* sender = d->leader != 0 ? Find(d->leader) : d.get();
    if (sender != nullptr && sender->state == DeliveryState::kSending) {
      d->orphan = true;
    } else {
      gone.push_back(id);
    }
  }
  for (const uint64_t id : gone) {
    if (Delivery* d = Find(id)) Erase(*d);
  }
  delivered_.erase(shard);
  dead_.Drop(shard);
}

void Dispatcher::Resend(const std::string& tenant, const std::string& id, bool discard, const std::string& by,
                        std::function<void(std::string)> done) {
  const DeadLetter* letter = dead_.Find(tenant, id);
  if (letter == nullptr) return done("unknown here: sent again, given up, or kept by another instance of notification");
  const wire::DeliveryRecord last = letter->last;
  const int shard = letter->shard;
  auto d = std::make_unique<Delivery>();
  d->origin = std::make_shared<Origin>();
  d->origin->shard = shard;
  d->origin->case_id = last.case_id;
  d->origin->tenant = last.tenant;
  d->origin->version = last.version;
  d->origin->at = last.intended_at;
  d->origin->trace_parent = last.trace_parent;
  d->intent = std::make_shared<Intent>();
  d->intent->told.index = last.index;
  d->intent->told.purpose = last.purpose;
  d->intent->told.message = last.message;
  d->intent->told.priority = last.priority;
  d->intent->told.team = last.team;
  d->intent->complete = false;
  d->intent->open = 1;
  d->recorded = d->ask_first = true;
  d->resent_by = by;
  d->resent_at = Now();
  if (discard) {
    d->to.person = last.person;
    d->to.team = last.team;
    dead_.Remove(id);
    Conclude(*d, Outcome::kDiscarded, "given up by " + by);
    return done({});
  }
  runtime::EventLoop* loop = &parts_.loop;
  const auto fresh = std::make_shared<std::unique_ptr<Delivery>>(std::move(d));
  parts_.cases.Read({last.case_id}, [this, loop, fresh, id, done, alive = alive_](std::vector<Result<Case>> cases) {
    loop->Post([this, alive, fresh, id, done, answer = std::make_shared<std::vector<Result<Case>>>(std::move(cases))] {
      if (!*alive) return done("the service is stopping");
      const DeadLetter* still = dead_.Find({}, id);
      if (still == nullptr) return done("already queued or given up");
      Delivery& again = **fresh;
      const Result<Case>& c = answer->front();
      if (!c.ok() && c.error().code == ErrorCode::kNotFound)
        return done("no longer wanted: the case is no longer live");
      const std::string why = c.ok() ? WhyUnwanted(*c, again) : std::string();
      if (!why.empty()) return done("no longer wanted: " + why);
      again.to = AddressAgain(*parts_.rosters.Of(again.origin->tenant), still->last.person, still->last.team, {});
      again.expires_at = Now() + options_.attempts.MaxAge(again.intent->told.purpose, again.intent->told.priority);
      dead_.Remove(id);
      again.intent->reached = true;  // the owner knows already that nobody was
      Begin(std::move(*fresh));
      done({});
    });
  });
}

void Dispatcher::Close(std::function<void()> idle) {
  closing_ = true;
  on_idle_ = std::move(idle);
}

}  // namespace escalon::notification
