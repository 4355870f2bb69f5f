#pragma once

#include <optional>
#include <string_view>

#include "common/core/result.h"

/// Names on the wire that are not enums of a proto.
namespace escalon::wire {

/// `ErrorInfo.domain` of every error of ours.
inline constexpr std::string_view kErrorDomain = "escalon";
/// `ErrorInfo.reason`: `NOT_OWNER`, `OUTCOME_UNKNOWN`, …
std::string_view ErrorReason(ErrorCode code);
std::optional<ErrorCode> ParseErrorReason(std::string_view reason);
/// `ErrorInfo.metadata` key of Error::detail: `owner` (kNotOwner), `command_id` (kOutcomeUnknown), else `detail`.
const char* ErrorDetailKey(ErrorCode code);

/// gRPC status code of an error, by its number (grpc::StatusCode).
int GrpcCodeOf(ErrorCode code);
/// What a foreign status of that number means when it carries no reason of ours.
ErrorCode ErrorCodeOf(int grpc_code);

}  // namespace escalon::wire
