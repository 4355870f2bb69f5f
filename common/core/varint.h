#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace escalon {

// Numbers in base 128, low digits first, as protobuf writes them: small ones take one byte.

void PutVarint(uint64_t value, std::string* out);
/// Moves `rest` behind one varint; false when it is cut or longer than 10 bytes.
bool TakeVarint(std::string_view* rest, uint64_t* value);

}  // namespace escalon
