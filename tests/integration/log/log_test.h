#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/log/producer.h"
#include "common/log/record.h"
#include "common/log/topics.h"
#include "tests/support/kafka_broker.h"

namespace escalon::log {

/// The real steady clock, and a wall clock that stands still.
class TestClock : public Clock {
 public:
  InstantMs WallMs() const override { return 1'700'000'000'000; }
  std::chrono::steady_clock::time_point Steady() const override { return std::chrono::steady_clock::now(); }
};

/// A cluster's topics of one's own on the shared broker, and a producer to fill them.
class LogTest : public testing::Test {
 protected:
  static constexpr int kShards = 4;
  static constexpr int kTimeoutMs = 20'000;

  void SetUp() override;

  /// Waits until everything was acknowledged; the offsets in order.
  std::vector<int64_t> Append(int shard, const std::vector<Record>& records);
  int64_t Append(int shard, const Record& record) { return Append(shard, std::vector<Record>{record}).back(); }
  /// Appends bytes that are no record.
  int64_t AppendRaw(int shard, const std::string& bytes);
  /// Deletes a shard's records before `offset`, as retention does.
  void DeleteBefore(int shard, int64_t offset);

  static Bytes16 Owner(uint8_t n);
  static Record FenceOf(uint64_t epoch, uint8_t owner);
  static Record EventOf(uint64_t epoch, uint8_t owner, uint64_t seq);
  static std::vector<Record> EventsOf(uint64_t epoch, uint8_t owner, uint64_t first_seq, uint64_t count);

  KafkaConfig kafka_;
  TopicPlan plan_;
  TopicNames names_{""};
  TestClock clock_;
  std::unique_ptr<Producer> producer_;

 private:
  std::vector<int64_t> AwaitOffsets(size_t count);
};

}  // namespace escalon::log
