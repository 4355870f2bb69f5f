// Rule 13: a log that is shorter than the view. What only the view knows goes back into the log, marked, under a new
// fence.
#include "common/wire/events_codec.h"
#include "services/routing/keeper/shard.h"

namespace escalon::routing {

void Shard::Reconcile(Recovery recovery) {
  if (state_ != State::kClosed) {
    return recovery.done(
        Error{ErrorCode::kWrongState, "shard " + std::to_string(number_) + " is " + NameOf(state_) + ", not closed"});
  }
  parts_.metrics.shards_closed->Decrement();
  recovery_ = std::make_unique<Recovery>(std::move(recovery));
  wanted_ = true;
  TakeOver();
}

std::vector<std::pair<const Recovery::Viewed*, size_t>> Shard::Missing(rpc::Reconciled* summary) const {
  std::vector<std::pair<const Recovery::Viewed*, size_t>> out;  // the case, and how many of its last batches
  size_t hopeless = 0;
  for (const Recovery::Viewed& viewed : recovery_->cases) {
    const CaseTable::Entry* entry = table_.Find(viewed.id);
    const uint64_t have = entry != nullptr && entry->counted != nullptr ? entry->counted->version : 0;
    if (viewed.version <= have) continue;
    const size_t missing = viewed.version - have;
    if (missing > viewed.batches.size()) {
      ++hopeless;
      continue;
    }
    out.emplace_back(&viewed, missing);
    summary->records += missing;
    summary->cases.push_back(viewed.id);
  }
  summary->summary = std::to_string(summary->records) + " record(s) of " + std::to_string(out.size()) +
                     " case(s) are in the view alone";
  if (hopeless > 0)
    summary->summary += "; " + std::to_string(hopeless) + " case(s) cannot be recovered: their history is not whole";
  return out;
}

void Shard::Recover() {
  state_ = State::kRecovering;
  auto summary = std::make_shared<rpc::Reconciled>();
  for (const auto& [viewed, count] : Missing(summary.get())) {
    for (size_t i = viewed->batches.size() - count; i < viewed->batches.size(); ++i) {
      Result<EventBatch> batch = wire::DecodeBatch(viewed->batches[i]);
      if (!batch.ok()) return EndOwnership("a batch in the view cannot be read: " + batch.error().message);
      const CaseTable::Entry* entry = table_.Find(viewed->id);
      const Case* current = entry != nullptr ? entry->decided.get() : nullptr;
      auto after = Fold(current, viewed->id, viewed->tenant, *batch);
      AppendBatch(
          current, std::move(after), std::move(*batch), {}, [](Result<ports::Answered>) {}, true);
      if (!owns()) return;
    }
  }
  // The proof that all of it counts: only then may the view, which had it, be written anew.
  log::RecordHead head;
  head.type = log::RecordType::kTick;
  Pending last;
  last.done = [this, summary](bool counted) {
    if (!counted) return;
    Serve();
    FinishRecovery(*summary);
  };
  const Status handed = Append(std::move(last), std::move(head));
  if (!handed.ok()) EndOwnership(handed.error().message);
}

void Shard::FinishRecovery(Result<rpc::Reconciled> outcome) {
  const std::unique_ptr<Recovery> recovery = std::move(recovery_);
  if (recovery != nullptr && recovery->done) recovery->done(std::move(outcome));
}

}  // namespace escalon::routing
