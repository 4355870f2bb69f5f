#include <algorithm>
#include <utility>

#include "common/domain/evolve_parts.h"

namespace escalon::evolve {
namespace {

auto PlaceOf(Case& c, std::string_view name) {
  return std::lower_bound(c.clocks.begin(), c.clocks.end(), name,
                          [](const ClockRun& run, std::string_view wanted) { return run.name < wanted; });
}

/// The run of that name and generation; an older generation is none.
ClockRun* Find(Case& c, const std::string& name, uint32_t generation) {
  const auto it = PlaceOf(c, name);
  return it != c.clocks.end() && it->name == name && it->generation == generation ? &*it : nullptr;
}

void RecordGeneration(Case& c, const std::string& name, uint32_t generation) {
  const auto it = std::find_if(c.generations.begin(), c.generations.end(),
                               [&name](const auto& entry) { return entry.first == name; });
  if (it == c.generations.end()) {
    c.generations.emplace_back(name, generation);
  } else {
    it->second = std::max(it->second, generation);
  }
}

}  // namespace

void On(Case& c, const ClockArmed& e, InstantMs) {
  RecordGeneration(c, e.clock.name, e.clock.generation);
  const auto it = PlaceOf(c, e.clock.name);
  if (it == c.clocks.end() || it->name != e.clock.name) {
    c.clocks.insert(it, e.clock);
    return;
  }
  const InstantMs first_breach = it->breached_at;
  *it = e.clock;
  if (first_breach != 0) it->breached_at = first_breach;
}

void On(Case& c, const ClockStopped& e, InstantMs) {
  const auto it = PlaceOf(c, e.name);
  if (it != c.clocks.end() && it->name == e.name && it->generation == e.generation) c.clocks.erase(it);
}

void On(Case& c, const ClockPaused& e, InstantMs at) {
  ClockRun* run = Find(c, e.name, e.generation);
  if (run == nullptr || run->paused()) return;
  run->paused_since = at;
  run->due_at = kNever;
  run->pauses.push_back({at, kNever});
}

void On(Case& c, const ClockResumed& e, InstantMs at) {
  ClockRun* run = Find(c, e.name, e.generation);
  if (run == nullptr) return;
  if (run->paused() && !run->pauses.empty()) run->pauses.back().to = at;
  run->paused_since = 0;
  run->due_at = e.due_at;
  run->alarms = e.alarms;
}

void On(Case& c, const ClockFired& e, InstantMs) {
  ClockRun* run = Find(c, e.name, e.generation);
  if (run == nullptr) return;
  const auto it = std::find(run->alarms.begin(), run->alarms.end(), e.alarm);
  if (it != run->alarms.end()) run->alarms.erase(it);
}

void On(Case& c, const Breached& e, InstantMs at) {
  // Late is the decision, not the breach: that lies at the deadline. A change that put the deadline into the past
  // breaches when it is made (DESIGN §7.6).
  const InstantMs seen_at = at - e.late_by_ms;
  const InstantMs breached_at = seen_at <= e.due_at + 1 ? e.due_at : seen_at;
  if (ClockRun* run = Find(c, e.name, e.generation)) {
    if (run->breached_at == 0) run->breached_at = breached_at;
    std::erase_if(run->alarms, [](const Alarm& alarm) { return alarm.kind == AlarmKind::kBreach; });
  }
  const bool known =
      std::any_of(c.breaches.begin(), c.breaches.end(), [&e](const auto& breach) { return breach.first == e.name; });
  if (!known) c.breaches.emplace_back(e.name, breached_at);
}

void On(Case& c, const BreachAnnulled& e, InstantMs) {
  if (ClockRun* run = Find(c, e.name, e.generation)) run->breached_at = 0;
  std::erase_if(c.breaches, [&e](const auto& breach) { return breach.first == e.name; });
}

}  // namespace escalon::evolve
