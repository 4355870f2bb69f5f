#include <algorithm>
#include <utility>

#include "common/domain/hold.h"

namespace escalon::decide {
namespace {

bool IsGrave(const Draft& d) {
  const Case& c = d.c();
  if (c.facts->restricted) return true;
  const auto& floors = d.policy().floors;
  return c.priority == Priority::kP1 &&
         std::any_of(floors.begin(), floors.end(), [&c](const PriorityFloor& floor) { return Holds(floor.when, c); });
}

const MaintenanceWindow* LastToEnd(const Draft& d, Saw* saw) {
  const MaintenanceWindow* last = nullptr;
  for (const MaintenanceWindow& window : d.roster().document().maintenance) {
    const bool active = window.from <= d.t() && d.t() < window.until;
    if (!active || (last != nullptr && window.until <= last->until)) continue;
    Saw read;
    if (!Holds(window.when, d.c(), &read)) continue;
    last = &window;
    *saw = std::move(read);
  }
  return last;
}

std::string RuleOf(const MaintenanceWindow& window) { return "maintenance." + window.id; }

}  // namespace

bool RestForMaintenance(Draft& d) {
  if (d.roster().document().maintenance.empty() || d.c().imported) return false;
  Saw saw;
  const MaintenanceWindow* window = LastToEnd(d, &saw);
  if (window == nullptr) return false;
  if (IsGrave(d)) {
    d.Trace(RuleOf(*window), "does not rest: restricted, or a P1 by a floor", std::move(saw));
    return false;
  }
  d.Trace(RuleOf(*window), "rests until " + FormatInstant(window->until), std::move(saw));
  HoldBack(d, window->until, "maintenance " + window->id + (window->why.empty() ? "" : ": " + window->why),
           window->silent ? kSilentMaintenanceTag : kMaintenanceTag);
  return true;
}

void MaintenanceOver(Draft& d) {
  if (!RestForMaintenance(d)) LetGo(d, "maintenance", "the window that it came in is over: it climbs");
}

bool EndMaintenanceIfGrave(Draft& d) {
  const bool rests = IsHeld(d.c(), kMaintenanceTag) || IsHeld(d.c(), kSilentMaintenanceTag);
  if (!rests || !IsGrave(d)) return false;
  LetGo(d, "maintenance", "does not rest any more: restricted, or a P1 by a floor");
  return true;
}

}  // namespace escalon::decide
