#include "common/core/varint.h"

namespace escalon {

void PutVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

bool TakeVarint(std::string_view* rest, uint64_t* value) {
  *value = 0;
  for (size_t i = 0; i < rest->size() && i < 10; ++i) {
    const auto byte = static_cast<uint8_t>((*rest)[i]);
    if (i == 9 && byte > 1) return false;
    *value |= uint64_t{byte & 0x7fu} << (7 * i);
    if (byte < 0x80) {
      rest->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace escalon
