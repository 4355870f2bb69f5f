#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "common/core/clock.h"
#include "common/core/ids.h"
#include "common/core/result.h"
#include "common/runtime/trace_context.h"

namespace escalon::runtime {

enum class LogLevel { kDebug, kInfo, kWarn, kError, kOff };
enum class LogFormat { kJson, kText };

/// `debug`, `info`, `warn`, `error`, `off`.
Result<LogLevel> ParseLogLevel(std::string_view text);
std::string_view ToString(LogLevel level);

/// One key and its value. Refers to its strings: build it in the call.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, bool v) : key(k), value(v) {}
  LogField(std::string_view k, std::floating_point auto v) : key(k), value(static_cast<double>(v)) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) LogField(std::string_view k, T v) : key(k), value(static_cast<int64_t>(v)) {}

  std::string_view key;
  std::variant<std::string_view, int64_t, double, bool> value;
};

struct LogOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kJson;
  std::string service;
  std::string instance;
};

/// Lets at most `burst` lines pass per `interval`; one per call site, a member of whoever logs. Thread-safe.
class LogLimit {
 public:
  explicit LogLimit(int burst = 1, DurationMs interval = 10 * kSecondMs) : burst_(burst), interval_(interval) {}
  /// Whether the line may pass; `suppressed` is then how many did not since the last one that did.
  bool Allow(std::chrono::steady_clock::time_point now, uint64_t* suppressed);

 private:
  const int burst_;
  const DurationMs interval_;
  std::atomic<int64_t> window_start_ms_{INT64_MIN};
  std::atomic<int> passed_{0};
  std::atomic<uint64_t> suppressed_{0};
};

/// A handle to the process's log: copy it, pass it to constructors. One line per call, written whole:
///   {"ts":"2030-04-23T16:00:00.123Z","level":"warn","service":"routing","instance":"r-1","msg":"…",<bound>,<fields>}
/// `ts` is the machine's time, also under a development clock. Control characters and invalid UTF-8 are escaped, so no
/// value can end a line or forge a key. Thread-safe: lines are rendered outside the sink's lock.
class Logger {
 public:
  using Fields = std::initializer_list<LogField>;
  /// Writes nothing.
  Logger() = default;
  /// `clock` must outlive every copy.
  static Logger ToStderr(LogOptions options, const Clock& clock);
  /// For tests and tools: `write` gets each line without its end, one call at a time.
  static Logger ToFunction(LogOptions options, const Clock& clock, std::function<void(std::string_view)> write);

  bool Enabled(LogLevel level) const;
  void Log(LogLevel level, std::string_view message, Fields fields = {}) const;
  void Debug(std::string_view message, Fields fields = {}) const { Log(LogLevel::kDebug, message, fields); }
  void Info(std::string_view message, Fields fields = {}) const { Log(LogLevel::kInfo, message, fields); }
  void Warn(std::string_view message, Fields fields = {}) const { Log(LogLevel::kWarn, message, fields); }
  void Error(std::string_view message, Fields fields = {}) const { Log(LogLevel::kError, message, fields); }
  /// For what may repeat quickly: beyond the limit lines are dropped and counted in the next one's `suppressed`.
  void Limited(LogLimit& site, LogLevel level, std::string_view message, Fields fields = {}) const;

  /// A handle that adds these fields to every line; they are rendered once.
  Logger With(Fields fields) const;
  Logger WithCase(const CaseId& id) const;              ///< adds `case`
  Logger WithTrace(const TraceContext& context) const;  ///< adds `trace` and `span`; nothing when empty

 private:
  class Core;
  std::shared_ptr<Core> core_;
  std::string bound_;  ///< rendered fields in the core's format
};

/// `error` as a field: its message, which names the field and the remedy.
inline LogField ErrorField(const Error& error) { return {"error", error.message}; }

}  // namespace escalon::runtime
