#include "common/domain/recent_openings.h"

#include <algorithm>

#include "common/domain/storms.h"

namespace escalon {
namespace {

std::string KeyOf(std::string_view tenant, std::string_view link_key) {
  std::string key(tenant);
  key += '\0';
  key += link_key;
  return key;
}

std::vector<std::string> KeysOf(const Case& c) {
  std::vector<std::string> keys;
  for (const std::string& link_key : LinkKeysOf(*c.facts)) keys.push_back(KeyOf(c.tenant, link_key));
  return keys;
}

size_t ChildrenOf(const Case& c) {
  return static_cast<size_t>(std::count_if(c.links.begin(), c.links.end(),
                                           [](const Linked& link) { return link.relation == LinkRelation::kParent; }));
}

bool IsRemembered(const Case& c) { return !c.imported && !c.facts->restricted && !c.retired; }

}  // namespace

void RecentOpenings::Changed(const Facts* before, const Case& after) {
  if (!IsRemembered(after)) return Forget(after.id);
  const auto found = cases_.find(after.id);
  if (found == cases_.end()) {
    if (before == nullptr) Add(after);  // else it was too old, or too many were there
    return;
  }
  const bool other_keys =
      before == nullptr || (before != after.facts.get() && LinkKeysOf(*before) != LinkKeysOf(*after.facts));
  if (other_keys) {
    Forget(after.id);
    return Add(after);
  }
  Update(found->second, after);
}

void RecentOpenings::ForgetIf(const std::function<bool(const CaseId&)>& lost) {
  std::vector<CaseId> gone;
  for (const auto& [id, opening] : cases_) {
    if (lost(id)) gone.push_back(id);
  }
  for (const CaseId& id : gone) Forget(id);
}

void RecentOpenings::Add(const Case& c) {
  Opening opening;
  opening.keys = KeysOf(c);
  if (opening.keys.empty()) return;
  opening.opened_at = opening.fresh_at = c.opened_at;
  const std::vector<std::string> keys = opening.keys;
  for (const std::string& key : keys) by_key_[key].emplace(c.opened_at, c.id);
  by_freshness_.emplace(opening.fresh_at, c.id);
  Update(cases_[c.id] = std::move(opening), c);
  for (const std::string& key : keys) BoundKey(key);
  Bound();
}

/// The oldest goes, but not one under which others rest.
void RecentOpenings::BoundKey(const std::string& key) {
  const auto of_key = by_key_.find(key);
  if (of_key == by_key_.end() || of_key->second.size() <= kMostOfOneKey) return;
  for (const auto& [opened_at, id] : of_key->second) {
    const Opening& opening = cases_.at(id);
    if (opening.stands && opening.children > 0) continue;
    return Forget(CaseId(id));
  }
}

void RecentOpenings::Update(Opening& opening, const Case& c) {
  opening.priority = c.priority;
  opening.stands = IsOpen(c.state) && c.state != CaseState::kNew && c.parent.empty();
  const size_t children = ChildrenOf(c);
  const bool took_in = children > opening.children;
  opening.children = children;
  if (!took_in) return;
  by_freshness_.erase({opening.fresh_at, c.id});
  opening.fresh_at = std::max(opening.fresh_at, c.last_at);
  by_freshness_.emplace(opening.fresh_at, c.id);
}

void RecentOpenings::Forget(const CaseId& id) {
  const auto found = cases_.find(id);
  if (found == cases_.end()) return;
  for (const std::string& key : found->second.keys) {
    const auto of_key = by_key_.find(key);
    of_key->second.erase({found->second.opened_at, id});
    if (of_key->second.empty()) by_key_.erase(of_key);
  }
  by_freshness_.erase({found->second.fresh_at, id});
  cases_.erase(found);
}

void RecentOpenings::Bound() {
  const InstantMs oldest = by_freshness_.rbegin()->first - kKept;
  while (by_freshness_.begin()->first < oldest || cases_.size() > kMost) {
    const CaseId id = by_freshness_.begin()->second;
    Forget(id);
  }
}

RecentOpenings::Gathering RecentOpenings::GatheredWith(const Case& c, std::string_view link_key,
                                                       InstantMs since) const {
  Gathering out;
  const auto of_key = by_key_.find(KeyOf(c.tenant, link_key));
  if (of_key == by_key_.end()) return out;
  for (const auto& [opened_at, id] : of_key->second) {
    if (id == c.id) continue;
    const Opening& opening = cases_.at(id);
    if (opened_at >= since) ++out.others;
    const bool grave_enough = opening.priority != Priority::kUnset && opening.priority <= c.priority;
    if (out.parent.empty() && opening.stands && grave_enough && opening.fresh_at >= since &&
        opening.children < kMostChildren)
      out.parent = id;
  }
  return out;
}

}  // namespace escalon
