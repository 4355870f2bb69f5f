#include "services/routing/keeper/live_key.h"

#include <algorithm>
#include <variant>

namespace escalon::routing {
namespace {

void PutBe64(std::string* out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) *out += static_cast<char>(value >> shift);
}

uint64_t GetBe64(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes.substr(0, 8)) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

}  // namespace

std::optional<LiveKey> KeyOfOpening(const Case& after, const EventBatch& batch) {
  if (batch.events.empty() || !std::holds_alternative<Opened>(batch.events.front())) return std::nullopt;
  const Opened& opened = std::get<Opened>(batch.events.front());
  if (opened.idempotency_key.empty()) return std::nullopt;
  return LiveKey{KeyFingerprint(after.tenant, opened.facts.source, opened.idempotency_key), after.id,
                 batch.command_hash, batch.at + kKeyLifeMs};
}

LiveKey FromBaseKey(const log::BaseKey& key) {
  return {key.fingerprint, key.case_id, GetBe64(AsView(key.body_hash)), key.expires_at_ms};
}

log::BaseKey ToBaseKey(const LiveKey& key) {
  log::BaseKey out{key.fingerprint, key.case_id, {}, key.expires_at};
  std::string hash;
  PutBe64(&hash, key.body_hash);
  std::copy(hash.begin(), hash.end(), out.body_hash.begin());
  return out;
}

std::string EncodeKeyValue(const LiveKey& key) {
  std::string out(key.case_id.AsBytes());
  PutBe64(&out, key.body_hash);
  PutBe64(&out, static_cast<uint64_t>(key.expires_at));
  return out;
}

std::optional<LiveKey> DecodeKeyValue(const Bytes16& fingerprint, std::string_view value) {
  if (value.size() != 32) return std::nullopt;
  const Result<CaseId> id = CaseId::FromBytes(value.substr(0, 16));
  if (!id.ok()) return std::nullopt;
  return LiveKey{fingerprint, *id, GetBe64(value.substr(16)), static_cast<InstantMs>(GetBe64(value.substr(24)))};
}

}  // namespace escalon::routing
