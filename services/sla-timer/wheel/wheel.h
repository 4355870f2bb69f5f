#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "common/core/instant.h"

namespace escalon::slatimer {

/// A hierarchical timing wheel with ticks of 1 ms: five levels of 256 slots (34 years); a timer moves to a finer level
/// as its instant comes near. Insert and Cancel are O(1), Advance is proportional to what is due and to non-empty slots
/// passed, never to the time that passed. One thread. 24 bytes per timer.
class Wheel {
 public:
  using TimerId = uint32_t;  ///< reused after a timer has fired or was cancelled
  static constexpr TimerId kNone = UINT32_MAX;

  /// Everything before `now` is in the past.
  explicit Wheel(InstantMs now);

  /// In the past: due at the next Advance. `payload` comes back when it is due.
  TimerId Insert(InstantMs at, uint32_t payload);
  void Cancel(TimerId id);
  /// Appends the payloads of everything due at or before `now` to `due`, soonest tick first. `now` never goes back: an
  /// earlier one does nothing.
  void Advance(InstantMs now, std::vector<uint32_t>* due);
  /// When to look again: the instant of the next timer, or an earlier one at which a coarser slot must be opened;
  /// kNever when empty.
  InstantMs NextLook() const;
  size_t size() const { return size_; }
  InstantMs now() const { return now_; }

 private:
  static constexpr int kBits = 8;
  static constexpr int kSlots = 1 << kBits;
  static constexpr int kLevels = 5;
  struct Node {
    InstantMs at;
    uint32_t payload;
    uint32_t next, previous;  ///< in its slot's ring; previous is the slot's marker when first
  };
  struct Level {
    std::array<uint32_t, kSlots> heads;
    std::array<uint64_t, kSlots / 64> used;
  };

  void Place(uint32_t node);
  void Unlink(uint32_t node);
  void Open(int level, int slot);
  /// The first used slot of a level at or after `from` within its turn; -1: none.
  int FirstUsed(int level, int from) const;
  static int SlotOf(InstantMs at, int level) { return static_cast<int>(at >> (kBits * level)) & (kSlots - 1); }

  InstantMs now_;
  size_t size_ = 0;
  std::array<Level, kLevels> levels_;
  std::vector<Node> nodes_;
  std::vector<uint16_t> places_;  ///< level * 256 + slot of each node
  uint32_t free_ = kNone;
  std::vector<uint32_t> overdue_;  ///< inserted for the past: nodes
};

}  // namespace escalon::slatimer
