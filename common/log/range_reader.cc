#include "common/log/envelope.h"
#include "common/log/partition_consumer.h"

namespace escalon::log {

struct RangeReader::Impl {
  Wakeup wakeup;
  std::unique_ptr<PartitionConsumer> consumer;
};

RangeReader::RangeReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RangeReader::~RangeReader() = default;

Result<std::unique_ptr<RangeReader>> RangeReader::Open(KafkaConfig kafka, std::string topic) {
  auto impl = std::make_unique<Impl>();
  Result<std::unique_ptr<PartitionConsumer>> opened = PartitionConsumer::Open(kafka, topic, {}, &impl->wakeup);
  if (!opened) return opened.error();
  impl->consumer = std::move(opened).value();
  return std::unique_ptr<RangeReader>(new RangeReader(std::move(impl)));
}

Result<Watermarks> RangeReader::QueryEnds(int shard, int timeout_ms) {
  return impl_->consumer->QueryEnds(shard, timeout_ms);
}

Result<int> RangeReader::Partitions(int timeout_ms) { return impl_->consumer->Partitions(timeout_ms); }

Status RangeReader::ReadRange(int shard, int64_t from, int64_t to, int timeout_ms,
                              const std::function<bool(const LogEntry&)>& each) {
  if (from >= to) return {};
  const Deadline deadline(timeout_ms);
  PartitionConsumer& consumer = *impl_->consumer;
  const PartitionRead read(&consumer, shard, from);
  while (true) {
    const MessagePtr message = consumer.Pop();
    if (!message) {
      if (!impl_->wakeup.Wait(deadline))
        return Error{ErrorCode::kUnavailable, "reading partition " + std::to_string(shard) + " up to offset " +
                                                  std::to_string(to) + " took too long"};
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) continue;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return FetchError(*message);
    if (message->offset >= to) return {};
    if (!each({message->offset, BrokerTimeOf(*message), Decode(ValueOf(*message))}) || message->offset + 1 >= to)
      return {};
  }
}

Result<std::vector<LogEntry>> RangeReader::ReadRange(int shard, int64_t from, int64_t to, int timeout_ms) {
  std::vector<LogEntry> entries;
  const Status s = ReadRange(shard, from, to, timeout_ms, [&](const LogEntry& entry) {
    entries.push_back(entry);
    return true;
  });
  if (!s) return s.error();
  return entries;
}

}  // namespace escalon::log
