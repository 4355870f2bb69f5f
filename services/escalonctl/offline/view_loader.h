#pragma once

#include <memory>
#include <optional>

#include "common/core/clock.h"
#include "common/runtime/event_loop.h"
#include "common/view/queries.h"
#include "services/escalonctl/cli/settings.h"

namespace escalon::escalonctl {

/// Shards of the live view, read whole. One thread, which blocks; the connection has a thread of its own.
class ViewLoader {
 public:
  /// kUnavailable: Redis cannot be reached within the timeout.
  static Result<std::unique_ptr<ViewLoader>> Open(const Settings& settings, int generation, int shards,
                                                  const Clock& clock);
  ~ViewLoader();

  using Loaded = Result<std::optional<view::LoadedShard>>;
  /// nullopt: the view has nothing valid there: empty, or being written whole. `wait`: an owner is expected to write
  /// it, so asks again until the timeout.
  Loaded Load(int shard, bool wait);

 private:
  Loaded LoadOnce(int shard);
  ViewLoader(view::RedisOptions redis, int generation, int shards, const Clock& clock, DurationMs timeout);
  Status Connect(const std::string& address);

  const Clock& clock_;
  const DurationMs timeout_;
  runtime::LoopThread thread_;
  view::Redis redis_;
  view::Queries queries_;
};

}  // namespace escalon::escalonctl
