#include "common/domain/clock_arithmetic.h"

#include <algorithm>

namespace escalon {
namespace {

constexpr int64_t kMillion = 1'000'000;

/// The pauses as one clock sees them: cut off at `end`.
struct Pauses {
  std::span<const PauseSpan> all;
  InstantMs end = kNever;

  InstantMs ToOf(const PauseSpan& pause) const { return std::min(pause.to, end); }
};

DurationMs PausedIn(const Calendar* calendar, InstantMs from, InstantMs to, const Pauses& pauses) {
  DurationMs sum = 0;
  for (const PauseSpan& pause : pauses.all) {
    if (pause.from >= to) break;
    sum += BusinessElapsed(calendar, std::max(pause.from, from), std::min(pauses.ToOf(pause), to));
  }
  return sum;
}

DurationMs CountedIn(const Calendar* calendar, InstantMs from, InstantMs to, const Pauses& pauses) {
  return BusinessElapsed(calendar, from, to) - PausedIn(calendar, from, to, pauses);
}

InstantMs Forward(const Calendar* calendar, InstantMs from, DurationMs span, const Pauses& pauses) {
  if (from == kNever) return kNever;
  InstantMs at = from;
  DurationMs left = span;
  for (const PauseSpan& pause : pauses.all) {
    const InstantMs to = pauses.ToOf(pause);
    if (to <= at || pause.from >= to) continue;
    if (pause.from > at) {
      const DurationMs available = BusinessElapsed(calendar, at, pause.from);
      if (left > 0 ? left <= available : available > 0) return AddBusiness(calendar, at, left);
      left -= available;
    }
    at = to;
    if (at == kNever) return kNever;
  }
  return AddBusiness(calendar, at, left);
}

InstantMs Backward(const Calendar* calendar, InstantMs from, DurationMs span, const Pauses& pauses) {
  if (from == kNever) return kNever;
  InstantMs at = from;
  DurationMs left = span;
  for (auto pause = pauses.all.rbegin(); pause != pauses.all.rend(); ++pause) {
    const InstantMs to = pauses.ToOf(*pause);
    if (pause->from >= at || pause->from >= to) continue;
    if (to < at) {
      const DurationMs available = BusinessElapsed(calendar, to, at);
      if (left > 0 ? left <= available : available > 0) return SubtractBusiness(calendar, at, left);
      left -= available;
    }
    at = pause->from;
  }
  return SubtractBusiness(calendar, at, left);
}

InstantMs DeadlineInDays(const Measure& m, const Pauses& pauses) {
  const DaySnap snap = m.target.snap_to_close ? DaySnap::kClosing : DaySnap::kNone;
  InstantMs at = AddBusinessDays(m.calendar, m.start, m.target.business_days, snap);
  for (const PauseSpan& pause : pauses.all) {
    if (at == kNever || pause.from >= at) break;
    const InstantMs to = pauses.ToOf(pause);
    if (to == kNever) return kNever;
    const DurationMs lost = BusinessElapsed(m.calendar, std::max(pause.from, m.start), to);
    if (lost > 0) at = AddBusiness(m.calendar, at, lost);  // adding 0 would roll a deadline outside hours to an opening
  }
  return at;
}

Pauses PausesOf(const Measure& m) { return {m.pauses, m.stopped_at}; }

/// Calls `visit(calendar, from, to)` for each leg of the clock in turn until it says true.
template <typename Visit>
void EachLeg(const Measure& m, Visit visit) {
  InstantMs from = m.start;
  for (const MeasuredLeg& leg : m.legs) {
    if (visit(leg.calendar, from, leg.until)) return;
    from = leg.until;
  }
  visit(m.calendar, from, kNever);
}

/// The sum of `of(calendar, from, to)` over the parts of [from, to) that lie in each leg.
template <typename Of>
DurationMs SumOver(const Measure& m, InstantMs from, InstantMs to, Of of) {
  DurationMs sum = 0;
  EachLeg(m, [&](const Calendar* calendar, InstantMs begin, InstantMs end) {
    const InstantMs first = std::max(from, begin), last = std::min(to, end);
    if (first < last) sum += of(calendar, first, last);
    return end >= to;
  });
  return sum;
}

DurationMs CountedOver(const Measure& m, InstantMs from, InstantMs to, const Pauses& pauses) {
  return SumOver(m, from, to, [&](const Calendar* calendar, InstantMs first, InstantMs last) {
    return CountedIn(calendar, first, last, pauses);
  });
}

DurationMs PausedOver(const Measure& m, InstantMs from, InstantMs to, const Pauses& pauses) {
  return SumOver(m, from, to, [&](const Calendar* calendar, InstantMs first, InstantMs last) {
    return PausedIn(calendar, first, last, pauses);
  });
}

/// `span` of business time from the start.
InstantMs ForwardFromStart(const Measure& m, DurationMs span, const Pauses& pauses) {
  InstantMs at = kNever;
  DurationMs left = span;
  EachLeg(m, [&](const Calendar* calendar, InstantMs begin, InstantMs end) {
    if (end != kNever) {
      const DurationMs available = CountedIn(calendar, begin, end, pauses);
      if (left > 0 ? left > available : available == 0) {
        left -= available;
        return false;
      }
    }
    at = Forward(calendar, begin, left, pauses);
    return true;
  });
  return at;
}

/// `span` of business time back from `from`, at most to the start.
InstantMs BackwardToStart(const Measure& m, InstantMs from, DurationMs span, const Pauses& pauses) {
  if (m.legs.empty()) return Backward(m.calendar, from, span, pauses);
  const DurationMs counted = CountedOver(m, m.start, from, pauses);
  return counted < span ? m.start : ForwardFromStart(m, counted - span, pauses);
}

InstantMs DeadlineWith(const Measure& m, const Pauses& pauses) {
  return m.target.business_days != 0 ? DeadlineInDays(m, pauses) : ForwardFromStart(m, m.target.span, pauses);
}

}  // namespace

DurationMs BusinessElapsed(const Calendar* calendar, InstantMs from, InstantMs to) {
  if (calendar != nullptr) return calendar->Elapsed(from, to);
  return from < to ? to - from : 0;
}

InstantMs AddBusiness(const Calendar* calendar, InstantMs from, DurationMs span) {
  if (calendar != nullptr) return calendar->Add(from, span);
  InstantMs sum;
  return __builtin_add_overflow(from, span, &sum) ? kNever : sum;
}

InstantMs SubtractBusiness(const Calendar* calendar, InstantMs from, DurationMs span) {
  if (calendar != nullptr) return calendar->Subtract(from, span);
  return from == kNever ? kNever : from - span;
}

InstantMs AddBusinessDays(const Calendar* calendar, InstantMs from, int64_t days, DaySnap snap) {
  if (calendar != nullptr) return calendar->AddDays(from, days, snap);
  InstantMs at;
  if (from == kNever || __builtin_mul_overflow(days, kDayMs, &at) || __builtin_add_overflow(at, from, &at))
    return kNever;
  if (snap == DaySnap::kNone) return at;
  const DurationMs of_day = ((at % kDayMs) + kDayMs) % kDayMs;
  return at - of_day + kDayMs;
}

InstantMs AddTarget(const Calendar* calendar, InstantMs from, const Target& target) {
  return DeadlineWith({calendar, from, target}, {});
}

DurationMs CountedElapsed(const Calendar* calendar, InstantMs from, InstantMs to, std::span<const PauseSpan> pauses) {
  return CountedIn(calendar, from, to, {pauses});
}

InstantMs CountedAdd(const Calendar* calendar, InstantMs from, DurationMs span, std::span<const PauseSpan> pauses) {
  return Forward(calendar, from, span, {pauses});
}

InstantMs CountedSubtract(const Calendar* calendar, InstantMs from, DurationMs span,
                          std::span<const PauseSpan> pauses) {
  return Backward(calendar, from, span, {pauses});
}

DurationMs PausedTime(const Calendar* calendar, InstantMs from, InstantMs to, std::span<const PauseSpan> pauses) {
  return PausedIn(calendar, from, to, {pauses});
}

std::vector<Stretch> CountedSegments(const Calendar* calendar, InstantMs from, InstantMs to,
                                     std::span<const PauseSpan> pauses, size_t most) {
  std::vector<Stretch> out;
  const auto append = [&](InstantMs start, InstantMs end) {
    if (start >= end || out.size() >= most) return;
    if (calendar == nullptr) {
      out.push_back({start, end});
      return;
    }
    const std::vector<Stretch> open = calendar->Segments(start, end, most - out.size());
    out.insert(out.end(), open.begin(), open.end());
  };
  InstantMs at = from;
  for (const PauseSpan& pause : pauses) {
    if (pause.from >= to) break;
    append(at, pause.from);
    at = std::max(at, pause.to);
  }
  append(at, to);
  return out;
}

DurationMs Elapsed(const Measure& measure, InstantMs until) {
  return CountedOver(measure, measure.start, until, PausesOf(measure));
}

InstantMs Deadline(const Measure& measure) { return DeadlineWith(measure, PausesOf(measure)); }

InstantMs DeadlineAfterChange(const Measure& measure, OnChange rule, InstantMs change, InstantMs previous) {
  switch (rule) {
    case OnChange::kFromStart:
      break;
    case OnChange::kFromChange: {
      Measure changed = measure;
      if (change > measure.start) {
        changed.start = change;
        changed.legs = {};
      }
      return Deadline(changed);
    }
    case OnChange::kStricterOfBoth:
      return std::min(Deadline(measure), previous);
  }
  return Deadline(measure);
}

DurationMs Remaining(const Measure& measure, InstantMs until) {
  if (measure.target.business_days == 0) return measure.target.span - Elapsed(measure, until);
  // A pause that lasts is taken as ending now: what is left does not shrink while the clock stands still.
  const InstantMs deadline = DeadlineInDays(measure, {measure.pauses, std::min(measure.stopped_at, until)});
  if (deadline == kNever) return kNever;
  if (until <= deadline) return BusinessElapsed(measure.calendar, until, deadline);
  return -Overdue(measure, deadline, until);
}

DurationMs Overdue(const Measure& measure, InstantMs deadline, InstantMs until) {
  if (deadline == kNever || until <= deadline) return 0;
  return CountedOver(measure, deadline, until, PausesOf(measure));
}

InstantMs WarningAt(const Measure& measure, const WarningRule& rule, InstantMs deadline) {
  const Pauses pauses = PausesOf(measure);
  if (rule.kind == WarningRule::Kind::kShare) {
    DurationMs whole = measure.target.span;
    if (measure.target.business_days != 0) {
      const InstantMs unpaused = DeadlineInDays(measure, {});
      if (unpaused == kNever) return kNever;
      whole = BusinessElapsed(measure.calendar, measure.start, unpaused);
    }
    // whole · value / kMillion, cut off at the millisecond, without overflow.
    const DurationMs share = whole / kMillion * rule.value + whole % kMillion * rule.value / kMillion;
    return ForwardFromStart(measure, share, pauses);
  }
  if (deadline == kNever) return kNever;
  const auto not_before_start = [&measure](InstantMs at) {
    return at == kNever ? measure.start : std::max(at, measure.start);
  };
  switch (rule.kind) {
    case WarningRule::Kind::kBefore:
      return not_before_start(BackwardToStart(measure, deadline, rule.value, pauses));
    case WarningRule::Kind::kAfter:
      return Forward(measure.calendar, deadline, rule.value, pauses);
    case WarningRule::Kind::kBeforeDays:
      return not_before_start(AddBusinessDays(measure.calendar, deadline, -rule.value));
    case WarningRule::Kind::kAfterDays:
      return AddBusinessDays(measure.calendar, deadline, rule.value);
    case WarningRule::Kind::kShare:
      break;
  }
  return kNever;
}

ClockReading ReadClock(const Measure& measure, InstantMs until) {
  const Pauses pauses = PausesOf(measure);
  ClockReading reading;
  reading.counting_from = ForwardFromStart(measure, 0, pauses);
  reading.deadline = Deadline(measure);
  reading.elapsed = Elapsed(measure, until);
  reading.paused = PausedOver(measure, measure.start, until, pauses);
  reading.remaining = Remaining(measure, until);
  reading.overdue = Overdue(measure, reading.deadline, until);
  reading.breached = IsBreached(reading.deadline, until);
  return reading;
}

std::vector<PauseSpan> MergePauses(std::vector<PauseSpan> pauses) {
  std::sort(pauses.begin(), pauses.end());
  std::vector<PauseSpan> merged;
  for (const PauseSpan& pause : pauses) {
    if (pause.from >= pause.to) continue;
    if (!merged.empty() && pause.from <= merged.back().to) {
      merged.back().to = std::max(merged.back().to, pause.to);
    } else {
      merged.push_back(pause);
    }
  }
  return merged;
}

}  // namespace escalon
