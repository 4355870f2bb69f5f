#include "common/log/plain_topic.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "common/log/partition_consumer.h"
#include "common/log/plain_message.h"

namespace escalon::log {

std::map<std::string, std::string> HeadersOf(const rd_kafka_message_t& message) {
  std::map<std::string, std::string> headers;
  rd_kafka_headers_t* list = nullptr;
  if (rd_kafka_message_headers(&message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return headers;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0; rd_kafka_header_get_all(list, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    headers[name] = std::string(static_cast<const char*>(value), size);
  return headers;
}

PlainMessage PlainMessageOf(const rd_kafka_message_t& m) {
  return {m.partition,
          m.offset,
          BrokerTimeOf(m),
          std::string(static_cast<const char*>(m.key), m.key_len),
          std::string(ValueOf(m)),
          HeadersOf(m)};
}

struct PlainReader::Impl {
  Wakeup wakeup;
  std::unique_ptr<PartitionConsumer> consumer;
};

PlainReader::PlainReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PlainReader::~PlainReader() = default;

Result<std::unique_ptr<PlainReader>> PlainReader::Open(KafkaConfig kafka, std::string topic) {
  auto impl = std::make_unique<Impl>();
  Result<std::unique_ptr<PartitionConsumer>> opened = PartitionConsumer::Open(kafka, topic, {}, &impl->wakeup);
  if (!opened) return opened.error();
  impl->consumer = std::move(opened).value();
  return std::unique_ptr<PlainReader>(new PlainReader(std::move(impl)));
}

Result<int> PlainReader::Partitions(int timeout_ms) { return impl_->consumer->Partitions(timeout_ms); }

Status PlainReader::ReadToEnd(int partition, InstantMs since_ms, int timeout_ms,
                              const std::function<bool(const PlainMessage&)>& each) {
  const Deadline deadline(timeout_ms);
  PartitionConsumer& consumer = *impl_->consumer;
  const Result<Watermarks> ends = consumer.QueryEnds(partition, timeout_ms);
  if (!ends) return ends.error();
  int64_t from = ends->low;
  if (since_ms > 0) {
    const Result<int64_t> at = consumer.OffsetAt(partition, since_ms, timeout_ms);
    if (!at) return at.error();
    from = *at;
  }
  if (from >= ends->high) return {};
  const PartitionRead read(&consumer, partition, from);
  while (true) {
    const MessagePtr m = consumer.Pop();
    if (!m) {
      if (impl_->wakeup.Wait(deadline)) continue;
      return Error{ErrorCode::kUnavailable, "reading partition " + std::to_string(partition) + " took too long"};
    }
    // Where compaction or a transaction took the last offsets, only this event tells of the end.
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && m->offset >= ends->high) return {};
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) continue;
    if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) return FetchError(*m);
    if (m->offset >= ends->high) return {};
    if (!each(PlainMessageOf(*m)) || m->offset + 1 >= ends->high) return {};
  }
}

}  // namespace escalon::log
