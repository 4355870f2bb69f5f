#include "common/rpc/status.h"

#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>

#include "common/wire/error_codec.h"

namespace escalon::rpc {

grpc::Status ToGrpc(const Error& error) {
  google::rpc::Status status;
  wire::ToProto(error, &status);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), status.message(), status.SerializeAsString());
}

Error FromGrpc(const grpc::Status& status) {
  return wire::DecodeStatus(status.error_code(), status.error_message(), status.error_details());
}

}  // namespace escalon::rpc
