#include "common/log/done_tracker.h"

#include <algorithm>

namespace escalon::log {

void DoneTracker::Begin(int shard, int64_t offset) {
  const MutexLock lock(mutex_);
  shards_[shard].open.emplace_back(offset, false);
}

void DoneTracker::Finish(int shard, int64_t offset) {
  const MutexLock lock(mutex_);
  const auto found = shards_.find(shard);
  if (found == shards_.end()) return;
  auto& open = found->second.open;
  const auto it = std::lower_bound(open.begin(), open.end(), offset,
                                   [](const auto& item, int64_t wanted) { return item.first < wanted; });
  if (it == open.end() || it->first != offset) return;
  it->second = true;
  int64_t done = -1;
  for (; !open.empty() && open.front().second; open.pop_front()) done = open.front().first;
  if (done >= 0) mark_(shard, done);
}

void DoneTracker::Forget(int shard) {
  const MutexLock lock(mutex_);
  shards_.erase(shard);
}

size_t DoneTracker::under_way() const {
  const MutexLock lock(mutex_);
  size_t sum = 0;
  for (const auto& [number, shard] : shards_) {
    sum += static_cast<size_t>(
        std::count_if(shard.open.begin(), shard.open.end(), [](const auto& item) { return !item.second; }));
  }
  return sum;
}

}  // namespace escalon::log
