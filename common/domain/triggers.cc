#include "common/domain/triggers.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/domain/climb.h"
#include "common/domain/hold.h"
#include "common/domain/who.h"

namespace escalon::decide {
namespace {

const StepTarget* TargetOf(const Draft& d, Track track, const Trigger& trigger) {
  const StepTarget& own = trigger.to;
  if (!own.team.empty() || !own.person.empty() || !own.role.empty() || !own.schedule.empty()) return &own;
  const int step = StepOfLevel(d.track(track), trigger.level);
  if (step >= 0) return &d.track(track)->steps[static_cast<size_t>(step)].to;
  const auto it = d.policy().level_people.find(trigger.level);
  return it != d.policy().level_people.end() ? &it->second : nullptr;
}

bool OwnedBy(const Draft& d, const StepTarget* target) {
  if (target == nullptr) return false;
  const Owner& owner = d.c().owner;
  if (owner.person.empty()) return !target->team.empty() && owner.team == target->team;
  return Belongs(d.roster(), *target, owner.person, d.t());
}

bool HasReached(const Draft& d, Track track, const std::string& level) {
  const TrackState& state = d.c().on(track);
  return !state.level.empty() && d.policy().level_index(state.level) >= d.policy().level_index(level);
}

/// Whoever is above them only because they were informed does not stand for those below.
bool Knows(const Draft& d, Track track, const std::string& level) {
  const TrackState& state = d.c().on(track);
  const auto was_informed = [&state](const std::string& one) {
    return std::find(state.informed.begin(), state.informed.end(), one) != state.informed.end();
  };
  return was_informed(level) || (HasReached(d, track, level) && !was_informed(state.level));
}

/// What it asks for is so already. `news`: it fires on a clock, so being told once more says something new.
bool IsSo(const Draft& d, Track track, const Trigger& trigger, bool news) {
  if (track == Track::kFunctional) return HasReached(d, track, trigger.level);
  if (trigger.owns) return HasReached(d, track, trigger.level) && OwnedBy(d, TargetOf(d, track, trigger));
  return !news && Knows(d, track, trigger.level);
}

void Run(Draft& d, Track track, const Trigger& trigger, bool news) {
  const std::string rule = "paths." + d.c().path + "." + std::string(Name(track)) + ".triggers." + trigger.id;
  Saw saw;
  if (!Holds(trigger.when, d.c(), &saw)) return;
  if (IsHeld(d.c())) return d.Trace(rule, "rests until " + FormatInstant(d.c().snoozed_until), std::move(saw));
  if (IsSo(d, track, trigger, news)) {
    d.Trace(rule, trigger.level + " has it already", std::move(saw));
    return;
  }
  d.Trace(rule, (trigger.owns || track == Track::kFunctional ? "moves to " : "informs ") + trigger.level,
          std::move(saw));
  Move move{.reason = trigger.reason, .text = trigger.id};
  move.owns = trigger.owns;
  move.counted = trigger.owns || track == Track::kFunctional;  // being informed moves nothing
  const StepTarget* own = TargetOf(d, track, trigger);
  const bool only_informs = track == Track::kHierarchical && !trigger.owns;
  const bool below = HasReached(d, track, trigger.level) && d.c().on(track).level != trigger.level;
  if (only_informs && below && own != nullptr) {
    const Reached who = WhoIsThere(d, *own, Choice{AssignMode::kOffer, 1, {}, true}, rule);
    return InformBeside(d, track, trigger.level, who, move);
  }
  const bool names_its_own = own == &trigger.to;
  if (!names_its_own) return EnterAtLevel(d, track, trigger.level, move);
  const Choice choice{move.counted ? AssignMode::kPush : AssignMode::kOffer, 1, {}, !move.counted};
  const Reached who = WhoIsThere(d, *own, choice, rule);
  if (who.empty()) return EnterAtLevel(d, track, trigger.level, move);
  TellReached(d, track, trigger.level, who, move);
}

void RunAll(Draft& d, Trigger::At at, std::string_view clock, bool news) {
  const Path* path = d.path();
  if (path == nullptr || !IsOpen(d.c().state)) return;
  for (const Track track : {Track::kFunctional, Track::kHierarchical}) {
    std::vector<const Trigger*> due;
    for (const Trigger& trigger : d.track(track)->triggers) {
      if (trigger.at == at && (clock.empty() || trigger.clock == clock)) due.push_back(&trigger);
    }
    // Who is only informed comes first, from the lowest level up: a higher level that is told or takes the case would
    // otherwise stand for those below it.
    const auto informs = [track](const Trigger* one) { return track == Track::kHierarchical && !one->owns; };
    const auto owners = std::stable_partition(due.begin(), due.end(), informs);
    std::stable_sort(due.begin(), owners, [&d](const Trigger* a, const Trigger* b) {
      return d.policy().level_index(a->level) < d.policy().level_index(b->level);
    });
    for (const Trigger* trigger : due) Run(d, track, *trigger, news);
  }
}

}  // namespace

void FireTrigger(Draft& d, std::string_view id) {
  if (d.path() == nullptr || !IsOpen(d.c().state)) return;
  for (const Track track : {Track::kFunctional, Track::kHierarchical}) {
    for (const Trigger& trigger : d.track(track)->triggers) {
      if (trigger.id == id && trigger.at == Trigger::At::kClockShare) Run(d, track, trigger, true);
    }
  }
}

void FireBreachTriggers(Draft& d, std::string_view clock) { RunAll(d, Trigger::At::kClockBreached, clock, true); }

void FireFactTriggers(Draft& d) {
  if (d.c().state != CaseState::kNew) RunAll(d, Trigger::At::kFactsChanged, {}, false);
}

void FireOpeningTriggers(Draft& d) {
  RunAll(d, Trigger::At::kOpened, {}, false);
  FireFactTriggers(d);
}

}  // namespace escalon::decide
