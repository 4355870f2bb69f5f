#pragma once

#include <string>
#include <string_view>

namespace escalon::wire {

/// Strict UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool IsUtf8(std::string_view text);

/// Copies `text`; every byte that is not part of valid UTF-8 becomes U+FFFD. Protobuf refuses to read a `string` that
/// is not UTF-8, so what is stored must be, whatever a message in words was cut from.
void AssignUtf8(std::string_view text, std::string* out);

/// At most `max_bytes` of a text that is valid UTF-8, cut between code points.
std::string_view CutUtf8(std::string_view text, size_t max_bytes);

}  // namespace escalon::wire
