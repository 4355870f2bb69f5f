#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "common/core/clock.h"
#include "common/log/base_index.h"
#include "common/log/producer.h"
#include "common/log/shard_source.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/executor.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"
#include "services/routing/keeper/ports.h"

namespace escalon::routing {

struct KafkaCaseLogOptions {
  log::KafkaConfig kafka;
  std::string topic;
  std::string base_group;
  int shards = 8;
  int linger_ms = 1;
  /// A broker works on one request of a connection at a time, and librdkafka sends a partition's batch as a request of
  /// its own: with one producer the shards' flushes queue up behind each other.
  int producers = 4;
};

/// The case log on Kafka: the producers, one reader for take-overs and gaps, the index of bases. A shard has one
/// producer for good (shard modulo their number), so its order is one connection's. When one dies all are replaced.
/// Loop thread only; what librdkafka's threads bring is posted to the loop.
class KafkaCaseLog final : public CaseLog {
 public:
  struct Listener {
    std::function<void(int shard, uint64_t token, const Result<int64_t>& offset)> on_report;
    std::function<void(log::LogBatch&&)> on_read;
    std::function<void(int shard, uint64_t read, const Error&)> on_read_error;
    /// A producer died and all are replaced: nothing pending will be reported.
    std::function<void(const Error&)> on_producer_gone;
    std::function<void()> on_producer_back;
  };
  static Result<std::unique_ptr<KafkaCaseLog>> Open(runtime::EventLoop& loop, const Clock& clock,
                                                    KafkaCaseLogOptions options, Listener listener,
                                                    runtime::Logger logger, runtime::Metrics& metrics);
  ~KafkaCaseLog() override;

  Status Append(int shard, const log::RecordHead& head, std::string_view body, uint64_t token) override;
  uint64_t Read(int shard, int64_t from, int64_t to) override;
  void StopReading(int shard) override;
  void Ends(int shard, std::function<void(Result<log::Watermarks>)> done) override;
  void LastBase(int shard, std::function<void(Result<Position>)> done) override;
  void SaveBase(int shard, const Position& floor) override;

 private:
  KafkaCaseLog(runtime::EventLoop& loop, const Clock& clock, Listener listener, runtime::Logger logger,
               runtime::Metrics& metrics);
  log::Producer& ProducerOf(int shard) { return *producers_[static_cast<size_t>(shard) % producers_.size()]; }
  void Poll(log::Producer& producer);
  void Replace();

  runtime::EventLoop& loop_;
  const Clock& clock_;
  const Listener listener_;
  const runtime::Logger logger_;
  runtime::LogLimit trouble_limit_;
  runtime::GaugeRef skew_;
  runtime::CounterRef replaced_;
  std::vector<std::unique_ptr<log::Producer>> producers_;
  std::unique_ptr<log::BaseIndex> bases_;
  std::unique_ptr<runtime::Executor> blocking_;  ///< for the index of bases, which blocks
  std::unique_ptr<log::ShardSource> source_;     ///< last: its thread posts to the loop
  bool replacing_ = false;
};

}  // namespace escalon::routing
