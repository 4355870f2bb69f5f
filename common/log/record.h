#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/core/digest.h"
#include "common/core/ids.h"
#include "common/core/position.h"

/// Plain values of the case log. The bytes are those of proto/escalon/log/v1/record.proto; log/envelope.h translates.
namespace escalon::log {

/// Numbers as in the proto; another number decodes to an error, because a reader must not count what it cannot name.
enum class RecordType : uint8_t {
  kEvents = 1,
  kFence = 2,
  kTick = 3,
  kBaseBegin = 4,
  kBaseCase = 5,
  kBaseKeys = 6,
  kBaseEnd = 7,
};

struct RecordHead {
  RecordType type = RecordType::kEvents;
  uint64_t epoch = 0;
  Bytes16 owner{};
  uint64_t seq = 0;      ///< 0 on a fence, 1 on the first record after it
  CaseId case_id;        ///< empty where there is no case
  uint64_t version = 0;  ///< of the case after this record
  std::string tenant;
  std::vector<uint32_t> kinds;  ///< of the events in the body, in order
  Digest chain_hash{};          ///< all zero: none
  std::string trace_parent;
  std::string policy_version;
  std::string command_id;
  uint32_t schema_level = 0;
  bool recovered_from_view = false;
  bool operator==(const RecordHead&) const = default;
};

struct Record {
  RecordHead head;
  std::string body;
  bool operator==(const Record&) const = default;
};

/// Body of a fence.
struct Fence {
  std::string owner_address;  ///< `host:port` where the owner takes commands
  std::string owner_name;     ///< for people
  bool operator==(const Fence&) const = default;
};

/// Body of base_begin. What follows up to base_end holds everything up to `floor`.
struct BaseBegin {
  Position floor;
  InstantMs begun_at_ms = 0;
  bool operator==(const BaseBegin&) const = default;
};

/// A live idempotency key and the case that its first use made.
struct BaseKey {
  Bytes16 fingerprint{};
  CaseId case_id;
  Digest body_hash{};
  InstantMs expires_at_ms = 0;
  bool operator==(const BaseKey&) const = default;
};

/// Body of base_end; a base with fewer pages than it says is void.
struct BaseEnd {
  Position floor;
  uint64_t cases = 0;
  uint64_t key_pages = 0;
  bool operator==(const BaseEnd&) const = default;
};

}  // namespace escalon::log
