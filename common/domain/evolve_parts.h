#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/domain/case.h"
#include "common/domain/event.h"

namespace escalon::evolve {

// What each event does to a case: one function a kind, in the file of its subject. Private to evolve*.cc. None of them
// fails: an event that speaks of something the case does not have (any more) changes nothing.

// evolve_intake.cc: what is known of the case
void On(Case& c, const Opened& e, InstantMs at);
void On(Case& c, const Attached& e, InstantMs at);
void On(Case& c, const Triaged& e, InstantMs at);
void On(Case& c, const PriorityChanged& e, InstantMs at);
void On(Case& c, const NoteAdded& e, InstantMs at);
void On(Case& c, const AttemptLogged& e, InstantMs at);
void On(Case& c, const FactsChanged& e, InstantMs at);
void On(Case& c, const Rated& e, InstantMs at);
void On(Case& c, const Linked& e, InstantMs at);
void On(Case& c, const CrossCaseIntended& e, InstantMs at);
void On(Case& c, const CrossCaseDone& e, InstantMs at);
void On(Case& c, const EtaChanged& e, InstantMs at);

// evolve_path.cc: the two tracks and who is told
void On(Case& c, const Escalated& e, InstantMs at);
void On(Case& c, const StepEmpty& e, InstantMs at);
void On(Case& c, const Assigned& e, InstantMs at);
void On(Case& c, const Acknowledged& e, InstantMs at);
void On(Case& c, const AcknowledgementEnded& e, InstantMs at);
void On(Case& c, const WorkStarted& e, InstantMs at);
void On(Case& c, const DeEscalated& e, InstantMs at);
void On(Case& c, const NotifyIntended& e, InstantMs at);
void On(Case& c, const NobodyReached& e, InstantMs at);

// evolve_clock.cc
void On(Case& c, const ClockArmed& e, InstantMs at);
void On(Case& c, const ClockStopped& e, InstantMs at);
void On(Case& c, const ClockPaused& e, InstantMs at);
void On(Case& c, const ClockResumed& e, InstantMs at);
void On(Case& c, const ClockFired& e, InstantMs at);
void On(Case& c, const Breached& e, InstantMs at);
void On(Case& c, const BreachAnnulled& e, InstantMs at);

// evolve_transfer.cc: what is offered, asked and answered
void On(Case& c, const HandoverOffered& e, InstantMs at);
void On(Case& c, const HandoverAccepted& e, InstantMs at);
void On(Case& c, const HandoverDeclined& e, InstantMs at);
void On(Case& c, const HandoverAskedForMore& e, InstantMs at);
void On(Case& c, const HandoverSupplied& e, InstantMs at);
void On(Case& c, const HandoverExpired& e, InstantMs at);
void On(Case& c, const ApprovalRequested& e, InstantMs at);
void On(Case& c, const ApprovalDecided& e, InstantMs at);
void On(Case& c, const ConsultationAsked& e, InstantMs at);
void On(Case& c, const ConsultationAnswered& e, InstantMs at);

// evolve_authority.cc: decisions and milestones
void On(Case& c, const DecisionTaken& e, InstantMs at);
void On(Case& c, const DecisionRequested& e, InstantMs at);
void On(Case& c, const DecisionRefused& e, InstantMs at);
void On(Case& c, const MilestoneReached& e, InstantMs at);
void On(Case& c, const PolicyMigrated& e, InstantMs at);

// evolve_major.cc
void On(Case& c, const MajorOpened& e, InstantMs at);
void On(Case& c, const MajorChanged& e, InstantMs at);
void On(Case& c, const MajorClosed& e, InstantMs at);
/// The customer's word was about the last resolution.
void ForgetConsent(Case& c);
/// The record goes on with its case, and its people answer for it again.
void ReopenMajor(Case& c);

// evolve_life.cc: rest, resolution and end
void On(Case& c, const Paused& e, InstantMs at);
void On(Case& c, const Resumed& e, InstantMs at);
void On(Case& c, const Snoozed& e, InstantMs at);
void On(Case& c, const SnoozeEnded& e, InstantMs at);
void On(Case& c, const Resolved& e, InstantMs at);
void On(Case& c, const ResolutionConfirmed& e, InstantMs at);
void On(Case& c, const ResolutionRejected& e, InstantMs at);
void On(Case& c, const MonitoringStarted& e, InstantMs at);
void On(Case& c, const MonitoringEnded& e, InstantMs at);
void On(Case& c, const Reopened& e, InstantMs at);
void On(Case& c, const Closed& e, InstantMs at);
void On(Case& c, const Cancelled& e, InstantMs at);
void On(Case& c, const Retired& e, InstantMs at);

/// The owner from now on. A change of an owner counts as a reassignment unless it is part of a move on a track; whoever
/// gave the case up is remembered.
void TakeOver(Case& c, const std::string& team, const std::string& person, InstantMs at);
/// One team's time with the case ends, another's begins or goes on.
void MoveVisit(Case& c, std::string_view from, const std::string& to, InstantMs at);
/// Remembered so that the case does not go straight back to them; the last 8.
void RememberGaveUp(Case& c, const std::string& person);
/// Ends the acknowledgement of a track, if there is one, and with it the standing still of its steps.
void EndAcknowledgement(Case& c, Track track);
/// Ends a pause of the case, if there is one; the state is the caller's matter.
void EndPause(Case& c, InstantMs at);
/// No offer, question or consent is open any more, but for a ratification that is still owed.
void WithdrawOpenRequests(Case& c);

}  // namespace escalon::evolve
