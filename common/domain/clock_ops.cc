#include "common/domain/clock_ops.h"

#include <algorithm>
#include <utility>

namespace escalon::decide {
namespace {

/// The breach lies strictly after the deadline (DESIGN §7.7).
constexpr DurationMs kAfterDeadline = 1;

InstantMs PlaceOf(const Measure& measure, const Alarm& alarm, InstantMs due_at) {
  switch (alarm.kind) {
    case AlarmKind::kDeadline:
      return due_at;
    case AlarmKind::kBreach:
      return due_at == kNever ? kNever : due_at + kAfterDeadline;
    case AlarmKind::kWarning:
    case AlarmKind::kTrigger:
      return WarningAt(measure, alarm.place, due_at);
  }
  return kNever;
}

void SortByInstant(std::vector<Alarm>* alarms) { std::sort(alarms->begin(), alarms->end()); }

}  // namespace

std::string_view StepClock(Track track) {
  return track == Track::kFunctional ? "step.functional" : "step.hierarchical";
}

uint32_t NextGeneration(const Case& c, std::string_view name) {
  const auto it = std::find_if(c.generations.begin(), c.generations.end(),
                               [name](const auto& entry) { return entry.first == name; });
  return it != c.generations.end() ? it->second + 1 : 1;
}

RunMeasure::RunMeasure(const Policy& policy, const ClockRun& run)
    : measure_{policy.calendar(run.calendar), run.started_at, run.target, run.pauses} {
  legs_.reserve(run.legs.size());
  for (const ClockLeg& leg : run.legs) legs_.push_back({policy.calendar(leg.calendar), leg.until});
  measure_.legs = legs_;
}

std::vector<Alarm> Placed(const Draft& d, const ClockRun& run, std::vector<Alarm> alarms) {
  const RunMeasure measure(d.policy(), run);
  for (Alarm& alarm : alarms) alarm.at = PlaceOf(*measure, alarm, run.due_at);
  if (!run.paused()) std::erase_if(alarms, [](const Alarm& alarm) { return alarm.at == kNever; });
  SortByInstant(&alarms);
  return alarms;
}

bool ArmWait(Draft& d, std::string_view name, const std::string& calendar, InstantMs start, const Target& target,
             std::string why, std::string tag) {
  const InstantMs due_at = AddTarget(d.policy().calendar(calendar), start, target);
  if (due_at == kNever) return false;
  ClockRun run;
  run.name = name;
  run.generation = NextGeneration(d.c(), name);
  run.calendar = calendar;
  run.started_at = start;
  run.target = target;
  run.due_at = due_at;
  run.alarms.push_back({due_at, AlarmKind::kDeadline, {}, std::move(tag)});
  d.Emit(ClockArmed{std::move(run), std::move(why)});
  return true;
}

void ArmUntil(Draft& d, std::string_view name, InstantMs due_at, std::string why, std::string tag) {
  const DurationMs span = std::max<DurationMs>(0, due_at - d.t());
  (void)ArmWait(d, name, "", d.t(), Target{span}, std::move(why), std::move(tag));
}

void StopClock(Draft& d, std::string_view name, std::string why, bool met) {
  const ClockRun* run = d.c().clock(name);
  if (run != nullptr) d.Emit(ClockStopped{run->name, run->generation, met, std::move(why)});
}

void PauseClock(Draft& d, std::string_view name) {
  const ClockRun* run = d.c().clock(name);
  if (run != nullptr && !run->paused()) d.Emit(ClockPaused{run->name, run->generation});
}

void ResumeClock(Draft& d, std::string_view name) {
  const ClockRun* run = d.c().clock(name);
  if (run == nullptr || !run->paused()) return;
  ClockRun resumed = *run;
  if (!resumed.pauses.empty()) resumed.pauses.back().to = d.t();
  resumed.paused_since = 0;
  resumed.due_at = Deadline(*RunMeasure(d.policy(), resumed));
  std::vector<Alarm> alarms = Placed(d, resumed, std::move(resumed.alarms));
  d.Emit(ClockResumed{resumed.name, resumed.generation, resumed.due_at, std::move(alarms)});
}

}  // namespace escalon::decide
