#include "services/sla-timer/wheel/wheel.h"

#include <algorithm>
#include <bit>

namespace escalon::slatimer {
namespace {

constexpr uint16_t kOverdue = UINT16_MAX;  ///< place of a node that waits for the next Advance
constexpr uint16_t kFree = UINT16_MAX - 1;

}  // namespace

Wheel::Wheel(InstantMs now) : now_(now) {
  for (Level& level : levels_) {
    level.heads.fill(kNone);
    level.used.fill(0);
  }
}

Wheel::TimerId Wheel::Insert(InstantMs at, uint32_t payload) {
  uint32_t id = free_;
  if (id != kNone) {
    free_ = nodes_[id].next;
  } else {
    id = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
    places_.emplace_back();
  }
  nodes_[id] = {at, payload, kNone, kNone};
  ++size_;
  Place(id);
  return id;
}

void Wheel::Place(uint32_t id) {
  Node& node = nodes_[id];
  if (node.at <= now_) {
    places_[id] = kOverdue;
    overdue_.push_back(id);
    return;
  }
  // The level at which `at` and `now_` differ in their slot but agree in everything above it.
  const auto differing = static_cast<uint64_t>(node.at ^ now_);
  int level = (63 - std::countl_zero(differing)) / kBits;
  InstantMs at = node.at;
  if (level >= kLevels) {
    // Farther than the wheel turns: the last slot before it would come round; placed again when that opens.
    level = kLevels - 1;
    at = now_ + ((InstantMs{kSlots} - 1) << (kBits * level));
  }
  const int slot = SlotOf(at, level);
  places_[id] = static_cast<uint16_t>(level * kSlots + slot);
  uint32_t& head = levels_[static_cast<size_t>(level)].heads[static_cast<size_t>(slot)];
  node.next = head;
  node.previous = kNone;
  if (head != kNone) nodes_[head].previous = id;
  head = id;
  levels_[static_cast<size_t>(level)].used[static_cast<size_t>(slot) / 64] |= uint64_t{1} << (slot % 64);
}

void Wheel::Unlink(uint32_t id) {
  Node& node = nodes_[id];
  const auto level = static_cast<size_t>(places_[id] / kSlots), slot = static_cast<size_t>(places_[id] % kSlots);
  if (node.previous != kNone) {
    nodes_[node.previous].next = node.next;
  } else {
    levels_[level].heads[slot] = node.next;
    if (node.next == kNone) levels_[level].used[slot / 64] &= ~(uint64_t{1} << (slot % 64));
  }
  if (node.next != kNone) nodes_[node.next].previous = node.previous;
}

void Wheel::Cancel(TimerId id) {
  if (id == kNone || places_[id] == kFree) return;
  if (places_[id] == kOverdue) {
    std::erase(overdue_, id);
  } else {
    Unlink(id);
  }
  places_[id] = kFree;
  nodes_[id].next = free_;
  free_ = id;
  --size_;
}

int Wheel::FirstUsed(int level, int from) const {
  const auto& used = levels_[static_cast<size_t>(level)].used;
  for (int word = from / 64; word < kSlots / 64; ++word) {
    uint64_t bits = used[static_cast<size_t>(word)];
    if (word == from / 64) bits &= ~uint64_t{0} << (from % 64);
    if (bits != 0) return word * 64 + std::countr_zero(bits);
  }
  return -1;
}

InstantMs Wheel::NextLook() const {
  if (!overdue_.empty()) return now_;
  for (int level = 0; level < kLevels; ++level) {
    const int slot = FirstUsed(level, SlotOf(now_, level) + (level == 0 ? 1 : 1));
    if (slot < 0) continue;
    const InstantMs turn = now_ >> (kBits * (level + 1)) << (kBits * (level + 1));
    return turn + (static_cast<InstantMs>(slot) << (kBits * level));
  }
  if (size_ == 0) return kNever;
  // Only what was clamped to the coarsest level and has wrapped round: look when that turn ends.
  const int top = kLevels - 1;
  return ((now_ >> (kBits * top)) + kSlots - SlotOf(now_, top)) << (kBits * top);
}

void Wheel::Open(int level, int slot) {
  uint32_t id = levels_[static_cast<size_t>(level)].heads[static_cast<size_t>(slot)];
  levels_[static_cast<size_t>(level)].heads[static_cast<size_t>(slot)] = kNone;
  levels_[static_cast<size_t>(level)].used[static_cast<size_t>(slot) / 64] &= ~(uint64_t{1} << (slot % 64));
  while (id != kNone) {
    const uint32_t next = nodes_[id].next;
    Place(id);
    id = next;
  }
}

void Wheel::Advance(InstantMs now, std::vector<uint32_t>* due) {
  const auto give = [&] {
    for (const uint32_t id : overdue_) {
      due->push_back(nodes_[id].payload);
      places_[id] = kFree;
      nodes_[id].next = free_;
      free_ = id;
      --size_;
    }
    overdue_.clear();
  };
  give();
  while (now_ < now) {
    const InstantMs look = NextLook();
    if (look > now) {
      now_ = now;
      return;
    }
    const InstantMs before = now_;
    now_ = look;
    // From the coarsest slot that this step has entered down to the tick: each is opened into finer ones, the tick's
    // timers are due.
    for (int level = kLevels - 1; level >= 0; --level) {
      if (before >> (kBits * level) != now_ >> (kBits * level)) Open(level, SlotOf(now_, level));
    }
    give();
  }
}

}  // namespace escalon::slatimer
