#pragma once

#include <string>
#include <string_view>

#include "common/core/result.h"

namespace google::protobuf {
class Message;
}

/// Messages as JSON by protobuf's own mapping, with the names of the proto (snake_case). Thread-safe.
namespace escalon::wire {

/// Of one JSON text.
inline constexpr size_t kMaxJsonBytes = 256 * 1024;

/// Total. Unknown names, wrong types, bad UTF-8, a depth beyond 100 and more than `max_bytes` are kInvalidArgument;
/// `out` is then cleared. `root` names the whole in faults. Enums are names (`GRADE_HIGH`, also in lower case) or
/// numbers, 64-bit numbers may be strings.
Status FromJson(std::string_view json, std::string_view root, google::protobuf::Message* out,
                size_t max_bytes = kMaxJsonBytes);
/// Empty fields are left out unless `all` is set.
std::string ToJson(const google::protobuf::Message& message, bool all = false);

}  // namespace escalon::wire
