#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/rights.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

constexpr auto kActions =
    std::to_array<std::string_view>({"link", "absorb", "tell_outcome", kJoinStorm, kParentResolved, kParentEnded});
constexpr size_t kLongestExternal = 500;
constexpr size_t kLongestReason = 2000;

/// How the other case stands to this one. A relation says what this case is to the other: `child`: it is a child of it.
LinkRelation Inverse(LinkRelation relation) {
  switch (relation) {
    case LinkRelation::kParent:
      return LinkRelation::kChild;
    case LinkRelation::kChild:
      return LinkRelation::kParent;
    case LinkRelation::kMergedInto:
    case LinkRelation::kDuplicateOf:
      return LinkRelation::kSurvivorOf;
    case LinkRelation::kSurvivorOf:
      return LinkRelation::kMergedInto;
    case LinkRelation::kRelated:
    case LinkRelation::kOtherFace:
      return relation;
  }
  return relation;
}

bool IsLinked(const Case& c, const Linked& link) {
  return std::find(c.links.begin(), c.links.end(), link) != c.links.end();
}

Status CheckRoom(const Case& c) {
  if (c.links.size() < kMostLinks) return {};
  return Error{ErrorCode::kResourceExhausted, "the case has 500 links; link the new one to its parent instead"};
}

bool IsMerging(const Case& c) {
  return std::any_of(c.cross_case.begin(), c.cross_case.end(),
                     [](const OpenCrossCase& open) { return open.intent.action == "absorb"; });
}

}  // namespace

Decision On(Draft& d, const Link& command) {
  const Case& c = d.c();
  if (command.other.empty() == command.external.empty()) {
    return InvalidField("other", "name either another case or, in `external`, a record elsewhere");
  }
  if (command.other == c.id) return InvalidField("other", "a case is not linked to itself");
  if (command.relation == LinkRelation::kMergedInto || command.relation == LinkRelation::kSurvivorOf) {
    return InvalidField("relation", "use merge, so that both cases learn of it");
  }
  if (command.relation == LinkRelation::kChild && !c.parent.empty() && c.parent != command.other) {
    return InvalidField("relation", "the case has a parent already: " + c.parent.ToString());
  }
  if (Status s = CheckText(command.external, kLongestExternal, "external"); !s) return s.error();
  const Linked link{command.other, command.external, command.relation};
  if (IsLinked(c, link)) return OutcomeKind::kUnchanged;
  if (Status s = CheckRoom(c); !s) return s.error();
  d.Emit(link);
  if (!command.other.empty()) {
    d.Emit(CrossCaseIntended{d.cross_case_index(), command.other, "link", Inverse(command.relation)});
  }
  return OutcomeKind::kDone;
}

/// In two steps (protocol.md rule 17): this case ends only when the other has taken it in, so that none is lost between
/// them.
Decision On(Draft& d, const Merge& command) {
  const Case& c = d.c();
  if (command.into.empty()) return InvalidField("into", "name the case that survives");
  if (command.into == c.id) return InvalidField("into", "a case is not merged into itself");
  if (Status s = CheckText(command.reason, kLongestReason, "reason"); !s) return s.error();
  if (IsMerging(c)) return OutcomeKind::kUnchanged;
  if (Status s = MaySteer(d, "merge"); !s) return s.error();
  if (Status s = MayEndMajor(d, "merge"); !s) return s.error();
  d.Emit(CrossCaseIntended{d.cross_case_index(), command.into, "absorb", LinkRelation::kSurvivorOf});
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const AbsorbCrossCase& command) {
  const Case& c = d.c();
  if (d.by_person())
    return Denied("the other half of a link or merge comes from the other case's owner; use link or merge");
  if (command.from.empty() || command.from == c.id) return InvalidField("from", "name the other case");
  const bool is_known = std::find(kActions.begin(), kActions.end(), command.action) != kActions.end();
  if (!is_known) {
    return InvalidField("action", "one of: link, absorb, tell_outcome, join_storm, parent_resolved, parent_ended");
  }
  if (command.action == kParentResolved || command.action == kParentEnded)
    return ParentIsOver(d, command.from, command.action);
  const Linked link{command.from, "", command.relation};
  const bool absorbs = command.action == "absorb";
  if (absorbs && IsEnded(c.state)) {
    return WrongState("the case is " + std::string(Name(c.state)) + " and takes in no other; merge into an open one");
  }
  if (absorbs && IsMerging(c)) return WrongState("the case is being merged into another itself; merge into that one");
  if (IsLinked(c, link)) return OutcomeKind::kUnchanged;
  if (command.action == kJoinStorm) return TakeChildIn(d, command.from);
  // Final for the other owner, which would ask again and again for room.
  if (Status s = CheckRoom(c); !s) return WrongState(s.error().message);
  d.Emit(link);
  if (absorbs) {
    d.Emit(Attached{1, "merge"});
    FireFactTriggers(d);
  }
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const RecordCrossCase& command) {
  const Case& c = d.c();
  const auto open = std::find_if(c.cross_case.begin(), c.cross_case.end(), [&](const OpenCrossCase& one) {
    return one.version == command.intent_version && one.intent.index == command.intent_index;
  });
  if (open == c.cross_case.end()) return OutcomeKind::kUnchanged;
  const CrossCaseIntended intent = open->intent;
  d.Emit(CrossCaseDone{command.intent_version, command.intent_index, command.refused, command.why});
  if (intent.action == kJoinStorm && command.refused) RefusedByParent(d, intent.other, command.why);
  if (intent.action != "absorb") return OutcomeKind::kDone;
  if (command.refused) {
    d.Trace("merge", "the other case refused: this one stays as it is",
            {{"other", intent.other.ToString()}, {"why", command.why}});
    if (IsOpen(c.state)) TellOwner(d, "merge_refused");
  } else if (!IsEnded(c.state)) {
    d.Trace("merge", "taken in by the other case", {{"other", intent.other.ToString()}});
    CancelCase(d, CancelCause::kMerged, intent.other, "merged into " + intent.other.ToString());
  }
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
