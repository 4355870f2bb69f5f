#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "common/core/instant.h"
#include "common/core/result.h"

namespace escalon {

inline constexpr int kBuckets = 4096;  ///< for ever (DESIGN §11)

/// 16 bytes; the base of case ids and incarnations.
using Bytes16 = std::array<uint8_t, 16>;

/// A case's name for ever: a UUID of version 8 (RFC 9562): 48 bit ms · 4 version · 12 bucket · 2 variant · 8 cell · 54
/// random.
class CaseId {
 public:
  CaseId() = default;
  explicit CaseId(const Bytes16& bytes) : bytes_(bytes) {}
  /// `random` supplies the 54 low bits. `bucket` < 4096.
  static CaseId Make(InstantMs at, int bucket, uint8_t cell, uint64_t random);
  static Result<CaseId> Parse(std::string_view text);
  static Result<CaseId> FromBytes(std::string_view bytes);

  std::string ToString() const;
  std::string_view AsBytes() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }
  int bucket() const { return (bytes_[6] & 0x0f) << 8 | bytes_[7]; }
  uint8_t cell() const { return static_cast<uint8_t>((bytes_[8] & 0x3f) << 2 | bytes_[9] >> 6); }
  InstantMs created_at() const;
  bool empty() const { return bytes_ == Bytes16{}; }
  auto operator<=>(const CaseId&) const = default;

 private:
  Bytes16 bytes_{};
};

/// The first 12 bits of SHA-256(be32 len ‖ tenant ‖ be32 len ‖ correlation key) (DESIGN §4).
int BucketOf(std::string_view tenant, std::string_view correlation_key);
/// `shards` is a power of two, 1..4096.
inline int ShardOf(int bucket, int shards) { return bucket / (kBuckets / shards); }

}  // namespace escalon

template <>
struct std::hash<escalon::CaseId> {
  size_t operator()(const escalon::CaseId& id) const noexcept {
    uint64_t low = 0;
    for (size_t i = 8; i < 16; ++i) low = low << 8 | static_cast<uint8_t>(id.AsBytes()[i]);
    return static_cast<size_t>(low);  // the low half is random
  }
};
