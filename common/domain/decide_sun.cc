#include <algorithm>
#include <utility>

#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/rights.h"
#include "common/domain/sun_region.h"

namespace escalon::decide {
namespace {

/// Of the alarm at which the owner is asked; the alarm of the move bears the region's name.
constexpr const char* kAskTag = "ask";

bool Moves(const Draft& d, Saw* saw) {
  const FollowTheSun& sun = d.policy().sun;
  return Holds(sun.scope, d.c(), saw) && !(sun.except && Holds(*sun.except, d.c(), saw));
}

/// The region's own day's end; out of its hours the next day of another, if that comes before its own.
InstantMs NextTry(const Draft& d, const SunRegion& owner) {
  if (IsDay(d, owner, d.t())) return DayEnd(d, owner, d.t());
  const InstantMs opening = DayStart(d, owner, d.t());
  InstantMs first = kNever;
  for (const SunRegion& region : d.policy().sun.order) {
    if (region.id == owner.id) continue;
    // One that is open has been asked: its people may be other ones after its next opening.
    const InstantMs from = IsDay(d, region, d.t()) ? DayEnd(d, region, d.t()) : d.t();
    first = std::min(first, DayStart(d, region, from));
  }
  return opening == kNever || first < opening ? first : DayEnd(d, owner, opening);
}

std::string OwnerText(const Owner& owner) { return owner.person.empty() ? owner.team : owner.person; }

void Stay(Draft& d, const std::string& why, Saw saw = {}) {
  const std::string text = "stays with " + OwnerText(d.c().owner) + ": " + why;
  d.Trace("follow_the_sun", text, std::move(saw));
  StopClock(d, kSunClock, text);
}

std::string WhyItWaits(const Case& c) {
  if (c.state == CaseState::kPending) return "it waits for " + c.pending.reason;
  if (c.snoozed_until != 0) return "it is snoozed until " + FormatInstant(c.snoozed_until);
  return {};
}

/// Why it cannot be taken up by anybody now; empty: it can.
std::string Obstacle(const Draft& d, const SunRegion& owner) {
  std::string why = WhyItWaits(d.c());
  if (why.empty() && IsDay(d, owner, d.t())) why = "the day of " + owner.id + " goes on";
  return why;
}

/// Each case has its own place in the time over which a region's cases move, the same whenever it is asked.
DurationMs PlaceInSpread(const Draft& d) {
  const DurationMs spread = d.policy().sun.spread;
  if (spread <= 0) return 0;
  return static_cast<DurationMs>(CommandHash(d.c().id.AsBytes()) % static_cast<uint64_t>(spread));
}

/// `ends`: when the day ends, or another one begins. It moves at `moves`.
void Arm(Draft& d, const SunRegion& region, InstantMs ends, InstantMs moves, InstantMs ask_at, std::string why) {
  ClockRun run;
  run.name = kSunClock;
  run.generation = NextGeneration(d.c(), kSunClock);
  run.started_at = d.t();
  run.target = Target{std::max<DurationMs>(0, ends - d.t())};
  run.due_at = ends;
  if (ask_at > d.t()) run.alarms.push_back({ask_at, AlarmKind::kTrigger, {}, kAskTag});
  run.alarms.push_back({moves, AlarmKind::kDeadline, {}, region.id});
  d.Emit(ClockArmed{std::move(run), std::move(why)});
}

/// Whether the clock runs to the end of its day, about which the owner is asked, and not to the day of another.
bool IsAtDayEnd(const Draft& d, const SunRegion& region, InstantMs ends) { return IsDay(d, region, ends - 1); }

bool HasKept(const Draft& d, const ClockRun& run) {
  const auto& milestones = d.c().milestones;
  return std::any_of(milestones.begin(), milestones.end(), [&](const Milestone& milestone) {
    return milestone.name == Policy::kKeepWord && milestone.at >= run.due_at - d.policy().sun.ask_before;
  });
}

void Ask(Draft& d, const ClockRun& run) {
  const Case& c = d.c();
  const char* const rule = "follow_the_sun.ask_before";
  if (const std::string why = WhyItWaits(c); !why.empty()) return d.Trace(rule, "unasked: " + why);
  if (c.owner.person.empty()) return d.Trace(rule, "unasked: nobody has taken it yet");
  Saw saw{{"day_ends", FormatInstant(run.due_at)}};
  const DurationMs limit = d.policy().sun.keep_limit;
  if (limit > 0) saw.emplace_back("keeps_until_at_most", FormatInstant(run.due_at + limit));
  d.Trace(rule, c.owner.person + " is asked to hand over or to keep it", std::move(saw));
  Tell(d, IntentPurpose::kInform, Audience::kOwner, {c.owner.person}, "", "shift_ends");
}

/// Whoever takes the case so late that the question was asked already is asked at once.
void AskTheLate(Draft& d, const SunRegion& region) {
  const Owner& owner = d.c().owner;
  const ClockRun* run = d.c().clock(kSunClock);
  const DurationMs before = d.policy().sun.ask_before;
  if (before <= 0 || run == nullptr || run->alarms.size() != 1 || owner.person.empty() || owner.since != d.t()) return;
  if (d.t() < run->due_at - before || d.t() >= run->due_at || HasKept(d, *run)) return;
  if (IsAtDayEnd(d, region, run->due_at)) Ask(d, *run);
}

/// Why none of the region's teams takes it; empty: it was handed over.
std::string HandOn(Draft& d, const SunRegion& from, const SunRegion& to, std::vector<std::string> teams,
                   const Saw& saw) {
  const auto index = static_cast<size_t>(&to - d.policy().sun.order.data());
  std::string reasons = teams.empty() ? "the roster has no team of it" : "";
  for (const std::string& team : teams) {
    StepTarget target;
    target.team = team;
    const Reached who =
        WhoIsThere(d, target, {AssignMode::kPull, 1}, "follow_the_sun.order[" + std::to_string(index) + "]");
    if (who.empty()) {
      reasons += (reasons.empty() ? "" : ", ") + who.why;
      continue;
    }
    const std::string text = "follow the sun: the day of " + from.id + " has ended, " + to.id + " takes over";
    d.Trace("follow_the_sun", "moves to " + team, saw);
    StopClock(d, kSunClock, text);
    HandToTeam(d, who, text);
    return {};
  }
  return reasons;
}

}  // namespace

void KeepWithSun(Draft& d) {
  if (d.policy().sun.order.empty()) return;
  const Case& c = d.c();
  const SunRegion* region = IsOpen(c.state) && c.state != CaseState::kNew ? RegionOf(d, c.owner) : nullptr;
  if (region == nullptr || !Moves(d, nullptr)) return StopClock(d, kSunClock, "it does not move with the sun");
  const ClockRun* run = c.clock(kSunClock);
  if (run == nullptr || run->alarms.empty() || run->alarms.back().trigger != region->id) {
    const InstantMs ends = NextTry(d, *region);
    if (ends == kNever) return StopClock(d, kSunClock, "no day of a region ends any more");
    const DurationMs before = d.policy().sun.ask_before;
    const InstantMs ask_at = before > 0 && IsAtDayEnd(d, *region, ends) ? ends - before : 0;
    Arm(d, *region, ends, ends + PlaceInSpread(d), ask_at, "the sun leaves " + region->id);
  }
  AskTheLate(d, *region);
}

void SunAlarm(Draft& d, const Alarm& alarm) {
  const ClockRun* run = d.c().clock(kSunClock);
  if (alarm.kind != AlarmKind::kTrigger || run == nullptr) return DayEnds(d);
  if (RegionOf(d, d.c().owner) != nullptr && Moves(d, nullptr)) Ask(d, *run);
}

Status MayKeep(const Draft& d) {
  const ClockRun* run = d.c().clock(kSunClock);
  const SunRegion* region = RegionOf(d, d.c().owner);
  if (run == nullptr || region == nullptr || !IsAtDayEnd(d, *region, run->due_at)) {
    return WrongState("the case is not about to move with the sun, so there is nothing to keep it from");
  }
  if (d.actor().subject != d.c().owner.person && !IsManager(d.actor())) {
    return Denied("only the owner or a manager may keep a case past the end of the shift");
  }
  if (HasKept(d, *run)) {
    return WrongState("it is kept already until " + FormatInstant(run->next_alarm_at()) + "; then it moves");
  }
  const InstantMs from = run->due_at - d.policy().sun.ask_before;
  if (d.t() < from) return WrongState("the owner is asked at " + FormatInstant(from) + "; keep it from then on");
  return {};
}

void KeepPastShift(Draft& d) {
  const ClockRun run = *d.c().clock(kSunClock);
  const InstantMs until = run.due_at + d.policy().sun.keep_limit;
  const std::string text = OwnerText(d.c().owner) + " keeps it until " + FormatInstant(until) + " at most";
  d.Trace("follow_the_sun.keep_limit", text, {{"day_ends", FormatInstant(run.due_at)}});
  Arm(d, *RegionOf(d, d.c().owner), run.due_at, until, 0, text);
}

void DayEnds(Draft& d) {
  const SunRegion* owner = RegionOf(d, d.c().owner);
  Saw saw;
  if (owner == nullptr || !Moves(d, &saw)) return StopClock(d, kSunClock, "it does not move with the sun");
  if (const std::string why = Obstacle(d, *owner); !why.empty()) return Stay(d, why, std::move(saw));
  const auto& order = d.policy().sun.order;
  const auto at = static_cast<size_t>(owner - order.data());
  std::string reasons;
  for (size_t i = 1; i < order.size(); ++i) {
    const SunRegion& next = order[(at + i) % order.size()];
    std::string why = "out of hours";
    if (IsDay(d, next, d.t())) {
      std::vector<std::string> teams = TeamsOf(d, next);
      if (const OpenHandover* open = OpenOffer(d.c()); open != nullptr) {
        const bool to_them =
            open->offer.to_level.empty() && std::find(teams.begin(), teams.end(), open->offer.to_team) != teams.end();
        if (!to_them) return Stay(d, "handover " + open->offer.id + " waits for its answer", std::move(saw));
        teams = {open->offer.to_team};
      }
      why = HandOn(d, *owner, next, std::move(teams), saw);
      if (why.empty()) return;
    }
    reasons += (reasons.empty() ? "" : "; ") + next.id + ": " + why;
  }
  Stay(d, "nobody is there to take it (" + reasons + ")", std::move(saw));
}

}  // namespace escalon::decide
