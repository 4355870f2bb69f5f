#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace escalon::notification {

/// Deliveries that wait for a free place: pages before informs; within each, tenants take turns, so that a flood of one
/// does not hold up the others. One thread.
class FairQueue {
 public:
  void Push(bool page, const std::string& tenant, uint64_t delivery) {
    (page ? pages_ : informs_).Push(tenant, delivery);
  }
  std::optional<uint64_t> Pop() {
    std::optional<uint64_t> next = pages_.Pop();
    return next ? next : informs_.Pop();
  }

 private:
  class Lane {
   public:
    void Push(const std::string& tenant, uint64_t delivery) { tenants_[tenant].push_back(delivery); }
    std::optional<uint64_t> Pop() {
      if (tenants_.empty()) return std::nullopt;
      auto turn = tenants_.upper_bound(last_);
      if (turn == tenants_.end()) turn = tenants_.begin();
      last_ = turn->first;
      const uint64_t out = turn->second.front();
      turn->second.pop_front();
      if (turn->second.empty()) tenants_.erase(turn);
      return out;
    }

   private:
    std::map<std::string, std::deque<uint64_t>> tenants_;
    std::string last_;
  };
  Lane pages_, informs_;
};

}  // namespace escalon::notification
