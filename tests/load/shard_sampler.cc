#include "tests/load/shard_sampler.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

#include "common/domain/event.h"
#include "common/wire/events_codec.h"

namespace escalon::load {
namespace {

constexpr uint32_t kTriagedKind = 3;
constexpr int kTimeoutMs = 10'000;

}  // namespace

int64_t SteadyUs(const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::microseconds>(clock.Steady().time_since_epoch()).count();
}

Result<std::unique_ptr<ShardSampler>> ShardSampler::Open(log::KafkaConfig kafka, const std::string& topic, int shard,
                                                         std::string run, const Clock& clock) {
  auto ends = log::RangeReader::Open(kafka, topic);
  if (!ends.ok()) return ends.error();
  const Result<log::Watermarks> marks = (*ends)->QueryEnds(shard, kTimeoutMs);
  if (!marks.ok()) return marks.error();
  std::unique_ptr<ShardSampler> sampler(new ShardSampler(shard, std::move(run), clock));
  log::ShardSourceConfig config;
  config.kafka = std::move(kafka);
  config.topic = topic;
  auto source = log::ShardSource::Open(
      config, {.on_batch = [s = sampler.get()](log::LogBatch&& batch) { s->Take(std::move(batch)); },
               .on_error =
                   [s = sampler.get()](int, uint64_t, const Error& error) {
                     const std::lock_guard lock(s->mutex_);
                     s->trouble_ = error.message;
                   }});
  if (!source.ok()) return source.error();
  sampler->source_ = std::move(*source);
  sampler->source_->Start(shard, marks->high);
  return sampler;
}

ShardSampler::~ShardSampler() { source_.reset(); }

std::vector<ShardSampler::Sample> ShardSampler::Samples() const {
  const std::lock_guard lock(mutex_);
  std::vector<Sample> out;
  out.reserve(samples_.size());
  for (const auto& [id, sample] : samples_) out.push_back(sample);
  return out;
}

std::string ShardSampler::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void ShardSampler::Take(log::LogBatch&& batch) {
  const int64_t now_us = SteadyUs(clock_);
  const std::lock_guard lock(mutex_);
  for (const log::LogEntry& entry : batch.entries) {
    if (entry.record.ok() && entry.record->head.type == log::RecordType::kEvents) TakeRecord(*entry.record, now_us);
  }
}

void ShardSampler::TakeRecord(const log::Record& record, int64_t now_us) {
  if (record.head.version == 1) {
    const Result<EventBatch> batch = wire::DecodeBatch(record.body);
    if (!batch.ok() || batch->events.empty()) return;
    const auto* opened = std::get_if<Opened>(&batch->events.front());
    if (opened == nullptr || !opened->idempotency_key.starts_with(run_)) return;
    Sample sample;
    sample.case_id = record.head.case_id;
    const std::string& key = opened->idempotency_key;
    std::from_chars(key.data() + run_.size(), key.data() + key.size(), sample.number);
    samples_[record.head.case_id] = sample;
    return;
  }
  const auto& kinds = record.head.kinds;
  if (std::find(kinds.begin(), kinds.end(), kTriagedKind) == kinds.end()) return;
  const auto found = samples_.find(record.head.case_id);
  if (found == samples_.end() || found->second.assigned_us != 0) return;
  found->second.assigned_us = now_us;
  assigned_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace escalon::load
