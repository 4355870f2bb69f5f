#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace escalon::log {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

/// How to reach the cluster; the same for every client of a process.
struct KafkaConfig {
  std::string brokers;    ///< `host:port,...`
  std::string client_id;  ///< what the broker's logs and quotas call us
  /// Further librdkafka settings (`security.protocol`, `sasl.*`, `ssl.*`, ...), applied first: what the protocol
  /// needs (acks, idempotence, resets, commits) cannot be overridden.
  std::map<std::string, std::string> extra;
  /// Called from librdkafka's threads, also while a client is being destroyed: must be thread-safe and quick, must
  /// outlive every client. Empty: nothing is logged.
  std::function<void(LogLevel, std::string_view)> on_log;
};

}  // namespace escalon::log
