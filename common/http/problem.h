#pragma once

#include "common/core/result.h"
#include "common/http/message.h"

namespace escalon::http {

/// The one table from ErrorCode to HTTP status.
int HttpStatusOf(ErrorCode code);
/// `invalid_argument`, `not_found`, …: stable names, the last part of the problem's `type`.
std::string_view ProblemName(ErrorCode code);

/// RFC 9457: {"type":"urn:escalon:problem:<name>","title":…,"status":…,"detail":<message>,"code":<name>,
/// "fields":[{"field":…,"message":…}],"retry_after_ms":…}; Retry-After in whole seconds when the error advises one, and
/// 1 for those that are worth repeating without advice.
Response ProblemResponse(const Error& error);
/// For what HTTP itself refuses (404, 405, 413, …). Adds no headers.
Response ProblemResponse(int status, std::string_view title, std::string_view detail);

}  // namespace escalon::http
