#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/domain/case.h"
#include "services/sla-timer/wheel/wheel.h"

namespace escalon::slatimer {

/// A clock that wants to be looked at.
struct DueClock {
  CaseId case_id;
  std::string tenant;
  std::string clock;
  uint32_t generation = 0;
  InstantMs at = 0;  ///< of the alarm
};

/// Every armed clock of the shards that this instance follows, and the wheel that wakes it: a cache of what the events
/// said (DESIGN §4 "Clocks are part of the commit"). The owner judges; a stale entry costs one question. One thread.
class ClockBook {
 public:
  explicit ClockBook(InstantMs now) : wheel_(now) {}

  /// What an event of the log says of the case's clocks; other events are passed over.
  void Apply(int shard, const CaseId& id, std::string_view tenant, const Event& event);
  /// A case as the live view has it: clocks that the book knows in a newer generation stay.
  void Put(int shard, const Case& c);
  /// No longer followed.
  void Drop(int shard);

  /// What is due, soonest first. A clock that was given is silent until an event or Again wakes it. When the wall clock
  /// was set back, what had been due by it is not yet.
  void TakeDue(InstantMs now, std::vector<DueClock>* due);
  /// The question about a clock must be asked again, at `at`; nothing when the clock has moved on.
  void Again(const DueClock& clock, InstantMs at);
  /// The owner says that there is nothing to do: this alarm is over.
  void Settled(const DueClock& clock);

  InstantMs NextLook() const { return wheel_.NextLook(); }
  size_t size() const { return size_; }
  /// What a listing asks for; empty fields: any.
  struct Filter {
    CaseId case_id;
    std::string tenant, clock;
    InstantMs before = kNever;
    InstantMs after = INT64_MIN;  ///< the place where the page before ended: (after, after_id, after_clock)
    CaseId after_id;
    std::string after_clock;
  };
  /// By instant, at most `limit`.
  std::vector<DueClock> List(const Filter& filter, size_t limit) const;

 private:
  struct Armed {
    CaseId case_id;
    std::vector<InstantMs> alarms;  ///< to come, soonest first
    uint32_t generation = 0;
    Wheel::TimerId timer = Wheel::kNone;
    uint16_t name = 0, tenant = 0;
    int16_t shard = 0;
    bool live = false;
  };
  using OfCase = std::vector<uint32_t>;  ///< indexes into armed_

  uint16_t Intern(std::vector<std::string>& names, std::string_view name);
  Armed* Find(int shard, const CaseId& id, std::string_view clock, uint32_t* index);
  void Arm(int shard, const CaseId& id, std::string_view tenant, const ClockRun& clock);
  void Disarm(int shard, const CaseId& id, uint32_t index);
  void Schedule(uint32_t index);
  void StartAgain(InstantMs now);

  Wheel wheel_;
  std::vector<Armed> armed_;
  std::vector<uint32_t> free_;
  std::map<int, std::unordered_map<CaseId, OfCase>> cases_;
  std::vector<std::string> clock_names_, tenants_;
  size_t size_ = 0;
};

}  // namespace escalon::slatimer
