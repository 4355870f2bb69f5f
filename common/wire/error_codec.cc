#include "common/wire/error_codec.h"

#include <algorithm>

#include "common/wire/names.h"
#include "common/wire/utf8.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace escalon::wire {
namespace {

constexpr size_t kMessageBytes = 1024;
constexpr size_t kFieldBytes = 256;
constexpr size_t kViolationBytes = 512;
constexpr size_t kDetailBytes = 1024;
constexpr int64_t kMaxRetryMs = 24 * 3600 * 1000;
constexpr size_t kReservedBytes = 256;  ///< for the frames around the violations

void PutCut(std::string_view text, size_t most, std::string* out) {
  AssignUtf8(text, out);
  out->resize(CutUtf8(*out, most).size());
}

void PackViolations(const Error& error, size_t budget, google::rpc::Status* out) {
  google::rpc::BadRequest request;
  for (const FieldViolation& violation : error.fields) {
    auto& entry = *request.add_field_violations();
    PutCut(violation.field, kFieldBytes, entry.mutable_field());
    PutCut(violation.message, kViolationBytes, entry.mutable_description());
    if (request.ByteSizeLong() > budget) {
      request.mutable_field_violations()->RemoveLast();
      break;
    }
  }
  out->add_details()->PackFrom(request);
}

void PackRetry(int64_t after_ms, google::rpc::Status* out) {
  google::rpc::RetryInfo retry;
  const int64_t ms = std::min(after_ms, kMaxRetryMs);
  retry.mutable_retry_delay()->set_seconds(ms / 1000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(ms % 1000) * 1'000'000);
  out->add_details()->PackFrom(retry);
}

void Unpack(const google::protobuf::Any& detail, Error* error) {
  if (google::rpc::ErrorInfo info; detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) {
    if (info.domain() != kErrorDomain) return;
    if (const auto code = ParseErrorReason(info.reason())) error->code = *code;
    if (const auto it = info.metadata().find(ErrorDetailKey(error->code)); it != info.metadata().end())
      error->detail = it->second;
  } else if (google::rpc::BadRequest bad; detail.Is<google::rpc::BadRequest>() && detail.UnpackTo(&bad)) {
    for (const auto& entry : bad.field_violations()) error->fields.push_back({entry.field(), entry.description()});
  } else if (google::rpc::RetryInfo retry; detail.Is<google::rpc::RetryInfo>() && detail.UnpackTo(&retry)) {
    const auto& delay = retry.retry_delay();
    const int64_t seconds = std::clamp<int64_t>(delay.seconds(), 0, kMaxRetryMs / 1000);
    error->retry_after_ms = seconds * 1000 + std::clamp(delay.nanos(), 0, 999'999'999) / 1'000'000;
  }
}

}  // namespace

void ToProto(const Error& error, google::rpc::Status* out) {
  out->Clear();
  out->set_code(GrpcCodeOf(error.code));
  PutCut(error.message, kMessageBytes, out->mutable_message());
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ErrorReason(error.code)));
  info.set_domain(std::string(kErrorDomain));
  if (!error.detail.empty())
    PutCut(error.detail, kDetailBytes, &(*info.mutable_metadata())[ErrorDetailKey(error.code)]);
  out->add_details()->PackFrom(info);
  if (error.retry_after_ms > 0) PackRetry(error.retry_after_ms, out);
  if (!error.fields.empty()) PackViolations(error, kMaxStatusBytes - kReservedBytes - out->ByteSizeLong(), out);
}

Error FromProto(const google::rpc::Status& status) {
  Error error{ErrorCodeOf(status.code()), status.message()};
  for (const auto& detail : status.details()) Unpack(detail, &error);
  return error;
}

std::string EncodeStatus(const Error& error) {
  google::rpc::Status status;
  ToProto(error, &status);
  return status.SerializeAsString();
}

Error DecodeStatus(int grpc_code, std::string_view message, std::string_view details) {
  google::rpc::Status status;
  if (details.size() > kMaxStatusBytes * 4 ||
      !status.ParseFromArray(details.data(), static_cast<int>(details.size())) || status.code() != grpc_code) {
    status.Clear();
    status.set_code(grpc_code);
  }
  if (status.message().empty()) AssignUtf8(message, status.mutable_message());
  return FromProto(status);
}

}  // namespace escalon::wire
