#include "common/domain/evolve_parts.h"

namespace escalon::evolve {
namespace {

/// Pages that are still out are of the step that the case stands on, by its new number.
void MoveStep(Case& c, Track track, TrackState* state, int step) {
  for (OpenIntent& open : c.intents) {
    if (open.intent.track == track && open.intent.step == state->step) open.intent.step = step;
  }
  state->step = step;
}

}  // namespace

void On(Case& c, const PolicyMigrated& e, InstantMs) {
  c.policy = e.to;
  c.path = e.path;
  MoveStep(c, Track::kFunctional, &c.functional, e.functional_step);
  MoveStep(c, Track::kHierarchical, &c.hierarchical, e.hierarchical_step);
}

}  // namespace escalon::evolve
