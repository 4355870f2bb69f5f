#include "common/wire/names.h"

#include <array>

namespace escalon::wire {
namespace {

struct Row {
  ErrorCode code;
  std::string_view reason;
  int grpc;
};

// In the order of ErrorCode. The numbers are those of grpc::StatusCode, fixed by gRPC's protocol.
constexpr std::array<Row, 13> kRows = {{
    {ErrorCode::kInvalidArgument, "INVALID_ARGUMENT", 3},
    {ErrorCode::kNotFound, "NOT_FOUND", 5},
    {ErrorCode::kWrongState, "WRONG_STATE", 9},
    {ErrorCode::kPermissionDenied, "PERMISSION_DENIED", 7},
    {ErrorCode::kUnauthenticated, "UNAUTHENTICATED", 16},
    {ErrorCode::kAlreadyExists, "ALREADY_EXISTS", 6},
    {ErrorCode::kResourceExhausted, "RESOURCE_EXHAUSTED", 8},
    {ErrorCode::kUnavailable, "UNAVAILABLE", 14},
    {ErrorCode::kOutcomeUnknown, "OUTCOME_UNKNOWN", 14},
    {ErrorCode::kNotOwner, "NOT_OWNER", 14},
    {ErrorCode::kNotYet, "NOT_YET", 14},
    {ErrorCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", 4},
    {ErrorCode::kInternal, "INTERNAL", 13},
}};
static_assert(static_cast<size_t>(ErrorCode::kInternal) + 1 == kRows.size());

}  // namespace

std::string_view ErrorReason(ErrorCode code) { return kRows[static_cast<size_t>(code)].reason; }

std::optional<ErrorCode> ParseErrorReason(std::string_view reason) {
  for (const Row& row : kRows) {
    if (row.reason == reason) return row.code;
  }
  return std::nullopt;
}

const char* ErrorDetailKey(ErrorCode code) {
  if (code == ErrorCode::kNotOwner) return "owner";
  return code == ErrorCode::kOutcomeUnknown ? "command_id" : "detail";
}

int GrpcCodeOf(ErrorCode code) { return kRows[static_cast<size_t>(code)].grpc; }

ErrorCode ErrorCodeOf(int grpc_code) {
  switch (grpc_code) {
    case 1:  // CANCELLED: the call ended, whatever became of it
      return ErrorCode::kOutcomeUnknown;
    case 10:  // ABORTED
    case 14:  // UNAVAILABLE
      return ErrorCode::kUnavailable;
    case 3:   // INVALID_ARGUMENT
    case 11:  // OUT_OF_RANGE
      return ErrorCode::kInvalidArgument;
    case 4:
      return ErrorCode::kDeadlineExceeded;
    case 5:
      return ErrorCode::kNotFound;
    case 6:
      return ErrorCode::kAlreadyExists;
    case 7:
      return ErrorCode::kPermissionDenied;
    case 8:
      return ErrorCode::kResourceExhausted;
    case 9:
      return ErrorCode::kWrongState;
    case 16:
      return ErrorCode::kUnauthenticated;
    default:
      return ErrorCode::kInternal;
  }
}

}  // namespace escalon::wire
