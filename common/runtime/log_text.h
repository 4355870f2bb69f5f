#pragma once

#include <string>
#include <string_view>

#include "common/runtime/logging.h"

namespace escalon::runtime {

/// Appends `text` escaped for a JSON string or a quoted text value, without the quotes: controls, line separators and
/// invalid bytes become escapes; what is beyond 4 KiB is cut and its size named.
void AppendEscaped(std::string& out, std::string_view text);
/// `"key":value,` or ` key=value`.
void AppendField(std::string& out, LogFormat format, const LogField& field);
/// RFC 3339 in UTC, always with milliseconds.
void AppendTimestamp(std::string& out, InstantMs at);

}  // namespace escalon::runtime
