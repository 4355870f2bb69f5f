#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace escalon {

using Digest = std::array<uint8_t, 32>;

/// SHA-256 over several pieces without joining them. Not thread-safe; one per use.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256& Add(std::string_view bytes);
  Sha256& AddByte(uint8_t byte);
  Sha256& AddBe32(uint32_t value);
  Sha256& AddBe64(uint64_t value);
  Digest Finish();

 private:
  void* context_;
};

Digest Sha256Of(std::string_view bytes);
Digest HmacSha256(std::string_view key, std::string_view bytes);
/// Compares in time that depends on the lengths alone.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

std::string ToHex(std::string_view bytes);
std::string ToBase64(std::string_view bytes);
std::string ToBase64Url(std::string_view bytes);  ///< without padding
bool FromBase64(std::string_view text, std::string* bytes);
bool FromBase64Url(std::string_view text, std::string* bytes);
inline std::string_view AsView(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace escalon
