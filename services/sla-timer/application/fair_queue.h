#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "services/sla-timer/application/clock_book.h"

namespace escalon::slatimer {

/// What is due and waits for its turn: tenants take turns, so that one whose clocks all fall on one instant does not
/// hold up the others; within a tenant the soonest first (as they come). One thread.
class FairQueue {
 public:
  void Push(DueClock clock) {
    tenants_[clock.tenant].push_back(std::move(clock));
    ++size_;
  }
  std::optional<DueClock> Pop() {
    if (size_ == 0) return std::nullopt;
    auto turn = tenants_.upper_bound(last_);
    if (turn == tenants_.end()) turn = tenants_.begin();
    last_ = turn->first;
    DueClock out = std::move(turn->second.front());
    turn->second.pop_front();
    if (turn->second.empty()) tenants_.erase(turn);
    --size_;
    return out;
  }
  size_t size() const { return size_; }

 private:
  std::map<std::string, std::deque<DueClock>> tenants_;
  std::string last_;
  size_t size_ = 0;
};

}  // namespace escalon::slatimer
