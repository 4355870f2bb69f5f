#include "tests/integration/log/log_test.h"

#include <librdkafka/rdkafka.h>
#include <poll.h>

namespace escalon::log {

void LogTest::SetUp() {
  kafka_.brokers = test::SharedKafka();
  ASSERT_NE(kafka_.brokers, "");
  kafka_.client_id = "test";
  plan_.prefix = test::FreshPrefix();
  plan_.shards = kShards;
  names_ = TopicNames(plan_.prefix);
  const Result<std::vector<TopicSpec>> topics = TopicCatalogue(plan_);
  ASSERT_TRUE(topics.ok());
  const auto created = CreateTopics(kafka_, topics.value(), kTimeoutMs);
  ASSERT_TRUE(created.ok()) << created.error().message;
  ProducerConfig config;
  config.kafka = kafka_;
  config.topic = names_.cases;
  config.shards = kShards;
  Result<std::unique_ptr<Producer>> opened = Producer::Open(config);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  producer_ = std::move(opened).value();
}

std::vector<int64_t> LogTest::AwaitOffsets(size_t count) {
  std::vector<int64_t> offsets;
  Producer::Events events;
  events.on_delivery = [&](const Delivery& d) {
    EXPECT_TRUE(d.appended.ok()) << d.appended.error().message;
    offsets.push_back(d.appended ? d.appended.value().offset : -1);
  };
  for (int i = 0; i < 300 && offsets.size() < count; ++i) {
    pollfd wait{producer_->fd(), POLLIN, 0};
    poll(&wait, 1, 100);
    producer_->Poll(events);
  }
  EXPECT_EQ(offsets.size(), count);
  offsets.resize(count, -1);
  return offsets;
}

std::vector<int64_t> LogTest::Append(int shard, const std::vector<Record>& records) {
  for (const Record& r : records) {
    const Status s = producer_->AppendRecord(shard, r.head, r.body, 0);
    EXPECT_TRUE(s.ok()) << s.error().message;
  }
  return AwaitOffsets(records.size());
}

int64_t LogTest::AppendRaw(int shard, const std::string& bytes) {
  EXPECT_TRUE(producer_->Append(shard, "", bytes, {}, 0).ok());
  return AwaitOffsets(1).back();
}

void LogTest::DeleteBefore(int shard, int64_t offset) {
  char text[256];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", kafka_.brokers.c_str(), text, sizeof text);
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, names_.cases.c_str(), shard)->offset = offset;
  rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(list);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
  rd_kafka_DeleteRecords(client, &request, 1, nullptr, queue);
  rd_kafka_event_t* answer = rd_kafka_queue_poll(queue, kTimeoutMs);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(rd_kafka_event_error(answer), RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_event_error_string(answer);
  rd_kafka_event_destroy(answer);
  rd_kafka_queue_destroy(queue);
  rd_kafka_DeleteRecords_destroy(request);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(client);
}

Bytes16 LogTest::Owner(uint8_t n) {
  Bytes16 owner{};
  owner.fill(n);
  return owner;
}

Record LogTest::FenceOf(uint64_t epoch, uint8_t owner) {
  Record record;
  record.head.type = RecordType::kFence;
  record.head.epoch = epoch;
  record.head.owner = Owner(owner);
  record.body = EncodeFence({"127.0.0.1:1", "test"});
  return record;
}

Record LogTest::EventOf(uint64_t epoch, uint8_t owner, uint64_t seq) {
  Record record;
  record.head.epoch = epoch;
  record.head.owner = Owner(owner);
  record.head.seq = seq;
  record.head.case_id = CaseId::Make(1'700'000'000'000, 5, 0, seq);
  record.head.version = 1;
  record.head.tenant = "acme";
  record.head.kinds = {1};
  record.body = "body " + std::to_string(seq);
  return record;
}

std::vector<Record> LogTest::EventsOf(uint64_t epoch, uint8_t owner, uint64_t first_seq, uint64_t count) {
  std::vector<Record> records;
  for (uint64_t i = 0; i < count; ++i) records.push_back(EventOf(epoch, owner, first_seq + i));
  return records;
}

}  // namespace escalon::log
