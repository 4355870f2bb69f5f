#include <algorithm>

#include "common/domain/evolve_parts.h"

namespace escalon::evolve {
namespace {

OpenHandover* FindHandover(Case& c, const std::string& id) {
  const auto it = std::find_if(c.handovers.begin(), c.handovers.end(),
                               [&id](const OpenHandover& open) { return open.offer.id == id; });
  return it != c.handovers.end() ? &*it : nullptr;
}

void EraseHandover(Case& c, const std::string& id) {
  std::erase_if(c.handovers, [&id](const OpenHandover& open) { return open.offer.id == id; });
}

}  // namespace

void WithdrawOpenRequests(Case& c) {
  c.handovers.clear();
  c.consultations.clear();
  c.decision_requests.clear();
  std::erase_if(c.approvals, [](const OpenApproval& open) { return !open.request.ratify; });
}

void On(Case& c, const HandoverOffered& e, InstantMs at) {
  EraseHandover(c, e.id);
  c.handovers.push_back({e, HandoverState::kOffered, at});
}

void On(Case& c, const HandoverAccepted& e, InstantMs at) {
  OpenHandover* open = FindHandover(c, e.id);
  if (open == nullptr) return;
  TakeOver(c, open->offer.to_team, e.person, at);
  // What an emergency left out is still owed (DESIGN §6); who accepts otherwise has settled what they asked for.
  if (open->offer.missing.empty() || !open->offer.emergency) {
    EraseHandover(c, e.id);
  } else {
    open->state = HandoverState::kAskedForMore;
  }
}

void On(Case& c, const HandoverDeclined& e, InstantMs) {
  EraseHandover(c, e.id);
  ++c.handovers_declined;
  RememberGaveUp(c, e.person);
}

void On(Case& c, const HandoverAskedForMore& e, InstantMs) {
  OpenHandover* open = FindHandover(c, e.id);
  if (open == nullptr) return;
  open->state = HandoverState::kAskedForMore;
  for (const std::string& field : e.fields) {
    auto& missing = open->offer.missing;
    if (std::find(missing.begin(), missing.end(), field) == missing.end()) missing.push_back(field);
  }
}

void On(Case& c, const HandoverSupplied& e, InstantMs) {
  OpenHandover* open = FindHandover(c, e.id);
  if (open == nullptr) return;
  for (const auto& [field, value] : e.package.fields) {
    open->offer.package.fields[field] = value;
    std::erase(open->offer.missing, field);
  }
  const bool was_owed = open->offer.emergency && open->state == HandoverState::kAskedForMore;
  if (!was_owed) {
    open->state = HandoverState::kOffered;
  } else if (open->offer.missing.empty()) {
    EraseHandover(c, e.id);
  }
}

void On(Case& c, const HandoverExpired& e, InstantMs) { EraseHandover(c, e.id); }

void On(Case& c, const ApprovalRequested& e, InstantMs at) { c.approvals.push_back({e.request, at}); }

void On(Case& c, const ApprovalDecided& e, InstantMs) {
  std::erase_if(c.approvals, [&e](const OpenApproval& open) { return open.request.id == e.id; });
}

void On(Case& c, const ConsultationAsked& e, InstantMs at) { c.consultations.push_back({e, at}); }

void On(Case& c, const ConsultationAnswered& e, InstantMs) {
  std::erase_if(c.consultations, [&e](const OpenConsultation& open) { return open.asked.id == e.id; });
}

}  // namespace escalon::evolve
