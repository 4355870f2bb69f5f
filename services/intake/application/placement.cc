#include "services/intake/application/placement.h"

#include "common/core/digest.h"
#include "common/core/random.h"

namespace escalon::intake {
namespace {

constexpr size_t kIdBytes = 16;

std::string Hex(const Bytes16& bytes) { return ToHex({reinterpret_cast<const char*>(bytes.data()), bytes.size()}); }

}  // namespace

Dice RollDice() { return {RandomBits(), RandomBytes16()}; }

std::string FreshCommandId(const Dice& dice) { return "door/" + Hex(dice.fresh); }

Placement Place(const SubmissionKeys& keys, InstantMs now, int cell, const Dice& dice) {
  Placement out;
  std::string random;
  std::string_view correlation = !keys.dedup_key.empty() ? keys.dedup_key : keys.idempotency_key;
  if (correlation.empty()) correlation = random = Hex(dice.fresh);
  out.case_id = CaseId::Make(now, BucketOf(keys.tenant, correlation), static_cast<uint8_t>(cell), dice.id_bits);
  if (keys.idempotency_key.empty()) {
    out.command_id = FreshCommandId(dice);
    return out;
  }
  // The source is part of it: two sources that share a dedup key may well count alike.
  Sha256 hash;
  hash.AddBe32(static_cast<uint32_t>(keys.source.size())).Add(keys.source).Add(keys.idempotency_key);
  out.command_id = "submit/" + ToHex(AsView(hash.Finish()).substr(0, kIdBytes));
  return out;
}

}  // namespace escalon::intake
