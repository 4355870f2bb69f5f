#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/core/digest.h"
#include "common/core/ids.h"

namespace escalon {

/// What the hash covers besides the body. Epoch, owner and seq are left out on purpose: a record that reconcile appends
/// again under another owner keeps its hash (DESIGN §4, Proof).
struct ChainLink {
  CaseId case_id;
  uint64_t version = 0;
  std::string_view tenant;
  std::span<const uint32_t> kinds;
  std::string_view policy_version;
  std::string_view command_id;
  uint32_t schema_level = 0;
};

/// hash(0): what version 1 is chained to.
inline constexpr Digest kChainStart{};

/// hash(n) = SHA-256(0x01 ‖ hash(n-1) ‖ be32(|C|) ‖ C ‖ be32(|body|) ‖ body), where the canonical bytes C are
///
///   case id (16 bytes) ‖ be64 version ‖ be32(|tenant|) ‖ tenant ‖ be32(number of kinds) ‖ be32 kind … ‖
///   be32(|policy version|) ‖ policy version ‖ be32(|command id|) ‖ command id ‖ be32 schema level
///
/// and `body` the bytes as stored. Every length is written before its bytes, so no two different links give the same
/// input. This can never change: stored chains must verify for ever. Pure, thread-safe.
Digest NextChainHash(const Digest& previous, const ChainLink& link, std::string_view body);

}  // namespace escalon
