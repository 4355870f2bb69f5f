#include "services/escalonctl/verify/log_verifier.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/domain/hash_chain.h"
#include "common/log/envelope.h"
#include "common/wire/events_codec.h"
#include "common/wire/snapshot_codec.h"

namespace escalon::escalonctl {
namespace {

/// Within which a repeated idempotency key may make no second case (DESIGN §4).
constexpr DurationMs kKeyLifeMs = 72 * kHourMs;

std::string Joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out.append(part).push_back('\0');
  return out;
}

bool SameKinds(const std::vector<uint32_t>& kinds, const EventBatch& batch) {
  return std::equal(kinds.begin(), kinds.end(), batch.events.begin(), batch.events.end(),
                    [](uint32_t kind, const Event& event) { return kind == KindOf(event); });
}

std::string VersionText(uint64_t version) { return "version " + std::to_string(version); }

}  // namespace

LogVerifier::LogVerifier(VerifyOptions options)
    : options_(std::move(options)), reader_(options_.from), snapshots_due_(options_.from_base) {
  report_.shards = 1;
}

log::Verdict LogVerifier::Judge(const log::LogEntry& entry) {
  return entry.record.ok() ? reader_.Judge(entry.offset, entry.record->head) : reader_.JudgeUndecodable(entry.offset);
}

void LogVerifier::Take(const log::LogEntry& entry) {
  ++report_.records;
  const bool was_void = reader_.voided();
  log::Verdict verdict = Judge(entry);
  if (verdict == log::Verdict::kMissing) {
    Tell(FaultKind::kHole, entry.offset, {}, 0,
         "the log lacks what lies between offset " + std::to_string(reader_.next_offset()) + " and here");
    // One fault for the hole; from here on it is judged as by a reader that believes what it knew before.
    report_.AddVerdicts(reader_.stats());
    Position at = reader_.position();
    at.offset = entry.offset;
    reader_ = log::Reader(at);
    verdict = Judge(entry);
  }
  switch (verdict) {
    case log::Verdict::kCounts:
      return Fold(entry.offset, *entry.record);
    case log::Verdict::kFence:
      base_ = {};  // what a fence interrupts is void
      return;
    case log::Verdict::kUndecodable:
      return Tell(FaultKind::kUndecodable, entry.offset, {}, 0, entry.record.error().message);
    case log::Verdict::kVoid:
      if (was_void) return;
      return Tell(FaultKind::kVoid, entry.offset, entry.record->head.case_id, entry.record->head.version,
                  "the owner's sequence has a hole before it: it and what follows until the next fence is void");
    default:
      return;  // a deposed owner's, a lost fence, a repeat: they change nothing, and are counted
  }
}

void LogVerifier::Fold(int64_t offset, const log::Record& record) {
  switch (record.head.type) {
    case log::RecordType::kEvents:
      return FoldEvents(offset, record);
    case log::RecordType::kBaseBegin:
    case log::RecordType::kBaseCase:
    case log::RecordType::kBaseKeys:
    case log::RecordType::kBaseEnd:
      return FoldBase(offset, record);
    default:
      return;
  }
}

void LogVerifier::FoldEvents(int64_t offset, const log::Record& record) {
  const log::RecordHead& head = record.head;
  ++report_.versions;
  report_.recovered += head.recovered_from_view ? 1 : 0;
  if (ShardOf(head.case_id.bucket(), options_.shards) != options_.shard) {
    Tell(FaultKind::kMisplaced, offset, head.case_id, head.version,
         "the case belongs to shard " + std::to_string(ShardOf(head.case_id.bucket(), options_.shards)));
  }
  if (const auto gone = retired_.find(head.case_id); gone != retired_.end()) {
    return Tell(head.version <= gone->second ? FaultKind::kVersionTwice : FaultKind::kVersionGap, offset, head.case_id,
                head.version, "the case was retired with " + VersionText(gone->second));
  }
  const bool known = cases_.contains(head.case_id);
  if (!known && snapshots_due_ && head.version != 1) return;  // its snapshot is still to come
  Entry& entry = cases_[head.case_id];
  if (entry.aside) return;
  Case& c = entry.c;
  if (head.version <= c.version) {
    return Tell(FaultKind::kVersionTwice, offset, head.case_id, head.version, "the case has it already");
  }
  if (head.version != c.version + 1) {
    return Aside(FaultKind::kVersionGap, offset, head,
                 VersionText(head.version) + " follows " + (known ? VersionText(c.version) : "nothing"));
  }
  const Result<EventBatch> batch = wire::DecodeBatch(record.body);
  if (!batch) return Aside(FaultKind::kUnfoldable, offset, head, batch.error().message);
  const ChainLink link{head.case_id,        head.version,    head.tenant,      head.kinds,
                       head.policy_version, head.command_id, head.schema_level};
  if (NextChainHash(c.chain, link, record.body) != head.chain_hash) {
    Tell(FaultKind::kBrokenChain, offset, head.case_id, head.version, "the hash chain does not verify");
  }
  const CaseLedger::Tell tell = [&](FaultKind kind, std::string what) {
    Tell(kind, offset, head.case_id, head.version, std::move(what));
  };
  if (!SameKinds(head.kinds, *batch)) tell(FaultKind::kEnvelope, "the kinds of the envelope are not those of the body");
  if (known && c.tenant != head.tenant) tell(FaultKind::kEnvelope, "tenant " + head.tenant + " instead of " + c.tenant);
  entry.ledger.Before(c, *batch, tell);
  c.id = head.case_id;
  c.tenant = head.tenant;
  Evolve(c, *batch);
  c.chain = head.chain_hash;
  CaseLedger::After(c, tell);
  if (!known) Opening(offset, c, *batch);
  Count(*batch);
  if (c.retired) {
    ++report_.retired;
    ++report_.state[static_cast<size_t>(c.state)];
    retired_[c.id] = c.version;
    cases_.erase(head.case_id);
  }
}

void LogVerifier::Opening(int64_t offset, const Case& c, const EventBatch& batch) {
  ++report_.cases;
  if (!c.idempotency_key.empty()) {
    Opened& last = by_key_[Joined({c.tenant, c.facts->source, c.idempotency_key})];
    if (!last.id.empty() && batch.at - last.at < kKeyLifeMs) {
      Tell(FaultKind::kSubmittedTwice, offset, c.id, c.version,
           "idempotency key \"" + c.idempotency_key + "\" made case " + last.id.ToString() + " before");
    }
    last = {c.id, batch.at};
  }
  if (c.dedup_key.empty()) return;
  CaseId& holder = by_dedup_[Joined({c.tenant, c.dedup_key})];
  if (const Case* other = Find(holder); other != nullptr && !IsEnded(other->state)) {
    Tell(FaultKind::kSubmittedTwice, offset, c.id, c.version,
         "dedup key \"" + c.dedup_key + "\" belongs to case " + holder.ToString() + ", which has not ended");
  }
  holder = c.id;
}

void LogVerifier::Count(const EventBatch& batch) {
  report_.events += batch.events.size();
  report_.last_at = std::max(report_.last_at, batch.at);
  const bool by_clock = batch.actor.kind == ActorKind::kClock;
  for (const Event& event : batch.events) {
    if (const auto* fired = std::get_if<ClockFired>(&event)) {
      if (by_clock && !fired->superseded) report_.lateness_ms.push_back(fired->late_by_ms);
    } else if (const auto* breached = std::get_if<Breached>(&event)) {
      ++report_.breaches;
      if (by_clock) report_.lateness_ms.push_back(breached->late_by_ms);
    } else if (const auto* escalated = std::get_if<Escalated>(&event)) {
      report_.escalations += escalated->counted ? 1 : 0;
    }
  }
}

void LogVerifier::FoldBase(int64_t offset, const log::Record& record) {
  switch (record.head.type) {
    case log::RecordType::kBaseBegin:
      base_ = {.open = true};
      return;
    case log::RecordType::kBaseCase:
      ++base_.cases;
      return TakeSnapshot(offset, record);
    case log::RecordType::kBaseKeys:
      ++base_.pages;
      if (const auto keys = log::DecodeBaseKeys(record.body); !keys) {
        Tell(FaultKind::kBase, offset, {}, 0, "a page of keys: " + keys.error().message);
      }
      return;
    default:
      break;
  }
  const Result<log::BaseEnd> end = log::DecodeBaseEnd(record.body);
  if (!end) return Tell(FaultKind::kBase, offset, {}, 0, "the end of a base: " + end.error().message);
  if (!base_.open) return;
  if (end->cases != base_.cases || end->key_pages != base_.pages) {
    Tell(FaultKind::kBase, offset, {}, 0,
         "the base says " + std::to_string(end->cases) + " case(s) and " + std::to_string(end->key_pages) +
             " page(s) of keys, but has " + std::to_string(base_.cases) + " and " + std::to_string(base_.pages));
  } else {
    ++report_.bases;
    snapshots_due_ = false;
  }
  base_ = {};
}

void LogVerifier::TakeSnapshot(int64_t offset, const log::Record& record) {
  Result<Case> snapshot = wire::DecodeCase(record.body);
  if (!snapshot) return Tell(FaultKind::kBase, offset, record.head.case_id, 0, snapshot.error().message);
  const auto found = cases_.find(snapshot->id);
  if (found == cases_.end()) {
    if (snapshots_due_) {
      ++report_.cases;
      const CaseId id = snapshot->id;
      cases_[id].c = std::move(*snapshot);
    } else if (!retired_.contains(snapshot->id)) {
      Tell(FaultKind::kBase, offset, snapshot->id, snapshot->version, "the base has a case that the log does not know");
    }
    return;
  }
  if (found->second.aside) return;
  const Case& c = found->second.c;
  if (snapshot->version > c.version || (snapshot->version == c.version && wire::EncodeCase(c) != record.body)) {
    Tell(FaultKind::kBase, offset, c.id, snapshot->version,
         "the base's snapshot is not the fold of the log, which has " + VersionText(c.version));
  }
}

void LogVerifier::CompareView(const Position& at, const std::vector<std::string>& snapshots) {
  ++report_.view_shards;
  const auto fault = [&](const CaseId& id, uint64_t version, std::string what) {
    Tell(FaultKind::kView, at.offset, id, version, std::move(what));
  };
  if (reader_.position() != at) {
    fault({}, 0,
          "the view's `at` is not a place of this log: there the log has epoch " +
              std::to_string(reader_.position().epoch) + ", seq " + std::to_string(reader_.position().seq) +
              ", the view epoch " + std::to_string(at.epoch) + ", seq " + std::to_string(at.seq));
  }
  std::set<CaseId> seen;
  for (const std::string& bytes : snapshots) {
    const Result<Case> viewed = wire::DecodeCase(bytes);
    if (!viewed) {
      fault({}, 0, "a snapshot that cannot be read: " + viewed.error().message);
      continue;
    }
    ++report_.view_cases;
    seen.insert(viewed->id);
    const auto found = cases_.find(viewed->id);
    if (found == cases_.end()) {
      fault(viewed->id, viewed->version, "the view has a case that the log does not have, or has retired");
    } else if (!found->second.aside && wire::EncodeCase(found->second.c) != bytes) {
      fault(viewed->id, viewed->version,
            viewed->version == found->second.c.version
                ? "the view's snapshot differs from the fold of the log"
                : "the view has " + VersionText(viewed->version) + ", the log " + VersionText(found->second.c.version));
    }
  }
  for (const auto& [id, entry] : cases_) {
    if (!entry.aside && !seen.contains(id)) fault(id, entry.c.version, "the view lacks the case");
  }
}

void LogVerifier::AddFault(FaultKind kind, std::string what) { Tell(kind, -1, {}, 0, std::move(what)); }

void LogVerifier::Tell(FaultKind kind, int64_t offset, const CaseId& id, uint64_t version, std::string what) {
  report_.AddFault({kind, options_.shard, offset, id, version, std::move(what)});
}

void LogVerifier::Aside(FaultKind kind, int64_t offset, const log::RecordHead& head, std::string what) {
  cases_[head.case_id].aside = true;
  Tell(kind, offset, head.case_id, head.version, std::move(what));
}

const Case* LogVerifier::Find(const CaseId& id) const {
  const auto found = cases_.find(id);
  return found == cases_.end() || found->second.aside ? nullptr : &found->second.c;
}

VerifyReport LogVerifier::Report() const {
  VerifyReport out = report_;
  out.AddVerdicts(reader_.stats());
  for (const auto& [id, entry] : cases_) {
    if (entry.aside) {
      ++out.aside;
      continue;
    }
    ++out.state[static_cast<size_t>(entry.c.state)];
    for (const ClockRun& clock : entry.c.clocks) {
      if (clock.next_alarm_at() == kNever) continue;
      out.AddOpen({clock.next_alarm_at(), options_.shard, id, entry.c.version,
                   "clock " + clock.name + ", generation " + std::to_string(clock.generation) + ","});
    }
    FaultKind kind = FaultKind::kStuck;
    if (!WithoutAWayOn(entry.c, &kind).empty() && kind == FaultKind::kOwnerless) ++out.ownerless;
  }
  return out;
}

}  // namespace escalon::escalonctl
