#include "tests/property/calc/minute_clock.h"

#include <algorithm>

namespace escalon::calc::test {
namespace {

/// How far after the history a deadline is looked for.
constexpr DurationMs kAhead = 30 * kDayMs;

}  // namespace

MinuteClock::MinuteClock(const History& history, size_t clock)
    : history_(history),
      clock_(history.clocks[clock]),
      target_(clock_.target),
      calendar_(clock_.calendar != nullptr ? clock_.calendar : history.calendar) {
  for (const HistoryEvent& event : history.events) {
    if (event.at > history.as_of) break;
    Begin(event.at);
    if (event.act == HistoryAct::kTargetsChanged) {
      for (const auto& [changed, target] : event.targets) {
        if (changed != clock) continue;
        Change(event.at);
        target_ = target;
      }
    }
    Take(event);
  }
  Begin(history.as_of);
}

void MinuteClock::Begin(InstantMs now) {
  const InstantMs start = clock_.start_at.value_or(history_.events.front().at);
  if (begun_ || HasRuns(clock_.kind) || start > now) return;
  begun_ = true;
  runs_.push_back({.start = start});
}

void MinuteClock::Stop(InstantMs at, StoppedBy by) {
  if (!runs_now()) return;
  runs_.back().stop = at;
  runs_.back().by = by;
}

void MinuteClock::Take(const HistoryEvent& event) {
  if (event.act == HistoryAct::kCalendarChanged && clock_.calendar == nullptr) {
    Change(event.at);
    calendar_ = event.calendar;
  } else if (event.act == HistoryAct::kReopened && resolved_) {
    still_.back().to = event.at;
    resolved_ = false;
    if (!runs_.empty() && runs_.back().by == StoppedBy::kResolved) {
      runs_.back().stop = kNever;
      runs_.back().by = StoppedBy::kNothing;
    }
  } else if (!resolved_) {
    TakeWhileOpen(event);
  }
}

void MinuteClock::TakeWhileOpen(const HistoryEvent& event) {
  const ClockKind kind = clock_.kind;
  const bool ends = event.act == HistoryAct::kResolved || event.act == HistoryAct::kClosed;
  const bool asks =
      event.act == HistoryAct::kCustomerMessage || (event.act == HistoryAct::kOpened && event.by_customer);
  if (asks && kind == ClockKind::kUpdate && !runs_now()) runs_.push_back({.start = event.at});
  if (event.act == HistoryAct::kAcknowledged && kind == ClockKind::kAcknowledgement)
    Stop(event.at, StoppedBy::kAcknowledged);
  if (event.act == HistoryAct::kAgentReply) {
    if (kind == ClockKind::kResponse || HasRuns(kind)) Stop(event.at, StoppedBy::kAgentReply);
    if (kind == ClockKind::kCadence) runs_.push_back({.start = event.at});
  }
  if (event.act == HistoryAct::kPaused && !paused_) {
    paused_ = (event.stops & SetOf(kind)) != 0;
    if (*paused_) still_.push_back({event.at, kNever});
  }
  if ((event.act == HistoryAct::kResumed || ends) && paused_) {
    if (*paused_) still_.back().to = event.at;
    paused_.reset();
  }
  if (ends) {
    Stop(event.at, StoppedBy::kResolved);
    still_.push_back({event.at, kNever});
    resolved_ = true;
  }
}

bool MinuteClock::Open(InstantMs minute) const { return calendar_ == nullptr || calendar_->IsOpen(minute); }

bool MinuteClock::StandsStill(const Run& run, InstantMs minute) const {
  return minute < run.stop && std::any_of(still_.begin(), still_.end(),
                                          [minute](const Still& s) { return s.from <= minute && minute < s.to; });
}

InstantMs MinuteClock::UsedUp(const Run& run) const {
  DurationMs left = target_->span;
  for (InstantMs minute = run.start; minute < history_.as_of + kAhead; minute += kMinuteMs) {
    if (!Open(minute) || StandsStill(run, minute)) continue;
    left -= kMinuteMs;
    if (left == 0) return minute + kMinuteMs;
  }
  return kNever;
}

void MinuteClock::Change(InstantMs at) {
  for (Run& run : runs_) {
    if (!target_ || run.breach != kNever) continue;
    const InstantMs deadline = UsedUp(run);
    if (std::min(run.stop, at) > deadline) run.breach = std::max(deadline, changed_);
  }
  changed_ = at;
}

RunReading MinuteClock::Measured(const Run& run) const {
  RunReading out{run.start, run.stop, run.by, {}, run.breach};
  const InstantMs until = std::min(run.stop, history_.as_of);
  out.clock.deadline = UsedUp(run);
  for (InstantMs minute = run.start; minute < history_.as_of + kAhead; minute += kMinuteMs) {
    const bool counts = Open(minute) && !StandsStill(run, minute);
    if (counts) out.clock.counting_from = std::min(out.clock.counting_from, minute);
    if (minute >= until) continue;
    if (counts) out.clock.elapsed += kMinuteMs;
    if (counts && minute >= out.clock.deadline) out.clock.overdue += kMinuteMs;
    if (Open(minute) && !counts) out.clock.paused += kMinuteMs;
  }
  out.clock.remaining = target_->span - out.clock.elapsed;
  out.clock.breached = until > out.clock.deadline;
  if (out.clock.breached && out.breached_at == kNever) out.breached_at = std::max(out.clock.deadline, changed_);
  return out;
}

HistoryClockReading MinuteClock::Read() {
  HistoryClockReading out;
  if (!target_) return out;
  out.state = ClockState::kIdle;
  if (HasRuns(clock_.kind)) {
    for (const Run& run : runs_) out.runs.push_back(Measured(run));
  }
  if (runs_.empty() || (clock_.kind == ClockKind::kUpdate && runs_.back().by == StoppedBy::kAgentReply)) return out;
  out.now = Measured(runs_.back());
  const bool still = !still_.empty() && still_.back().to == kNever;
  out.state = !runs_now() ? ClockState::kStopped : still ? ClockState::kPaused : ClockState::kRunning;
  return out;
}

}  // namespace escalon::calc::test
