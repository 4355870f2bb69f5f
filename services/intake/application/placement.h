#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/ids.h"

namespace escalon::intake {

/// What decides where a submission's case lives and under which name its command is repeated (DESIGN §4).
struct SubmissionKeys {
  std::string_view tenant, source, dedup_key, idempotency_key;
};

/// Chance, handed in: 54 bits of a case id, and what stands in for keys that the source did not give.
struct Dice {
  uint64_t id_bits = 0;
  Bytes16 fresh{};
};
Dice RollDice();

struct Placement {
  CaseId case_id;
  std::string command_id;  ///< the same for the same (source, idempotency key); else fresh
};

/// Bucket of (tenant, correlation key), where the correlation key is the dedup key, else the idempotency key, else
/// random. Pure.
Placement Place(const SubmissionKeys& keys, InstantMs now, int cell, const Dice& dice);
/// For a command whose client gave no id.
std::string FreshCommandId(const Dice& dice);

}  // namespace escalon::intake
