#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "common/core/clock.h"
#include "common/view/queries.h"
#include "common/view/redis.h"
#include "common/view/writer.h"
#include "services/routing/keeper/ports.h"
#include "services/routing/keeper/shard.h"

namespace escalon::routing {

/// The live view on Redis: snapshots and keys translated, the writer and the loader of common/view. Loop thread only.
class RedisCaseView final : public CaseView {
 public:
  struct Listener {
    std::function<void(int shard, std::optional<Position> actual)> elsewhere;
    std::function<void(int shard)> deposed;
  };
  RedisCaseView(runtime::EventLoop& loop, const Clock& clock, view::RedisOptions redis, view::WriterOptions options,
                Listener listener, runtime::Logger logger, runtime::Metrics& metrics);
  ~RedisCaseView() override;
  /// `on_change` hears of the connection. Until the first one is made, or 2 s have shown that Redis is away, loads
  /// wait: shards may be assigned sooner, and a log is far longer to read than the view.
  void Start(std::function<void(bool connected)> on_change);
  view::Redis& redis() { return redis_; }

  /// For a reconciliation: every case of the shard with the batches that its history keeps.
  void LoadHistories(int shard, std::function<void(Result<Recovery>)> done);

  void Load(int shard, std::function<void(Result<std::optional<ViewedShard>>)> done) override;
  void Open(int shard, const Position& at, uint64_t epoch) override;
  void Reset(int shard, const Position& at, uint64_t epoch, std::vector<CaseId> cases, Fetch fetch,
             std::vector<LiveKey> keys, std::vector<HistoryItem> history,
             const std::optional<Position>& follows) override;
  void Touch(int shard, std::shared_ptr<const Case> before, std::shared_ptr<const Case> after, HistoryItem history,
             const Position& at) override;
  void Move(int shard, const Position& at) override;
  void AddKey(int shard, const LiveKey& key) override;
  void Close(int shard) override;
  bool Settled(int shard) const override;

 private:
  void EndWait();

  runtime::EventLoop& loop_;
  const Clock& clock_;
  view::Redis redis_;
  view::Queries queries_;
  view::Writer writer_;
  bool awaits_first_ = false;
  std::vector<std::function<void()>> waiting_;
  runtime::EventLoop::TimerId wait_ends_ = 0;
};

}  // namespace escalon::routing
