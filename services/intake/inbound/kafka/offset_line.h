#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace escalon::intake {

/// Records of one partition under way: they end in any order, but only what has no open one before it is done. Pure.
class OffsetLine {
 public:
  void Begin(int64_t offset) { open_[offset] = false; }
  /// The offset up to which everything is done now, if that moved.
  std::optional<int64_t> End(int64_t offset) {
    if (const auto found = open_.find(offset); found != open_.end()) found->second = true;
    std::optional<int64_t> done;
    while (!open_.empty() && open_.begin()->second) {
      done = open_.begin()->first;
      open_.erase(open_.begin());
    }
    return done;
  }
  size_t open() const { return open_.size(); }

 private:
  std::map<int64_t, bool> open_;
};

}  // namespace escalon::intake
