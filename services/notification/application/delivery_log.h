#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "common/core/instant.h"
#include "common/log/plain_topic.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"
#include "services/notification/application/notification_metrics.h"
#include "services/notification/application/ports.h"
#include "services/notification/application/restored_shard.h"

namespace escalon::notification {

/// escalon.delivery.v1: one record for every step of every delivery, in the partition of the case's shard, keyed by
/// case. Appends are batched by the producer and repeated until they are durable; only then the record of the case log
/// counts as done.
class DeliveryLog final : public Recorder {
 public:
  /// `finished(shard, offset)`: every delivery of that record is in the log; from the producer's thread or the loop's.
  DeliveryLog(log::KafkaConfig kafka, std::string topic, runtime::EventLoop& loop, NotificationMetrics& metrics,
              runtime::Logger logger, std::function<void(int shard, int64_t offset)> finished);

  Status Open();
  /// Loop thread.
  void Append(int shard, const wire::DeliveryRecord& record, std::shared_ptr<Origin> first) override;
  /// One of those that keep a record open is gone.
  void Lower(Origin& origin);
  /// After the loop has ended: no Append comes any more.
  void Close() { producer_.reset(); }
  /// Waits until everything appended so far is durable. Not from the loop.
  Status Drain(int timeout_ms) { return producer_ == nullptr ? Status() : producer_->Drain(timeout_ms); }

 private:
  struct Entry;
  void Try(std::shared_ptr<Entry> entry);
  void Again(std::shared_ptr<Entry> entry, const Error& error);

  const log::KafkaConfig kafka_;
  const std::string topic_;
  runtime::EventLoop& loop_;
  NotificationMetrics& metrics_;
  const runtime::Logger logger_;
  const std::function<void(int, int64_t)> finished_;
  runtime::LogLimit failure_limit_;
  std::unique_ptr<log::PlainProducer> producer_;
};

/// Reads a partition up to its present end. `since_ms`: by the broker's time; 0: all that is kept. Blocks; `give_up`
/// ends it.
Result<RestoredShard> ReadDeliveryLog(const log::KafkaConfig& kafka, const std::string& topic, int partition,
                                      InstantMs since_ms, InstantMs delivered_since, int timeout_ms,
                                      const std::atomic<bool>& give_up, NotificationMetrics& metrics);

}  // namespace escalon::notification
