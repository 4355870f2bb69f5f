// Storms (DESIGN §6): a case that many others came with rests under the first of them. The two owners speak by
// cross-case commands (protocol.md rule 17): the child joins, the parent says when it is over.
#include <algorithm>
#include <utility>

#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/ending.h"
#include "common/domain/hold.h"
#include "common/domain/rights.h"
#include "common/domain/storms.h"

namespace escalon::decide {
namespace {

constexpr std::string_view kRule = "storms.parent";

size_t ChildrenOf(const Case& c) {
  return static_cast<size_t>(std::count_if(c.links.begin(), c.links.end(),
                                           [](const Linked& link) { return link.relation == LinkRelation::kParent; }));
}

/// When the storm is one, and then each time that it has doubled: the cases before the first child count, too.
bool IsWorthTelling(size_t children, size_t least) {
  const size_t openings = children + least - 1;
  size_t told = least;
  while (told < openings) told *= 2;
  return told == openings;
}

void RestUnder(Draft& d, const CaseId& parent, const std::string& why) {
  const StormRules& rules = *d.policy().storms;
  d.Emit(Linked{parent, "", LinkRelation::kChild});
  d.Emit(CrossCaseIntended{d.cross_case_index(), parent, std::string(kJoinStorm), LinkRelation::kParent});
  if (rules.rests) HoldBack(d, d.t() + rules.longest, why, kStormTag);
}

}  // namespace

void JoinStorm(Draft& d) {
  const Case& c = d.c();
  if (!d.policy().storms || d.openings() == nullptr) return;
  if (c.imported || c.facts->restricted || !c.parent.empty()) return;
  const StormRules& rules = *d.policy().storms;
  for (const StormLink link : rules.link_on) {
    const std::string key = LinkKeyOf(link, *c.facts);
    if (key.empty()) continue;
    const OpeningsSnapshot::Gathering gathered = d.openings()->GatheredWith(c, key, d.t() - rules.within);
    const size_t openings = gathered.others + 1;
    if (openings < static_cast<size_t>(rules.least)) continue;
    Saw saw{{"link_on", std::string(Name(link))},
            {"key", key},
            {"openings", std::to_string(openings)},
            {"within", FormatDuration(rules.within)}};
    if (gathered.parent.empty()) {
      d.Trace(std::string(kRule), "a storm, but none of its open cases is as grave: stands for itself", std::move(saw));
      continue;
    }
    const std::string parent = gathered.parent.ToString();
    d.Trace(std::string(kRule), "child of " + parent, std::move(saw));
    return RestUnder(d, gathered.parent,
                     "a storm: " + std::to_string(openings) + " cases of " + key + ", under " + parent);
  }
}

Decision TakeChildIn(Draft& d, const CaseId& child) {
  const Case& c = d.c();
  if (!IsOpen(c.state)) return WrongState("the case is " + std::string(Name(c.state)) + " and takes in no child");
  if (!c.parent.empty()) return WrongState("the case is a child itself, of " + c.parent.ToString());
  // Not as a lack of room, which would be asked again and again.
  if (c.links.size() >= kMostLinks) return WrongState("the case has 500 links and takes in no more children");
  d.Emit(Linked{child, "", LinkRelation::kParent});
  const size_t least = d.policy().storms ? static_cast<size_t>(std::max(1, d.policy().storms->least)) : 1;
  const size_t children = ChildrenOf(d.c());
  if (!IsWorthTelling(children, least)) return OutcomeKind::kDone;
  d.Trace(std::string(kRule), "its owner is told of its children", {{"children", std::to_string(children)}});
  TellOwner(d, "storm");
  return OutcomeKind::kDone;
}

void LetChildrenGo(Draft& d, std::string_view action) {
  const std::vector<Linked> links = d.c().links;
  for (const Linked& link : links) {
    if (link.relation != LinkRelation::kParent || link.other.empty()) continue;
    d.Emit(CrossCaseIntended{d.cross_case_index(), link.other, std::string(action), LinkRelation::kChild});
  }
}

Decision ParentIsOver(Draft& d, const CaseId& parent, std::string_view action) {
  const Case& c = d.c();
  // Whoever has taken it up meanwhile goes on with it.
  if (c.parent != parent || !IsHeld(c, kStormTag)) return OutcomeKind::kUnchanged;
  const bool resolved = action == kParentResolved;
  const std::string news = "its parent " + parent.ToString() + (resolved ? " is resolved" : " has ended");
  if (resolved && d.policy().storms && d.policy().storms->resolved_with_parent) {
    d.Trace("storms.parent.on_parent_resolved", news + ": resolved with it");
    ResolveCase(d, ResolutionCause::kFixed, "");
  } else {
    LetGo(d, std::string(kRule), news + ": climbs by itself");
  }
  return OutcomeKind::kDone;
}

void RefusedByParent(Draft& d, const CaseId& parent, const std::string& why) {
  if (d.c().parent != parent || !IsHeld(d.c(), kStormTag)) return;
  LetGo(d, std::string(kRule), "not taken in by " + parent.ToString() + ": " + why);
}

}  // namespace escalon::decide
