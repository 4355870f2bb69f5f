#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/log/follower.h"
#include "common/ports/command_gate.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/health.h"
#include "common/runtime/logging.h"
#include "common/runtime/metrics.h"
#include "common/view/queries.h"
#include "services/sla-timer/application/clock_book.h"
#include "services/sla-timer/application/fair_queue.h"

namespace escalon::slatimer {

struct TimerOptions {
  log::FollowerConfig follower;
  view::RedisOptions redis;
  int generation = 1;
  int shards = 8;
  size_t most_in_flight = 2000;           ///< questions to owners; further ones wait, fair by tenant
  DurationMs warm_horizon_ms = kHourMs;   ///< what is due sooner is read first; then the shard counts as warm
  DurationMs rescan_ms = 30 * kSecondMs;  ///< real time between looks into the view's due set
};

struct TimerStats {
  uint64_t armed = 0, fired = 0, refused = 0;
  InstantMs next_at = kNever;
  double late_p50_ms = 0, late_p99_ms = 0, late_max_ms = 0;
  bool warm = false;
};

/// Wakes the owners on time (DESIGN §4): the wheel is fed by the log, warm-started from the live view, and sends
/// ClockDue; the owner alone judges. Waits are event-driven: the loop sleeps until the next alarm. Public methods are
/// thread-safe.
class Timer final : public log::FollowerHandler {
 public:
  Timer(TimerOptions options, const Clock& clock, ports::CommandGate& gate, runtime::Logger logger,
        runtime::Metrics& metrics, runtime::Health& health);
  ~Timer() override;

  Status Start();
  void Stop();
  void Stats(std::function<void(TimerStats)> done);
  void List(ClockBook::Filter filter, size_t limit, std::function<void(std::vector<DueClock>)> done);

  // From the follower's thread.
  void OnAssigned(int shard, const log::FollowerStart& start) override;
  void OnRevoked(int shard, bool lost) override;
  void OnRecord(int shard, int64_t offset, InstantMs broker_time_ms, const log::Record& record) override;
  void OnBatchEnd() override;
  void OnPoison(int shard, int64_t offset, std::string_view raw, const Error& reason) override;
  void OnAlarm(int shard, const Error& reason) override;

 private:
  struct Read {
    int shard = 0;
    CaseId id;
    std::string tenant;
    std::vector<Event> events;
  };
  void Warm(int shard, view::Cursor from);
  void WarmRetry(int shard, view::Cursor from);
  void Rescan();
  void RescanShard(int shard, view::Cursor from, InstantMs until);
  void Look();
  void Arm();
  void Send();
  void Answered(const DueClock& clock, InstantMs sent_at, const Result<ports::Answered>& answered);
  void TellHealth();

  const TimerOptions options_;
  const Clock& clock_;
  ports::CommandGate& gate_;
  const runtime::Logger logger_;
  runtime::Health& health_;
  runtime::GaugeRef armed_, overdue_, shards_;
  runtime::CounterRef fired_, refused_, retried_, rescanned_, poison_;
  runtime::HistogramRef late_, handled_;
  runtime::LogLimit alarm_limit_;

  std::vector<Read> batch_;  ///< the follower's thread
  std::map<int, int64_t> batch_ends_;

  runtime::LoopThread thread_;
  runtime::EventLoop& loop_;
  view::Redis redis_;
  view::Queries queries_;
  ClockBook book_;
  FairQueue queue_;
  std::set<int> assigned_, warm_;
  size_t in_flight_ = 0;
  runtime::EventLoop::TimerId look_timer_ = 0;
  InstantMs look_at_ = kNever;
  uint64_t fired_count_ = 0, refused_count_ = 0;
  std::array<double, 4096> recent_late_{};  ///< ring, for Stats
  size_t recent_count_ = 0;
  std::unique_ptr<log::Follower> follower_;  ///< last: its thread calls this
};

}  // namespace escalon::slatimer
