#include "services/notification/application/delivery_log.h"

#include "services/notification/application/delivery.h"

namespace escalon::notification {
namespace {

constexpr int kLingerMs = 20;  ///< nobody waits for them, and a broker pays by the request
constexpr DurationMs kAgainMs = 500;

}  // namespace

struct DeliveryLog::Entry {
  int shard = -1;
  std::string key, value;
  std::shared_ptr<Origin> first;
};

DeliveryLog::DeliveryLog(log::KafkaConfig kafka, std::string topic, runtime::EventLoop& loop,
                         NotificationMetrics& metrics, runtime::Logger logger,
                         std::function<void(int, int64_t)> finished)
    : kafka_(std::move(kafka)),
      topic_(std::move(topic)),
      loop_(loop),
      metrics_(metrics),
      logger_(std::move(logger)),
      finished_(std::move(finished)) {}

Status DeliveryLog::Open() {
  auto producer = log::PlainProducer::Open(kafka_, kLingerMs);
  if (!producer.ok()) return producer.error();
  producer_ = std::move(*producer);
  return {};
}

void DeliveryLog::Append(int shard, const wire::DeliveryRecord& record, std::shared_ptr<Origin> first) {
  auto entry = std::make_shared<Entry>();
  entry->shard = shard;
  entry->key = std::string(record.case_id.empty() ? std::string_view(record.person) : record.case_id.AsBytes());
  entry->value = wire::EncodeDelivery(record);
  entry->first = std::move(first);
  Try(std::move(entry));
}

void DeliveryLog::Lower(Origin& origin) {
  if (origin.open.fetch_sub(1, std::memory_order_acq_rel) == 1 && origin.offset >= 0)
    finished_(origin.shard, origin.offset);
}

void DeliveryLog::Try(std::shared_ptr<Entry> entry) {
  const Entry& e = *entry;
  const Status taken =
      producer_->Append(topic_, e.shard, e.key, e.value, {}, [this, entry](const Result<int64_t>& offset) {
        if (!offset.ok()) {
          // It may have landed: a repeat only says the same again.
          loop_.Post([this, entry, error = std::make_unique<Error>(offset.error())] { Again(entry, *error); });
          return;
        }
        if (entry->first != nullptr) Lower(*entry->first);
      });
  if (!taken.ok()) Again(std::move(entry), taken.error());
}

void DeliveryLog::Again(std::shared_ptr<Entry> entry, const Error& error) {
  metrics_.append_failures->Increment();
  logger_.Limited(failure_limit_, runtime::LogLevel::kWarn, "the delivery log takes no record; trying again",
                  {runtime::ErrorField(error)});
  loop_.After(kAgainMs, [this, entry] { Try(entry); });
}

Result<RestoredShard> ReadDeliveryLog(const log::KafkaConfig& kafka, const std::string& topic, int partition,
                                      InstantMs since_ms, InstantMs delivered_since, int timeout_ms,
                                      const std::atomic<bool>& give_up, NotificationMetrics& metrics) {
  auto reader = log::PlainReader::Open(kafka, topic);
  if (!reader.ok()) return reader.error();
  RestoredShard restored(delivered_since);
  const Status read = (*reader)->ReadToEnd(partition, since_ms, timeout_ms, [&](const log::PlainMessage& message) {
    const Result<wire::DeliveryRecord> record = wire::DecodeDelivery(message.value);
    if (record.ok()) {
      restored.Add(*record);
    } else {
      metrics.poison->Increment();
    }
    return !give_up;
  });
  if (!read.ok()) return read.error();
  if (give_up) return Error{ErrorCode::kUnavailable, "the service is stopping"};
  return restored;
}

}  // namespace escalon::notification
