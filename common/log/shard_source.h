#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/log/kafka_config.h"
#include "common/log/record.h"

namespace escalon::log {

/// One record as read, before any Reader judged it.
struct LogEntry {
  int64_t offset = 0;
  InstantMs broker_time_ms = 0;
  /// kInvalidArgument: undecodable; for Reader::JudgeUndecodable.
  Result<Record> record;
};

/// What one read brought, in order.
struct LogBatch {
  int shard = 0;
  uint64_t read = 0;  ///< the number that Start gave
  std::vector<LogEntry> entries;
  /// Nothing lies between the last entry and the end of the log as it was at that fetch. Comes once after each arrival
  /// at the end, maybe with no entries.
  bool at_end = false;
  /// The end offset then; -1 when not at_end.
  int64_t end = -1;
  /// The read is over: `to` was reached. Nothing more comes.
  bool finished = false;
};

struct ShardSourceConfig {
  KafkaConfig kafka;
  std::string topic;
  /// Measured for followers: less CPU per record, no later than 10 ms.
  int fetch_min_bytes = 64 * 1024;
  int fetch_wait_ms = 10;
  size_t max_batch = 1000;  ///< entries per callback
};

struct Watermarks {
  int64_t low = 0;   ///< the first offset still there
  int64_t high = 0;  ///< one behind the last
};

/// Reads shards from given offsets, without a group: the keeper's take-over and gap reading (rules 3, 4, 16).
/// Thread rule: all methods from any thread but the callbacks'; callbacks run on the source's own thread and should
/// only post. No callback after the destructor.
class ShardSource {
 public:
  struct Events {
    std::function<void(LogBatch&&)> on_batch;
    /// The read is over and delivers nothing more: out of range (kNotFound, rule 10: the log no longer has, or never
    /// had, that offset), a bad checksum or a topic that is away for good (kInternal).
    std::function<void(int shard, uint64_t read, const Error&)> on_error;
  };
  static Result<std::unique_ptr<ShardSource>> Open(ShardSourceConfig config, Events events);
  ~ShardSource();

  static constexpr int64_t kFollow = INT64_MAX;
  /// Reads [from, to) of a shard; kFollow: on and on until Stop. One read per shard at a time: a second one replaces
  /// the first, whose late batches bear its number. Returns the number of this read (1, 2, ...); the start is
  /// asynchronous. An empty range finishes at once.
  uint64_t Start(int shard, int64_t from, int64_t to = kFollow);
  /// Ends the shard's read, if any. Batches already under way may still arrive.
  void Stop(int shard);
  /// Asks the broker for both ends; `done` runs on the source's thread. kUnavailable after `timeout_ms`.
  void QueryEnds(int shard, int timeout_ms, std::function<void(int shard, const Result<Watermarks>&)> done);

 private:
  struct Impl;
  explicit ShardSource(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Blocking reads for tools, rebuilds and tests; own client, one thread at a time.
class RangeReader {
 public:
  static Result<std::unique_ptr<RangeReader>> Open(KafkaConfig kafka, std::string topic);
  ~RangeReader();
  Result<Watermarks> QueryEnds(int shard, int timeout_ms);
  /// The number of partitions that the broker has for the topic.
  Result<int> Partitions(int timeout_ms);
  /// Calls `each` for every entry of [from, to) in order; `each` returns false to stop early. kNotFound: out of range;
  /// kUnavailable: not done after `timeout_ms`.
  Status ReadRange(int shard, int64_t from, int64_t to, int timeout_ms,
                   const std::function<bool(const LogEntry&)>& each);
  Result<std::vector<LogEntry>> ReadRange(int shard, int64_t from, int64_t to, int timeout_ms);

 private:
  struct Impl;
  explicit RangeReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::log
