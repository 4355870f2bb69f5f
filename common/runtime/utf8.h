#pragma once

#include <cstddef>
#include <string_view>

namespace escalon::runtime {

/// The length (1–4) of the well-formed UTF-8 sequence at `at` < text.size(), 0 if there is none: no overlong forms, no
/// surrogates, nothing above U+10FFFF (RFC 3629).
size_t Utf8SequenceAt(std::string_view text, size_t at);
bool IsValidUtf8(std::string_view text);
/// Whether it has a C0 control, DEL, or a C1 control; newline and tab count too.
bool HasControlCharacter(std::string_view text);

}  // namespace escalon::runtime
