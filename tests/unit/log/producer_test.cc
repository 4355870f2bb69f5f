// Against librdkafka's mock cluster: what only injected errors can show.
#include "common/log/producer.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
// The mock only after its mother.
#include <librdkafka/rdkafka_mock.h>
#include <poll.h>

#include <algorithm>

#include "tests/unit/log/records.h"

namespace escalon::log {
namespace {

class ProducerTest : public testing::Test {
 protected:
  void SetUp() override {
    char text[256];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", text, sizeof text);
    host_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    cluster_ = rd_kafka_mock_cluster_new(host_, 1);
    rd_kafka_mock_topic_create(cluster_, "cases", 4, 1);
    ProducerConfig config;
    config.kafka.brokers = rd_kafka_mock_cluster_bootstraps(cluster_);
    config.topic = "cases";
    config.shards = 4;
    Result<std::unique_ptr<Producer>> opened = Producer::Open(config);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    producer_ = std::move(opened).value();
    events_.on_delivery = [this](const Delivery& d) { deliveries_.push_back(d); };
    events_.on_fatal = [this](const Error&) { ++fatals_; };
  }
  void TearDown() override {
    producer_.reset();
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(host_);
  }

  template <typename P>
  bool PollUntil(P holds) {
    for (int i = 0; i < 300 && !holds(); ++i) {
      pollfd wait{producer_->fd(), POLLIN, 0};
      poll(&wait, 1, 100);
      producer_->Poll(events_);
    }
    return holds();
  }

  rd_kafka_t* host_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  std::unique_ptr<Producer> producer_;
  Producer::Events events_;
  std::vector<Delivery> deliveries_;
  int fatals_ = 0;
};

TEST_F(ProducerTest, ReportsOffsetsInTheOrderOfAppendsPerShard) {
  for (uint64_t i = 0; i < 200; ++i)
    ASSERT_TRUE(producer_->AppendRecord(static_cast<int>(i % 2), TickHead(1, 1, 1 + i / 2), "", i).ok());
  EXPECT_EQ(producer_->pending(0), 100);
  EXPECT_EQ(producer_->total_pending(), 200);
  ASSERT_TRUE(PollUntil([&] { return deliveries_.size() == 200; }));
  std::vector<uint64_t> last_token(2, 0);
  std::vector<int64_t> next(2, 0);
  for (const Delivery& d : deliveries_) {
    ASSERT_TRUE(d.appended.ok()) << d.appended.error().message;
    const auto shard = static_cast<size_t>(d.shard);
    EXPECT_EQ(d.token % 2, shard);
    EXPECT_EQ(d.appended.value().offset, next[shard]++);
    EXPECT_GE(d.token, last_token[shard]);
    last_token[shard] = d.token;
  }
  EXPECT_EQ(producer_->pending(0), 0);
  EXPECT_EQ(producer_->total_pending(), 0);
}

TEST_F(ProducerTest, WhatComesWhileABatchIsUnderWayFollowsTogetherAndInOrder) {
  for (uint64_t i = 1; i <= 20; ++i) ASSERT_TRUE(producer_->AppendRecord(0, TickHead(1, 1, i), "", i).ok());
  ASSERT_TRUE(producer_->AppendRecord(1, TickHead(1, 1, 1), "", 100).ok()) << "another shard waits for nobody";
  EXPECT_EQ(producer_->pending(0), 20);
  const auto of_first = [&] {
    return std::count_if(deliveries_.begin(), deliveries_.end(), [](const Delivery& d) { return d.shard == 0; });
  };
  ASSERT_TRUE(PollUntil([&] { return of_first() > 0; }));
  EXPECT_EQ(of_first(), 1) << "the others were not handed over before its report";
  EXPECT_EQ(producer_->pending(0), 19);
  ASSERT_TRUE(PollUntil([&] { return deliveries_.size() == 21; }));
  uint64_t next = 1;
  for (const Delivery& d : deliveries_) {
    ASSERT_TRUE(d.appended.ok()) << d.appended.error().message;
    if (d.shard != 0) continue;
    EXPECT_EQ(d.token, next);
    EXPECT_EQ(d.appended.value().offset, static_cast<int64_t>(next++ - 1));
  }
}

TEST_F(ProducerTest, WhatWaitsCountsAgainstTheMost) {
  ProducerConfig config;
  config.kafka.brokers = rd_kafka_mock_cluster_bootstraps(cluster_);
  config.topic = "cases";
  config.shards = 4;
  config.max_pending = 3;
  auto small = Producer::Open(config);
  ASSERT_TRUE(small.ok()) << small.error().message;
  for (uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE((*small)->AppendRecord(0, TickHead(1, 1, i), "", i).ok());
  EXPECT_EQ((*small)->AppendRecord(0, TickHead(1, 1, 4), "", 4).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ((*small)->total_pending(), 3);
}

TEST_F(ProducerTest, duplicate_sequence_reports_no_offset) {
  ASSERT_TRUE(producer_->AppendRecord(0, FenceHead(1, 1), "", 1).ok());
  ASSERT_TRUE(PollUntil([&] { return deliveries_.size() == 1; }));
  rd_kafka_mock_push_request_errors(cluster_, 0 /* Produce */, 1, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER);
  ASSERT_TRUE(producer_->AppendRecord(0, TickHead(1, 1, 1), "", 2).ok());
  ASSERT_TRUE(PollUntil([&] { return deliveries_.size() == 2; }));
  EXPECT_EQ(deliveries_[1].token, 2u);
  ASSERT_FALSE(deliveries_[1].appended.ok());
  EXPECT_EQ(deliveries_[1].appended.error().code, ErrorCode::kOutcomeUnknown);
  EXPECT_EQ(fatals_, 0);
}

TEST_F(ProducerTest, RefusesWhatCannotBeAppended) {
  EXPECT_EQ(producer_->AppendRecord(4, FenceHead(1, 1), "", 1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(producer_->AppendRecord(-1, FenceHead(1, 1), "", 1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(producer_->AppendRecord(0, RecordHead{}, "", 1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(producer_->Append(0, "", std::string(kMaxRecordBytes + 1, 'x'), {}, 1).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(producer_->total_pending(), 0);
}

TEST_F(ProducerTest, AFatalErrorIsToldOnceAndReplaceGoesOn) {
  producer_->InjectFatalForTest();
  ASSERT_TRUE(PollUntil([&] { return fatals_ == 1; }));
  EXPECT_TRUE(producer_->fatal());
  EXPECT_EQ(producer_->AppendRecord(0, FenceHead(1, 1), "", 1).error().code, ErrorCode::kUnavailable);
  const int fd = producer_->fd();
  ASSERT_TRUE(producer_->Replace().ok());
  EXPECT_EQ(producer_->fd(), fd);
  EXPECT_EQ(producer_->incarnation(), 2u);
  EXPECT_FALSE(producer_->fatal());
  ASSERT_TRUE(producer_->AppendRecord(0, FenceHead(2, 2), "", 7).ok());
  ASSERT_TRUE(PollUntil([&] { return !deliveries_.empty(); }));
  EXPECT_EQ(deliveries_[0].token, 7u);
  EXPECT_TRUE(deliveries_[0].appended.ok());
  EXPECT_EQ(fatals_, 1);
}

TEST_F(ProducerTest, ReplaceDropsWhatIsPendingWithoutReports) {
  rd_kafka_mock_broker_set_down(cluster_, 1);
  ASSERT_TRUE(producer_->AppendRecord(0, FenceHead(1, 1), "", 1).ok());
  ASSERT_TRUE(producer_->AppendRecord(0, TickHead(1, 1, 1), "", 1).ok());
  EXPECT_EQ(producer_->pending(0), 2);
  ASSERT_TRUE(producer_->Replace().ok());
  EXPECT_EQ(producer_->pending(0), 0);
  rd_kafka_mock_broker_set_up(cluster_, 1);
  ASSERT_TRUE(producer_->AppendRecord(0, FenceHead(2, 2), "", 2).ok());
  ASSERT_TRUE(PollUntil([&] { return !deliveries_.empty(); }));
  EXPECT_EQ(deliveries_.size(), 1u);
  EXPECT_EQ(deliveries_[0].token, 2u);
}

}  // namespace
}  // namespace escalon::log
