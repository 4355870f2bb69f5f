#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/domain/command.h"
#include "common/domain/draft.h"
#include "common/domain/who.h"

namespace escalon::decide {

// One function a command, in the file of its subject. Each is called when the table of states allows the command, and
// either changes the draft and says the outcome, or rejects. Private to the decider.

// decide_open.cc
Decision On(Draft& d, const OpenCase& command);
// decide_triage.cc
Decision On(Draft& d, const RecordTriage& command);
// decide_clock.cc
Decision On(Draft& d, const ClockDue& command);
// decide_ack.cc
Decision On(Draft& d, const Acknowledge& command);
Decision On(Draft& d, const WithdrawAcknowledgement& command);
Decision On(Draft& d, const StartWork& command);
Decision On(Draft& d, const ReportNobodyReached& command);
// decide_escalate.cc
Decision On(Draft& d, const Escalate& command);
Decision On(Draft& d, const DeEscalate& command);
Decision On(Draft& d, const Assign& command);
// decide_handover.cc
Decision On(Draft& d, const OfferHandover& command);
Decision On(Draft& d, const AcceptHandover& command);
Decision On(Draft& d, const DeclineHandover& command);
Decision On(Draft& d, const AskForMore& command);
Decision On(Draft& d, const SupplyHandover& command);
// decide_approval.cc
Decision On(Draft& d, const DecideApproval& command);
// decide_authority.cc
Decision On(Draft& d, const TakeDecision& command);
Decision On(Draft& d, const AnswerDecision& command);
// decide_milestone.cc
Decision On(Draft& d, const RecordMilestone& command);
// decide_major.cc
Decision On(Draft& d, const Major& command);
// decide_migrate.cc
Decision On(Draft& d, const Migrate& command);
// decide_consultation.cc
Decision On(Draft& d, const Consult& command);
Decision On(Draft& d, const AnswerConsultation& command);
// decide_pending.cc
Decision On(Draft& d, const Pause& command);
Decision On(Draft& d, const Resume& command);
Decision On(Draft& d, const Snooze& command);
// decide_facts.cc
Decision On(Draft& d, const AddNote& command);
Decision On(Draft& d, const LogAttempt& command);
Decision On(Draft& d, const ChangeFacts& command);
Decision On(Draft& d, const SetPriority& command);
Decision On(Draft& d, const Rate& command);
Decision On(Draft& d, const SetEta& command);
// decide_links.cc
Decision On(Draft& d, const Link& command);
Decision On(Draft& d, const Merge& command);
Decision On(Draft& d, const AbsorbCrossCase& command);
Decision On(Draft& d, const RecordCrossCase& command);
// decide_resolution.cc
Decision On(Draft& d, const Resolve& command);
Decision On(Draft& d, const ConfirmResolution& command);
Decision On(Draft& d, const RejectResolution& command);
Decision On(Draft& d, const Reopen& command);
Decision On(Draft& d, const Close& command);
Decision On(Draft& d, const Cancel& command);
Decision On(Draft& d, const SourceEnded& command);

// What several commands and clocks share.

/// The rules' default instead of triage's advice, and into the path. Only for a new case.
void TriageByRules(Draft& d, const std::string& why);
/// Whether what an imported case brings along is known here: levels, people, reasons, clocks; no instant in the future.
Status CheckStanding(const Draft& d, const OpenCase& command);
/// As it is written into the opening: a wait that lasts is a pause until now, and goes on as one of ours.
Standing StandingOf(const Draft& d, const OpenCase& command);
/// Places an imported case where it stood, in the record of its opening. Nobody is told of anything.
Decision Import(Draft& d, const OpenCase& command);
/// The rules' priority, with the trace.
Priority PriorityByRules(Draft& d);
/// What the category needs, where nobody has named skills.
std::vector<std::string> SkillsByRules(const Draft& d, const std::string& category);
/// After the case's priority has changed from `before`: clocks, waits, the level to enter at, triggers.
void AfterPriorityChange(Draft& d, Priority before, const std::string& why);
/// `Resumed`, with the clocks that the pause had stopped; nothing when it is not pending.
void EndPending(Draft& d, const std::string& why);
/// Over: who is to act is told again. Overtaken by a person's act: the clocks go on, nobody is told.
enum class SnoozeEnd { kOver, kOvertaken };
void EndSnooze(Draft& d, SnoozeEnd how);
/// The lease of an acknowledgement on the functional track, in full from now.
void RenewLease(Draft& d);
/// The escalation itself, after its approval or without one.
void CarryOut(Draft& d, const ApprovalRequest& request, bool emergency);
/// By the approval's own clock.
void DecideByDefault(Draft& d, const std::string& id);
/// Nobody waits for a decision any more; the event that ends the work forgets the requests.
void DropDecisionRequests(Draft& d, const std::string& why);
/// Nobody has answered: the next level that may, else the same again.
void DecisionOverdue(Draft& d, const std::string& id);
void HandoverOverdue(Draft& d);
/// The handover that waits for an answer; nullptr: none.
const OpenHandover* OpenOffer(const Case& c);
/// At once, without a person's act and on the same level: no escalation, no reassignment, promises run on. An open
/// offer to that team is carried out with its package; without one, what the policy requires of a package is owed.
void HandToTeam(Draft& d, const Reached& who, const std::string& why);
// decide_sun.cc
/// Arms the end of the owning region's day for a case that moves with the sun, and stops it for one that does not. Call
/// last.
void KeepWithSun(Draft& d);
/// The region's day is over: the next region's team takes the case, or it stays with its owner and the reason is said.
void DayEnds(Draft& d);
/// The owner is asked before the day ends, or it has ended.
void SunAlarm(Draft& d, const Alarm& alarm);
/// The milestone with which an owner keeps the case past the end of the shift, as far as the policy lets them.
Status MayKeep(const Draft& d);
/// After the milestone.
void KeepPastShift(Draft& d);
inline constexpr size_t kMostLinks = 500;
// decide_storm.cc: what a child and its parent say to each other, as actions of a cross-case command
inline constexpr std::string_view kJoinStorm = "join_storm";            ///< to the parent
inline constexpr std::string_view kParentResolved = "parent_resolved";  ///< to each child
inline constexpr std::string_view kParentEnded = "parent_ended";        ///< to each child: not by a resolution
/// At triage, before the path is entered: a case that makes a storm, or comes in one, becomes a child of its first.
void JoinStorm(Draft& d);
Decision TakeChildIn(Draft& d, const CaseId& child);
void RefusedByParent(Draft& d, const CaseId& parent, const std::string& why);
void LetChildrenGo(Draft& d, std::string_view action);
Decision ParentIsOver(Draft& d, const CaseId& parent, std::string_view action);
// decide_major_life.cc
/// The customer's word on a major escalation: that it is resolved, which begins the agreed monitoring, and after that
/// word that it may be closed. `who`: at the customer.
Decision TakeCustomersWord(Draft& d, const std::string& who, DurationMs monitoring);
/// By its manager or deputy, when monitoring is over and the customer has agreed; the case closes with it.
Decision CloseMajor(Draft& d, const std::string& reason);
/// Whether this actor may end a case that is a major escalation in another way; without a record anybody may.
Status MayEndMajor(const Draft& d, std::string_view what);
/// A recurrence: the team that stood by is paged.
void PageMajorTeam(Draft& d);
// decide_review.cc
/// The review that a closed case owes: that of its major escalation, else that of the policy's rule.
void OweReview(Draft& d);
/// It was not written in time; it can still be.
void ReviewOverdue(Draft& d);
Status MayReview(const Draft& d);
// major_clocks.cc
/// Opens the record where the policy's condition holds, and arms what an open one owes. After every command.
void KeepMajor(Draft& d);
/// Something that the record owes has not come in time: marked, told, asked again.
void MajorDue(Draft& d, const std::string& what);
/// The record itself, with whoever is told of it.
void OpenMajor(Draft& d, const std::string& because, Saw saw = {});
/// Somebody gets a part: paged, unless they took it themselves.
void GivePart(Draft& d, MajorPart part, const std::string& person);
/// The person has a part and now says so; false: none that waits for a word.
bool AcknowledgePart(Draft& d, const std::string& person);
/// Manager and deputy; as long as there is none, the owner.
void TellLead(Draft& d, std::string message);
void HandoverDebtOverdue(Draft& d);
void ConsultationOverdue(Draft& d, const std::string& id);
void FollowUpDue(Draft& d, const Alarm& alarm);

void ResolveCase(Draft& d, ResolutionCause cause, const std::string& sealed_text);
void MonitoringOver(Draft& d);
void ConfirmationGraceOver(Draft& d);
/// Back to work: `Reopened` and everything that follows from its cause.
void ReopenCase(Draft& d, ReopenCause cause, const std::string& reason);
void CancelCase(Draft& d, CancelCause cause, const CaseId& other, const std::string& reason);
/// This is one of n opens within m minutes (DESIGN §6).
bool IsFlapping(const Draft& d);

/// Checks of what people write: ids, lengths, counts. Each names the field.
Status CheckFacts(const Facts& facts, const std::string& field);
Status CheckText(const std::string& text, size_t most, const std::string& field);
Status CheckPackage(const HandoverPackage& package, const std::string& field);

}  // namespace escalon::decide
