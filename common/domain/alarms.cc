#include "common/domain/alarms.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

std::vector<Alarm> DueAlarms(const ClockRun& run, InstantMs t) {
  const InstantMs until = run.paused() ? run.paused_since : t;  // what was due before the pause stays due
  std::vector<Alarm> due;
  for (const Alarm& alarm : run.alarms) {
    if (alarm.at <= until) due.push_back(alarm);
  }
  return due;
}

std::string LateText(DurationMs late) { return FormatDuration(std::max<DurationMs>(0, late)); }

void Break(Draft& d, const ClockRun& run, const Alarm& alarm, Raise raise, const std::string& why) {
  const bool known_now = raise == Raise::kByChange || raise == Raise::kImport;
  const DurationMs late = known_now ? 0 : d.t() - alarm.at;
  d.Trace("clocks." + run.name, "broken", {{"due_at", FormatInstant(run.due_at)}, {"seen_at", FormatInstant(d.t())}});
  d.Emit(ClockFired{run.name, run.generation, alarm, late, false});
  Money penalty = run.breached_at == 0 ? PenaltyOf(d, run.name) : Money{};
  d.Emit(Breached{run.name, run.generation, run.due_at, late, known_now ? why : "not met in time", std::move(penalty)});
}

/// A duty that outlasts the work on the case climbs no path any more.
void TellOfDuty(Draft& d, const std::string& message) {
  TellOwner(d, message);
  TellManager(d, message);
}

}  // namespace

void RaiseDue(Draft& d, std::string_view clock, Raise raise, const std::string& why) {
  const ClockRun* found = d.c().clock(clock);
  if (found == nullptr) return;
  const std::vector<Alarm> due = DueAlarms(*found, d.t());
  if (due.empty()) return;
  const ClockRun run = *found;  // events move the clocks about
  const auto is = [](AlarmKind kind) { return [kind](const Alarm& alarm) { return alarm.kind == kind; }; };
  const bool broken = std::any_of(due.begin(), due.end(), is(AlarmKind::kBreach));
  const auto gravest = std::find_if(due.rbegin(), due.rend(), is(AlarmKind::kWarning));
  const bool only_recorded = raise == Raise::kSettle || raise == Raise::kImport;
  for (const Alarm& alarm : due) {
    const DurationMs late = raise == Raise::kImport ? 0 : d.t() - alarm.at;
    switch (alarm.kind) {
      case AlarmKind::kWarning: {
        const bool superseded = broken || only_recorded || alarm != *gravest;
        d.Trace("clocks." + run.name + ".warn[" + SpokenPlace(alarm.place) + "]", superseded ? "overtaken" : "warned",
                {{"late_by", LateText(late)}});
        d.Emit(ClockFired{run.name, run.generation, alarm, late, superseded});
        break;
      }
      case AlarmKind::kTrigger:
        d.Emit(ClockFired{run.name, run.generation, alarm, late, only_recorded});
        break;
      case AlarmKind::kBreach:
        Break(d, run, alarm, raise, why);
        break;
      case AlarmKind::kDeadline:
        d.Emit(ClockFired{run.name, run.generation, alarm, late, false});
        break;
    }
  }
  if (only_recorded) return;
  if (!IsOpen(d.c().state)) {
    if (broken || gravest != due.rend()) TellOfDuty(d, broken ? "duty_overdue" : "duty_due_soon");
    return;
  }
  for (const Alarm& alarm : due) {
    if (alarm.kind == AlarmKind::kTrigger) FireTrigger(d, alarm.trigger);
  }
  if (!broken) return;
  FireBreachTriggers(d, run.name);
  if (run.name == kLevelResponse) ClimbUnanswered(d, run.name);
}

}  // namespace escalon::decide
