#include <algorithm>
#include <utility>

#include "common/domain/approvals.h"
#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"
#include "common/domain/step_page.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

constexpr size_t kLongestText = 4000;

bool HasPeople(const Draft& d, Track track, const std::string& level) {
  return StepOfLevel(d.track(track), level) >= 0 || d.policy().level_people.contains(level);
}

std::string LevelsOf(const Draft& d, Track track) {
  std::string names;
  for (const Level& level : d.policy().levels) {
    if (HasPeople(d, track, level.id)) names += (names.empty() ? "" : ", ") + level.id;
  }
  return names.empty() ? "none" : names;
}

/// Where the next rung of the track is; empty: it has run out, and the catch-all takes it.
std::string NextLevel(const Draft& d, Track track) {
  const TrackState& state = d.c().on(track);
  const PathTrack* path = d.track(track);
  const int steps = path != nullptr ? static_cast<int>(path->steps.size()) : 0;
  if (state.step >= 0)
    return state.step + 1 < steps ? path->steps[static_cast<size_t>(state.step) + 1].level : std::string();
  const std::string& from = track == Track::kHierarchical && state.level.empty() ? d.c().functional.level : state.level;
  const int level = d.policy().level_index(from);
  for (int i = 0; i < steps; ++i) {
    const std::string& candidate = path->steps[static_cast<size_t>(i)].level;
    if (d.policy().level_index(candidate) > level) return candidate;
  }
  if (track == Track::kFunctional) return {};
  for (const Level& candidate : d.policy().levels) {
    if (d.policy().level_index(candidate.id) > level && d.policy().level_people.contains(candidate.id))
      return candidate.id;
  }
  return {};
}

Status CheckLevel(const Draft& d, Track track, const std::string& level) {
  if (d.policy().level_index(level) < 0)
    return InvalidField("to_level", "'" + level + "' is no level of the policy; use one of: " + LevelsOf(d, track));
  if (!HasPeople(d, track, level)) {
    return InvalidField("to_level", "level " + level + " has neither a step on this path nor people; use one of: " +
                                        LevelsOf(d, track));
  }
  const std::string& present = d.c().on(track).level;
  const bool higher = d.policy().level_index(level) > d.policy().level_index(present);
  if (!higher && d.c().on(track).step != kCatchAllStep) {
    return InvalidField("to_level", "the case is at " + present + " already; name a higher level, or use de_escalate");
  }
  return {};
}

std::vector<std::string> SkippedLevels(const Draft& d, Track track, const std::string& to_level) {
  std::vector<std::string> skipped;
  const int from = d.policy().level_index(d.c().on(track).level);
  const int to = d.policy().level_index(to_level);
  for (int i = std::max(from + 1, 0); i < to; ++i) {
    const Level& level = d.policy().levels[static_cast<size_t>(i)];
    if (StepOfLevel(d.track(track), level.id) >= 0) skipped.push_back(level.id);
  }
  return skipped;
}

bool IsTooSoon(const Draft& d) {
  const Case& c = d.c();
  return c.last_escalated_at != 0 && d.t() - c.last_escalated_at < d.policy().limits.cooldown;
}

Status CheckEscalation(const Draft& d, const Escalate& command) {
  if (Status s = CheckText(command.text, kLongestText, "text"); !s) return s;
  const bool says_why = command.reason != EscalationReason::kManual || !command.text.empty();
  if (!says_why) return InvalidField("text", "say why: choose a reason, or write one");
  if (command.emergency && command.text.empty())
    return InvalidField("text", "an emergency is ratified afterwards: say what it is");
  if (command.to_level.empty()) return {};
  if (Status s = CheckLevel(d, command.track, command.to_level); !s) return s;
  if (!SkippedLevels(d, command.track, command.to_level).empty() && command.text.empty()) {
    return InvalidField("text", "going past levels needs a reason in words");
  }
  return {};
}

ApprovalRequest RequestOf(Draft& d, const Escalate& command) {
  ApprovalRequest request;
  request.track = command.track;
  request.to_level = command.to_level.empty() ? NextLevel(d, command.track) : command.to_level;
  request.reason = command.reason;
  request.text = command.text;
  request.requested_by = d.actor().subject;
  return request;
}

Move Prepare(Draft& d, const ApprovalRequest& request, bool emergency) {
  EndPending(d, "escalated");
  EndSnooze(d, SnoozeEnd::kOvertaken);
  Move move{.reason = request.reason, .text = request.text, .automatic = !d.by_person(), .emergency = emergency};
  // Never back to whoever has just given it up.
  if (request.track == Track::kFunctional) move.not_back_to = d.c().owner.person;
  move.asks = request.track == Track::kHierarchical;
  return move;
}

}  // namespace

void CarryOut(Draft& d, const ApprovalRequest& request, bool emergency) {
  Move move = Prepare(d, request, emergency);
  if (request.to_level.empty()) {
    ClimbNext(d, request.track, move);
  } else {
    move.skipped = SkippedLevels(d, request.track, request.to_level);
    EnterAtLevel(d, request.track, request.to_level, move);
  }
  FireFactTriggers(d);
}

Decision On(Draft& d, const Escalate& command) {
  if (Status s = CheckEscalation(d, command); !s) return s.error();
  ApprovalRequest request = RequestOf(d, command);
  if (!command.emergency && IsTooSoon(d)) {
    OverLimit(d, request.track, Prepare(d, request, false), "limits.cooldown");
    return OutcomeKind::kDone;
  }
  const ApprovalRule* rule = ApprovalFor(d, request);
  if (rule == nullptr) {
    CarryOut(d, request, command.emergency);
    if (command.emergency) TellManager(d, "review");
    return OutcomeKind::kDone;
  }
  if (command.emergency) {  // acts first, is ratified afterwards
    CarryOut(d, request, true);
    request.ratify = true;
    if (!RequestApproval(d, *rule, std::move(request))) TellManager(d, "review");
    return OutcomeKind::kDone;
  }
  if (HasOpenApproval(d.c(), request.track, request.to_level)) return OutcomeKind::kAwaitsApproval;
  if (!RequestApproval(d, *rule, std::move(request))) {
    return Error{ErrorCode::kResourceExhausted, "too many open approvals on this case; wait for their decision"};
  }
  return OutcomeKind::kAwaitsApproval;
}

Decision On(Draft& d, const DeEscalate& command) {
  const Case& c = d.c();
  const TrackState& state = c.on(command.track);
  if (command.guidance.empty())
    return InvalidField("guidance", "required: what the lower level needs to know to go on");
  if (Status s = CheckText(command.guidance, kLongestText, "guidance"); !s) return s.error();
  if (command.rating < 0 || command.rating > 5) return InvalidField("rating", "1 to 5, or 0 for none");
  if (state.level.empty())
    return WrongState("the case is on no level of the " + std::string(Name(command.track)) + " track");
  const int to = d.policy().level_index(command.to_level);
  if (to < 0) return InvalidField("to_level", "'" + command.to_level + "' is no level of the policy");
  if (to >= d.policy().level_index(state.level))
    return InvalidField("to_level", "the case is at " + state.level + "; name a lower level, or use escalate");
  if (Status s = MaySteer(d, "de_escalate"); !s) return s.error();
  const int step = StepOfLevel(d.track(command.track), command.to_level);
  const bool functional = command.track == Track::kFunctional;
  if (functional && step < 0 && !d.policy().level_people.contains(command.to_level)) {
    return InvalidField("to_level", "level " + command.to_level + " has no people on this path");
  }
  EndPending(d, "de-escalated");
  EndSnooze(d, SnoozeEnd::kOvertaken);
  EndAcknowledgement(d, command.track, "de-escalated");
  if (command.rating != 0) d.Emit(Rated{"preparation", "", command.rating, d.person(), ""});
  d.Emit(DeEscalated{command.track, c.on(command.track).level, command.to_level, command.guidance});
  if (!functional) {
    StopClock(d, StepClock(command.track), "de-escalated");
    return OutcomeKind::kDone;
  }
  TellReturned(d, command.to_level, step);
  TellManager(d, "de_escalated");
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const Assign& command) {
  const Case& c = d.c();
  if (command.team.empty() && command.person.empty()) return InvalidField("team", "name a team or a person");
  if (!command.team.empty() && d.roster().team(command.team) == nullptr)
    return InvalidField("team", "no such team in the roster");
  if (Status s = CheckText(command.reason, kLongestText, "reason"); !s) return s.error();
  if (!command.person.empty()) {
    if (Status s = CanTake(d, command.person, "person"); !s) return s.error();
    if (!command.team.empty() && !d.roster().IsMember(command.team, command.person)) {
      return InvalidField("person", command.person + " is no member of team " + command.team);
    }
    if (Status s = HasRoom(d, command.person); !s) return s.error();
  }
  const bool same = command.person.empty() ? c.owner.person.empty() && c.owner.team == command.team
                                           : c.owner.person == command.person;
  if (same) return OutcomeKind::kUnchanged;
  EndPending(d, "assigned");
  EndSnooze(d, SnoozeEnd::kOvertaken);
  Move move{.reason = EscalationReason::kManual, .text = command.reason, .automatic = !d.by_person(), .counted = false};
  if (c.reassignments >= static_cast<uint32_t>(std::max(0, d.policy().limits.reassignments))) {
    OverLimit(d, Track::kFunctional, move, "limits.reassignments");
    return OutcomeKind::kDone;
  }
  StepTarget to;
  to.team = command.team;
  to.person = command.person;
  TellTarget(d, Track::kFunctional, c.functional.level, to, move);
  FireFactTriggers(d);
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
