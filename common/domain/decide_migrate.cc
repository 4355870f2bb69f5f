#include <utility>
#include <vector>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"

namespace escalon::decide {
namespace {

Status CheckLevel(const Draft& d, const Policy& next, Track track) {
  const std::string& level = d.c().on(track).level;
  if (level.empty() || next.level_index(level) >= 0) return {};
  return WrongState("the case stands on level " + level + ", which " + d.c().policy +
                    " has and the other version has not; move it to another level first");
}

/// As for applying a policy.
Status MayMigrate(const Draft& d) {
  if (HasRole(d.actor(), "operator") || IsManager(d.actor())) return {};
  return Denied("moving a case to another version of its policy is for operators and managers, as applying one is");
}

/// What cannot go on under the new rules by itself.
Status CanGoOn(const Draft& d, const Policy& next) {
  for (const Track track : {Track::kFunctional, Track::kHierarchical}) {
    if (Status s = CheckLevel(d, next, track); !s) return s;
  }
  if (!d.c().majors.empty() && !next.major)
    return WrongState("the case is a major escalation, and the other version has no `major_escalation`");
  return {};
}

/// The same path where there is one of that name, else the one that fits the case.
const Path* PathIn(Draft& d, const Policy& next) {
  if (const Path* same = next.path(d.c().path)) return same;
  std::vector<TraceLine> why;
  const Path* path = ChoosePath(next, d.c(), &why);
  d.Trace(std::move(why));
  return path;
}

/// A step is found again by its level; the catch-all and what is outside the steps stay so.
int StepIn(const Draft& d, const Path* path, Track track) {
  const TrackState& state = d.c().on(track);
  if (state.step < 0) return state.step;
  if (path == nullptr) return kOutsideSteps;
  const PathTrack& steps = track == Track::kFunctional ? path->functional : path->hierarchical;
  const auto index = static_cast<size_t>(state.step);
  if (index < steps.steps.size() && steps.steps[index].level == state.level) return state.step;
  const int found = StepOfLevel(&steps, state.level);
  return found >= 0 ? found : kOutsideSteps;
}

}  // namespace

Decision On(Draft& d, const Migrate& command) {
  if (Status s = MayMigrate(d); !s) return s.error();
  if (command.policy.empty()) return InvalidField("policy", "name the version to go on under, such as desk@7");
  if (command.policy == d.c().policy) return OutcomeKind::kUnchanged;
  const Policy* next = d.next_policy();
  if (next == nullptr) {
    return InvalidField("policy",
                        "no version '" + command.policy + "' is known here; `escalonctl policy history` lists them");
  }
  if (Status s = CanGoOn(d, *next); !s) return s.error();
  const std::string before = d.c().policy;
  const Policy& rules_before = d.policy();
  const Path* path = PathIn(d, *next);
  d.Emit(PolicyMigrated{before, command.policy, path != nullptr ? path->id : std::string(),
                        StepIn(d, path, Track::kFunctional), StepIn(d, path, Track::kHierarchical), d.person()});
  d.GoOnUnder(*next);
  if (d.c().state == CaseState::kNew) return OutcomeKind::kDone;  // its promises begin with triage
  MigratePromises(d, rules_before, "the rules are now " + command.policy);
  if (d.c().clock(kCadenceClock) == nullptr) RestartCadence(d, "the rules are now " + command.policy);
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
