#include "services/escalonctl/cli/exit_code.h"

namespace escalon::escalonctl {

ExitCode ExitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound:
      return ExitCode::kNotFound;
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kUnavailable:
    case ErrorCode::kOutcomeUnknown:
    case ErrorCode::kNotOwner:
    case ErrorCode::kDeadlineExceeded:
      return ExitCode::kUnavailable;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kWrongState:
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kNotYet:
    case ErrorCode::kInternal:
      return ExitCode::kRefused;
  }
  return ExitCode::kRefused;
}

}  // namespace escalon::escalonctl
