#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/core/clock.h"
#include "common/log/done_tracker.h"
#include "common/log/follower.h"
#include "common/rpc/keeper_client.h"
#include "common/rules/live_rules.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"

namespace escalon::triage {

/// What triage counts; every label set exists at 0 from the start.
struct TriageMetrics {
  explicit TriageMetrics(runtime::Metrics& metrics);
  runtime::CounterRef advised, accepted, refused, failed, no_policy, poison;
  runtime::HistogramRef seconds;
};

/// Reads every case that is opened or whose facts change, and advises its owner (DESIGN §2). Late, down or wrong, it
/// cannot harm a case: after `triage_wait` the rules' default acts. A record is done with when its advice was answered.
/// Runs on the follower's thread and the keeper client's.
class Triage final : public log::FollowerHandler {
 public:
  Triage(log::FollowerConfig config, const Clock& clock, const rules::LiveRules& rules, rpc::KeeperClient& gate,
         runtime::Logger logger, const TriageMetrics& metrics);
  ~Triage() override;
  Status Start();
  void Stop();

  void OnAssigned(int shard, const log::FollowerStart& start) override;
  void OnRevoked(int shard, bool lost) override;
  void OnRecord(int shard, int64_t offset, InstantMs broker_time_ms, const log::Record& record) override;
  void OnBatchEnd() override {}
  void OnPoison(int shard, int64_t offset, std::string_view raw, const Error& reason) override;
  void OnAlarm(int shard, const Error& reason) override;

 private:
  void OnOpened(int shard, int64_t offset, const log::Record& record, const EventBatch& batch);
  void OnFactsChanged(int shard, int64_t offset, const log::Record& record);
  void Advise(int shard, int64_t offset, const Case& c, std::string trace_parent);

  const log::FollowerConfig config_;
  const Clock& clock_;
  const rules::LiveRules& rules_;
  rpc::KeeperClient& gate_;
  const runtime::Logger logger_;
  const TriageMetrics metrics_;
  runtime::LogLimit refused_limit_;
  std::unique_ptr<log::DoneTracker> done_;
  std::unique_ptr<log::Follower> follower_;  ///< last: its thread calls this
};

}  // namespace escalon::triage
