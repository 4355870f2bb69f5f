#include <algorithm>
#include <utility>

#include "common/domain/clock_ops.h"
#include "common/domain/decide_parts.h"

namespace escalon::decide {
namespace {

const SunRegion* RegionOf(const Draft& d, const std::string& team) {
  const auto& order = d.policy().sun.order;
  const auto it =
      std::find_if(order.begin(), order.end(), [&](const SunRegion& region) { return region.team == team; });
  return team.empty() || it == order.end() ? nullptr : &*it;
}

bool Moves(const Draft& d, Saw* saw) {
  const FollowTheSun& sun = d.policy().sun;
  return Holds(sun.scope, d.c(), saw) && !(sun.except && Holds(*sun.except, d.c(), saw));
}

/// The region's own closing; out of its hours the next opening of another, if that comes before its own.
InstantMs NextTry(const Draft& d, const SunRegion& owner) {
  const Calendar* own = d.policy().calendar(owner.calendar);
  if (own == nullptr) return kNever;
  if (own->IsOpen(d.t())) return own->NextClosing(d.t());
  const InstantMs opening = own->NextOpening(d.t());
  InstantMs first = kNever;
  for (const SunRegion& region : d.policy().sun.order) {
    const Calendar* calendar = d.policy().calendar(region.calendar);
    if (calendar == nullptr || region.id == owner.id) continue;
    // One that is open has been asked: its people may be other ones after its next opening.
    InstantMs from = d.t();
    if (calendar->IsOpen(from)) from = calendar->NextClosing(from);
    if (from != kNever) first = std::min(first, calendar->NextOpening(from));
  }
  return opening == kNever || first < opening ? first : own->NextClosing(opening);
}

std::string OwnerText(const Owner& owner) { return owner.person.empty() ? owner.team : owner.person; }

void Stay(Draft& d, const std::string& why, Saw saw = {}) {
  const std::string text = "stays with " + OwnerText(d.c().owner) + ": " + why;
  d.Trace("follow_the_sun", text, std::move(saw));
  StopClock(d, kSunClock, text);
}

/// Why it cannot be taken up by anybody now; empty: it can.
std::string Obstacle(const Draft& d, const SunRegion& owner) {
  const Case& c = d.c();
  if (c.state == CaseState::kPending) return "it waits for " + c.pending.reason;
  if (c.snoozed_until != 0) return "it is snoozed until " + FormatInstant(c.snoozed_until);
  const Calendar* own = d.policy().calendar(owner.calendar);
  if (own != nullptr && own->IsOpen(d.t())) return "the day of " + owner.id + " goes on";
  return {};
}

bool Hinders(const OpenHandover* open, const std::string& team) {
  return open != nullptr && (open->offer.to_team != team || !open->offer.to_level.empty());
}

}  // namespace

void KeepWithSun(Draft& d) {
  if (d.policy().sun.order.empty()) return;
  const Case& c = d.c();
  const SunRegion* region = IsOpen(c.state) && c.state != CaseState::kNew ? RegionOf(d, c.owner.team) : nullptr;
  if (region == nullptr || !Moves(d, nullptr)) return StopClock(d, kSunClock, "it does not move with the sun");
  const ClockRun* run = c.clock(kSunClock);
  if (run != nullptr && !run->alarms.empty() && run->alarms.front().trigger == region->id) return;
  const InstantMs next = NextTry(d, *region);
  if (next == kNever) return StopClock(d, kSunClock, "no day of a region ends any more");
  ArmUntil(d, kSunClock, next, "the sun leaves " + region->id, region->id);
}

void DayEnds(Draft& d) {
  const SunRegion* owner = RegionOf(d, d.c().owner.team);
  Saw saw;
  if (owner == nullptr || !Moves(d, &saw)) return StopClock(d, kSunClock, "it does not move with the sun");
  if (const std::string why = Obstacle(d, *owner); !why.empty()) return Stay(d, why, std::move(saw));
  const auto& order = d.policy().sun.order;
  const auto at = static_cast<size_t>(owner - order.data());
  std::string reasons;
  for (size_t i = 1; i < order.size(); ++i) {
    const size_t index = (at + i) % order.size();
    const SunRegion& next = order[index];
    const Calendar* calendar = d.policy().calendar(next.calendar);
    std::string why;
    if (calendar == nullptr || !calendar->IsOpen(d.t())) {
      why = "out of hours";
    } else if (const OpenHandover* open = OpenOffer(d.c()); Hinders(open, next.team)) {
      return Stay(d, "handover " + open->offer.id + " waits for its answer", std::move(saw));
    } else {
      StepTarget to;
      to.team = next.team;
      const Reached who =
          WhoIsThere(d, to, {AssignMode::kPull, 1}, "follow_the_sun.order[" + std::to_string(index) + "]");
      if (!who.empty()) {
        const std::string text = "follow the sun: the day of " + owner->id + " has ended, " + next.id + " takes over";
        d.Trace("follow_the_sun", "moves to " + next.team, std::move(saw));
        StopClock(d, kSunClock, text);
        return HandToTeam(d, who, text);
      }
      why = who.why;
    }
    reasons += (reasons.empty() ? "" : "; ") + next.id + ": " + why;
  }
  Stay(d, "nobody is there to take it (" + reasons + ")", std::move(saw));
}

}  // namespace escalon::decide
