#include "common/log/partition_consumer.h"

#include <algorithm>

namespace escalon::log {

Result<std::unique_ptr<PartitionConsumer>> PartitionConsumer::Open(const KafkaConfig& kafka, const std::string& topic,
                                                                   FetchTuning tuning, Wakeup* wakeup) {
  ClientBuilder builder(kafka);
  SetConsumerRules(&builder);
  builder.Set("fetch.min.bytes", tuning.min_bytes).Set("fetch.wait.max.ms", tuning.wait_ms);
  Result<Client> client = builder.Build(RD_KAFKA_CONSUMER);
  if (!client) return client.error();
  std::unique_ptr<PartitionConsumer> consumer(new PartitionConsumer);
  consumer->topic_name_ = topic;
  consumer->client_ = std::move(client).value();
  consumer->topic_.reset(rd_kafka_topic_new(consumer->client_.get(), topic.c_str(), nullptr));
  if (!consumer->topic_) return Error{ErrorCode::kInvalidArgument, "kafka: topic " + topic + " is no valid name"};
  consumer->queue_.reset(rd_kafka_queue_new(consumer->client_.get()));
  SignalOn(consumer->queue_.get(), wakeup);
  return consumer;
}

PartitionConsumer::~PartitionConsumer() {
  if (queue_) SignalNoMore(queue_.get());
}

void PartitionConsumer::Start(int partition, int64_t offset) {
  rd_kafka_consume_start_queue(topic_.get(), partition, offset, queue_.get());
}

void PartitionConsumer::Stop(int partition) { rd_kafka_consume_stop(topic_.get(), partition); }

MessagePtr PartitionConsumer::Pop() { return MessagePtr(rd_kafka_consume_queue(queue_.get(), 0)); }

Result<int64_t> PartitionConsumer::AskOffset(int partition, int64_t at, int timeout_ms) {
  constexpr int kAskAgainMs = 50;
  constexpr int kOneAnswerMs = 1000;
  const Deadline deadline(timeout_ms);
  while (true) {
    const PartitionsPtr list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), topic_name_.c_str(), partition)->offset = at;
    // Not rd_kafka_query_watermark_offsets, which waits for a leader that died, whatever its timeout.
    rd_kafka_resp_err_t code =
        rd_kafka_offsets_for_times(client_.get(), list.get(), std::min(kOneAnswerMs, timeout_ms));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = list->elems[0].err;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return list->elems[0].offset;
    Error e = KafkaError(code, "an offset of " + topic_name_);
    if (e.code != ErrorCode::kUnavailable || deadline.Passed()) return e;
    // The leader died, or was named a moment ago and does not know it: whoever lives says who leads now.
    (void)CountPartitions(client_, topic_name_, std::min(kOneAnswerMs, timeout_ms));
    Wakeup nobody;
    nobody.Wait(kAskAgainMs);
  }
}

Result<Watermarks> PartitionConsumer::QueryEnds(int partition, int timeout_ms) {
  const Result<int64_t> low = AskOffset(partition, RD_KAFKA_OFFSET_BEGINNING, timeout_ms);
  if (!low) return low.error();
  const Result<int64_t> high = AskOffset(partition, RD_KAFKA_OFFSET_END, timeout_ms);
  if (!high) return high.error();
  return Watermarks{*low, *high};
}

int64_t PartitionConsumer::CachedEnd(int partition) const {
  int64_t low = -1, high = -1;
  const rd_kafka_resp_err_t code =
      rd_kafka_get_watermark_offsets(client_.get(), topic_name_.c_str(), partition, &low, &high);
  return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : -1;
}

Result<int64_t> PartitionConsumer::OffsetAt(int partition, InstantMs at, int timeout_ms) {
  Result<int64_t> found = AskOffset(partition, at, timeout_ms);
  if (found && *found < 0) return AskOffset(partition, RD_KAFKA_OFFSET_END, timeout_ms);
  return found;
}

Result<int> PartitionConsumer::Partitions(int timeout_ms) { return CountPartitions(client_, topic_name_, timeout_ms); }

Error FetchError(const rd_kafka_message_t& message) {
  std::string what = "reading partition " + std::to_string(message.partition);
  if (message.offset >= 0) what += " at offset " + std::to_string(message.offset);
  Error e = KafkaError(message.err, what);
  const bool out_of_range =
      message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message.err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE;
  // An unknown topic may only be not known yet.
  if (e.code == ErrorCode::kNotFound && !out_of_range) e.code = ErrorCode::kUnavailable;
  return e;
}

InstantMs BrokerTimeOf(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t at = rd_kafka_message_timestamp(&message, &type);
  return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || at < 0 ? 0 : at;
}

std::string_view ValueOf(const rd_kafka_message_t& message) {
  return {static_cast<const char*>(message.payload), message.len};
}

}  // namespace escalon::log
