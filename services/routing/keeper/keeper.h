#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/domain/recent_openings.h"
#include "common/kpi/live_meter.h"
#include "common/log/ownership_group.h"
#include "common/rpc/keeper_service.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/health.h"
#include "common/runtime/logging.h"
#include "services/routing/keeper/base_writer.h"
#include "services/routing/keeper/cross_case.h"
#include "services/routing/keeper/kafka_case_log.h"
#include "services/routing/keeper/kpi_metrics.h"
#include "services/routing/keeper/load_tracker.h"
#include "services/routing/keeper/redis_case_view.h"
#include "services/routing/keeper/shard.h"

namespace escalon::routing {

struct KeeperOptions {
  int shards = 8;
  KafkaCaseLogOptions log;
  log::OwnershipConfig group;
  view::RedisOptions redis;
  view::WriterOptions view;
  ShardOptions shard;
  DurationMs base_period_ms = kDayMs;
};

/// The keeper of the cases: every shard that the group suggests to this instance, on one loop with the log and the
/// view. Public methods are thread-safe; answers come on the loop's thread.
class Keeper final : public rpc::KeeperBackend {
 public:
  /// `rules` is asked on the loop's thread; `gate` reaches the owners of other cases.
  static Result<std::unique_ptr<Keeper>> Create(KeeperOptions options, const Clock& clock, const RuleBook& rules,
                                                ports::CommandGate& gate, runtime::Logger logger,
                                                runtime::Metrics& metrics, runtime::Health& health);
  ~Keeper() override;

  /// Begins to serve: connects, joins the group.
  Status Start();
  /// Gives every shard back in good order (DESIGN §9 "Shutdown"), bounded by the group's release timeout. Blocks.
  void Stop();

  void Execute(std::vector<rpc::KeeperItem> items) override;
  void ReadCases(std::vector<CaseId> ids,
                 std::function<void(std::vector<Result<std::shared_ptr<const Case>>>)> done) override;
  void Standings(std::function<void(std::vector<rpc::ShardStanding>)> done) override;
  void WriteBase(int shard, std::function<void(Result<rpc::WrittenBase>)> done) override;
  void Reconcile(int shard, bool dry_run, std::function<void(Result<rpc::Reconciled>)> done) override;
  /// Called on the loop at the end of each turn, after everything that counted was answered. Before Start.
  void OnTurnEnd(std::function<void()> hook) { loop_.OnTurnEnd(std::move(hook)); }

 private:
  Keeper(KeeperOptions options, const Clock& clock, const RuleBook& rules, ports::CommandGate& gate,
         runtime::Logger logger, runtime::Metrics& metrics, runtime::Health& health);
  Status Open();
  Shard* Of(const CaseId& id);
  void Counted(int shard, const Case* before, const std::shared_ptr<const Case>& after, const EventBatch& batch);
  void Ownership(int shard, bool owned);
  void Moved(int shard, const Case* before, const Case* after);
  void Sweep();
  void StartBase(int shard, std::function<void(Result<rpc::WrittenBase>)> done);
  void TellHealth();

  const KeeperOptions options_;
  const Clock& clock_;
  const RuleBook& rules_;
  runtime::Logger logger_;
  runtime::Metrics& metrics_registry_;
  runtime::Health& health_;
  KeeperMetrics metrics_;
  KpiMetrics kpi_metrics_;
  std::vector<kpi::LiveMeter> meters_;  ///< by shard
  runtime::LoopThread thread_;
  runtime::EventLoop& loop_;
  LoadTracker load_;
  RecentOpenings openings_;
  CrossCaseSender cross_case_;
  std::unique_ptr<KafkaCaseLog> log_;
  std::unique_ptr<RedisCaseView> view_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::map<int, std::unique_ptr<BaseWriter>> bases_;
  std::map<int, std::chrono::steady_clock::time_point> next_base_;
  std::map<int, InstantMs> based_at_;  ///< wall instant of the last complete base
  bool redis_connected_ = false;
  bool assigned_once_ = false;
  bool stopped_ = false;
  std::unique_ptr<log::OwnershipGroup> group_;  ///< last: its callbacks use everything above
};

}  // namespace escalon::routing
