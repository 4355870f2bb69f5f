#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace escalon::runtime {

/// W3C Trace Context, `traceparent` (https://www.w3.org/TR/trace-context/ §3.2). A value; every function is total.
class TraceContext {
 public:
  /// The empty context: no trace. `ToTraceparent()` of it is "".
  TraceContext() = default;
  /// A new trace with random ids.
  static TraceContext NewRoot(bool sampled = true);
  /// nullopt for whatever is not a valid header: the caller then starts a new root. Versions above 00 are read as 00.
  static std::optional<TraceContext> Parse(std::string_view traceparent);
  /// The context of `traceparent`'s child, or a new root if it does not parse: what a server does on arrival.
  static TraceContext ContinueOrNew(std::string_view traceparent);

  /// The same trace with a new random span id; a new root if this one is empty.
  TraceContext Child() const;
  bool empty() const { return trace_id_ == std::array<uint8_t, 16>{}; }
  bool sampled() const { return (flags_ & 1) != 0; }
  std::string trace_id() const;  ///< 32 hex digits, "" when empty
  std::string span_id() const;   ///< 16 hex digits, "" when empty
  std::string ToTraceparent() const;
  bool operator==(const TraceContext&) const = default;

 private:
  std::array<uint8_t, 16> trace_id_{};
  std::array<uint8_t, 8> span_id_{};
  uint8_t flags_ = 0;
};

}  // namespace escalon::runtime
