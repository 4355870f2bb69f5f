#include "services/intake/listing/page_token.h"

#include "common/core/digest.h"

namespace escalon::intake {
namespace {

constexpr char kFormat = 1;
constexpr std::string_view kLabel = "escalon page v1\n";  // a label of its own: the ring's keys also sign links
constexpr size_t kSealBytes = 16;
constexpr size_t kPlaceBytes = 1 + 1 + 4 + 8 + 8 + 16;
constexpr size_t kMostToken = 256;

void PutBe(std::string* out, uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) *out += static_cast<char>(value >> shift & 0xff);
}

uint64_t GetBe(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

Error Bad() {
  return InvalidField(
      "page_token",
      "is not one of this question; send it back as it came, with the same filter and order, or start again");
}

}  // namespace

std::string PageTokens::Seal(const NamedKey& key, std::string_view payload, std::string_view question) const {
  std::string text(kLabel);
  PutBe(&text, payload.size(), 4);
  text.append(payload).append(question);
  return std::string(AsView(HmacSha256(key.key.Reveal(), text)).substr(0, kSealBytes));
}

std::string PageTokens::Make(const PagePlace& place, std::string_view question) const {
  const NamedKey& key = keys_.current();
  std::string payload;
  payload += kFormat;
  payload += static_cast<char>(place.mode);
  PutBe(&payload, place.segment, 4);
  PutBe(&payload, static_cast<uint64_t>(place.a), 8);
  PutBe(&payload, static_cast<uint64_t>(place.b), 8);
  payload += place.last.AsBytes();
  payload += key.id;
  return ToBase64Url(Seal(key, payload, question) + payload);
}

Result<PagePlace> PageTokens::Read(std::string_view token, std::string_view question) const {
  std::string bytes;
  if (token.size() > kMostToken || !FromBase64Url(token, &bytes) || bytes.size() < kSealBytes + kPlaceBytes)
    return Bad();
  const std::string_view payload = std::string_view(bytes).substr(kSealBytes);
  const NamedKey* key = keys_.Find(payload.substr(kPlaceBytes));
  if (key == nullptr || payload[0] != kFormat) return Bad();
  if (!ConstantTimeEqual(std::string_view(bytes).substr(0, kSealBytes), Seal(*key, payload, question))) return Bad();
  PagePlace place;
  place.mode = static_cast<PagePlace::Mode>(payload[1]);
  place.segment = static_cast<uint32_t>(GetBe(payload.substr(2, 4)));
  place.a = static_cast<int64_t>(GetBe(payload.substr(6, 8)));
  place.b = static_cast<int64_t>(GetBe(payload.substr(14, 8)));
  const Result<CaseId> last = CaseId::FromBytes(payload.substr(22, 16));
  if (last.ok()) place.last = *last;
  return place;
}

}  // namespace escalon::intake
