#pragma once

#include <vector>

#include "common/core/ids.h"
#include "common/domain/hash_chain.h"
#include "common/log/envelope.h"
#include "common/log/shard_source.h"
#include "common/wire/events_codec.h"
#include "common/wire/snapshot_codec.h"
#include "tests/unit/domain/fixture.h"

namespace escalon::escalonctl::test {

using escalon::test::kMonday10;
using escalon::test::World;

/// The log of one shard as its owner would have written it, open to every kind of damage.
class ShardLog {
 public:
  ShardLog() { Fence(); }

  void Fence() {
    log::Record record;
    record.head.type = log::RecordType::kFence;
    record.head.epoch = ++epoch_;
    record.head.owner.fill(static_cast<uint8_t>(epoch_));
    record.body = log::EncodeFence({"127.0.0.1:1", "test"});
    seq_ = 0;
    entries.push_back({Next(), 0, record});
  }

  /// Everything that happened in the world and is not in the log yet.
  void Write(const World& world) {
    for (; written_ < world.history.size(); ++written_) Append(world.c().id, world.history[written_]);
  }

  log::Record& Append(const CaseId& id, const EventBatch& batch) {
    Case& c = cases_[id];
    c.id = id;
    c.tenant = "acme";
    Evolve(c, batch);
    log::Record record = Owned(log::RecordType::kEvents);
    record.body = wire::EncodeBatch(batch);
    record.head.case_id = id;
    record.head.version = c.version;
    record.head.tenant = c.tenant;
    for (const Event& event : batch.events) record.head.kinds.push_back(KindOf(event));
    record.head.policy_version = c.policy;
    record.head.command_id = batch.command_id;
    record.head.schema_level = 1;
    const log::RecordHead& h = record.head;
    c.chain = record.head.chain_hash = NextChainHash(
        c.chain, {id, h.version, h.tenant, h.kinds, h.policy_version, h.command_id, h.schema_level}, record.body);
    entries.push_back({Next(), 0, std::move(record)});
    return *entries.back().record;
  }

  log::Record& Frame(log::RecordType type, std::string body, const CaseId& id = {}) {
    log::Record record = Owned(type);
    record.head.case_id = id;
    record.body = std::move(body);
    entries.push_back({Next(), 0, std::move(record)});
    return *entries.back().record;
  }

  void Base(const Position& floor) {
    Frame(log::RecordType::kBaseBegin, log::EncodeBaseBegin({floor, kMonday10}));
    for (const auto& [id, c] : cases_) Frame(log::RecordType::kBaseCase, wire::EncodeCase(c), id);
    Frame(log::RecordType::kBaseEnd, log::EncodeBaseEnd({floor, cases_.size(), 0}));
  }

  /// Right behind the last record.
  Position End() const {
    Position at{static_cast<int64_t>(entries.size()), epoch_, {}, seq_};
    at.owner.fill(static_cast<uint8_t>(epoch_));
    return at;
  }

  const Case& Fold(const CaseId& id) { return cases_[id]; }

  std::vector<log::LogEntry> entries;

 private:
  int64_t Next() const { return static_cast<int64_t>(entries.size()); }
  log::Record Owned(log::RecordType type) {
    log::Record record;
    record.head.type = type;
    record.head.epoch = epoch_;
    record.head.owner.fill(static_cast<uint8_t>(epoch_));
    record.head.seq = ++seq_;
    return record;
  }

  uint64_t epoch_ = 0, seq_ = 0;
  size_t written_ = 0;
  std::map<CaseId, Case> cases_;
};

}  // namespace escalon::escalonctl::test
