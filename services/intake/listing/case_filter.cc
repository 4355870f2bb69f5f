#include "services/intake/listing/case_filter.h"

#include <algorithm>

namespace escalon::intake {
namespace {

template <typename T>
bool AnyOf(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool Is(const std::string& wanted, const std::string& value) { return wanted.empty() || wanted == value; }

bool Names(const std::vector<std::string>& people, const std::string& person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

}  // namespace

bool Matches(const CaseFilter& filter, const Case& c) {
  const Facts& facts = *c.facts;
  const bool ended = IsEnded(c.state);
  if (ended && (filter.open || !filter.team.empty() || !filter.person.empty())) return false;
  if (!AnyOf(filter.states, c.state) || !AnyOf(filter.priorities, c.priority)) return false;
  if (!Is(filter.team, c.owner.team) || !Is(filter.person, c.owner.person) || !Is(filter.level, c.functional.level))
    return false;
  if (!Is(filter.service, facts.service) || !Is(filter.requester, facts.requester.subject)) return false;
  if (!Is(filter.source, facts.source) || !Is(filter.external_ref, facts.external_ref)) return false;
  if (!filter.pageable.empty() && !Names(c.functional.people, filter.pageable) &&
      !Names(c.hierarchical.people, filter.pageable))
    return false;
  return !filter.breached || !c.breaches.empty();
}

InstantMs NextPromiseOf(const Case& c) {
  InstantMs soonest = 0;
  for (const ClockRun& clock : c.clocks) {
    const bool promise = clock.name == "acknowledgement" || clock.name == "response" || clock.name == "resolution";
    if (promise && !clock.paused() && (soonest == 0 || clock.due_at < soonest)) soonest = clock.due_at;
  }
  return soonest;
}

}  // namespace escalon::intake
