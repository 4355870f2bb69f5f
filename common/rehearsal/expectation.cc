#include "common/rehearsal/expectation.h"

#include <algorithm>
#include <vector>

namespace escalon::rehearsal {
namespace {

using simulation::Happening;
using simulation::HappeningKind;
using What = TestExpectation::What;

constexpr size_t kMostNamed = 6;

/// `2030-04-23T16:00:00Z (2h after opening)`
std::string Moment(InstantMs at, InstantMs opened_at) {
  return FormatInstant(at) + " (" + FormatDuration(at - opened_at) + " after opening)";
}

bool Names(const Happening& h, const Roster& roster, const std::string& whom) {
  if (h.team == whom) return true;
  return std::any_of(h.people.begin(), h.people.end(),
                     [&](const std::string& person) { return person == whom || roster.IsMember(whom, person); });
}

HappeningKind KindOf(const std::string& outcome_of_decision) {
  if (outcome_of_decision == "taken") return HappeningKind::kDecisionTaken;
  return outcome_of_decision == "requested" ? HappeningKind::kDecisionRequested : HappeningKind::kDecisionRefused;
}

/// Kind of the happening that an expectation is about, whoever or whatever it names.
bool IsOfItsKind(const TestExpectation& e, const Happening& h) {
  switch (e.what) {
    case What::kStep:
      return h.kind == HappeningKind::kReached && h.track == Track::kFunctional;
    case What::kInform:
      return h.kind == HappeningKind::kInformed;
    case What::kOwn:
      return h.kind == HappeningKind::kReached && h.track == Track::kHierarchical;
    case What::kLevel:
      return h.kind == HappeningKind::kReached || h.kind == HappeningKind::kInformed;
    case What::kPage:
      return h.kind == HappeningKind::kPaged;
    case What::kTell:
      return h.kind == HappeningKind::kTold || h.kind == HappeningKind::kPaged;
    case What::kWarn:
      return h.kind == HappeningKind::kWarned;
    case What::kBreach:
      return h.kind == HappeningKind::kBreached;
    case What::kKeep:
      return h.kind == HappeningKind::kKept;
    case What::kApproval:
      return e.value == "asked" ? h.kind == HappeningKind::kApprovalAsked : h.kind == HappeningKind::kApprovalDecided;
    case What::kDecision:
      return h.kind == KindOf(e.value);
    case What::kCatchAll:
      return h.kind == HappeningKind::kReached && h.step == -1;
    case What::kDue:
    case What::kPath:
    case What::kPriority:
    case What::kState:
    case What::kOwner:
      return false;
  }
  return false;
}

bool IsIt(const TestExpectation& e, const Happening& h, const Roster& roster) {
  if (!IsOfItsKind(e, h)) return false;
  switch (e.what) {
    case What::kStep:
    case What::kInform:
    case What::kOwn:
    case What::kLevel:
      return h.level == e.value;
    case What::kPage:
      return Names(h, roster, e.value);
    case What::kTell:
      return Names(h, roster, e.value) || Name(h.audience) == e.value;
    case What::kWarn:
      return h.clock == e.value && (!e.warns_at || h.place == *e.warns_at);
    case What::kBreach:
    case What::kKeep:
      return h.clock == e.value;
    case What::kApproval:
      return e.value == "asked" || h.text == e.value;
    default:
      return true;
  }
}

/// Tests are read to the second: a promise is broken one millisecond after its deadline (DESIGN §7.7), and what follows
/// from it another one later; people mean the deadline.
InstantMs SecondOf(InstantMs at) { return at / kSecondMs; }

bool InTime(const TestExpectation& e, const Happening& h) {
  if (e.at) return SecondOf(h.at) == SecondOf(*e.at);
  return !e.no_later || SecondOf(h.at) <= SecondOf(*e.no_later);
}

std::string Expected(const TestExpectation& e, InstantMs opened_at) {
  std::string text = (e.never ? "never " : "") + e.words;
  if (e.at) text += " at " + Moment(*e.at, opened_at);
  if (e.no_later) text += " within " + FormatDuration(*e.no_later - opened_at);
  return text;
}

std::string Listed(const std::vector<const Happening*>& all, InstantMs opened_at) {
  std::string text;
  for (size_t i = 0; i < all.size() && i < kMostNamed; ++i) {
    if (i > 0) text += "; ";
    text += Describe(*all[i]) + " at " + Moment(all[i]->at, opened_at);
  }
  if (all.size() > kMostNamed) text += "; and " + std::to_string(all.size() - kMostNamed) + " more";
  return text;
}

Miss MissOf(const TestExpectation& e, InstantMs opened_at, std::string happened) {
  return {e.place, e.line, Expected(e, opened_at), std::move(happened)};
}

std::optional<Miss> JudgeDue(const TestExpectation& e, const Seen& seen) {
  const auto it = seen.due.find(e.value);
  if (it == seen.due.end()) return MissOf(e, seen.opened_at, "that clock never ran for this case");
  const bool is_so = it->second == *e.at;
  if (is_so != e.never) return std::nullopt;
  return MissOf(e, seen.opened_at,
                it->second == kNever ? "paused: no deadline is known" : "due at " + Moment(it->second, seen.opened_at));
}

std::string StateOf(const TestExpectation& e, const Case& c) {
  switch (e.what) {
    case What::kPath:
      return c.path;
    case What::kPriority:
      return std::string(Name(c.priority));
    case What::kOwner:
      return c.owner.person.empty() ? c.owner.team : c.owner.person + " of " + c.owner.team;
    default:
      return std::string(Name(c.state));
  }
}

bool IsSo(const TestExpectation& e, const Case& c) {
  if (e.what == What::kOwner) return c.owner.person == e.value || c.owner.team == e.value;
  return StateOf(e, c) == e.value;
}

}  // namespace

bool IsAboutTheState(What what) {
  return what == What::kPath || what == What::kPriority || what == What::kState || what == What::kOwner;
}

InstantMs LooksAt(const TestExpectation& e, InstantMs otherwise) {
  return e.at.value_or(e.no_later.value_or(otherwise));
}

std::optional<Miss> JudgeHappenings(const TestExpectation& e, const Seen& seen) {
  if (e.what == What::kDue) return JudgeDue(e, seen);
  std::vector<const Happening*> it, alike;
  bool in_time = false;
  for (const Happening& h : seen.happened) {
    if (IsOfItsKind(e, h)) alike.push_back(&h);
    if (!IsIt(e, h, seen.roster)) continue;
    if (e.never && !InTime(e, h)) continue;
    it.push_back(&h);
    in_time = in_time || InTime(e, h);
  }
  if (in_time != e.never) return std::nullopt;
  if (!it.empty()) return MissOf(e, seen.opened_at, Listed(it, seen.opened_at));
  const std::string instead = Listed(alike, seen.opened_at);
  return MissOf(e, seen.opened_at,
                "not until " + Moment(seen.until, seen.opened_at) + (instead.empty() ? "" : "; instead: " + instead));
}

std::optional<Miss> JudgeState(const TestExpectation& e, const Case& c, InstantMs opened_at) {
  if (IsSo(e, c) != e.never) return std::nullopt;
  const std::string state = StateOf(e, c);
  return MissOf(e, opened_at, state.empty() ? "none" : state);
}

}  // namespace escalon::rehearsal
