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

/// A message of a topic that is no shard of the case log: delivery log, dead letters, submissions.
struct PlainMessage {
  int partition = 0;
  int64_t offset = 0;
  InstantMs broker_time_ms = 0;
  std::string key;
  std::string value;
  std::map<std::string, std::string> headers;
};

/// Appends to any topic of the process: `escalon.delivery.v1`, `escalon.dlq.v1`. Idempotent, acks=all.
/// Thread rule: any thread; `done` runs on the producer's own thread and should only post.
class PlainProducer {
 public:
  static Result<std::unique_ptr<PlainProducer>> Open(KafkaConfig kafka, int linger_ms = 5,
                                                     int message_timeout_ms = 30'000);
  /// Waits up to 2 s for what is queued; the rest is dropped, `done` not called.
  ~PlainProducer();

  using Done = std::function<void(const Result<int64_t>& offset)>;
  /// `partition` -1: by the key. Errors at once (then `done` is not called): kResourceExhausted, kInvalidArgument.
  /// Later: kOutcomeUnknown. A fatal client is replaced by itself. `done` may be empty.
  Status Append(const std::string& topic, int partition, std::string_view key, std::optional<std::string_view> value,
                std::span<const Header> headers, Done done);
  /// Appends and waits for the acknowledgement. kOutcomeUnknown after `timeout_ms`: it may still land. Not from `done`.
  Result<int64_t> AppendAndWait(const std::string& topic, int partition, std::string_view key,
                                std::optional<std::string_view> value, std::span<const Header> headers, int timeout_ms);
  /// Waits until nothing is pending and every `done` has returned. kDeadlineExceeded.
  Status Drain(int timeout_ms);

 private:
  struct Impl;
  explicit PlainProducer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Blocking reads of a plain topic; own client, one thread at a time.
class PlainReader {
 public:
  static Result<std::unique_ptr<PlainReader>> Open(KafkaConfig kafka, std::string topic);
  ~PlainReader();
  /// Everything of a partition from `since_ms` (by the broker's time; 0: the beginning) up to the end as it is now.
  /// `each` returns false to stop early. kUnavailable: not done after `timeout_ms`.
  Status ReadToEnd(int partition, InstantMs since_ms, int timeout_ms,
                   const std::function<bool(const PlainMessage&)>& each);
  Result<int> Partitions(int timeout_ms);

 private:
  struct Impl;
  explicit PlainReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A group member over a plain topic: `escalon.submission.v1` at intake. Commits what was marked done; at least once.
/// Thread rule as Follower's.
class PlainFollower {
 public:
  struct Events {
    std::function<void(const PlainMessage&)> on_message;
    std::function<void()> on_batch_end;
    /// No saved offset, or out of range: it starts at the earliest message there is.
    std::function<void(int partition)> on_revoked;
    std::function<void(const Error&)> on_trouble;
  };
  static Result<std::unique_ptr<PlainFollower>> Start(KafkaConfig kafka, std::string topic, std::string group,
                                                      Events events);
  ~PlainFollower();
  /// Everything up to and including `offset`; committed by librdkafka once a second and at a revocation.
  void MarkDone(int partition, int64_t offset);
  void Stop();

 private:
  struct Impl;
  explicit PlainFollower(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::log
