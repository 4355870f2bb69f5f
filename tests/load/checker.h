#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/load/history.h"
#include "tests/load/log_facts.h"

namespace escalon::load {

struct CheckOptions {
  /// Real milliseconds; a clock that was handled later counts as late beyond the bound. How late a machine may be
  /// depends on the machine.
  DurationMs late_bound_ms = 1000;
  /// Case time at which the cluster was left alone: an intent younger than `settle_ms` before it may still be under
  /// way.
  InstantMs ended_at = kNever;
  DurationMs settle_ms = 0;
  /// Services or brokers died meanwhile: a message may have been sent again whose sending nobody had noted.
  bool with_crashes = false;
};

/// What a history and a log have to do with each other, judged from outside (DESIGN §5).
struct CheckReport {
  uint64_t calls = 0, answered = 0, rejected = 0, unknown = 0;
  uint64_t unknown_applied = 0;  ///< had their effect after all

  uint64_t lost = 0;          ///< answered, but not in the log
  uint64_t misplaced = 0;     ///< in the log, but not as answered: another case or version
  uint64_t doubled = 0;       ///< one id, two effects
  uint64_t phantom = 0;       ///< refused, but in the log
  uint64_t second_cases = 0;  ///< one idempotency key, two cases
  uint64_t gaps = 0;          ///< in the versions of a case
  uint64_t unreadable = 0;

  uint64_t intents = 0, delivered = 0, suppressed = 0, dead = 0, discarded = 0;
  uint64_t under_way = 0;        ///< retried or held, or too young to judge
  uint64_t untold = 0;           ///< intents that the delivery log does not know in the end
  uint64_t stalled = 0;          ///< was to be tried again, and was not
  uint64_t unexplained = 0;      ///< suppressed or dead without a reason
  uint64_t unasked = 0;          ///< delivered, though the log intends no such thing
  uint64_t delivered_twice = 0;  ///< of one intent to one person

  uint64_t fired = 0, late = 0;  ///< clocks; beyond the bound
  uint64_t missed = 0;           ///< due, and nobody acted
  Histogram lateness;

  static constexpr size_t kFaultsKept = 20;
  std::vector<std::string> first_faults;

  uint64_t faults() const {
    return lost + misplaced + doubled + phantom + second_cases + gaps + unreadable + untold + stalled + unexplained +
           unasked + delivered_twice + late + missed;
  }
  bool ok() const { return faults() == 0; }
};

/// Pure.
CheckReport CheckHistory(const History& history, const LogFacts& facts, const CheckOptions& options);

}  // namespace escalon::load
