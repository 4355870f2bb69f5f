#include <algorithm>

#include "common/domain/evolve_parts.h"

namespace escalon::evolve {
namespace {

/// What an imported case brings along; owner, level and clocks have events of their own.
void Recall(Case& c, const Standing& standing) {
  if (standing.opened_at != 0) c.reported_at = standing.opened_at;
  c.acknowledged_at = standing.acknowledged_at;
  c.first_response_at = standing.responded_at;
  c.escalations = standing.escalations;
  c.reassignments = standing.reassignments;
  c.reopens = standing.reopens;
  for (const StandingPause& pause : standing.pauses) {
    c.pauses.push_back({pause.from, pause.to});
    c.pause_reasons.push_back(pause.reason);
  }
}

}  // namespace

void On(Case& c, const Opened& e, InstantMs at) {
  c.facts = std::make_shared<const Facts>(e.facts);
  c.facts_version = c.version;
  c.dedup_key = e.dedup_key;
  c.idempotency_key = e.idempotency_key;
  c.policy = e.policy;
  c.path = e.path;
  c.imported = e.imported;
  c.category = e.facts.category;
  c.skills = e.facts.skills;
  c.state = CaseState::kNew;
  c.opened_at = at;
  c.reported_at = e.facts.occurred_at != 0 ? std::min(e.facts.occurred_at, at) : at;
  for (const Standing& standing : e.standing) Recall(c, standing);
}

void On(Case& c, const Attached& e, InstantMs) { c.reports += e.reports; }

void On(Case& c, const Triaged& e, InstantMs) {
  if (!c.priority_manual && e.priority != Priority::kUnset) c.priority = e.priority;
  if (!e.category.empty()) c.category = e.category;
  if (!e.skills.empty()) c.skills = e.skills;
  if (e.complexity != Grade::kUnset) c.complexity = e.complexity;
  c.triaged_by_fallback = e.fallback;
  if (c.state == CaseState::kNew) c.state = CaseState::kTriaged;
}

void On(Case& c, const PriorityChanged& e, InstantMs) {
  c.priority = e.to;
  c.priority_manual = e.manual;
}

void On(Case& c, const NoteAdded& e, InstantMs at) {
  const bool reply_of_a_person = e.visibility == Visibility::kPublic && !e.from_customer && !e.author.empty();
  if (reply_of_a_person && c.first_response_at == 0) c.first_response_at = at;
}

void On(Case& c, const AttemptLogged& e, InstantMs) {
  if (!e.worked) ++c.attempts_failed;
}

void On(Case& c, const FactsChanged& e, InstantMs) {
  const auto changed = [&e](std::string_view field) {
    return std::find(e.changed.begin(), e.changed.end(), field) != e.changed.end();
  };
  c.facts = std::make_shared<const Facts>(e.facts);
  c.facts_version = c.version;
  if (changed("category")) c.category = e.facts.category;
  if (changed("skills")) c.skills = e.facts.skills;
}

void On(Case&, const Rated&, InstantMs) {}  // for reports; nothing in the case's life depends on it

void On(Case& c, const Linked& e, InstantMs) {
  if (std::find(c.links.begin(), c.links.end(), e) == c.links.end()) c.links.push_back(e);
  if (e.relation == LinkRelation::kChild) c.parent = e.other;
}

void On(Case& c, const CrossCaseIntended& e, InstantMs) { c.cross_case.push_back({c.version, e}); }

void On(Case& c, const CrossCaseDone& e, InstantMs) {
  std::erase_if(c.cross_case, [&e](const OpenCrossCase& open) {
    return open.version == e.intent_version && open.intent.index == e.intent_index;
  });
}

void On(Case& c, const EtaChanged& e, InstantMs) { c.eta_at = e.eta_at; }

}  // namespace escalon::evolve
