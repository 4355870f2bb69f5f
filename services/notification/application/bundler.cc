#include "services/notification/application/bundler.h"

#include <utility>

namespace escalon::notification {

bool Bundler::Wants(const std::string& person, IntentPurpose purpose, InstantMs now) {
  Prune(now);
  const size_t most = purpose == IntentPurpose::kPage ? policy_.pages : policy_.informs;
  Line& line = lines_[{person, purpose}];
  while (!line.recent.empty() && line.recent.front() <= now - Window(purpose)) line.recent.pop_front();
  if (!line.held.empty() || line.recent.size() >= most) return true;
  line.recent.push_back(now);
  return false;
}

void Bundler::Add(const std::string& person, IntentPurpose purpose, uint64_t delivery, InstantMs now) {
  const Key key{person, purpose};
  Line& line = lines_[key];
  if (line.held.empty()) {
    line.due_at = now + Window(purpose);
    due_.emplace(line.due_at, key);
  }
  line.held.push_back(delivery);
  if (line.held.size() == policy_.most_in_bundle && line.due_at > now) {
    const auto [first, last] = due_.equal_range(line.due_at);
    for (auto it = first; it != last; ++it) {
      if (it->second != key) continue;
      due_.erase(it);
      break;
    }
    line.due_at = now;
    due_.emplace(now, key);
  }
}

std::vector<std::vector<uint64_t>> Bundler::TakeDue(InstantMs now) {
  std::vector<std::vector<uint64_t>> out;
  while (!due_.empty() && due_.begin()->first <= now) {
    Line& line = lines_[due_.begin()->second];
    due_.erase(due_.begin());
    line.recent.push_back(now);
    out.push_back(std::exchange(line.held, {}));
  }
  return out;
}

void Bundler::SetBack(DurationMs by) {
  std::multimap<InstantMs, Key> sooner;
  for (const auto& [at, key] : due_) sooner.emplace(at - by, key);
  due_ = std::move(sooner);
  for (auto& [key, line] : lines_) {
    for (InstantMs& at : line.recent) at -= by;
    line.due_at -= by;
  }
  pruned_at_ -= by;
}

void Bundler::Prune(InstantMs now) {
  if (now - pruned_at_ < policy_.inform_window_ms && now >= pruned_at_) return;
  pruned_at_ = now;
  std::erase_if(lines_, [&](const auto& item) {
    const Line& line = item.second;
    return line.held.empty() && (line.recent.empty() || line.recent.back() <= now - Window(item.first.purpose));
  });
}

}  // namespace escalon::notification
