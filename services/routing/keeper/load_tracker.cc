#include "services/routing/keeper/load_tracker.h"

#include <algorithm>

namespace escalon::routing {
namespace {

double WeightOf(const Case* c) {
  if (c == nullptr || c->owner.person.empty() || !IsOpen(c->state)) return 0;
  const double full = c->priority == Priority::kUnset ? 2 : 5 - static_cast<int>(c->priority);
  return c->state == CaseState::kPending ? full / 2 : full;
}

}  // namespace

void LoadTracker::Changed(const Case* before, const Case* after) {
  const double was = WeightOf(before), is = WeightOf(after);
  const bool same_person = before != nullptr && after != nullptr && before->owner.person == after->owner.person;
  if (same_person && was == is) return;
  if (was > 0) {
    Work& work = people_[before->owner.person];
    work.weight = std::max(0.0, work.weight - was);
  }
  if (is > 0) {
    Work& work = people_[after->owner.person];
    work.weight += is;
    if (!same_person) work.last_taken = std::max(work.last_taken, after->owner.since);
  }
}

double LoadTracker::WorkOf(std::string_view person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? 0 : found->second.weight;
}

InstantMs LoadTracker::IdleSince(std::string_view person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? 0 : found->second.last_taken;
}

}  // namespace escalon::routing
