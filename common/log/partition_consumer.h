#pragma once

#include <memory>
#include <string>

#include "common/log/kafka_client.h"
#include "common/log/shard_source.h"
#include "common/log/wakeup.h"

namespace escalon::log {

struct FetchTuning {
  int min_bytes = 1;
  int wait_ms = 10;
};

/// Reads partitions of one topic from given offsets, without a group; partitions come and go one by one. librdkafka's
/// simple consumer: rd_kafka_assign would restart every partition at each change. Inside this room only.
/// Thread rule: one thread, the one that waits on the Wakeup.
class PartitionConsumer {
 public:
  /// Signals `wakeup`, which must outlive it, when Pop has something.
  static Result<std::unique_ptr<PartitionConsumer>> Open(const KafkaConfig& kafka, const std::string& topic,
                                                         FetchTuning tuning, Wakeup* wakeup);
  ~PartitionConsumer();

  /// Also RD_KAFKA_OFFSET_BEGINNING.
  void Start(int partition, int64_t offset);
  /// What was fetched and not popped is dropped.
  void Stop(int partition);
  /// Null: nothing there now. A message with `err` is an event of its partition: RD_KAFKA_RESP_ERR__PARTITION_EOF, or
  /// an error after which the partition may deliver nothing more until it is started again.
  MessagePtr Pop();

  Result<Watermarks> QueryEnds(int partition, int timeout_ms);
  /// The end as the last fetch saw it; -1: not known. Thread-safe.
  int64_t CachedEnd(int partition) const;
  /// The first offset whose broker time is not before `at`; the end if there is none.
  Result<int64_t> OffsetAt(int partition, InstantMs at, int timeout_ms);
  Result<int> Partitions(int timeout_ms);
  const Client& client() const { return client_; }

 private:
  PartitionConsumer() = default;
  /// The first offset whose broker time is not before `at`, -1 if there is none; also RD_KAFKA_OFFSET_BEGINNING and
  /// RD_KAFKA_OFFSET_END.
  Result<int64_t> AskOffset(int partition, int64_t at, int timeout_ms);
  std::string topic_name_;
  Client client_;
  TopicPtr topic_;
  QueuePtr queue_;
};

/// One partition's read while it is in scope.
class PartitionRead {
 public:
  PartitionRead(PartitionConsumer* consumer, int partition, int64_t offset)
      : consumer_(consumer), partition_(partition) {
    consumer_->Start(partition_, offset);
  }
  ~PartitionRead() { consumer_->Stop(partition_); }
  PartitionRead(const PartitionRead&) = delete;
  PartitionRead& operator=(const PartitionRead&) = delete;

 private:
  PartitionConsumer* const consumer_;
  const int partition_;
};

/// The error of an errored message in our words; kNotFound means out of range and nothing else.
Error FetchError(const rd_kafka_message_t& message);
InstantMs BrokerTimeOf(const rd_kafka_message_t& message);
std::string_view ValueOf(const rd_kafka_message_t& message);

}  // namespace escalon::log
