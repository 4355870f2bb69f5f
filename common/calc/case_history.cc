#include "common/calc/case_history.h"

#include <algorithm>
#include <limits>
#include <span>

namespace escalon::calc {
namespace {

/// One measurement as the events left it.
struct Run {
  InstantMs start = 0;
  InstantMs stop = kNever;
  StoppedBy by = StoppedBy::kNothing;
  InstantMs breach = kNever;  ///< the first one, when a change followed it

  bool running() const { return stop == kNever; }
};

struct ClockNow {
  std::optional<Target> target;
  InstantMs changed_at = std::numeric_limits<InstantMs>::min();
  std::vector<Run> runs;
  bool begun = false;
};

/// Time in which some kinds of clocks stand still.
struct Standing {
  PauseSpan span;
  ClockKinds kinds = 0;
};

/// The case while its history is played.
class Player {
 public:
  explicit Player(const History& history) : history_(history), calendar_(history.calendar) {
    for (const HistoryClock& clock : history.clocks) clocks_.push_back({clock.target, INT64_MIN, {}, false});
  }

  HistoryReading Play() {
    for (const HistoryEvent& event : history_.events) {
      if (event.at > history_.as_of) break;
      if (event.act == HistoryAct::kOpened) opened_at_ = event.at;
      Begin(event.at);
      Apply(event);
    }
    Begin(history_.as_of);
    HistoryReading out;
    for (size_t i = 0; i < clocks_.size(); ++i) {
      out.clocks.push_back(Read(i));
      if (out_of_reach_) {
        out.out_of_reach = i;
        return out;
      }
      const HistoryClockReading& clock = out.clocks.back();
      if (clock.state != ClockState::kRunning) continue;
      if (!out.next || clock.now.clock.deadline < out.clocks[*out.next].now.clock.deadline) out.next = i;
    }
    return out;
  }

 private:
  ClockKind KindOf(size_t i) const { return history_.clocks[i].kind; }
  const Calendar* CalendarOf(size_t i) const {
    return history_.clocks[i].calendar != nullptr ? history_.clocks[i].calendar.get() : calendar_.get();
  }

  /// Starts what begins with the case, or at an instant of its own.
  void Begin(InstantMs now) {
    if (opened_at_ == kNever) return;
    for (size_t i = 0; i < clocks_.size(); ++i) {
      const InstantMs start = history_.clocks[i].start_at.value_or(opened_at_);
      if (clocks_[i].begun || HasRuns(KindOf(i)) || start > now) continue;
      clocks_[i].begun = true;
      clocks_[i].runs.push_back({.start = start});
    }
  }

  void Start(ClockKind kind, InstantMs at) {
    for (size_t i = 0; i < clocks_.size(); ++i) {
      if (KindOf(i) != kind || (!clocks_[i].runs.empty() && clocks_[i].runs.back().running())) continue;
      clocks_[i].runs.push_back({.start = at});
    }
  }

  void Stop(ClockKinds kinds, InstantMs at, StoppedBy by) {
    for (size_t i = 0; i < clocks_.size(); ++i) {
      if ((SetOf(KindOf(i)) & kinds) == 0 || clocks_[i].runs.empty() || !clocks_[i].runs.back().running()) continue;
      clocks_[i].runs.back().stop = at;
      clocks_[i].runs.back().by = by;
    }
  }

  void Apply(const HistoryEvent& event) {
    switch (event.act) {
      case HistoryAct::kReopened:
        return Reopen(event.at);
      case HistoryAct::kTargetsChanged:
        for (const auto& [clock, target] : event.targets) {
          KeepBreaches(clock, event.at);
          clocks_[clock].target = target;
        }
        return;
      case HistoryAct::kCalendarChanged:
        for (size_t i = 0; i < clocks_.size(); ++i) {
          if (history_.clocks[i].calendar == nullptr) KeepBreaches(i, event.at);
        }
        calendar_ = event.calendar;
        return;
      default:
        if (!resolved_) ApplyToOpenCase(event);
    }
  }

  void ApplyToOpenCase(const HistoryEvent& event) {
    switch (event.act) {
      case HistoryAct::kOpened:
        if (event.by_customer) Start(ClockKind::kUpdate, event.at);
        return;
      case HistoryAct::kAcknowledged:
        return Stop(SetOf(ClockKind::kAcknowledgement), event.at, StoppedBy::kAcknowledged);
      case HistoryAct::kAgentReply:
        Stop(SetOf(ClockKind::kResponse) | SetOf(ClockKind::kUpdate) | SetOf(ClockKind::kCadence), event.at,
             StoppedBy::kAgentReply);
        return Start(ClockKind::kCadence, event.at);
      case HistoryAct::kCustomerMessage:
        return Start(ClockKind::kUpdate, event.at);
      case HistoryAct::kPaused:
        if (!paused_) standing_.push_back({{event.at, kNever}, event.stops});
        paused_ = true;
        return;
      case HistoryAct::kResumed:
        return EndPause(event.at);
      case HistoryAct::kResolved:
      case HistoryAct::kClosed:
        EndPause(event.at);
        Stop(kEveryKind, event.at, StoppedBy::kResolved);
        standing_.push_back({{event.at, kNever}, kEveryKind});
        resolved_ = true;
        return;
      default:
        return;
    }
  }

  void EndPause(InstantMs at) {
    if (paused_) standing_.back().span.to = at;
    paused_ = false;
  }

  void Reopen(InstantMs at) {
    if (!resolved_) return;
    standing_.back().span.to = at;
    resolved_ = false;
    for (ClockNow& clock : clocks_) {
      if (clock.runs.empty() || clock.runs.back().by != StoppedBy::kResolved) continue;
      clock.runs.back().stop = kNever;
      clock.runs.back().by = StoppedBy::kNothing;
    }
  }

  std::vector<PauseSpan> PausesOf(size_t i) const {
    std::vector<PauseSpan> out;
    for (const Standing& standing : standing_) {
      if ((standing.kinds & SetOf(KindOf(i))) != 0 && standing.span.from < standing.span.to)
        out.push_back(standing.span);
    }
    return out;
  }

  Measure MeasureOf(size_t i, const Run& run, std::span<const PauseSpan> pauses) const {
    return {CalendarOf(i), run.start, *clocks_[i].target, pauses, run.stop};
  }

  /// A change comes at `at`: breaches so far stay, and what follows is judged from now on.
  void KeepBreaches(size_t i, InstantMs at) {
    ClockNow& clock = clocks_[i];
    if (clock.target) {
      const std::vector<PauseSpan> pauses = PausesOf(i);
      for (Run& run : clock.runs) {
        if (run.breach != kNever) continue;
        const InstantMs deadline = Deadline(MeasureOf(i, run, pauses));
        if (IsBreached(deadline, std::min(run.stop, at))) run.breach = std::max(deadline, clock.changed_at);
      }
    }
    clock.changed_at = at;
  }

  RunReading ReadRun(size_t i, const Run& run, std::span<const PauseSpan> pauses) {
    const Measure measure = MeasureOf(i, run, pauses);
    RunReading out{run.start, run.stop, run.by, ReadClock(measure, std::min(run.stop, history_.as_of)), run.breach};
    const bool stands = run.running() && !pauses.empty() && pauses.back().to == kNever;
    if ((out.clock.deadline == kNever && !stands) || out.clock.remaining == kNever) out_of_reach_ = true;
    if (out.breached_at == kNever && out.clock.breached)
      out.breached_at = std::max(out.clock.deadline, clocks_[i].changed_at);
    return out;
  }

  HistoryClockReading Read(size_t i) {
    const ClockNow& clock = clocks_[i];
    const HistoryClock& asked = history_.clocks[i];
    HistoryClockReading out;
    out.warnings.assign(asked.warnings.size(), kNever);
    if (!clock.target) return out;
    const std::vector<PauseSpan> pauses = PausesOf(i);
    if (HasRuns(asked.kind)) {
      for (const Run& run : clock.runs) out.runs.push_back(ReadRun(i, run, pauses));
    }
    out.state = ClockState::kIdle;
    if (clock.runs.empty()) return out;
    const Run& run = clock.runs.back();
    if (asked.kind == ClockKind::kUpdate && run.by == StoppedBy::kAgentReply) return out;

    out.now = ReadRun(i, run, pauses);
    const bool stands = !pauses.empty() && pauses.back().to == kNever;
    out.state = !run.running() ? ClockState::kStopped : stands ? ClockState::kPaused : ClockState::kRunning;
    const Measure measure = MeasureOf(i, run, pauses);
    for (size_t w = 0; w < asked.warnings.size(); ++w) {
      out.warnings[w] = WarningAt(measure, asked.warnings[w], out.now.clock.deadline);
      if (out.warnings[w] == kNever && out.state != ClockState::kPaused) out_of_reach_ = true;
    }
    if (history_.most_segments > 0)
      out.segments = CountedSegments(measure.calendar, run.start, std::min(run.stop, history_.as_of), pauses,
                                     history_.most_segments);
    return out;
  }

  const History& history_;
  std::vector<ClockNow> clocks_;
  std::shared_ptr<const Calendar> calendar_;
  std::vector<Standing> standing_;  ///< in order; the last may be open
  InstantMs opened_at_ = kNever;
  bool paused_ = false;
  bool resolved_ = false;
  bool out_of_reach_ = false;
};

}  // namespace

HistoryReading ReadHistory(const History& history) { return Player(history).Play(); }

}  // namespace escalon::calc
