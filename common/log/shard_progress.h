#pragma once

#include <cstdint>
#include <deque>

#include "common/core/position.h"

namespace escalon::log {

/// What of one shard was delivered and what is done with: the committable position trails the delivered one. Pure.
class ShardProgress {
 public:
  explicit ShardProgress(const Position& start) : done_(start) {}
  /// A counted record was delivered; `after` is the reader's position behind it.
  void Delivered(const Position& after) { open_.push_back(after); }
  /// Everything up to and including the record at `offset` is done.
  void Done(int64_t offset) {
    while (!open_.empty() && open_.front().offset <= offset + 1) {
      done_ = open_.front();
      open_.pop_front();
    }
  }
  const Position& done() const { return done_; }
  size_t outstanding() const { return open_.size(); }

 private:
  Position done_;
  std::deque<Position> open_;
};

}  // namespace escalon::log
