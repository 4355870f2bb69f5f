#include <algorithm>
#include <utility>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"
#include "common/domain/step_page.h"

namespace escalon::decide {
namespace {

const std::string& AcknowledgedBy(const Case& c, Track track) {
  return track == Track::kFunctional ? c.acknowledged_by : c.management_acknowledged_by;
}

bool StopsOn(const Draft& d, Track track, std::string_view word) {
  const PathTrack* path = d.track(track);
  if (path == nullptr || path->stop_on.empty()) return true;
  return std::find(path->stop_on.begin(), path->stop_on.end(), word) != path->stop_on.end();
}

/// Who acknowledges: the actor, or the person for whom an integration carries it.
Result<std::string> AcknowledgingPerson(const Draft& d, const std::string& on_behalf_of) {
  if (d.by_person()) {
    if (!on_behalf_of.empty() && on_behalf_of != d.actor().subject) {
      return InvalidField("on_behalf_of", "a person acknowledges for themselves; leave it empty");
    }
    return d.actor().subject;
  }
  if (on_behalf_of.empty())
    return InvalidField("on_behalf_of", "name the person who acknowledged: only a human act stops the climb");
  if (d.roster().person(on_behalf_of) == nullptr) return InvalidField("on_behalf_of", "no such person in the roster");
  return on_behalf_of;
}

bool IsTold(const Case& c, const std::string& person, Track track) {
  const std::vector<std::string>& people = c.on(track).people;
  return c.owner.person == person || std::find(people.begin(), people.end(), person) != people.end();
}

void TakeAcknowledgement(Draft& d, const std::string& person, Track track, const std::string& channel) {
  d.Emit(Acknowledged{person, track, channel});
  if (track == Track::kHierarchical) {
    const Owner& owner = d.c().owner;
    const bool takes_it = owner.person.empty() && (owner.team == d.c().hierarchical.team ||
                                                   d.c().clock(StepClock(Track::kFunctional)) == nullptr);
    if (takes_it)
      Own(d, TeamOf(d.roster(), person, owner.team), person, AssignMode::kPull, Move{.automatic = false},
          "acknowledged");
    if (StopsOn(d, track, "acknowledged_on_track")) StopClock(d, StepClock(track), "acknowledged");
    return;
  }
  StopPromises(d, "acknowledged");
  StopLevelPromises(d, kLevelResponse, "acknowledged");
  if (StopsOn(d, track, "acknowledged")) StopClock(d, StepClock(track), "acknowledged");
  if (d.c().owner.person != person) {
    const std::string& preferred = d.c().functional.team.empty() ? d.c().owner.team : d.c().functional.team;
    Own(d, TeamOf(d.roster(), person, preferred), person, AssignMode::kPull, Move{.automatic = false}, "acknowledged");
  }
  RenewLease(d);
}

}  // namespace

void RenewLease(Draft& d) {
  const PathTrack* path = d.track(Track::kFunctional);
  const DurationMs lease = path != nullptr ? path->lease.of(d.c().priority) : 0;
  if (lease > 0 && d.c().pending.since == 0) ArmUntil(d, kLeaseClock, d.t() + lease, "acknowledged for so long");
}

Decision On(Draft& d, const Acknowledge& command) {
  const Case& c = d.c();
  Result<std::string> person = AcknowledgingPerson(d, command.on_behalf_of);
  if (!person) return person.error();
  // Whoever has a part in the major escalation says so with it, and takes the case itself only where it is theirs.
  if (AcknowledgePart(d, *person) && !IsTold(c, *person, command.track)) return OutcomeKind::kDone;
  const std::string& present = AcknowledgedBy(c, command.track);
  if (present == *person) {
    if (command.track == Track::kFunctional) RenewLease(d);
    return OutcomeKind::kDone;
  }
  if (Status s = MayAcknowledge(d, *person, command.track); !s) return s.error();
  if (command.track == Track::kFunctional) {
    if (c.state == CaseState::kPending)
      return WrongState("the case waits for " + c.pending.reason + "; resume it first");
    if (!present.empty())
      return WrongState(present + " has acknowledged it already; ask them to hand it over, or escalate");
    if (Status s = HasRoom(d, *person); !s) return s.error();
  }
  EndSnooze(d, SnoozeEnd::kOvertaken);
  TakeAcknowledgement(d, *person, command.track, command.channel);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const WithdrawAcknowledgement& command) {
  const Case& c = d.c();
  const std::string person = AcknowledgedBy(c, command.track);
  if (person.empty()) return OutcomeKind::kUnchanged;
  if (d.by_person() && d.actor().subject != person && !IsManager(d.actor())) {
    return Denied("only " + person + " or a manager may take the acknowledgement back");
  }
  if (c.state == CaseState::kPending) EndPending(d, "the acknowledgement was taken back");
  EndAcknowledgement(d, command.track, command.reason.empty() ? "taken back" : command.reason);
  Move move{.reason = EscalationReason::kManual,
            .text = command.reason,
            .automatic = false,
            .counted = false,
            .not_back_to = person};
  TellAgain(d, command.track, move);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const StartWork&) {
  const Case& c = d.c();
  const std::string person = d.person();
  if (!c.acknowledged_by.empty() && !person.empty() && c.acknowledged_by != person) {
    return WrongState(c.acknowledged_by + " has acknowledged it; ask them to hand it over first");
  }
  if (c.state == CaseState::kInProgress) return OutcomeKind::kUnchanged;
  if (c.acknowledged_by.empty() && !person.empty()) {
    if (Status s = MayAcknowledge(d, person, Track::kFunctional); !s) return s.error();
    if (Status s = HasRoom(d, person); !s) return s.error();
    EndSnooze(d, SnoozeEnd::kOvertaken);
    TakeAcknowledgement(d, person, Track::kFunctional, "work");
  }
  d.Emit(WorkStarted{person});
  if (!person.empty()) StopPromises(d, "work_started");
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const ReportNobodyReached& command) {
  const Case& c = d.c();
  const auto open = std::find_if(c.intents.begin(), c.intents.end(), [&](const OpenIntent& one) {
    return one.version == command.intent_version && one.intent.index == command.intent_index;
  });
  if (open == c.intents.end()) return OutcomeKind::kUnchanged;  // no longer wanted: nobody has to be reached
  const NotifyIntended intent = open->intent;
  d.Emit(NobodyReached{command.intent_version, command.intent_index, command.why});
  d.Trace("nobody_reached", "no channel reached anybody",
          {{"message", intent.message}, {"team", intent.team}, {"why", command.why}});
  const TrackState& state = c.on(intent.track);
  const bool of_this_step = intent.audience == Audience::kStep && IsOpen(c.state) && !state.stopped &&
                            intent.step == state.step && intent.pass == state.pass && intent.attempt == state.attempt;
  if (intent.message == "handover_offered") {
    HandoverOverdue(d);
  } else if (of_this_step && state.step != kCatchAllStep) {
    ClimbNext(d, intent.track, Move{.reason = EscalationReason::kNobodyReached, .text = command.why});
  } else {
    TellManager(d, "nobody_reached");
  }
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
