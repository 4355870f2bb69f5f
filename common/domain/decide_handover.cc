#include <algorithm>
#include <utility>

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
constexpr size_t kMostFields = 64;
constexpr uint32_t kMostReminders = 4;

/// An emergency has moved already; what it left out is owed.
bool IsDebt(const OpenHandover& open) { return open.offer.emergency && open.state == HandoverState::kAskedForMore; }

const OpenHandover* Find(const Case& c, const std::string& id) {
  if (id.empty()) return c.handovers.size() == 1 ? &c.handovers.front() : OpenOffer(c);
  const auto it = std::find_if(c.handovers.begin(), c.handovers.end(),
                               [&id](const OpenHandover& open) { return open.offer.id == id; });
  return it != c.handovers.end() ? &*it : nullptr;
}

Error NoSuchHandover() {
  return {ErrorCode::kNotFound, "no such open handover on this case; it may be decided or expired already"};
}

void AddMissing(const std::vector<std::string>& required, const HandoverPackage& package,
                std::vector<std::string>* missing) {
  for (const std::string& field : required) {
    const auto it = package.fields.find(field);
    const bool there = it != package.fields.end() && !it->second.empty();
    if (!there && std::find(missing->begin(), missing->end(), field) == missing->end()) missing->push_back(field);
  }
}

std::vector<std::string> MissingFields(const Draft& d, const HandoverPackage& package, const std::string& to_level) {
  std::vector<std::string> missing;
  const HandoverRule& rule = d.policy().handover;
  AddMissing(rule.required, package, &missing);
  const auto of_level = rule.required_to_level.find(to_level);
  if (of_level != rule.required_to_level.end()) AddMissing(of_level->second, package, &missing);
  return missing;
}

Error Incomplete(const std::vector<std::string>& missing) {
  Error error{ErrorCode::kInvalidArgument,
              "the handover package is incomplete; fill in what is missing, or mark it as an emergency"};
  for (const std::string& field : missing)
    error.fields.push_back({"package.fields." + field, "required by the policy"});
  return error;
}

DurationMs AcceptWithin(const Draft& d) {
  const DurationMs within = d.policy().handover.accept_within.of(d.c().priority);
  return within > 0 ? within : 15 * kMinuteMs;
}

DurationMs SupplyWithin(const Draft& d) {
  return std::max<DurationMs>(d.policy().handover.supply_missing_within, kMinuteMs);
}

bool IsReceiver(const Draft& d, const HandoverOffered& offer) {
  if (!d.by_person()) return false;
  const std::string& person = d.actor().subject;
  if (!offer.to_person.empty() && offer.to_person == person) return true;
  if (offer.to_person.empty() && d.roster().IsMember(offer.to_team, person)) return true;
  return IsManager(d.actor());
}

Error NotTheReceiver(const HandoverOffered& offer) {
  return Denied("the handover was offered to " + (offer.to_person.empty() ? "team " + offer.to_team : offer.to_person));
}

Status CheckOffer(const Draft& d, const OfferHandover& command) {
  if (command.to_team.empty() && command.to_person.empty())
    return InvalidField("to_team", "name the team or the person to take it over");
  if (!command.to_team.empty() && d.roster().team(command.to_team) == nullptr)
    return InvalidField("to_team", "no such team in the roster");
  if (!command.to_person.empty()) {
    if (Status s = CanTake(d, command.to_person, "to_person"); !s) return s;
    if (command.to_person == d.c().owner.person) return InvalidField("to_person", "owns the case already");
    if (!command.to_team.empty() && !d.roster().IsMember(command.to_team, command.to_person)) {
      return InvalidField("to_person", command.to_person + " is no member of team " + command.to_team);
    }
  }
  if (!command.to_level.empty() && d.policy().level_index(command.to_level) < 0)
    return InvalidField("to_level", "no level of the policy");
  if (Status s = CheckText(command.reason, kLongestText, "reason"); !s) return s;
  return CheckPackage(command.package, "package");
}

HandoverOffered OfferOf(Draft& d, const OfferHandover& command) {
  HandoverOffered offer;
  offer.id = d.NewId('h');
  offer.from_person = d.c().owner.person;
  offer.from_team = d.c().owner.team;
  offer.to_team = command.to_team.empty() ? TeamOf(d.roster(), command.to_person) : command.to_team;
  offer.to_person = command.to_person;
  offer.to_level = command.to_level;
  offer.package = command.package;
  offer.emergency = command.emergency;
  offer.why = command.reason;
  return offer;
}

/// A handover to a higher level is an escalation.
void NoteLevel(Draft& d, const HandoverOffered& offer, const Move& move) {
  const TrackState& state = d.c().functional;
  const bool higher =
      !offer.to_level.empty() && d.policy().level_index(offer.to_level) > d.policy().level_index(state.level);
  Move arrival = move;
  arrival.counted = higher;
  const std::string level = higher ? offer.to_level : state.level;
  Arrive(d, Track::kFunctional, {level, kOutsideSteps, state.pass, state.step == kOutsideSteps ? state.attempt + 1 : 0},
         arrival);
}

/// At once, before anybody has accepted; what is missing is owed (domain.md §5 "emergency exception").
void MoveAtOnce(Draft& d, const HandoverOffered& offer) {
  Move move{.reason = EscalationReason::kManual, .text = offer.why, .automatic = false, .emergency = true};
  EndPending(d, "handed over in an emergency");
  EndSnooze(d, SnoozeEnd::kOvertaken);
  EndAcknowledgement(d, Track::kFunctional, "handed over in an emergency");
  d.Emit(HandoverAccepted{offer.id, offer.to_person});
  RestartVisitPromises(d);
  NoteLevel(d, offer, move);
  Reached who;
  who.team = offer.to_team;
  who.person = offer.to_person;
  if (!offer.to_person.empty()) {
    who.people = {offer.to_person};
  } else {
    for (const Person* person : d.roster().OnCallOf(offer.to_team, d.t())) who.people.push_back(person->id);
  }
  TellStep(d, Track::kFunctional, who, {}, move);
  ArmStepWait(d, Track::kFunctional, DefaultWaitCalendar(d), DefaultWait(d, d.c().functional.level),
              "handed over in an emergency");
  if (!offer.missing.empty()) {
    ArmUntil(d, kHandoverDebtClock, d.t() + SupplyWithin(d), "the package is owed", offer.id);
    Tell(d, IntentPurpose::kInform, Audience::kOwner, {d.person()}, "", "handover_asked_for_more");
  }
}

}  // namespace

const OpenHandover* OpenOffer(const Case& c) {
  const auto it =
      std::find_if(c.handovers.begin(), c.handovers.end(), [](const OpenHandover& open) { return !IsDebt(open); });
  return it != c.handovers.end() ? &*it : nullptr;
}

void HandToTeam(Draft& d, const Reached& who, const std::string& why) {
  std::vector<std::string> owed;
  for (const OpenHandover& open : d.c().handovers) {
    if (IsDebt(open)) owed.push_back(open.offer.id);
  }
  for (const std::string& id : owed) d.Emit(HandoverExpired{id});  // nobody waits for it in a region that has gone home
  if (!owed.empty()) StopClock(d, kHandoverDebtClock, why);
  HandoverOffered offer;
  if (const OpenHandover* open = OpenOffer(d.c())) {
    offer = open->offer;
    StopClock(d, kHandoverClock, why);
  } else {
    offer.id = d.NewId('h');
    offer.from_person = d.c().owner.person;
    offer.from_team = d.c().owner.team;
    offer.to_team = who.team;
    offer.missing = MissingFields(d, {}, "");
    offer.emergency = !offer.missing.empty();
    offer.why = why;
    d.Emit(offer);
  }
  const Move move{.reason = EscalationReason::kManual, .text = why, .counted = false};
  EndAcknowledgement(d, Track::kFunctional, why);
  // Not `Arrive`, which ends the promises of the level: the case stays on it.
  const TrackState state = d.c().functional;
  Escalated same_level;
  same_level.from_level = same_level.to_level = state.level;
  same_level.step = kOutsideSteps;
  same_level.pass = state.pass;
  same_level.attempt = state.step == kOutsideSteps ? state.attempt + 1 : 0;
  same_level.reason = move.reason;
  same_level.text = why;
  same_level.counted = false;
  d.Emit(std::move(same_level));
  d.Emit(HandoverAccepted{offer.id, ""});
  RestartVisitPromises(d, true);
  TellStep(d, Track::kFunctional, who, {}, move);
  ArmStepWait(d, Track::kFunctional, DefaultWaitCalendar(d), DefaultWait(d, state.level), why);
  if (offer.emergency && !offer.missing.empty())
    ArmUntil(d, kHandoverDebtClock, d.t() + SupplyWithin(d), "the package is owed", offer.id);
  if (offer.from_person.empty()) return;
  Tell(d, IntentPurpose::kInform, Audience::kOwner, {offer.from_person}, "",
       offer.emergency ? "handover_asked_for_more" : "handover_accepted");
}

Decision On(Draft& d, const OfferHandover& command) {
  const Case& c = d.c();
  if (Status s = CheckOffer(d, command); !s) return s.error();
  if (Status s = MaySteer(d, "offer_handover"); !s) return s.error();
  if (const OpenHandover* open = OpenOffer(c)) {
    return WrongState("handover " + open->offer.id + " is offered already; wait for its answer until it expires");
  }
  if (command.emergency && command.reason.empty()) return InvalidField("reason", "an emergency moves at once: say why");
  std::vector<std::string> missing = MissingFields(d, command.package, command.to_level);
  if (!missing.empty() && !command.emergency) return Incomplete(missing);
  if (c.reassignments >= static_cast<uint32_t>(std::max(0, d.policy().limits.reassignments)) && !command.emergency) {
    OverLimit(d, Track::kFunctional, Move{.text = command.reason, .automatic = false}, "limits.reassignments");
    return OutcomeKind::kDone;
  }
  HandoverOffered offer = OfferOf(d, command);
  offer.missing = std::move(missing);
  d.Emit(offer);
  if (command.emergency) {
    MoveAtOnce(d, offer);
    return OutcomeKind::kDone;
  }
  ArmUntil(d, kHandoverClock, d.t() + AcceptWithin(d), "acceptance is awaited");
  std::vector<std::string> people;
  if (!offer.to_person.empty()) people.push_back(offer.to_person);
  Tell(d, IntentPurpose::kPage, Audience::kTeam, std::move(people), offer.to_team, "handover_offered");
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const AcceptHandover& command) {
  const OpenHandover* open = Find(d.c(), command.id);
  if (open == nullptr || IsDebt(*open)) return NoSuchHandover();
  const HandoverOffered offer = open->offer;
  if (!IsReceiver(d, offer)) return NotTheReceiver(offer);
  const std::string person = d.actor().subject;
  if (Status s = HasRoom(d, person); !s) return s.error();
  EndPending(d, "handed over");
  EndSnooze(d, SnoozeEnd::kOvertaken);
  EndAcknowledgement(d, Track::kFunctional, "handed over to " + person);
  const bool another_team = d.c().owner.team != offer.to_team;
  StopClock(d, kHandoverClock, "accepted");
  d.Emit(HandoverAccepted{offer.id, person});
  if (another_team) RestartVisitPromises(d);
  StopPromises(d, "assigned");
  NoteLevel(d, offer, Move{.reason = EscalationReason::kManual, .text = offer.why, .automatic = false});
  d.Emit(Acknowledged{person, Track::kFunctional, "handover"});
  StopPromises(d, "acknowledged");
  StopClock(d, StepClock(Track::kFunctional), "accepted");
  RenewLease(d);
  if (!offer.from_person.empty() && offer.from_person != person) {
    Tell(d, IntentPurpose::kInform, Audience::kOwner, {offer.from_person}, "", "handover_accepted");
  }
  FireFactTriggers(d);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const DeclineHandover& command) {
  const OpenHandover* open = Find(d.c(), command.id);
  if (open == nullptr || IsDebt(*open)) return NoSuchHandover();
  const HandoverOffered offer = open->offer;
  if (!IsReceiver(d, offer)) return NotTheReceiver(offer);
  if (command.reason.empty()) return InvalidField("reason", "a return needs its reason: the sender learns from it");
  if (Status s = CheckText(command.reason, kLongestText, "reason"); !s) return s.error();
  StopClock(d, kHandoverClock, "declined");
  d.Emit(HandoverDeclined{offer.id, d.person(), command.reason});
  TellOwner(d, "handover_declined");
  FireFactTriggers(d);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const AskForMore& command) {
  const OpenHandover* open = Find(d.c(), command.id);
  if (open == nullptr || IsDebt(*open)) return NoSuchHandover();
  const HandoverOffered offer = open->offer;
  if (!IsReceiver(d, offer)) return NotTheReceiver(offer);
  if (command.fields.empty() && command.question.empty())
    return InvalidField("fields", "name the fields that are missing, or ask a question");
  if (command.fields.size() > kMostFields) return InvalidField("fields", "more than 64");
  if (Status s = CheckText(command.question, kLongestText, "question"); !s) return s.error();
  d.Emit(HandoverAskedForMore{offer.id, d.person(), command.fields, command.question});
  ArmUntil(d, kHandoverClock, d.t() + SupplyWithin(d), "more is asked of the sender");
  TellOwner(d, "handover_asked_for_more");
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const SupplyHandover& command) {
  const OpenHandover* open = Find(d.c(), command.id);
  if (open == nullptr) return NoSuchHandover();
  if (command.package.fields.empty()) return InvalidField("package.fields", "supply at least one field");
  if (Status s = CheckPackage(command.package, "package"); !s) return s.error();
  const HandoverOffered offer = open->offer;
  const bool debt = IsDebt(*open);
  const bool by_sender = !d.by_person() || d.actor().subject == offer.from_person || IsManager(d.actor()) ||
                         d.roster().IsMember(offer.from_team, d.actor().subject) ||
                         d.actor().subject == d.c().owner.person;
  if (!by_sender) return Denied("the package is supplied by its sender, their team or a manager");
  d.Emit(HandoverSupplied{offer.id, command.package});
  if (debt) {
    const bool settled = std::none_of(d.c().handovers.begin(), d.c().handovers.end(),
                                      [&](const OpenHandover& still) { return still.offer.id == offer.id; });
    if (settled) StopClock(d, kHandoverDebtClock, "supplied");
    TellOwner(d, "handover_supplied");
  } else {
    ArmUntil(d, kHandoverClock, d.t() + AcceptWithin(d), "acceptance is awaited");
    std::vector<std::string> people;
    if (!offer.to_person.empty()) people.push_back(offer.to_person);
    Tell(d, IntentPurpose::kPage, Audience::kTeam, std::move(people), offer.to_team, "handover_offered");
  }
  return OutcomeKind::kDone;
}

void HandoverOverdue(Draft& d) {
  StopClock(d, kHandoverClock, "expired");
  const OpenHandover* open = OpenOffer(d.c());
  if (open == nullptr) return;
  const HandoverOffered offer = open->offer;
  const bool unanswered = open->state == HandoverState::kOffered;
  d.Trace("handover.accept_within", unanswered ? "nobody took it over" : "the sender did not supply what was asked for",
          {{"to_team", offer.to_team}, {"to_person", offer.to_person}, {"since", FormatInstant(open->since)}});
  d.Emit(HandoverExpired{offer.id});
  TellOwner(d, "handover_expired");
  if (unanswered && d.c().state != CaseState::kPending) {
    ClimbNext(d, Track::kFunctional,
              Move{.reason = EscalationReason::kDeclined, .text = "nobody took the handover over"});
  }
}

void HandoverDebtOverdue(Draft& d) {
  const ClockRun* run = d.c().clock(kHandoverDebtClock);
  const uint32_t reminders = run != nullptr ? run->generation : kMostReminders;
  d.Trace("handover.supply_missing_within", "the package of an emergency is still owed",
          {{"reminders", std::to_string(reminders)}});
  TellManager(d, "handover_asked_for_more");
  for (const OpenHandover& open : d.c().handovers) {
    if (!IsDebt(open) || open.offer.from_person.empty()) continue;
    Tell(d, IntentPurpose::kInform, Audience::kOwner, {open.offer.from_person}, "", "handover_asked_for_more");
    break;
  }
  if (reminders >= kMostReminders) return StopClock(d, kHandoverDebtClock, "reminded often enough");
  ArmUntil(d, kHandoverDebtClock, d.t() + SupplyWithin(d), "the package is owed");
}

}  // namespace escalon::decide
