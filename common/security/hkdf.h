#pragma once

#include <string>
#include <string_view>

#include "common/core/digest.h"

namespace escalon {

/// HKDF with SHA-256 (RFC 5869): one master secret into keys for many purposes. Pure, any thread.
Digest HkdfExtract(std::string_view salt, std::string_view input_key);
/// `length` ≤ 255 · 32 (a longer one gives an empty string); `info` names the purpose.
std::string HkdfExpand(const Digest& pseudo_random_key, std::string_view info, size_t length);

}  // namespace escalon
