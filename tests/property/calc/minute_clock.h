#pragma once

#include <optional>
#include <vector>

#include "common/calc/case_history.h"

namespace escalon::calc::test {

/// One clock of a history, played minute by minute: no arithmetic of spans, no search for deadlines. For histories on
/// whole minutes and targets of time.
class MinuteClock {
 public:
  MinuteClock(const History& history, size_t clock);
  HistoryClockReading Read();

 private:
  struct Run {
    InstantMs start = 0;
    InstantMs stop = kNever;
    StoppedBy by = StoppedBy::kNothing;
    InstantMs breach = kNever;
  };
  struct Still {
    InstantMs from = 0, to = kNever;
  };

  void Take(const HistoryEvent& event);
  void TakeWhileOpen(const HistoryEvent& event);
  void Begin(InstantMs now);
  void Stop(InstantMs at, StoppedBy by);
  bool runs_now() const { return !runs_.empty() && runs_.back().stop == kNever; }
  bool Open(InstantMs minute) const;
  bool StandsStill(const Run& run, InstantMs minute) const;
  /// The end of the minute in which the target is used up.
  InstantMs UsedUp(const Run& run) const;
  void Change(InstantMs at);
  RunReading Measured(const Run& run) const;

  const History& history_;
  const HistoryClock& clock_;
  std::optional<Target> target_;
  std::shared_ptr<const Calendar> calendar_;
  std::vector<Run> runs_;
  std::vector<Still> still_;
  std::optional<bool> paused_;  ///< a pause of the case; whether it stops this clock
  bool resolved_ = false, begun_ = false;
  InstantMs changed_ = INT64_MIN;
};

}  // namespace escalon::calc::test
