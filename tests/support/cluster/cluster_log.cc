#include "tests/support/cluster/cluster_log.h"

#include <algorithm>

namespace escalon::test {
namespace {

constexpr int kTimeoutMs = 20'000;

}  // namespace

Result<std::unique_ptr<ClusterLog>> ClusterLog::Follow(const log::KafkaConfig& kafka, const std::string& topic,
                                                       int shards) {
  std::unique_ptr<ClusterLog> out(new ClusterLog);
  ClusterLog* self = out.get();
  out->shards_ = shards;
  out->state_.Change([&](State& state) { state.shards.resize(static_cast<size_t>(shards)); });
  auto ends = log::RangeReader::Open(kafka, topic);
  if (!ends.ok()) return ends.error();
  out->ends_ = std::move(*ends);
  log::ShardSourceConfig config{kafka, topic};
  config.fetch_min_bytes = 1;
  auto source =
      log::ShardSource::Open(config, {.on_batch =
                                          [self](log::LogBatch&& batch) {
                                            self->state_.Change([&](State& state) {
                                              LogOracle& oracle = state.shards[static_cast<size_t>(batch.shard)];
                                              for (const log::LogEntry& entry : batch.entries)
                                                oracle.Read(entry.offset, entry.record);
                                            });
                                          },
                                      .on_error =
                                          [self](int shard, uint64_t, const Error& error) {
                                            self->state_.Change([&](State& state) {
                                              state.trouble = "shard " + std::to_string(shard) + ": " + error.message;
                                            });
                                          }});
  if (!source.ok()) return source.error();
  out->source_ = std::move(*source);
  for (int s = 0; s < shards; ++s) out->source_->Start(s, 0);
  return out;
}

int ClusterLog::ShardOf(const CaseId& id) const { return escalon::ShardOf(id.bucket(), shards_); }

std::shared_ptr<const Case> ClusterLog::Get(const CaseId& id) {
  return Wait(
      id, [](const Case&) { return true; }, std::chrono::milliseconds(0));
}

std::shared_ptr<const Case> ClusterLog::Wait(const CaseId& id, const std::function<bool(const Case&)>& holds,
                                             std::chrono::milliseconds patience) {
  std::shared_ptr<const Case> found;
  const auto shard = static_cast<size_t>(ShardOf(id));
  state_.Wait(
      [&](const State& state) {
        const auto c = state.shards[shard].At(id, INT64_MAX);
        if (c == nullptr || !holds(*c)) return false;
        found = c;
        return true;
      },
      patience);
  return found;
}

bool ClusterLog::WaitFor(const std::function<bool(const std::vector<LogOracle>&)>& holds,
                         std::chrono::milliseconds patience) {
  return state_.Wait([&](const State& state) { return holds(state.shards); }, patience);
}

Status ClusterLog::CatchUp() {
  for (int s = 0; s < shards_; ++s) {
    const Result<log::Watermarks> ends = ends_->QueryEnds(s, kTimeoutMs);
    if (!ends.ok()) return ends.error();
    const bool there = state_.Wait([&](const State& state) {
      return !state.trouble.empty() || state.shards[static_cast<size_t>(s)].next_offset() >= ends->high;
    });
    std::string trouble;
    state_.Change([&](State& state) { trouble = state.trouble; });
    if (!trouble.empty()) return Error{ErrorCode::kInternal, trouble};
    if (!there)
      return Error{ErrorCode::kDeadlineExceeded, "shard " + std::to_string(s) + " could not be read to its end"};
  }
  return {};
}

std::vector<std::string> ClusterLog::Faults() {
  std::vector<std::string> out;
  With([&](const std::vector<LogOracle>& shards) {
    for (size_t s = 0; s < shards.size(); ++s) {
      for (const std::string& fault : shards[s].faults()) out.push_back("shard " + std::to_string(s) + ", " + fault);
    }
  });
  return out;
}

void ClusterLog::With(const std::function<void(const std::vector<LogOracle>&)>& look) {
  state_.Change([&](State& state) { look(state.shards); });
}

size_t ClusterLog::counted_batches() {
  size_t sum = 0;
  With([&](const std::vector<LogOracle>& shards) {
    for (const LogOracle& shard : shards) sum += shard.counted_batches();
  });
  return sum;
}

DurationMs ClusterLog::worst_late_ms() {
  DurationMs worst = 0;
  With([&](const std::vector<LogOracle>& shards) {
    for (const LogOracle& shard : shards) worst = std::max(worst, shard.worst_late_ms());
  });
  return worst;
}

}  // namespace escalon::test
