#include "common/security/hkdf.h"

#include <cstdint>

namespace escalon {

Digest HkdfExtract(std::string_view salt, std::string_view input_key) {
  static constexpr char kNoSalt[32] = {};
  return HmacSha256(salt.empty() ? std::string_view(kNoSalt, sizeof kNoSalt) : salt, input_key);
}

std::string HkdfExpand(const Digest& pseudo_random_key, std::string_view info, size_t length) {
  if (length > 255 * pseudo_random_key.size()) return {};
  std::string out;
  std::string block;
  Digest last;
  for (int counter = 1; out.size() < length; ++counter) {
    block.clear();
    if (counter > 1) block += AsView(last);
    block += info;
    block += static_cast<char>(counter);
    last = HmacSha256(AsView(pseudo_random_key), block);
    out += AsView(last);
  }
  out.resize(length);
  return out;
}

}  // namespace escalon
