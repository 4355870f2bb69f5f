#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/ids.h"

namespace escalon::escalonctl {

/// What can be wrong with a cluster's log, told by the invariant of DESIGN §5 that it breaks.
enum class FaultKind : uint8_t {
  kHole,            ///< 3: the log lacks an offset
  kUndecodable,     ///< 3: bytes that are no record
  kVoid,            ///< 3: an owner's sequence had a hole, so what followed does not count
  kMisplaced,       ///< 3: a case in a shard that is not its own
  kVersionGap,      ///< 3
  kVersionTwice,    ///< 3
  kBrokenChain,     ///< 3
  kUnfoldable,      ///< 3: a body that this version cannot read
  kEnvelope,        ///< 3: tenant or kinds of the envelope are not those of the case or body
  kTimeBack,        ///< DESIGN §7.15
  kCommandTwice,    ///< 2: one command id, two effects
  kSubmittedTwice,  ///< 2: one idempotency or dedup key, two cases
  kFiredTwice,      ///< 4: an alarm of a generation
  kBrokenTwice,     ///< 4: a breach of a generation
  kFiredEarly,      ///< 4
  kMissed,          ///< 4: due long ago by the log's own time, armed, and nobody acted
  kOwnerless,       ///< 7: open, not paused, without an owner or a step that gives it one
  kStuck,           ///< 7: nothing will ever move it on
  kUntraced,        ///< 9: an automatic decision without its rules, or with more than 4 KB of them
  kBase,            ///< a base's snapshot is not the fold of the log
  kView,            ///< the live view is not the fold of the log up to its `at`
};
inline constexpr size_t kFaultKinds = 21;

std::string_view NameOf(FaultKind kind);
/// Of DESIGN §5; 0: none of them.
int InvariantOf(FaultKind kind);

/// One thing that is wrong.
struct Fault {
  FaultKind kind = FaultKind::kHole;
  int shard = 0;
  int64_t offset = -1;   ///< -1: not of one record
  CaseId case_id;        ///< empty: not of one case
  uint64_t version = 0;  ///< of the case after the record; 0: none
  std::string what;      ///< in words
};

using FaultCounts = std::array<uint64_t, kFaultKinds>;

}  // namespace escalon::escalonctl
