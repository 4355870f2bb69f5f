#include "common/runtime/logging.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <mutex>

#include "common/runtime/log_text.h"

namespace escalon::runtime {
namespace {

constexpr std::array<std::string_view, 5> kLevels{"debug", "info", "warn", "error", "off"};

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    write_({message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

  std::function<void(std::string_view)> write_;
};

}  // namespace

class Logger::Core {
 public:
  Core(LogOptions log_options, const Clock& log_clock, spdlog::sink_ptr sink)
      : options(std::move(log_options)), clock(log_clock), out(options.service, std::move(sink)) {
    out.set_level(spdlog::level::trace);
    // The line comes rendered: the pattern only ends it, in the sink, under whose lock it is written whole.
    out.set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, std::string("\n")));
    if (options.format == LogFormat::kJson) {
      AppendField(origin, options.format, {"service", options.service});
      if (!options.instance.empty()) AppendField(origin, options.format, {"instance", options.instance});
    }
  }

  const LogOptions options;
  const Clock& clock;
  std::string origin;
  spdlog::logger out;
};

Result<LogLevel> ParseLogLevel(std::string_view text) {
  for (size_t i = 0; i < kLevels.size(); ++i)
    if (kLevels[i] == text) return static_cast<LogLevel>(i);
  return Error{ErrorCode::kInvalidArgument, "must be one of debug, info, warn, error, off"};
}

std::string_view ToString(LogLevel level) { return kLevels[static_cast<size_t>(level)]; }

bool LogLimit::Allow(std::chrono::steady_clock::time_point now, uint64_t* suppressed) {
  const int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  int64_t start = window_start_ms_.load(std::memory_order_relaxed);
  if ((start == INT64_MIN || now_ms - start >= interval_) && window_start_ms_.compare_exchange_strong(start, now_ms))
    passed_.store(0, std::memory_order_relaxed);
  if (passed_.load(std::memory_order_relaxed) < burst_ && passed_.fetch_add(1, std::memory_order_relaxed) < burst_) {
    *suppressed = suppressed_.exchange(0, std::memory_order_relaxed);
    return true;
  }
  suppressed_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

Logger Logger::ToStderr(LogOptions options, const Clock& clock) {
  Logger logger;
  logger.core_ = std::make_shared<Core>(std::move(options), clock, std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return logger;
}

Logger Logger::ToFunction(LogOptions options, const Clock& clock, std::function<void(std::string_view)> write) {
  Logger logger;
  logger.core_ = std::make_shared<Core>(std::move(options), clock, std::make_shared<FunctionSink>(std::move(write)));
  return logger;
}

bool Logger::Enabled(LogLevel level) const { return core_ != nullptr && level >= core_->options.level; }

void Logger::Log(LogLevel level, std::string_view message, Fields fields) const {
  if (!Enabled(level)) return;
  const LogFormat format = core_->options.format;
  std::string line;
  line.reserve(256);
  if (format == LogFormat::kJson) {
    line += "{\"ts\":\"";
    AppendTimestamp(line, core_->clock.WallMs());
    line += "\",\"level\":\"";
    line += ToString(level);
    line += "\",";
    line += core_->origin;
    line += "\"msg\":\"";
    AppendEscaped(line, message);
    line += "\",";
  } else {
    AppendTimestamp(line, core_->clock.WallMs());
    line += ' ';
    line += ToString(level);
    line.append(6 - ToString(level).size(), ' ');
    AppendEscaped(line, message);
  }
  line += bound_;
  for (const LogField& field : fields) AppendField(line, format, field);
  if (format == LogFormat::kJson) line.back() = '}';  // was a comma
  core_->out.log(level >= LogLevel::kError ? spdlog::level::err : spdlog::level::info,
                 spdlog::string_view_t(line.data(), line.size()));
}

void Logger::Limited(LogLimit& site, LogLevel level, std::string_view message, Fields fields) const {
  if (!Enabled(level)) return;
  uint64_t suppressed = 0;
  if (!site.Allow(core_->clock.Steady(), &suppressed)) return;
  if (suppressed == 0) {
    Log(level, message, fields);
  } else {
    With({{"suppressed", suppressed}}).Log(level, message, fields);
  }
}

Logger Logger::With(Fields fields) const {
  Logger logger = *this;
  if (core_ != nullptr)
    for (const LogField& field : fields) AppendField(logger.bound_, core_->options.format, field);
  return logger;
}

Logger Logger::WithCase(const CaseId& id) const { return With({{"case", id.ToString()}}); }

Logger Logger::WithTrace(const TraceContext& context) const {
  if (context.empty()) return *this;
  return With({{"trace", context.trace_id()}, {"span", context.span_id()}});
}

}  // namespace escalon::runtime
