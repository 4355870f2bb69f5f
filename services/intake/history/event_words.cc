#include "services/intake/history/event_words.h"

#include <string_view>
#include <variant>

namespace escalon::intake {
namespace {

constexpr int kBesideTrack = -3;  ///< of Escalated::step

std::string Of(std::string_view text) { return std::string(text); }

/// ` text`, or nothing.
std::string Tail(std::string_view before, std::string_view text) {
  return text.empty() ? std::string() : Of(before) + Of(text);
}
std::string Because(std::string_view why) { return Tail(": ", why); }

std::string Who(const std::string& person, const std::string& team) {
  if (person.empty() && team.empty()) return "nobody";
  if (person.empty()) return "team " + team;
  return team.empty() ? person : person + " of team " + team;
}

std::string By(const std::string& person) { return Tail(" by ", person); }

std::string OnTrack(Track track) { return track == Track::kFunctional ? "" : " on the hierarchical track"; }

std::string Step(int step) {
  if (step == -1) return "the catch-all";
  if (step == kBesideTrack) return "for a decision";
  if (step < 0) return "outside the steps";
  return "step " + std::to_string(step + 1);
}

std::string Matter(const std::string& decision, const Money& amount) {
  return decision + Tail(" of ", FormatMoney(amount));
}

std::string Times(uint32_t count) { return count == 1 ? "once" : std::to_string(count) + " times"; }

std::string Part(MajorPart part) {
  switch (part) {
    case MajorPart::kIncidentOwner:
      return "incident owner";
    case MajorPart::kProblemOwner:
      return "problem owner";
    default:
      return Of(Name(part));
  }
}

std::string Deed(const MajorChanged& e) {
  switch (e.action) {
    case MajorAction::kName:
      return e.person + " is " + Part(e.part);
    case MajorAction::kRelease:
      return e.person + " is released" + (e.part == MajorPart::kUnset ? "" : " as " + Part(e.part)) + Because(e.text);
    case MajorAction::kAcknowledge:
      return e.person + " has acknowledged";
    case MajorAction::kAddContact:
      return Part(e.part) + " contact " + e.person;
    case MajorAction::kAddReference:
      return Part(e.part) + " " + e.reference + " linked" + Tail(", owned by ", e.person);
    case MajorAction::kAssess:
      return "assessed";
    case MajorAction::kRevisePlan: {
      if (e.sealed_text.empty()) return "the customer agrees to the plan";
      const std::string actions = std::to_string(e.actions.size()) + (e.actions.size() == 1 ? " action" : " actions");
      return "plan revised, " + actions + (e.agreed ? ", agreed by the customer" : "");
    }
    case MajorAction::kConsent:
      return std::string(e.agreed ? "the customer agrees to closing" : "the customer says that it is resolved") +
             Tail(", in the words of ", e.person);
    case MajorAction::kReview:
      return "reviewed" + Tail(", taken up by problem ", e.reference);
    case MajorAction::kOverdue:
      return e.text + " is overdue";
    case MajorAction::kCaughtUp:
      return e.text + " has come";
    case MajorAction::kOpen:
    case MajorAction::kClose:
      return Of(Name(e.action));
  }
  return Of(Name(e.action));
}

struct Words {
  std::string operator()(const Opened& e) const {
    return "opened by " + e.facts.source + Tail(" as ", e.facts.external_ref) + " under " + e.policy +
           Tail(", path ", e.path) + (e.imported ? ", imported" : "");
  }
  std::string operator()(const Attached& e) const { return "reported again " + Times(e.reports) + " by " + e.source; }
  std::string operator()(const Triaged& e) const {
    return "judged " + Of(Name(e.priority)) + Tail(", category ", e.category) +
           (e.skills.empty() ? "" : ", needs " + ListOf(e.skills)) +
           (e.fallback ? " (triage was silent: the rules' default)" : "");
  }
  std::string operator()(const PriorityChanged& e) const {
    return "priority from " + Of(Name(e.from)) + " to " + Of(Name(e.to)) + (e.manual ? " by hand" : "") +
           Because(e.reason);
  }
  std::string operator()(const Escalated& e) const {
    if (!e.counted && e.step == kBesideTrack) return e.to_level + " was informed" + Because(e.text);
    if (!e.counted) return "entered the path at " + e.to_level + " (" + Step(e.step) + ")" + OnTrack(e.track);
    const std::string move =
        e.from_level == e.to_level ? "again at " + e.to_level : "from " + e.from_level + " to " + e.to_level;
    return std::string(e.inform_only ? "told " : "escalated ") + move + OnTrack(e.track) + " (" + Of(Name(e.reason)) +
           ", " + Step(e.step) + (e.pass > 0 ? ", pass " + std::to_string(e.pass + 1) : "") +
           (e.attempt > 0 ? ", attempt " + std::to_string(e.attempt + 1) : "") + (e.emergency ? ", emergency" : "") +
           ")" + (e.skipped_levels.empty() ? "" : ", skipping " + ListOf(e.skipped_levels)) + Because(e.text);
  }
  std::string operator()(const StepEmpty& e) const {
    return Step(e.step) + OnTrack(e.track) + " has nobody to tell, " + (e.held ? "held" : "skipped at once") +
           Because(e.why);
  }
  std::string operator()(const Assigned& e) const {
    const char* how = e.mode == AssignMode::kPush    ? "assigned to "
                      : e.mode == AssignMode::kOffer ? "offered to "
                                                     : "taken by ";
    return how + Who(e.person, e.team) + Tail(" at ", e.level) + Because(e.why);
  }
  std::string operator()(const Acknowledged& e) const {
    return "acknowledged by " + e.person + OnTrack(e.track) + Tail(" through ", e.channel);
  }
  std::string operator()(const AcknowledgementEnded& e) const {
    return "acknowledgement ended" + OnTrack(e.track) + Because(e.why);
  }
  std::string operator()(const WorkStarted& e) const { return "work started" + By(e.person); }
  std::string operator()(const ClockArmed& e) const {
    return "clock " + e.clock.name +
           (e.clock.due_at == kNever || e.clock.due_at == 0 ? " armed"
                                                            : " runs until " + FormatInstant(e.clock.due_at)) +
           Because(e.why);
  }
  std::string operator()(const ClockStopped& e) const {
    return "clock " + e.name + " stopped" + (e.met ? " in time" : " late") + Because(e.why);
  }
  std::string operator()(const ClockPaused& e) const { return "clock " + e.name + " paused"; }
  std::string operator()(const ClockResumed& e) const {
    return "clock " + e.name + " runs again" + (e.due_at == kNever ? "" : ", until " + FormatInstant(e.due_at));
  }
  std::string operator()(const ClockFired& e) const {
    const bool placed = e.alarm.place != WarningRule{};
    return "clock " + e.name + ": " + Of(Name(e.alarm.kind)) + (placed ? " at " + SpokenPlace(e.alarm.place) : "") +
           (e.superseded ? ", overtaken" : "") + Tail(", trigger ", e.alarm.trigger);
  }
  std::string operator()(const Breached& e) const {
    return "breached " + e.name + ", due " + FormatInstant(e.due_at) + Because(e.why) +
           (e.penalty.empty() ? "" : ", penalty " + FormatMoney(e.penalty));
  }
  std::string operator()(const BreachAnnulled& e) const {
    return "breach of " + e.name + " annulled: done in time at " + FormatInstant(e.occurred_at);
  }
  std::string operator()(const NotifyIntended& e) const {
    const std::string whom = !e.people.empty() ? ListOf(e.people)
                             : !e.team.empty() ? "team " + e.team
                                               : Of(Name(e.audience));
    return std::string(e.purpose == IntentPurpose::kPage ? "pages " : "tells ") + whom + " (" + e.message + ", " +
           Of(Name(e.audience)) + ")";
  }
  std::string operator()(const NobodyReached& e) const { return "nobody was reached" + Because(e.why); }
  std::string operator()(const Paused& e) const {
    return "waits for " + e.reason + (e.follow_up_at == 0 ? "" : ", looked at again " + FormatInstant(e.follow_up_at)) +
           Because(e.text);
  }
  std::string operator()(const Resumed& e) const { return "the wait is over" + Because(e.why); }
  std::string operator()(const Snoozed& e) const { return "snoozed until " + FormatInstant(e.until) + Because(e.text); }
  std::string operator()(const SnoozeEnded&) const { return "snooze ended"; }
  std::string operator()(const HandoverOffered& e) const {
    return std::string(e.emergency ? "emergency handover from " : "handover offered by ") +
           Who(e.from_person, e.from_team) + " to " + Who(e.to_person, e.to_team) + Tail(" at ", e.to_level) +
           (e.missing.empty() ? "" : ", owing " + ListOf(e.missing)) + Because(e.why);
  }
  std::string operator()(const HandoverAccepted& e) const { return "handover accepted" + By(e.person); }
  std::string operator()(const HandoverDeclined& e) const {
    return "handover declined" + By(e.person) + Because(e.reason);
  }
  std::string operator()(const HandoverAskedForMore& e) const {
    return "more asked for" + By(e.person) + (e.fields.empty() ? "" : " (" + ListOf(e.fields) + ")") +
           Because(e.question);
  }
  std::string operator()(const HandoverSupplied& e) const {
    std::vector<std::string> names;
    for (const auto& [name, sealed] : e.package.fields) names.push_back(name);
    return "handover supplied: " + ListOf(names);
  }
  std::string operator()(const HandoverExpired&) const { return "nobody accepted the handover in time"; }
  std::string operator()(const DeEscalated& e) const {
    return "de-escalated from " + e.from_level + " to " + e.to_level + OnTrack(e.track) + Because(e.guidance);
  }
  std::string operator()(const ApprovalRequested& e) const {
    return std::string(e.request.ratify ? "ratification" : "approval") + " asked of " + ListOf(e.request.approvers) +
           " for " + e.request.to_level + By(e.request.requested_by) + Because(e.request.text);
  }
  std::string operator()(const ApprovalDecided& e) const {
    return "approval " + Of(Name(e.outcome)) + By(e.person) + Because(e.text);
  }
  std::string operator()(const ConsultationAsked& e) const {
    return "consultation asked" + By(e.from_person) + " of " + Who(e.to_person, e.to_team);
  }
  std::string operator()(const ConsultationAnswered& e) const { return "consultation answered" + By(e.person); }
  std::string operator()(const NoteAdded& e) const {
    if (e.from_customer) return "message of the requester" + By(e.author);
    return Of(Name(e.visibility)) + " note" + By(e.author);
  }
  std::string operator()(const AttemptLogged& e) const {
    return "attempt" + By(e.person) + (e.worked ? ", it helped: " : ", it did not help: ") + e.what;
  }
  std::string operator()(const FactsChanged& e) const { return "facts changed: " + ListOf(e.changed); }
  std::string operator()(const Rated& e) const {
    return e.what + " rated " + std::to_string(e.score) + " of 5" + By(e.person) + Because(e.text);
  }
  std::string operator()(const Linked& e) const {
    return "linked to " + (e.other.empty() ? e.external : e.other.ToString()) + " (" + Of(Name(e.relation)) + ")";
  }
  std::string operator()(const CrossCaseIntended& e) const {
    if (e.action == "join_storm") return "asks case " + e.other.ToString() + " to be its parent";
    if (e.action == "parent_resolved") return "tells its child " + e.other.ToString() + " that it is resolved";
    if (e.action == "parent_ended") return "tells its child " + e.other.ToString() + " that it has ended";
    return e.action + " of case " + e.other.ToString() + " is under way";
  }
  std::string operator()(const CrossCaseDone& e) const {
    return std::string("the other case ") + (e.refused ? "refused" : "followed") + Because(e.why);
  }
  std::string operator()(const Resolved& e) const {
    return "resolved (" + Of(Name(e.cause)) + ")" + By(e.person) + Tail(" at ", e.level);
  }
  std::string operator()(const ResolutionConfirmed& e) const { return "resolution confirmed" + By(e.person); }
  std::string operator()(const ResolutionRejected& e) const {
    return "resolution rejected" + By(e.person) + Because(e.reason);
  }
  std::string operator()(const MonitoringStarted& e) const { return "watched until " + FormatInstant(e.until); }
  std::string operator()(const MonitoringEnded&) const { return "watching is over"; }
  std::string operator()(const Reopened& e) const { return "reopened (" + Of(Name(e.cause)) + ")" + Because(e.reason); }
  std::string operator()(const Closed& e) const { return "closed (" + Of(Name(e.cause)) + ")" + By(e.person); }
  std::string operator()(const Cancelled& e) const {
    return "cancelled (" + Of(Name(e.cause)) + ")" + (e.other.empty() ? "" : ", see " + e.other.ToString()) +
           Because(e.reason);
  }
  std::string operator()(const Retired&) const { return "left the live view; the log keeps it"; }
  std::string operator()(const EtaChanged& e) const {
    return e.eta_at == 0 ? "the expected time was taken back" : "expected " + FormatInstant(e.eta_at);
  }
  std::string operator()(const DecisionTaken& e) const {
    return "decided" + By(e.person) + Tail(" for ", e.delegator) + Tail(", after ", e.first_person) + ": " +
           Matter(e.decision, e.amount) + Tail(", by ", e.rule) + Tail(", asked for by ", e.requested_by) +
           Because(e.text);
  }
  std::string operator()(const DecisionRequested& e) const {
    const DecisionRequest& r = e.request;
    return "decision asked of " + r.to_level + " (" + ListOf(r.people) + "): " + Matter(r.decision, r.amount) +
           Tail(", asked for by ", r.requested_by) + Tail(", second after ", r.first) + Because(r.text);
  }
  std::string operator()(const DecisionRefused& e) const { return "decision refused" + By(e.person) + Because(e.text); }
  std::string operator()(const PolicyMigrated& e) const {
    return "goes on under " + e.to + " instead of " + e.from + By(e.person);
  }
  std::string operator()(const MilestoneReached& e) const {
    return "milestone " + e.name + By(e.person) + Because(e.text);
  }
  std::string operator()(const MajorOpened& e) const {
    return "major escalation " + e.id + " opened" + By(e.person) + Because(e.because);
  }
  std::string operator()(const MajorChanged& e) const { return "major escalation: " + Deed(e) + By(e.by); }
  std::string operator()(const MajorClosed& e) const {
    return "major escalation closed" + By(e.person) + Because(e.text);
  }
};

}  // namespace

std::string ListOf(const std::vector<std::string>& names) {
  if (names.empty()) return "nobody";
  std::string out = names.front();
  for (size_t i = 1; i < names.size(); ++i) out += (i + 1 == names.size() ? " and " : ", ") + names[i];
  return out;
}

std::string WordsOf(const Event& event) { return std::visit(Words{}, event); }

}  // namespace escalon::intake
