#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/log/envelope.h"
#include "common/log/kafka_config.h"

namespace escalon::log {

/// One document as it stands in its topic.
struct Document {
  std::string key;
  std::optional<std::string> value;  ///< none: a tombstone
  std::map<std::string, std::string> headers;
  int64_t offset = 0;
  InstantMs broker_time_ms = 0;
};

/// A compacted topic with one partition, read whole by every service: policies, rosters, subject keys. A key's value
/// never changes (a version is part of the key), because compaction may keep an old one (rule 11). Thread rule: methods
/// from any thread but the callbacks'; callbacks on the topic's own thread, in offset order.
class DocumentTopic {
 public:
  struct Events {
    std::function<void(const Document&)> on_document;
    /// All that was there when the topic was opened has been delivered. Once.
    std::function<void()> on_caught_up;
    /// For people; reading goes on by itself when it can.
    std::function<void(const Error&)> on_trouble;
  };
  /// Starts to read from the beginning in the background; the brokers may be away.
  static Result<std::unique_ptr<DocumentTopic>> Open(KafkaConfig kafka, std::string topic, Events events);
  ~DocumentTopic();

  /// Appends and waits for all in-sync replicas. Returns the offset. kOutcomeUnknown after `timeout_ms`: look before
  /// you repeat. `value` none: a tombstone.
  Result<int64_t> Publish(std::string_view key, std::optional<std::string_view> value, std::span<const Header> headers,
                          int timeout_ms);
  /// Waits until on_document has run for `offset` (what Publish returned): read your own writes. kDeadlineExceeded.
  Status WaitFor(int64_t offset, int timeout_ms);

 private:
  struct Impl;
  explicit DocumentTopic(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::log
