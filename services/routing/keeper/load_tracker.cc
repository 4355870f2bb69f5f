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

void LoadTracker::Add(int shard, const std::string& person, double weight) {
  Work& work = people_[person];
  work.weight = std::max(0.0, work.weight + weight);
  shares_[shard][person] += weight;
}

void LoadTracker::Changed(int shard, const Case* before, const Case* after) {
  const double was = WeightOf(before), is = WeightOf(after);
  const bool same_person = before != nullptr && before->owner.person == after->owner.person;
  if (same_person && was == is) return;
  if (was > 0) Add(shard, before->owner.person, -was);
  if (is > 0) {
    Add(shard, after->owner.person, is);
    Work& work = people_[after->owner.person];
    if (!same_person) work.last_taken = std::max(work.last_taken, after->owner.since);
  }
}

void LoadTracker::Forget(int shard) {
  const auto found = shares_.find(shard);
  if (found == shares_.end()) return;
  for (const auto& [person, weight] : found->second) {
    Work& work = people_[person];
    work.weight = std::max(0.0, work.weight - weight);
  }
  shares_.erase(found);
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
