#include "common/simulation/work_ledger.h"

namespace escalon::simulation {

double WorkLedger::WorkOf(std::string_view person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? 0 : found->second.cases;
}

InstantMs WorkLedger::IdleSince(std::string_view person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? 0 : found->second.taken_at;
}

void WorkLedger::Move(const std::string& from, const std::string& to, InstantMs at) {
  if (from == to) return;
  if (!from.empty()) --people_[from].cases;
  if (to.empty()) return;
  Work& work = people_[to];
  ++work.cases;
  work.taken_at = at;
}

}  // namespace escalon::simulation
