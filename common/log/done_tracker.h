#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>

#include "common/core/mutex.h"

namespace escalon::log {

/// For handlers that finish records out of order: what may be committed is the contiguous part (Follower::MarkDone).
/// Begin in offset order, Finish in any. Thread-safe.
class DoneTracker {
 public:
  /// `mark(shard, offset)`: everything up to `offset` is done. Called under the tracker's lock: must not call back.
  explicit DoneTracker(std::function<void(int shard, int64_t offset)> mark) : mark_(std::move(mark)) {}

  void Begin(int shard, int64_t offset);
  void Finish(int shard, int64_t offset);
  /// A shard that was revoked or starts afresh: what is still under way is nobody's any more.
  void Forget(int shard);
  /// Begun and not finished, over all shards.
  size_t under_way() const;

 private:
  struct Shard {
    std::deque<std::pair<int64_t, bool>> open;  ///< offset, finished
  };
  const std::function<void(int, int64_t)> mark_;
  mutable Mutex mutex_;
  std::map<int, Shard> shards_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace escalon::log
