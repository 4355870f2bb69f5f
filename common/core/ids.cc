#include "common/core/ids.h"

#include <cstring>

#include "common/core/digest.h"

namespace escalon {

CaseId CaseId::Make(InstantMs at, int bucket, uint8_t cell, uint64_t random) {
  Bytes16 b{};
  for (size_t i = 0; i < 6; ++i) b[i] = static_cast<uint8_t>(at >> (40 - 8 * i));
  b[6] = static_cast<uint8_t>(0x80 | (bucket >> 8 & 0x0f));
  b[7] = static_cast<uint8_t>(bucket);
  b[8] = static_cast<uint8_t>(0x80 | cell >> 2);
  b[9] = static_cast<uint8_t>(cell << 6 | (random >> 48 & 0x3f));
  for (size_t i = 0; i < 6; ++i) b[10 + i] = static_cast<uint8_t>(random >> (40 - 8 * i));
  return CaseId(b);
}

Result<CaseId> CaseId::Parse(std::string_view text) {
  const Error wrong{ErrorCode::kInvalidArgument, "must be a case id such as 019385a2-7c00-8abc-8123-0123456789ab"};
  if (text.size() != 36) return wrong;
  Bytes16 b{};
  size_t nibble = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return wrong;
      continue;
    }
    const char c = text[i];
    int value;
    if (c >= '0' && c <= '9') {
      value = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      value = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      value = c - 'A' + 10;
    } else {
      return wrong;
    }
    b[nibble / 2] = static_cast<uint8_t>(b[nibble / 2] | value << (nibble % 2 == 0 ? 4 : 0));
    ++nibble;
  }
  if (b[6] >> 4 != 8 || b[8] >> 6 != 2) return wrong;
  return CaseId(b);
}

Result<CaseId> CaseId::FromBytes(std::string_view bytes) {
  if (bytes.size() != 16) return Error{ErrorCode::kInvalidArgument, "a case id has 16 bytes"};
  Bytes16 b;
  std::memcpy(b.data(), bytes.data(), b.size());
  return CaseId(b);
}

std::string CaseId::ToString() const {
  const std::string hex = ToHex(AsBytes());
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

InstantMs CaseId::created_at() const {
  InstantMs at = 0;
  for (size_t i = 0; i < 6; ++i) at = at << 8 | bytes_[i];
  return at;
}

int BucketOf(std::string_view tenant, std::string_view correlation_key) {
  const Digest digest = Sha256()
                            .AddBe32(static_cast<uint32_t>(tenant.size()))
                            .Add(tenant)
                            .AddBe32(static_cast<uint32_t>(correlation_key.size()))
                            .Add(correlation_key)
                            .Finish();
  return digest[0] << 4 | digest[1] >> 4;
}

}  // namespace escalon
