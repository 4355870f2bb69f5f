#include "common/http/problem.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace escalon::http {
namespace {

struct Row {
  ErrorCode code;
  int status;
  std::string_view name;
  std::string_view title;
};
constexpr std::array<Row, 13> kTable{{
    {ErrorCode::kInvalidArgument, 400, "invalid_argument", "The input is wrong"},
    {ErrorCode::kNotFound, 404, "not_found", "Not found"},
    {ErrorCode::kWrongState, 409, "wrong_state", "The case is not in a state that allows this"},
    {ErrorCode::kPermissionDenied, 403, "permission_denied", "Not allowed"},
    {ErrorCode::kUnauthenticated, 401, "unauthenticated", "A valid credential is needed"},
    {ErrorCode::kAlreadyExists, 409, "already_exists", "The same key was used with another body"},
    {ErrorCode::kResourceExhausted, 429, "resource_exhausted", "A limit is reached"},
    {ErrorCode::kUnavailable, 503, "unavailable", "Something needed is away; repeat later"},
    {ErrorCode::kOutcomeUnknown, 503, "outcome_unknown", "It may have happened; repeat with the same command id"},
    {ErrorCode::kNotOwner, 503, "not_owner", "Another instance owns this case now; repeat"},
    {ErrorCode::kNotYet, 425, "not_yet", "Too early"},
    {ErrorCode::kDeadlineExceeded, 504, "deadline_exceeded", "Not done in time"},
    {ErrorCode::kInternal, 500, "internal", "A fault of the service"},
}};

const Row& RowOf(ErrorCode code) {
  const auto* found = std::find_if(kTable.begin(), kTable.end(), [&](const Row& row) { return row.code == code; });
  return found == kTable.end() ? kTable.back() : *found;
}

std::string Dump(const nlohmann::ordered_json& problem) {
  return problem.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

int HttpStatusOf(ErrorCode code) { return RowOf(code).status; }
std::string_view ProblemName(ErrorCode code) { return RowOf(code).name; }

Response ProblemResponse(const Error& error) {
  const Row& row = RowOf(error.code);
  nlohmann::ordered_json problem;
  problem["type"] = "urn:escalon:problem:" + std::string(row.name);
  problem["title"] = row.title;
  problem["status"] = row.status;
  problem["detail"] = error.message;
  problem["code"] = row.name;
  if (!error.fields.empty()) {
    auto& fields = problem["fields"] = nlohmann::ordered_json::array();
    for (const FieldViolation& field : error.fields)
      fields.push_back({{"field", field.field}, {"message", field.message}});
  }
  if (error.retry_after_ms > 0) problem["retry_after_ms"] = error.retry_after_ms;
  Response response{row.status, "application/problem+json", Dump(problem), {}};
  if (error.retry_after_ms > 0) {
    response.headers.Add("Retry-After", std::to_string((error.retry_after_ms + 999) / 1000));
  } else if (Retryable(error.code)) {
    response.headers.Add("Retry-After", "1");
  }
  if (error.code == ErrorCode::kUnauthenticated) response.headers.Add("WWW-Authenticate", "Bearer");
  return response;
}

Response ProblemResponse(int status, std::string_view title, std::string_view detail) {
  nlohmann::ordered_json problem;
  problem["type"] = "about:blank";
  problem["title"] = title;
  problem["status"] = status;
  problem["detail"] = detail;
  return {status, "application/problem+json", Dump(problem), {}};
}

}  // namespace escalon::http
