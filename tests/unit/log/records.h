#pragma once

#include "common/log/record.h"

/// Records as tests need them.
namespace escalon::log {

inline Bytes16 OwnerNamed(uint8_t n) {
  Bytes16 owner{};
  owner.fill(n);
  return owner;
}

inline RecordHead FenceHead(uint64_t epoch, uint8_t owner) {
  RecordHead head;
  head.type = RecordType::kFence;
  head.epoch = epoch;
  head.owner = OwnerNamed(owner);
  return head;
}

inline RecordHead TickHead(uint64_t epoch, uint8_t owner, uint64_t seq) {
  RecordHead head = FenceHead(epoch, owner);
  head.type = RecordType::kTick;
  head.seq = seq;
  return head;
}

inline RecordHead EventsHead(uint64_t epoch, uint8_t owner, uint64_t seq, uint64_t version = 1) {
  RecordHead head = TickHead(epoch, owner, seq);
  head.type = RecordType::kEvents;
  head.case_id = CaseId::Make(1'700'000'000'000, 17, 3, 4711);
  head.version = version;
  head.tenant = "acme";
  head.kinds = {1, 300};
  head.chain_hash.fill(0xab);
  head.trace_parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  head.policy_version = "policy-7";
  head.command_id = "c-1";
  head.schema_level = 1;
  return head;
}

}  // namespace escalon::log
