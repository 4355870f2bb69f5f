#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "common/core/result.h"

namespace escalon::http {

struct JsonLimits {
  size_t max_bytes = 256 * 1024;
  int max_depth = 32;          ///< arrays and objects inside each other
  size_t max_values = 50'000;  ///< of all kinds, so that a small text cannot take much memory
};

/// Parses JSON from outside: RFC 8259, valid UTF-8, within the limits, no key twice in one object. The error names
/// where (`facts.tags[3]`, or the byte) in `fields`. Never throws.
Result<nlohmann::json> ParseUntrustedJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace escalon::http
