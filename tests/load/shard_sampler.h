#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/log/kafka_config.h"
#include "common/log/shard_source.h"

namespace escalon::load {

/// Follows one shard of the case log as triage and notification do, and sees when its cases are opened and when they
/// have an owner: a sample of all cases that costs the cluster little. Cases are told apart by the number at the end of
/// their idempotency key. Thread-safe; callbacks run on the source's own thread.
class ShardSampler {
 public:
  struct Sample {
    uint64_t number = 0;
    CaseId case_id;
    int64_t assigned_us = 0;  ///< steady; 0: not seen yet
  };

  /// From the shard's present end on. `run`: what stands before the number in the keys.
  static Result<std::unique_ptr<ShardSampler>> Open(log::KafkaConfig kafka, const std::string& topic, int shard,
                                                    std::string run, const Clock& clock);
  ~ShardSampler();
  int shard() const { return shard_; }
  /// Cases of this run that have got an owner.
  uint64_t assigned() const { return assigned_.load(std::memory_order_relaxed); }
  std::vector<Sample> Samples() const;
  std::string trouble() const;

 private:
  ShardSampler(int shard, std::string run, const Clock& clock) : shard_(shard), run_(std::move(run)), clock_(clock) {}
  void Take(log::LogBatch&& batch);
  void TakeRecord(const log::Record& record, int64_t now_us);

  const int shard_;
  const std::string run_;
  const Clock& clock_;
  std::atomic<uint64_t> assigned_{0};
  mutable std::mutex mutex_;
  std::unordered_map<CaseId, Sample> samples_;
  std::string trouble_;
  std::unique_ptr<log::ShardSource> source_;  ///< last: its thread calls this
};

/// Microseconds on the steady clock.
int64_t SteadyUs(const Clock& clock);

}  // namespace escalon::load
