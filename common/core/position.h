#pragma once

#include <cstdint>

#include "common/core/ids.h"

namespace escalon {

/// A place in one shard's log: right behind the last record that counted, which stands at `offset - 1` and bears
/// (epoch, owner, seq). The offset alone does not say whom to believe from here on (protocol.md, rule 5).
/// The start of a log is all zero.
struct Position {
  int64_t offset = 0;
  uint64_t epoch = 0;
  Bytes16 owner{};  ///< the incarnation of the last fence that counted
  uint64_t seq = 0;
  bool operator==(const Position&) const = default;
};

}  // namespace escalon
