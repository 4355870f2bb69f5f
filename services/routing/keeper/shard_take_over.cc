// Taking a shard over: load, read to the end, fence, read on to the own fence (DESIGN §4).
#include <algorithm>

#include "common/core/random.h"
#include "common/domain/hash_chain.h"
#include "common/log/envelope.h"
#include "common/wire/events_codec.h"
#include "common/wire/snapshot_codec.h"
#include "services/routing/keeper/live_key.h"
#include "services/routing/keeper/shard.h"

namespace escalon::routing {
namespace {

std::string AtText(const Position& at) {
  return "offset " + std::to_string(at.offset) + ", epoch " + std::to_string(at.epoch) + ", seq " +
         std::to_string(at.seq);
}

}  // namespace

void Shard::TakeOver() {
  retake_timer_ = 0;
  if (!wanted_) return;
  parts_.metrics.take_overs->Increment();
  ++ownership_;
  began_ = parts_.clock.Steady();
  state_ = State::kLoading;
  table_.Clear();
  folded_.clear();
  rebuilt_history_.Clear();
  view_valid_ = false;
  base_ = Base::kNone;
  void_base_ = -1;
  verify_.reset();
  const auto from_base = [this, ownership = ownership_](Result<Position> base) {
    if (ownership == ownership_ && state_ == State::kLoading) FromBase(std::move(base));
  };
  if (recovery_ != nullptr) return parts_.log.LastBase(number_, from_base);
  parts_.view.Load(number_, [this, ownership = ownership_](Result<std::optional<ViewedShard>> loaded) {
    if (ownership == ownership_ && state_ == State::kLoading) Loaded(std::move(loaded));
  });
}

void Shard::Loaded(Result<std::optional<ViewedShard>> loaded) {
  if (loaded.ok() && loaded->has_value()) {
    ViewedShard& viewed = **loaded;
    // One snapshot that cannot be read makes the whole view unfit to start from: the log has the truth.
    for (const std::string& snapshot : viewed.snapshots) {
      const Status put = table_.PutSnapshot(snapshot);
      if (put.ok()) continue;
      table_.Clear();
      return Loaded(Error{ErrorCode::kWrongState, "a snapshot in the view: " + put.error().message});
    }
    for (const LiveKey& key : viewed.keys) table_.PutKey(key);
    view_valid_ = true;
    view_at_ = viewed.at;
    logger_.Info("live view loaded", {{"cases", table_.size()}, {"at", AtText(view_at_)}});
    return ReadFrom(view_at_, true);
  }
  logger_.Info("no live view to start from: rebuilding from the log",
               {{"why", loaded.ok() ? std::string("the view is empty or half written") : loaded.error().message}});
  parts_.log.LastBase(number_, [this, ownership = ownership_](Result<Position> base) {
    if (ownership == ownership_ && state_ == State::kLoading) FromBase(std::move(base));
  });
}

void Shard::FromBase(Result<Position> base) {
  if (base.ok()) {
    base_ = Base::kOpen;
    base_floor_ = *base;
    base_cases_ = base_pages_ = 0;
    return ReadFrom(*base, false);
  }
  if (base.error().code != ErrorCode::kNotFound)
    return Retake("the last base is not to be had: " + base.error().message);
  ReadFrom(Position{}, false);
}

/// Retention has deleted what the fold would begin with, maybe since the base was asked for: only a base can help.
void Shard::BeginsLater(int64_t low) {
  table_.Clear();
  view_valid_ = false;
  parts_.log.LastBase(number_, [this, low, ownership = ownership_](Result<Position> base) {
    if (ownership != ownership_ || state_ != State::kLoading) return;
    if (!base.ok() && base.error().code != ErrorCode::kNotFound) return FromBase(std::move(base));
    if (base.ok() && base->offset >= low && base->offset != void_base_) return FromBase(std::move(base));
    CloseBecause("the log begins at " + std::to_string(low) + " and there is no base to start from");
  });
}

/// The index of bases is a hint: what it points at must be in the log, whole (rule 12).
void Shard::BaseIsVoid(const std::string& why) {
  logger_.Error("the last base is void: folding the whole log", {{"floor", AtText(base_floor_)}, {"why", why}});
  parts_.log.StopReading(number_);
  read_ = 0;
  table_.Clear();
  rebuilt_history_.Clear();
  void_base_ = base_floor_.offset;
  base_ = Base::kNone;
  state_ = State::kLoading;
  ReadFrom(Position{}, false);
}

void Shard::ReadFrom(const Position& at, bool verify) {
  reader_ = log::Reader(at);
  parts_.log.Ends(number_, [this, at, verify, ownership = ownership_](Result<log::Watermarks> ends) {
    if (ownership != ownership_ || state_ != State::kLoading) return;
    if (!ends.ok()) return Retake("the log's end is not to be had: " + ends.error().message);
    if (at.offset > ends->high) {
      return CloseBecause("the log ends at " + std::to_string(ends->high) + ", but the live view stands at " +
                          AtText(at) + ": acknowledged records are missing from the log");
    }
    if (at.offset < ends->low) return BeginsLater(ends->low);
    // The record before the position proves that this is the log which the view was folded from (rule 13).
    const bool checks = verify && at.offset > ends->low;
    if (checks) verify_ = at;
    read_to_ = ends->high;
    state_ = State::kFolding;
    read_ = parts_.log.Read(number_, checks ? at.offset - 1 : at.offset, log::ShardSource::kFollow);
  });
}

void Shard::OnRead(log::LogBatch&& batch) {
  if (batch.read != read_ || read_ == 0) return;
  if (in_gap_) return ReadGap(batch);
  if (replaying_) return ReadReplay(batch);
  if (state_ != State::kFolding && state_ != State::kFencing) return;
  const uint64_t ownership = ownership_;
  for (const log::LogEntry& entry : batch.entries) {
    FoldEntry(entry);
    if (ownership != ownership_ || (state_ != State::kFolding && state_ != State::kFencing)) return;
  }
  table_.Rest(parts_.options.most_awake);
  if (state_ == State::kFolding && batch.at_end && reader_.next_offset() >= read_to_) return WriteFence();
  if (state_ != State::kFencing) return;
  const Position& at = reader_.position();
  if (at.epoch == epoch_ && at.owner == owner_) return Owned();
  if (at.epoch >= epoch_ && batch.at_end) Retake("another instance fenced the shard first");
}

void Shard::OnReadError(uint64_t read, const Error& error) {
  if (read != read_ || read_ == 0) return;
  if (in_gap_) return EndOwnership("a gap in the log could not be read: " + error.message);
  if (replaying_) {  // without what the log did not give; the histories begin anew rather than with a hole
    rebuilt_history_.Clear();
    counted_meanwhile_.clear();
    history_follows_.reset();
    return WriteViewWhole();
  }
  Retake("the log could not be read: " + error.message);
}

void Shard::FoldEntry(const log::LogEntry& entry) {
  if (verify_ && entry.offset == verify_->offset - 1) {
    const bool same = entry.record.ok() && entry.record->head.epoch == verify_->epoch &&
                      entry.record->head.owner == verify_->owner && entry.record->head.seq == verify_->seq;
    if (!same) {
      return CloseBecause("the record before " + AtText(*verify_) +
                          " is another one than the live view was folded from: this is a different log");
    }
    verify_.reset();
    return;
  }
  if (entry.offset < reader_.next_offset()) return;
  const log::Verdict verdict =
      entry.record.ok() ? reader_.Judge(entry.offset, entry.record->head) : reader_.JudgeUndecodable(entry.offset);
  switch (verdict) {
    case log::Verdict::kMissing:
      return Retake("the log has a hole before offset " + std::to_string(entry.offset));
    case log::Verdict::kFence:
      if (base_ == Base::kOpen) BaseIsVoid("a fence interrupts it");
      return;
    case log::Verdict::kCounts:
      return Fold(entry.offset, *entry.record);
    default:
      parts_.metrics.skipped->Increment();
  }
}

void Shard::Fold(int64_t offset, const log::Record& record) {
  switch (record.head.type) {
    case log::RecordType::kEvents:
      return FoldEvents(record, offset);
    case log::RecordType::kBaseBegin:
    case log::RecordType::kBaseCase:
    case log::RecordType::kBaseKeys:
    case log::RecordType::kBaseEnd:
      return FoldBase(record);
    default:
      return;
  }
}

void Shard::FoldEvents(const log::Record& record, int64_t offset) {
  const CaseId& id = record.head.case_id;
  const CaseTable::Entry* entry = table_.Find(id);
  if (entry != nullptr && entry->quarantined()) return;
  const std::shared_ptr<const Case> before = entry != nullptr ? entry->counted : nullptr;
  if (base_ == Base::kOpen && before == nullptr && record.head.version != 1)
    return;  // its snapshot is still to come, or it was retired
  const uint64_t expected = before != nullptr ? before->version + 1 : 1;
  const auto quarantine = [&](const std::string& why) {
    parts_.metrics.quarantined->Increment();
    logger_.WithCase(id).Error("case quarantined", {{"why", why}, {"offset", offset}});
    const auto marked = table_.Quarantine(id, record.head.tenant, why);
    // The next owner, who starts from the view, must know.
    if (view_valid_) folded_.push_back({before, marked, HistoryItem{id, {}}, std::nullopt, reader_.position()});
  };
  if (record.head.version < expected) return;
  if (record.head.version > expected) {
    return quarantine("version " + std::to_string(record.head.version) + " follows " + std::to_string(expected - 1));
  }
  Result<EventBatch> batch = wire::DecodeBatch(record.body);
  if (!batch.ok()) return quarantine(batch.error().message);
  const ChainLink link{id,
                       record.head.version,
                       record.head.tenant,
                       record.head.kinds,
                       record.head.policy_version,
                       record.head.command_id,
                       record.head.schema_level};
  if (NextChainHash(before != nullptr ? before->chain : kChainStart, link, record.body) != record.head.chain_hash) {
    return quarantine("the hash chain does not verify");
  }
  auto after = before != nullptr ? std::make_shared<Case>(*before) : std::make_shared<Case>();
  after->id = id;
  after->tenant = record.head.tenant;
  Evolve(*after, *batch);
  after->chain = record.head.chain_hash;
  const std::optional<LiveKey> key = KeyOfOpening(*after, *batch);
  if (key) table_.PutKey(*key);
  table_.Put(after);
  HistoryItem item{id, record.body};
  if (view_valid_) {
    folded_.push_back({before, after, std::move(item), key, reader_.position()});
  } else if (after->retired) {
    rebuilt_history_.Forget(id);
  } else {
    rebuilt_history_.Add(id, std::move(item.bytes));
  }
}

void Shard::FoldBase(const log::Record& record) {
  if (base_ != Base::kOpen) return;
  switch (record.head.type) {
    case log::RecordType::kBaseBegin:
      base_cases_ = base_pages_ = 0;
      return;
    case log::RecordType::kBaseCase: {
      ++base_cases_;
      Result<Case> c = wire::DecodeCase(record.body);
      if (!c.ok()) {
        parts_.metrics.quarantined->Increment();
        table_.Quarantine(record.head.case_id, record.head.tenant, "its snapshot in the base: " + c.error().message);
        return;
      }
      const CaseTable::Entry* entry = table_.Find(c->id);
      if (entry != nullptr && entry->counted != nullptr && entry->counted->version >= c->version) return;
      table_.Put(std::make_shared<const Case>(std::move(*c)));
      return;
    }
    case log::RecordType::kBaseKeys: {
      ++base_pages_;
      const Result<std::vector<log::BaseKey>> page = log::DecodeBaseKeys(record.body);
      if (!page.ok()) return BaseIsVoid("a page of keys: " + page.error().message);
      for (const log::BaseKey& key : *page) table_.PutKey(FromBaseKey(key));
      return;
    }
    default: {
      const Result<log::BaseEnd> end = log::DecodeBaseEnd(record.body);
      if (!end.ok()) return BaseIsVoid("its end: " + end.error().message);
      if (end->floor != base_floor_ || end->cases != base_cases_ || end->key_pages != base_pages_) {
        return BaseIsVoid("it is not whole: " + std::to_string(base_cases_) + " of " + std::to_string(end->cases) +
                          " cases, " + std::to_string(base_pages_) + " of " + std::to_string(end->key_pages) +
                          " pages of keys");
      }
      base_ = Base::kComplete;
    }
  }
}

void Shard::WriteFence() {
  if (base_ == Base::kOpen) return BaseIsVoid("it has no end");
  if (recovery_ != nullptr && recovery_->dry_run) {
    rpc::Reconciled summary;
    Missing(&summary);
    const std::unique_ptr<Recovery> recovery = std::move(recovery_);
    CloseBecause(std::string(why_closed_));
    return recovery->done(std::move(summary));
  }
  state_ = State::kFencing;
  epoch_ = reader_.position().epoch + 1;
  if (recovery_ != nullptr) epoch_ = std::max(epoch_, recovery_->at.epoch + 1);
  owner_ = RandomBytes16();
  seq_ = 0;
  log::RecordHead head;
  head.type = log::RecordType::kFence;
  head.epoch = epoch_;
  head.owner = owner_;
  const Status handed = parts_.log.Append(
      number_, head, log::EncodeFence({parts_.options.address, parts_.options.name}), ownership_ << 40);
  if (!handed.ok()) Retake("the fence was not taken: " + handed.error().message);
}

void Shard::Owned() {
  parts_.log.StopReading(number_);
  read_ = 0;
  owned_from_ = reader_.position();
  parts_.metrics.fences->Increment();
  parts_.metrics.shards_owned->Increment();
  if (recovery_ != nullptr) return Recover();
  Serve();
}

void Shard::Serve() {
  state_ = State::kServing;
  able_since_ = parts_.clock.Steady();
  parts_.metrics.take_over_seconds->Observe(std::chrono::duration<double>(parts_.clock.Steady() - began_).count());
  if (view_valid_) {
    parts_.view.Open(number_, view_at_, epoch_);
    for (Folded& f : folded_) {
      parts_.view.Touch(number_, std::move(f.before), std::move(f.after), std::move(f.history), f.at);
      if (f.key) parts_.view.AddKey(number_, *f.key);
    }
    parts_.view.Move(number_, reader_.position());
  } else {
    history_follows_.reset();  // what Redis still has of histories may overlap
    WriteViewWhole();
  }
  folded_.clear();
  rebuilt_history_.Clear();
  logger_.Info("shard taken over",
               {{"epoch", epoch_}, {"cases", table_.size()}, {"offset", reader_.position().offset}});
  if (parts_.on_ownership) parts_.on_ownership(number_, true);
}

void Shard::CloseBecause(const std::string& why) {
  parts_.log.StopReading(number_);
  read_ = 0;
  state_ = State::kClosed;
  why_closed_ = why;
  table_.Clear();
  if (recovery_ != nullptr) FinishRecovery(Error{ErrorCode::kWrongState, why});
  parts_.metrics.shards_closed->Increment();
  logger_.Error("shard stays closed", {{"why", why}, {"remedy", "escalonctl shard reconcile"}});
}

void Shard::Retake(const std::string& why) {
  if (read_ != 0) parts_.log.StopReading(number_);
  read_ = 0;
  ++ownership_;  // whatever is still under way answers to nobody
  state_ = State::kIdle;
  if (!wanted_) return;
  logger_.Warn("taking the shard over again", {{"why", why}});
  const auto jitter = static_cast<DurationMs>(RandomBits() % static_cast<uint64_t>(parts_.options.retake_most_ms + 1));
  parts_.loop.Cancel(retake_timer_);
  retake_timer_ = parts_.loop.After(50 + jitter, [this] { TakeOver(); });
}

}  // namespace escalon::routing
