// A command's way through a shard: checks, the one decider, a record.
#include <algorithm>

#include "common/core/random.h"
#include "common/domain/hash_chain.h"
#include "common/log/envelope.h"
#include "common/wire/events_codec.h"
#include "services/routing/keeper/live_key.h"
#include "services/routing/keeper/shard.h"

namespace escalon::routing {
namespace {

constexpr uint32_t kSchemaLevel = 1;

bool SameTenant(const Actor& actor, const std::string& tenant) { return actor.tenant == tenant || actor.tenant == "*"; }

ports::Answered AnswerOf(const Case& c, uint64_t version, OutcomeKind outcome) {
  return {c.id, version, outcome, c.state, c.priority, c.functional.level, c.owner.team, c.owner.person, c.last_at};
}

Error Quarantined(const Case& c) {
  return Error{ErrorCode::kWrongState, "the case is quarantined: " + c.quarantined +
                                           "; nothing can be decided on it until its owner can read its records"};
}

Error NoSuchCase() { return Error{ErrorCode::kNotFound, "no such case"}; }

}  // namespace

bool Shard::QueueIsFull() const {
  return pending_.size() >= parts_.options.most_pending || pending_bytes_ >= parts_.options.most_pending_bytes;
}

bool Shard::LogIsSlow() const {
  return !pending_.empty() &&
         parts_.clock.Steady() - pending_.front().handed > std::chrono::milliseconds(parts_.options.refuse_after_ms);
}

bool Shard::Refused(const Command& command, Answer& answer) {
  const auto refuse = [&](Error error) {
    parts_.metrics.commands_refused->Increment();
    answer(std::move(error));
    return true;
  };
  if (state_ == State::kClosed) {
    return refuse(Error{
        ErrorCode::kUnavailable, "shard " + std::to_string(number_) + " is closed: " + why_closed_, {}, {}, 5000});
  }
  if (state_ != State::kServing) {
    return refuse(
        coming()
            ? Error{ErrorCode::kUnavailable, "shard " + std::to_string(number_) + " is being taken over", {}, {}, 100}
            : Error{ErrorCode::kNotOwner, "shard " + std::to_string(number_) + " is not served here"});
  }
  if (command.deadline < parts_.clock.WallMs()) {
    return refuse(Error{ErrorCode::kDeadlineExceeded,
                        "the command's deadline was over before it was decided; nothing was changed"});
  }
  if (QueueIsFull()) {
    return refuse(Error{
        ErrorCode::kResourceExhausted, "the queue of shard " + std::to_string(number_) + " is full", {}, {}, 200});
  }
  if (LogIsSlow()) {
    return refuse(Error{ErrorCode::kUnavailable, "the case log is slow or away; nothing was changed", {}, {}, 500});
  }
  return false;
}

void Shard::Execute(Command command, Answer answer) {
  if (Refused(command, answer)) return;
  if (std::holds_alternative<OpenCase>(command.body)) {
    Open(std::move(command), std::move(answer));
  } else {
    OnCase(std::move(command), std::move(answer));
  }
}

void Shard::Open(Command command, Answer answer) {
  const OpenCase& open = std::get<OpenCase>(command.body);
  const std::string& tenant = command.actor.tenant;
  if (!open.idempotency_key.empty()) {
    const LiveKey* key = table_.FindKey(KeyFingerprint(tenant, open.facts.source, open.idempotency_key));
    if (key != nullptr) {
      parts_.metrics.commands_repeated->Increment();
      if (key->body_hash != command.body_hash) {
        return AnswerWithProof(std::move(answer),
                               InvalidField("idempotency_key", "was used for another submission; take a new key"));
      }
      const CaseTable::Entry* entry = table_.Find(key->case_id);
      const Case* c = entry != nullptr ? entry->decided.get() : nullptr;
      if (c != nullptr) return AnswerWithProof(std::move(answer), AnswerOf(*c, 1, OutcomeKind::kOpened));
      ports::Answered gone;
      gone.case_id = key->case_id;
      gone.version = 1;
      gone.outcome = OutcomeKind::kOpened;
      gone.state = CaseState::kClosed;
      return AnswerWithProof(std::move(answer), std::move(gone));
    }
  }
  if (const CaseTable::Entry* own = table_.Find(command.case_id)) {
    // The door repeats a submission without a key under the id that it made; another case may hold the dedup key by
    // now.
    if (!Repeated(*own->decided, command, answer))
      AnswerWithProof(std::move(answer), InvalidField("case_id", "is taken"));
    return;
  }
  const CaseId same = table_.FindOpen(tenant, open.dedup_key);
  if (same.empty()) return DecideAndAppend(nullptr, command, std::move(answer));
  const CaseTable::Entry* entry = table_.Find(same);
  if (Repeated(*entry->decided, command, answer)) return;
  const auto attached = attached_.find(same);
  if (IsOpen(entry->decided->state) && attached != attached_.end()) {
    ++attached->second;
    return AnswerWithProof(std::move(answer),
                           AnswerOf(*entry->decided, entry->decided->version, OutcomeKind::kAttached));
  }
  if (IsOpen(entry->decided->state)) attached_[same] = 0;
  command.case_id = same;
  DecideAndAppend(entry->decided.get(), command, std::move(answer));
}

void Shard::CommitAttached() {
  // Called by the sweep, once a second: what gathered since then becomes one record a case (protocol.md, Reads).
  for (auto it = attached_.begin(); it != attached_.end();) {
    const uint32_t reports = it->second;
    const CaseTable::Entry* entry = table_.Find(it->first);
    if (reports == 0 || entry == nullptr || entry->decided == nullptr || !IsOpen(entry->decided->state)) {
      it = attached_.erase(it);
      continue;
    }
    it->second = 0;
    EventBatch batch;
    batch.at = std::max(parts_.clock.WallMs(), entry->decided->last_at);
    batch.actor = Actor{entry->decided->tenant, "routing", {"service"}, ActorKind::kService};
    batch.command_id = "attached/" + std::to_string(entry->decided->version);
    batch.command_hash = CommandHash(batch.command_id);
    batch.outcome = OutcomeKind::kAttached;
    batch.events.push_back(Attached{reports, entry->decided->facts->source});
    auto after = Fold(entry->decided.get(), it->first, entry->decided->tenant, batch);
    AppendBatch(entry->decided.get(), std::move(after), std::move(batch), {}, [](Result<ports::Answered>) {});
    ++it;
  }
}

void Shard::OnCase(Command command, Answer answer) {
  const CaseTable::Entry* entry = table_.Find(command.case_id);
  if (entry == nullptr) return AnswerWithProof(std::move(answer), NoSuchCase());
  // A case whose retirement is on its way is gone already: nothing may follow it.
  if (entry->decided == nullptr || entry->decided->retired || !SameTenant(command.actor, entry->decided->tenant)) {
    return AnswerWithProof(std::move(answer), NoSuchCase());
  }
  if (entry->quarantined()) return AnswerWithProof(std::move(answer), Quarantined(*entry->decided));
  if (Repeated(*entry->decided, command, answer)) return;
  DecideAndAppend(entry->decided.get(), command, std::move(answer));
}

bool Shard::Repeated(const Case& c, const Command& command, Answer& answer) {
  if (command.command_id.empty()) return false;
  const PastCommand* past = c.FindCommand(command.command_id);
  if (past == nullptr) return false;
  parts_.metrics.commands_repeated->Increment();
  if (past->body_hash != command.body_hash) {
    AnswerWithProof(std::move(answer), InvalidField("command_id", "was used for another command; take a new id"));
  } else {
    AnswerWithProof(std::move(answer), AnswerOf(c, past->version, past->outcome));
  }
  return true;
}

void Shard::DecideAndAppend(const Case* current, const Command& command, Answer answer) {
  const std::string& tenant = current != nullptr ? current->tenant : command.actor.tenant;
  const Policy* policy =
      current != nullptr ? parts_.rules.Pinned(tenant, current->policy) : parts_.rules.Active(tenant);
  if (policy == nullptr) {
    return AnswerWithProof(std::move(answer),
                           Error{ErrorCode::kUnavailable,
                                 current != nullptr ? "policy " + current->policy + " is not known here yet"
                                                    : "tenant " + tenant + " has no policy: escalonctl policy apply",
                                 {},
                                 {},
                                 1000});
  }
  const auto* migrate = std::get_if<Migrate>(&command.body);
  const Policy* next = migrate != nullptr ? parts_.rules.Pinned(tenant, migrate->policy) : nullptr;
  const Context context{
      *policy, parts_.rules.People(tenant), parts_.load, RandomBits(), parts_.clock.WallMs(), parts_.openings, next};
  auto after = std::make_shared<Case>();
  Result<EventBatch> batch = Decide(current, command, context, after.get());
  if (!batch.ok()) return AnswerWithProof(std::move(answer), batch.error());
  if (batch->events.empty()) {
    if (current == nullptr)
      return AnswerWithProof(std::move(answer), Error{ErrorCode::kInternal, "a case was opened without an event"});
    return AnswerWithProof(std::move(answer), AnswerOf(*current, current->version, batch->outcome));
  }
  AppendBatch(current, std::move(after), std::move(*batch), command.trace_parent, std::move(answer));
}

std::shared_ptr<Case> Shard::Fold(const Case* current, const CaseId& id, const std::string& tenant,
                                  const EventBatch& batch) {
  auto after = current != nullptr ? std::make_shared<Case>(*current) : std::make_shared<Case>();
  after->id = id;
  after->tenant = tenant;
  Evolve(*after, batch);
  return after;
}

void Shard::AppendBatch(const Case* current, std::shared_ptr<Case> after, EventBatch batch,
                        const std::string& trace_parent, Answer answer, bool recovered) {
  Pending pending;
  pending.body = wire::EncodeBatch(batch);
  log::RecordHead head;
  head.type = log::RecordType::kEvents;
  head.case_id = after->id;
  head.version = after->version;
  head.tenant = after->tenant;
  head.kinds.reserve(batch.events.size());
  for (const Event& event : batch.events) head.kinds.push_back(KindOf(event));
  head.trace_parent = trace_parent;
  head.policy_version = after->policy;
  head.command_id = batch.command_id;
  head.schema_level = kSchemaLevel;
  head.recovered_from_view = recovered;
  const ChainLink link{after->id,           head.version,    after->tenant,    head.kinds,
                       head.policy_version, head.command_id, head.schema_level};
  after->chain = head.chain_hash = NextChainHash(current != nullptr ? current->chain : kChainStart, link, pending.body);
  pending.key = KeyOfOpening(*after, batch);
  pending.after = after;
  pending.answers.emplace_back(std::move(answer), AnswerOf(*after, after->version, batch.outcome));
  pending.batch = std::make_shared<const EventBatch>(std::move(batch));
  const std::optional<LiveKey> key = pending.key;
  // On an error the record was not taken: the pending entry and its answer are still here.
  Answer own = pending.answers.front().first;
  const Status handed = Append(std::move(pending), std::move(head));
  if (!handed.ok()) {
    parts_.metrics.commands_refused->Increment();
    return own(handed.error());
  }
  table_.Decided(std::move(after), key ? &*key : nullptr);
}

}  // namespace escalon::routing
