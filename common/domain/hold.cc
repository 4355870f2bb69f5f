#include "common/domain/hold.h"

#include <utility>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

std::string_view TagOf(const Case& c) {
  if (c.snoozed_until == 0) return {};
  const ClockRun* run = c.clock(kSnoozeClock);
  return run == nullptr || run->alarms.empty() ? std::string_view() : std::string_view(run->alarms.front().trigger);
}

bool RestsSilently(const Draft& d, const Case& c) {
  if (IsHeld(c, kSilentMaintenanceTag)) return true;
  return d.policy().storms.has_value() && d.policy().storms->silent && IsHeld(c, kStormTag);
}

}  // namespace

bool IsHeld(const Case& c) { return !TagOf(c).empty(); }
bool IsHeld(const Case& c, std::string_view tag) { return TagOf(c) == tag; }

bool IsSilent(const Draft& d) {
  if (RestsSilently(d, d.c())) return true;
  const bool ends_by_itself = !d.by_person() && !IsOpen(d.c().state);
  return ends_by_itself && d.before() != nullptr && RestsSilently(d, *d.before());
}

void HoldBack(Draft& d, InstantMs until, std::string why, std::string_view tag) {
  d.Emit(Snoozed{until, why});
  ArmUntil(d, kSnoozeClock, until, std::move(why), std::string(tag));
}

void LetGo(Draft& d, const std::string& rule, const std::string& why) {
  d.Trace(rule, why);
  StopClock(d, kSnoozeClock, why);
  d.Emit(SnoozeEnded{});
  EnterTrack(d, Track::kFunctional);
  EnterTrack(d, Track::kHierarchical);
  FireOpeningTriggers(d);
}

void EnterWhatRested(Draft& d) {
  if (d.c().hierarchical.step == kOutsideSteps && d.c().hierarchical.level.empty()) EnterTrack(d, Track::kHierarchical);
  FireOpeningTriggers(d);
}

}  // namespace escalon::decide
