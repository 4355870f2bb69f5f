#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace escalon {

/// The closed set of failures. Each maps to one gRPC status and one HTTP status (rpc/status.h).
enum class ErrorCode {
  kInvalidArgument,    ///< the input is wrong whatever the state; `fields` names where
  kNotFound,           ///< no such thing, or not for this tenant
  kWrongState,         ///< right input, but the case is not in a state that allows it
  kPermissionDenied,   ///< the caller may not
  kUnauthenticated,    ///< no or no valid credential
  kAlreadyExists,      ///< the same key with another body
  kResourceExhausted,  ///< a limit or a full queue; retry after `retry_after_ms`
  kUnavailable,        ///< something needed is away; safe to repeat
  kOutcomeUnknown,     ///< it may or may not have happened; repeat with the same command id
  kNotOwner,           ///< another instance owns the shard; `detail` is its address, maybe empty
  kNotYet,             ///< a clock that is not due; retry after `retry_after_ms`
  kDeadlineExceeded,   ///< the caller's time was over before a decision
  kInternal,           ///< a fault of ours
};

/// One offending field: a path such as `facts.impact` and what to write instead.
struct FieldViolation {
  std::string field;
  std::string message;
};

/// An error a person can act on: what is wrong, where, and what to do.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::vector<FieldViolation> fields = {};
  std::string detail = {};     ///< machine-readable, depends on the code
  int64_t retry_after_ms = 0;  ///< 0: no advice
};

inline Error InvalidField(std::string field, std::string message) {
  Error e{ErrorCode::kInvalidArgument, field + ": " + message};
  e.fields.push_back({std::move(field), std::move(message)});
  return e;
}

/// A repeat of the same call may succeed.
inline bool Retryable(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kOutcomeUnknown || code == ErrorCode::kNotOwner ||
         code == ErrorCode::kResourceExhausted || code == ErrorCode::kNotYet;
}

/// A value or an Error. No exceptions cross a room.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Done, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace escalon
