#include "common/rpc/status.h"

#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <tuple>

namespace escalon::rpc {
namespace {

using grpc::StatusCode;

struct Row {
  ErrorCode code;
  StatusCode status;
};
constexpr std::array kTable = {
    Row{ErrorCode::kInvalidArgument, StatusCode::INVALID_ARGUMENT},
    Row{ErrorCode::kNotFound, StatusCode::NOT_FOUND},
    Row{ErrorCode::kWrongState, StatusCode::FAILED_PRECONDITION},
    Row{ErrorCode::kPermissionDenied, StatusCode::PERMISSION_DENIED},
    Row{ErrorCode::kUnauthenticated, StatusCode::UNAUTHENTICATED},
    Row{ErrorCode::kAlreadyExists, StatusCode::ALREADY_EXISTS},
    Row{ErrorCode::kResourceExhausted, StatusCode::RESOURCE_EXHAUSTED},
    Row{ErrorCode::kUnavailable, StatusCode::UNAVAILABLE},
    Row{ErrorCode::kOutcomeUnknown, StatusCode::UNAVAILABLE},
    Row{ErrorCode::kNotOwner, StatusCode::UNAVAILABLE},
    Row{ErrorCode::kNotYet, StatusCode::UNAVAILABLE},
    Row{ErrorCode::kDeadlineExceeded, StatusCode::DEADLINE_EXCEEDED},
    Row{ErrorCode::kInternal, StatusCode::INTERNAL},
};
static_assert(kTable.size() == static_cast<size_t>(ErrorCode::kInternal) + 1);

TEST(Status, every_error_goes_out_and_comes_back) {
  for (size_t i = 0; i < kTable.size(); ++i) {
    ASSERT_EQ(static_cast<size_t>(kTable[i].code), i);
    Error error{kTable[i].code, "what is wrong and what to do"};
    error.detail = "machine-readable";
    error.retry_after_ms = 1'250;
    error.fields = {{"facts.impact", "write high, medium or low"}, {"facts.title", "empty; write a line"}};
    const grpc::Status status = ToGrpc(error);
    EXPECT_EQ(status.error_code(), kTable[i].status);
    const Error back = FromGrpc(status);
    EXPECT_EQ(back.code, error.code);
    EXPECT_EQ(back.message, error.message);
    EXPECT_EQ(back.detail, error.detail);
    EXPECT_EQ(back.retry_after_ms, error.retry_after_ms);
    ASSERT_EQ(back.fields.size(), 2u);
    EXPECT_EQ(back.fields[1].field, "facts.title");
    EXPECT_EQ(back.fields[1].message, "empty; write a line");
  }
}

TEST(Status, the_owner_of_a_shard_is_named) {
  Error error{ErrorCode::kNotOwner, "elsewhere"};
  error.detail = "10.0.0.7:7101";
  const Error back = FromGrpc(ToGrpc(error));
  EXPECT_EQ(back.code, ErrorCode::kNotOwner);
  EXPECT_EQ(back.detail, "10.0.0.7:7101");
}

TEST(Status, a_foreign_status_is_judged_by_its_code) {
  const std::array<std::pair<StatusCode, ErrorCode>, 16> foreign = {{
      {StatusCode::CANCELLED, ErrorCode::kOutcomeUnknown},
      {StatusCode::UNKNOWN, ErrorCode::kInternal},
      {StatusCode::INVALID_ARGUMENT, ErrorCode::kInvalidArgument},
      {StatusCode::DEADLINE_EXCEEDED, ErrorCode::kDeadlineExceeded},
      {StatusCode::NOT_FOUND, ErrorCode::kNotFound},
      {StatusCode::ALREADY_EXISTS, ErrorCode::kAlreadyExists},
      {StatusCode::PERMISSION_DENIED, ErrorCode::kPermissionDenied},
      {StatusCode::RESOURCE_EXHAUSTED, ErrorCode::kResourceExhausted},
      {StatusCode::FAILED_PRECONDITION, ErrorCode::kWrongState},
      {StatusCode::ABORTED, ErrorCode::kUnavailable},
      {StatusCode::OUT_OF_RANGE, ErrorCode::kInvalidArgument},
      {StatusCode::UNIMPLEMENTED, ErrorCode::kInternal},
      {StatusCode::INTERNAL, ErrorCode::kInternal},
      {StatusCode::UNAVAILABLE, ErrorCode::kUnavailable},
      {StatusCode::DATA_LOSS, ErrorCode::kInternal},
      {StatusCode::UNAUTHENTICATED, ErrorCode::kUnauthenticated},
  }};
  for (const auto& [code, expected] : foreign) {
    const Error error = FromGrpc(grpc::Status(code, "from a proxy", "no protobuf at all \xff\xff"));
    EXPECT_EQ(error.code, expected) << code;
    EXPECT_EQ(error.message, "from a proxy");
    EXPECT_TRUE(error.fields.empty());
  }
}

}  // namespace
}  // namespace escalon::rpc
