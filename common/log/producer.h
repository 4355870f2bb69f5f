#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/log/envelope.h"
#include "common/log/kafka_config.h"

namespace escalon::log {

struct ProducerConfig {
  KafkaConfig kafka;
  std::string topic;
  int shards = 0;             ///< partitions of the topic; Append refuses others
  int linger_ms = 1;          ///< for the first records of a batch only: what comes later waits for its report
  int max_pending = 200'000;  ///< not yet reported, over all shards; the keeper's own bounds are far below
};

/// Where an acknowledged record stands.
struct Appended {
  int64_t offset = 0;
  InstantMs broker_time_ms = 0;  ///< the broker's clock at the append (LogAppendTime), to watch the skew; 0: not told
};

struct Delivery {
  uint64_t token = 0;
  int shard = 0;
  /// An error is always kOutcomeUnknown: the record may be in the log or not. So is a success without an offset: the
  /// broker recognised a retry as a duplicate (DUPLICATE_SEQUENCE) and does not say where the first one stands (rule
  /// 4).
  Result<Appended> appended;
};

/// An idempotent producer of the case log (rule 9): acks=all, never gives up by itself (message.timeout.ms=0), keeps
/// the order within a shard, reports in that order. Commits in groups: one batch of a shard is under way at a time, the
/// rest waits here and follows together (ADR 0006).
/// Thread rule: one thread, the one that waits for fd(). Nothing here blocks.
class Producer {
 public:
  /// Fails only on a bad configuration; the brokers may be away.
  static Result<std::unique_ptr<Producer>> Open(ProducerConfig config);
  /// Drops what is queued, without reports. May wait up to some seconds for librdkafka's threads.
  ~Producer();

  /// Copies key, value and headers. `token` comes back with the delivery, exactly once unless Replace or the destructor
  /// drops it. Errors, after which no delivery comes: kResourceExhausted (queue full), kInvalidArgument (too big, no
  /// such shard), kUnavailable (after a fatal error, until Replace).
  Status Append(int shard, std::string_view key, std::string_view value, std::span<const Header> headers,
                uint64_t token);
  /// Head and body encoded, keyed and with the record's headers.
  Status AppendRecord(int shard, const RecordHead& head, std::string_view body, uint64_t token);

  /// Readable when Poll has something. The same descriptor for the producer's life, across Replace.
  int fd() const;
  struct Events {
    std::function<void(const Delivery&)> on_delivery;
    /// The producer is dead: every shard's ownership ends and Replace is due. Once per incarnation of the client.
    std::function<void(const Error&)> on_fatal;
    /// For people (broker away, authentication, ...); nothing is lost by it.
    std::function<void(const Error&)> on_trouble;
  };
  /// Handles all that is there; returns the number of deliveries. The callbacks may call Append, not Poll or Replace.
  size_t Poll(const Events& events);

  /// A new client in place of the old one, which is destroyed on a thread of its own; what it had pending is dropped
  /// without reports and pending counts are 0. At most once a second and with jitter: the caller's duty.
  Status Replace();

  /// Appended and not yet reported. To drain a shard wait for its count; there is no flush (rule 9).
  int64_t pending(int shard) const;
  int64_t total_pending() const;
  bool fatal() const;
  /// 1 for the first client, + 1 with each Replace.
  uint64_t incarnation() const;

  /// Makes the client fail fatally, as a real fatal error would: for fault tests.
  void InjectFatalForTest();

 private:
  struct Impl;
  explicit Producer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::log
