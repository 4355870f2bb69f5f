#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/core/position.h"

/// What routing tells operators about its shards, as values (proto/escalon/keeper/v1/keeper_service.proto).
namespace escalon::rpc {

enum class ShardPhase { kElsewhere = 1, kTakingOver, kOwned, kReleasing, kClosed };

/// One shard as one instance sees it.
struct ShardStanding {
  int shard = 0;
  ShardPhase phase = ShardPhase::kElsewhere;
  std::string owner_address;  ///< of the last fence that counted; empty: none yet
  Position counted;
  std::optional<Position> viewed;
  uint64_t pending_records = 0;
  DurationMs oldest_pending_ms = 0;
  uint64_t cases = 0;
  std::vector<CaseId> quarantined;
  InstantMs base_at = 0;  ///< of the last complete base; 0: none
  std::string reason;     ///< why it is closed or not owned, in words
};

/// All that one instance says.
struct InstanceStanding {
  std::string address;
  std::vector<ShardStanding> shards;
};

/// What a reconciliation did or, dry, would do.
struct Reconciled {
  uint64_t records = 0;
  std::vector<CaseId> cases;
  std::string summary;
};

struct WrittenBase {
  Position floor;
  uint64_t cases = 0;
  uint64_t key_pages = 0;
};

}  // namespace escalon::rpc
