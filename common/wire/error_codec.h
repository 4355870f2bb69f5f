#pragma once

#include <string>
#include <string_view>

#include "common/core/result.h"

namespace google::rpc {
class Status;
}

/// Errors as clients of gRPC see them: google.rpc.Status with BadRequest (fields), RetryInfo (when to repeat) and
/// ErrorInfo (our own code as `reason`, Error::detail as metadata). Pure, thread-safe.
namespace escalon::wire {

/// What a status takes at most: gRPC carries it in a trailer, in base64 beside the message, and peers bound all
/// trailers at 8 KiB. Longer errors lose fields and words.
inline constexpr size_t kMaxStatusBytes = 4 * 1024;

void ToProto(const Error& error, google::rpc::Status* out);
/// Total. A status without our ErrorInfo is judged by its gRPC code alone.
Error FromProto(const google::rpc::Status& status);

/// The bytes of `grpc-status-details-bin`.
std::string EncodeStatus(const Error& error);
/// From what a call returned: details that cannot be read are left out.
Error DecodeStatus(int grpc_code, std::string_view message, std::string_view details);

}  // namespace escalon::wire
