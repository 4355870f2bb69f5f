#include <algorithm>

#include "common/domain/evolve_parts.h"

namespace escalon::evolve {
namespace {

void EraseRequest(Case& c, const std::string& id) {
  std::erase_if(c.decision_requests, [&id](const OpenDecision& open) { return open.request.id == id; });
}

}  // namespace

void On(Case& c, const DecisionTaken& e, InstantMs at) {
  EraseRequest(c, e.id);
  c.decisions.push_back({e.id, e.decision, e.amount, e.person, e.level, at});
}

void On(Case& c, const DecisionRequested& e, InstantMs at) {
  const auto open = std::find_if(c.decision_requests.begin(), c.decision_requests.end(),
                                 [&e](const OpenDecision& one) { return one.request.id == e.request.id; });
  if (open != c.decision_requests.end()) {
    open->request = e.request;
  } else {
    c.decision_requests.push_back({e.request, at});
  }
}

void On(Case& c, const DecisionRefused& e, InstantMs) { EraseRequest(c, e.id); }

void On(Case& c, const MilestoneReached& e, InstantMs at) {
  const auto known = std::find_if(c.milestones.begin(), c.milestones.end(),
                                  [&e](const Milestone& milestone) { return milestone.name == e.name; });
  if (known != c.milestones.end()) {
    known->at = at;
  } else {
    c.milestones.push_back({e.name, at});
  }
}

}  // namespace escalon::evolve
