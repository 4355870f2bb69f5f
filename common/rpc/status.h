#pragma once

#include "common/core/result.h"

namespace grpc {
class Status;
}

/// Errors as a gRPC status, and back. The table of codes and reasons is wire/names.h, the details in
/// `grpc-status-details-bin` (BadRequest, RetryInfo, ErrorInfo) are wire/error_codec.h. Pure, thread-safe.
namespace escalon::rpc {

grpc::Status ToGrpc(const Error& error);

/// `status` is not OK. One without our ErrorInfo (a proxy's, gRPC's own) is judged by its code.
Error FromGrpc(const grpc::Status& status);

}  // namespace escalon::rpc
