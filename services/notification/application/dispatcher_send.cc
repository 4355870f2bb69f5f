#include <algorithm>

#include "common/core/digest.h"
#include "common/core/random.h"
#include "services/notification/application/dispatcher.h"

namespace escalon::notification {
namespace {

constexpr DurationMs kReportAgainMs = 5 * kSecondMs;  ///< real time

}  // namespace

void Dispatcher::Send(Delivery& d) {
  const ContactMethod* method = d.method();
  if (method == nullptr) return Exhausted(d, d.to.key() + " has no contact in the roster");
  Channel* channel = parts_.channels.Find(method->channel);
  const bool more = d.contact + 1 < d.to.contacts.size();
  if (channel == nullptr) {
    parts_.metrics.Attempt("other", SendResult::Kind::kPermanent);
    const std::string reason = "no provider is configured for the channel " + method->channel;
    return more ? ToNextContact(d, reason) : Exhausted(d, reason);
  }
  if (channel->immediate()) {
    d.state = DeliveryState::kSending;
    ++d.attempt;
    ++d.attempts;
    SendResult result;
    channel->Send(MessageOf(d, *channel), [&result](SendResult given) { result = std::move(given); });
    return Settle(d, result);
  }
  const std::string sink = channel->SinkOf(method->address);
  InstantMs open_until = 0;
  const Sinks::Entry entry = sinks_.Enter(sink, d.id, Now(), &open_until);
  if (entry == Sinks::Entry::kFull) {
    ReleaseSlot(d);
    d.state = DeliveryState::kParked;
    return;
  }
  if (entry == Sinks::Entry::kOpen) {
    const std::string reason = "the receiver does not answer and is left alone for now";
    if (more && d.page()) return ToNextContact(d, reason);
    if (open_until > d.expires_at) return more ? ToNextContact(d, reason) : Exhausted(d, reason);
    RecordAll(d, Outcome::kRetrying, reason, open_until);
    d.ask_first = true;
    return WaitUntil(d, DeliveryState::kWaiting, open_until);
  }
  d.state = DeliveryState::kSending;
  ++d.attempt;
  ++d.attempts;
  runtime::EventLoop* loop = &parts_.loop;
  channel->Send(MessageOf(d, *channel), [this, loop, id = d.id, sink, alive = alive_](SendResult result) {
    loop->Post([this, alive, id, sink, result = std::move(result)]() mutable {
      if (*alive) OnSent(id, sink, std::move(result));
    });
  });
}

Letter Dispatcher::LetterOf(const Delivery& d, const Channel& channel) const {
  Letter letter;
  letter.message = d.intent->told.message;
  letter.channel = channel.name();
  letter.languages = d.to.languages;
  letter.timezone = d.to.timezone;
  letter.outside = d.to.outside;
  letter.case_id = d.origin->case_id;
  letter.priority = d.intent->told.priority;
  letter.why = d.origin->why;
  letter.c = d.seen.get();
  letter.links = parts_.links.For(d, Now());
  return letter;
}

Message Dispatcher::MessageOf(Delivery& d, const Channel& channel) {
  const NotifyIntended& told = d.intent->told;
  Message m;
  m.tenant = d.origin->tenant;
  m.person = d.to.person;
  m.team = d.to.team;
  m.case_id = d.origin->case_id;
  m.version = d.origin->version;
  m.index = told.index;
  m.purpose = told.purpose;
  m.name = told.message;
  m.priority = told.priority;
  m.intended_at = d.origin->at;
  m.trace_parent = d.origin->trace_parent;
  m.address = d.method()->address;
  const bool restricted = d.seen != nullptr && d.seen->facts->restricted;
  if (!d.to.outside && !restricted) m.why = d.origin->why;
  if (!channel.wants_words()) return m;

  m.id = MessageId(d);
  const std::vector<Delivery*> members = Members(d);
  std::vector<Letter> letters;
  letters.reserve(members.size());
  for (const Delivery* member : members) letters.push_back(LetterOf(*member, channel));
  Rendered words =
      members.size() == 1 ? parts_.renderer.Render(letters.front()) : parts_.renderer.RenderBundle(letters);
  m.subject = std::move(words.subject);
  m.text = std::move(words.text);
  m.language = std::move(words.language);
  m.links = std::move(letters.front().links);
  for (size_t i = 1; i < members.size(); ++i) m.bundled.push_back(members[i]->origin->case_id.ToString());
  if (d.seen == nullptr) return m;
  const Case& c = *d.seen;
  m.external_ref = c.facts->external_ref;
  m.external_url = c.facts->external_url;
  if (!c.facts->restricted || d.to.outside) {
    m.title = OneLine(c.facts->title);
    m.service = c.facts->service;
  }
  if (d.to.outside) return m;
  m.state = std::string(Name(c.state));
  m.level = c.functional.level;
  m.due_at = DueOf(c);
  return m;
}

void Dispatcher::OnSent(uint64_t id, const std::string& sink, SendResult result) {
  std::optional<uint64_t> next = sinks_.Leave(sink, result.sink_in_trouble, Now());
  for (; next; next = sinks_.NextParked(sink)) {
    Delivery* parked = Find(*next);
    if (parked == nullptr || parked->state != DeliveryState::kParked) continue;
    Enqueue(*parked);
    break;
  }
  Delivery* d = Find(id);
  if (d == nullptr) return;
  ReleaseSlot(*d);
  if (!d->orphan) return Settle(*d, result);
  // Another instance goes on from the delivery log: only that it arrived is worth telling.
  const bool delivered = result.kind == SendResult::Kind::kDelivered;
  for (Delivery* member : Members(*d)) {
    if (delivered) Record(*member, Outcome::kDelivered, {}, 0, result.provider_ref);
    Erase(*member);
  }
}

void Dispatcher::Settle(Delivery& d, const SendResult& result) {
  parts_.metrics.Attempt(d.method()->channel, result.kind);
  Tried tried;
  tried.purpose = d.intent->told.purpose;
  tried.attempt = d.attempt;
  tried.more_contacts = d.contact + 1 < d.to.contacts.size();
  tried.now = Now();
  tried.expires_at = d.expires_at;
  tried.result = result.kind;
  tried.retry_after_ms = result.retry_after_ms;
  tried.random = result.kind == SendResult::Kind::kRetry ? RandomBits() : 0;
  const NextStep next = After(options_.attempts, tried);
  const size_t contact = d.contact;
  switch (next.kind) {
    case NextStep::Kind::kDelivered:
      // Each one is gone when it is concluded, the leader first.
      for (Delivery* member : Members(d)) {
        member->contact = contact;
        member->attempt = tried.attempt;
        const double age_ms = static_cast<double>(tried.now - member->origin->at) / parts_.clock.Factor();
        parts_.metrics.Delivered(member->intent->told.purpose, std::max(0.0, age_ms / 1000));
        Conclude(*member, Outcome::kDelivered, {}, result.provider_ref);
      }
      return;
    case NextStep::Kind::kRetry:
      RecordAll(d, Outcome::kRetrying, result.reason, next.at);
      d.ask_first = true;
      return WaitUntil(d, DeliveryState::kWaiting, next.at);
    case NextStep::Kind::kNextContact:
      return ToNextContact(d, result.reason);
    case NextStep::Kind::kDead:
      return Exhausted(d, result.reason);
  }
}

void Dispatcher::ToNextContact(Delivery& d, const std::string& reason) {
  RecordAll(d, Outcome::kChannelFailed, reason);
  ReleaseSlot(d);
  ++d.contact;
  d.attempt = 0;
  d.ask_first = true;
  Enqueue(d);
}

void Dispatcher::Exhausted(Delivery& d, const std::string& reason) {
  const size_t contact = d.contact;
  const uint32_t attempt = d.attempt, attempts = d.attempts;
  for (Delivery* member : Members(d)) {
    member->contact = contact;
    member->attempt = attempt;
    member->attempts = std::max(member->attempts, attempts);
    member->leader = 0;
    member->bundle.clear();
    ExhaustedOne(*member, reason);
  }
}

void Dispatcher::ExhaustedOne(Delivery& d, const std::string& reason) {
  ReleaseSlot(d);
  const bool last = d.page() && d.intent->open == 1 && !d.intent->reached && !d.origin->case_id.empty();
  if (!last) return Conclude(d, Outcome::kDead, reason);
  // Its owner hears of it first: a restart in between finds a failed channel and comes here again.
  Record(d, Outcome::kChannelFailed, reason);
  d.state = DeliveryState::kReporting;
  parts_.metrics.reports->Increment();
  Report(d.id, reason);
}

void Dispatcher::Report(uint64_t id, const std::string& reason) {
  const Delivery* d = Find(id);
  if (d == nullptr) return;
  Command command;
  command.case_id = d->origin->case_id;
  command.command_id = "nobody/" + std::to_string(d->origin->version) + "/" + std::to_string(d->intent->told.index);
  command.body_hash = CommandHash(command.command_id);
  command.actor = Actor{d->origin->tenant, "notification", {"service"}, ActorKind::kService};
  command.trace_parent = d->origin->trace_parent;
  command.body = ReportNobodyReached{d->origin->version, d->intent->told.index, OneLine(reason)};
  runtime::EventLoop* loop = &parts_.loop;
  parts_.gate.Execute(std::move(command), [this, loop, id, reason, alive = alive_](Result<ports::Answered> answered) {
    loop->Post([this, alive, id, reason, answer = std::make_unique<Result<ports::Answered>>(std::move(answered))] {
      if (*alive) Reported(id, reason, *answer);
    });
  });
}

void Dispatcher::Reported(uint64_t id, const std::string& reason, const Result<ports::Answered>& answered) {
  Delivery* d = Find(id);
  if (d == nullptr || d->state != DeliveryState::kReporting) return;
  const bool again =
      !answered.ok() && (Retryable(answered.error().code) || answered.error().code == ErrorCode::kDeadlineExceeded);
  if (!again) return Conclude(*d, Outcome::kDead, reason);
  parts_.metrics.report_failures->Increment();
  parts_.loop.After(kReportAgainMs, [this, alive = alive_, id, reason] {
    if (*alive) Report(id, reason);
  });
}

void Dispatcher::Suppress(Delivery& d, const std::string& reason) {
  if (!d.bundle.empty()) Promote(d);
  Conclude(d, Outcome::kSuppressed, reason);
}

void Dispatcher::Promote(Delivery& leader) {
  std::vector<Delivery*> members = Members(leader);
  leader.bundle.clear();
  members.erase(members.begin());
  if (members.empty()) return;
  Delivery& next = *members.front();
  next.leader = 0;
  next.contact = leader.contact;
  next.attempt = leader.attempt;
  next.attempts = leader.attempts;
  next.ask_first = true;
  for (size_t i = 1; i < members.size(); ++i) {
    members[i]->leader = next.id;
    next.bundle.push_back(members[i]->id);
  }
  // A pause or a full sink is found again when its turn comes.
  Enqueue(next);
}

std::vector<Delivery*> Dispatcher::Members(Delivery& leader) {
  std::vector<Delivery*> members{&leader};
  for (const uint64_t id : leader.bundle) {
    if (Delivery* member = Find(id)) members.push_back(member);
  }
  return members;
}

void Dispatcher::Conclude(Delivery& d, Outcome outcome, const std::string& reason, const std::string& provider_ref) {
  Record(d, outcome, reason, 0, provider_ref);
  --d.intent->open;
  if (outcome == Outcome::kDelivered) d.intent->reached = true;
  if (outcome == Outcome::kDead)
    dead_.Add({ToHex(DeliveryKey(d)), RecordOf(d, outcome, reason), d.attempts, d.origin->shard});
  Erase(d);
}

wire::DeliveryRecord Dispatcher::RecordOf(const Delivery& d, Outcome outcome, const std::string& reason) const {
  const NotifyIntended& told = d.intent->told;
  wire::DeliveryRecord r;
  r.case_id = d.origin->case_id;
  r.tenant = d.origin->tenant;
  r.version = d.origin->version;
  r.index = told.index;
  r.person = d.to.person;
  r.team = d.to.team;
  const bool untried = d.attempts == 0 &&
                       (outcome == Outcome::kHeld || outcome == Outcome::kSuppressed || outcome == Outcome::kDiscarded);
  if (!untried && d.method() != nullptr) r.channel = d.method()->channel;
  r.attempt = d.attempt;
  r.outcome = outcome;
  if (!reason.empty()) r.reason = OneLine(reason);
  r.at = Now();
  r.purpose = told.purpose;
  r.message = told.message;
  r.priority = told.priority;
  r.intended_at = d.origin->at;
  r.trace_parent = d.origin->trace_parent;
  r.resent_by = d.resent_by;
  return r;
}

void Dispatcher::Record(Delivery& d, Outcome outcome, const std::string& reason, InstantMs next_at,
                        const std::string& provider_ref) {
  wire::DeliveryRecord record = RecordOf(d, outcome, reason);
  record.next_attempt_at = next_at;
  record.provider_ref = provider_ref;
  parts_.metrics.Outcome(record.purpose, outcome);
  parts_.recorder.Append(d.origin->shard, record, d.recorded ? nullptr : d.origin);
  d.recorded = true;
}

void Dispatcher::RecordAll(Delivery& leader, Outcome outcome, const std::string& reason, InstantMs next_at) {
  for (Delivery* member : Members(leader)) {
    member->contact = leader.contact;
    member->attempt = leader.attempt;
    member->attempts = std::max(member->attempts, leader.attempts);
    Record(*member, outcome, reason, next_at);
  }
}

}  // namespace escalon::notification
