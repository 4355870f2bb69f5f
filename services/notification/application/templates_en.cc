#include <array>

#include "services/notification/application/templates.h"

namespace escalon::notification::words {
namespace {

constexpr auto kTemplates = std::to_array<Template>({
    {"details", "",
     "{lead}\n\n"
     "{title, select, none {} other {{title}\n}}"
     "Case: {case}{ref, select, none {} other { ({ref})}}\n"
     "{state, select, none {} other {State: {state}\n}}"
     "{level, select, none {} other {Level: {level}\n}}"
     "{service, select, none {} other {Service: {service}\n}}"
     "{owner, select, none {{team, select, none {} other {Team: {team}\n}}} other {Owner: {owner}\n}}"
     "{why, select, none {} other {Why: {why}\n}}"
     "{due, select, none {} other {Due: {due}\n}}"
     "{update, select, none {} other {Next update: {update}\n}}"
     "{eta, select, none {} other {Expected solution: {eta}\n}}"
     "{link, select, none {} other {\nAcknowledge: {link}\n}}"},
    {"requester-details", "",
     "{lead}\n\n"
     "{title, select, none {} other {{title}\n}}"
     "Reference: {ref, select, none {{case}} other {{ref}}}\n"
     "{eta, select, none {} other {Expected solution: {eta}\n}}"
     "{update, select, none {} other {Next update: {update}\n}}"
     "{view, select, none {} other {\nHow it stands: {view}\n}}"
     "{confirm, select, none {} other {It works again: {confirm}\n}}"
     "{reject, select, none {} other {It does not work: {reject}\n}}"
     "{rate, select, none {} other {How was it: {rate}\n}}"},
    {"bundle", "{count} cases need you", "{count} messages in one:\n\n{list}"},
    {"other", "[{priority}] {title}", "There is news of this case."},
    {"requester-other", "{title}", "There is news of your request."},
    {"opened", "[{priority}] new: {title}", "A new case was opened."},
    {"assigned", "[{priority}] {title}", "This case needs you. Please acknowledge it."},
    {"escalated", "[{priority}] escalated: {title}", "This case was escalated to {level}. Please acknowledge it."},
    {"acknowledged", "[{priority}] acknowledged: {title}", "{owner} has acknowledged this case."},
    {"acknowledgement_ended", "[{priority}] acknowledgement over: {title}", "Nobody works on this case at the moment."},
    {"warned", "[{priority}] time is running out: {title}", "A promise on this case will soon be broken."},
    {"breached", "[{priority}] promise broken: {title}", "A promise on this case was broken."},
    {"breach_annulled", "[{priority}] in time after all: {title}", "A promise that was reported as broken was kept."},
    {"nobody_reached", "[{priority}] nobody was reached: {title}",
     "No channel reached anybody for this case. Please see to it."},
    {"step_empty", "[{priority}] nobody on duty: {title}", "A step of this case had nobody who could be told."},
    {"priority_changed", "[{priority}] priority changed: {title}", "The priority of this case is now {priority}."},
    {"paused", "[{priority}] waiting: {title}", "This case is pending."},
    {"resumed", "[{priority}] goes on: {title}", "This case is no longer pending."},
    {"follow_up", "[{priority}] follow up: {title}", "It is time to follow up on this pending case."},
    {"storm", "[{priority}] a storm: {title}", "Many cases came with this one. Its children so far: {children}."},
    {"snoozed", "[{priority}] snoozed: {title}", "This case was snoozed."},
    {"snooze_ended", "[{priority}] snooze over: {title}", "The snooze of this case is over."},
    {"handover_offered", "[{priority}] handover offered: {title}",
     "This case is offered to you. Please accept, decline or ask for more."},
    {"handover_accepted", "[{priority}] handover accepted: {title}", "Your handover was accepted."},
    {"handover_declined", "[{priority}] handover declined: {title}",
     "The handover was declined; the case stays with you."},
    {"handover_asked_for_more", "[{priority}] handover incomplete: {title}", "More is needed to take this case over."},
    {"handover_supplied", "[{priority}] handover completed: {title}",
     "What was missing from the handover has been supplied."},
    {"handover_expired", "[{priority}] handover expired: {title}",
     "Nobody accepted the handover in time; the case stays with you."},
    {"de_escalated", "[{priority}] returned: {title}", "This case was returned to {level}."},
    {"approval_requested", "[{priority}] approval wanted: {title}",
     "An escalation of this case waits for your approval."},
    {"approval_decided", "[{priority}] approval decided: {title}", "The approval that was asked for has been decided."},
    {"decision_requested", "[{priority}] your decision is wanted: {title}",
     "A decision on this case waits for somebody with your authority."},
    {"decision_taken", "[{priority}] decided: {title}", "A decision on this case has been taken."},
    {"decision_refused", "[{priority}] decision refused: {title}", "A decision on this case was refused."},
    {"milestone_reached", "[{priority}] milestone: {title}", "This case has reached a milestone."},
    {"major_opened", "[{priority}] major escalation: {title}", "This case is a major escalation now."},
    {"major_changed", "[{priority}] major escalation: {title}", "The record of this major escalation has changed."},
    {"major_closed", "[{priority}] major escalation closed: {title}", "This major escalation was closed."},
    {"major_manager_named", "[{priority}] you manage this major escalation: {title}",
     "You are the escalation manager of this case. Please acknowledge."},
    {"major_member_named", "[{priority}] you are needed in a major escalation: {title}",
     "You have a part in this major escalation. Please acknowledge."},
    {"major_recurrence", "[{priority}] it is back: {title}",
     "This major escalation was being watched and is open again. Its team is needed. Please acknowledge."},
    {"major_standby", "[{priority}] please stand by: {title}",
     "The customer says that it is resolved. It is watched now; please stand by until the period is over."},
    {"major_word_wanted", "[{priority}] the customer's word is wanted: {title}",
     "This major escalation is resolved. Its monitoring begins when the customer says so."},
    {"major_closing_wanted", "[{priority}] ready to be closed: {title}",
     "Monitoring is over. Please close this major escalation when the customer agrees."},
    {"major_consented", "[{priority}] the customer agrees: {title}",
     "The customer agrees to closing this major escalation."},
    {"major_manager_overdue", "[{priority}] no escalation manager: {title}",
     "Nobody manages this major escalation yet. Please name somebody."},
    {"major_team_overdue", "[{priority}] the team has not answered: {title}",
     "Somebody of the team of this major escalation has not acknowledged."},
    {"major_assessment_overdue", "[{priority}] assessment overdue: {title}",
     "The assessment of this major escalation is overdue."},
    {"major_plan_overdue", "[{priority}] plan overdue: {title}",
     "The plan of this major escalation is to be written or reviewed."},
    {"major_update_overdue", "[{priority}] record stale: {title}",
     "Nobody has touched this major escalation for too long. Please say how it stands."},
    {"major_review_overdue", "[{priority}] review overdue: {title}", "The review of this major escalation is overdue."},
    {"consultation_asked", "[{priority}] your advice is wanted: {title}", "Your advice on this case is wanted."},
    {"consultation_answered", "[{priority}] advice given: {title}", "Your question on this case was answered."},
    {"note_added", "[{priority}] new note: {title}", "A note was added to this case."},
    {"merge_refused", "[{priority}] merge refused: {title}", "This case could not be merged."},
    {"resolved", "[{priority}] resolved: {title}", "This case was resolved."},
    {"resolution_rejected", "[{priority}] not solved: {title}", "The requester says that it is not solved."},
    {"reopened", "[{priority}] reopened: {title}", "This case was reopened."},
    {"closed", "[{priority}] closed: {title}", "This case was closed."},
    {"cancelled", "[{priority}] cancelled: {title}", "This case was cancelled."},
    {"eta_changed", "[{priority}] new expected time: {title}", "The expected solution time changed."},
    {"eta_passed", "[{priority}] expected time has passed: {title}",
     "The expected solution time has passed without a new one."},
    {"update", "[{priority}] how it stands: {title}", "This is how the case stands."},
    {"update_due", "[{priority}] update due: {title}", "An update of this case is due. Please say how it stands."},
    {"shift_ends", "[{priority}] your shift ends: {title}",
     "The day of your region ends soon, and this case goes on with the next one. Please hand it over with its package, "
     "or say that you keep it."},
    {"review", "[{priority}] please review: {title}", "This case needs a review."},
    {"review_overdue", "[{priority}] review overdue: {title}", "The review of this case is overdue."},
    {"duty_due_soon", "[{priority}] an authority waits: {title}",
     "The case is no longer worked on, but what is owed to an authority is soon due."},
    {"duty_overdue", "[{priority}] overdue to an authority: {title}",
     "The case is no longer worked on, but what was owed to an authority is overdue."},
    {"test_page", "Test page", "This is a test of your contact: {title}"},
    {"requester-opened", "We have your request: {title}", "We have received your request and are working on it."},
    {"requester-resolved", "Solved: {title}", "We believe that your request is solved. Please tell us whether it is."},
    {"requester-closed", "Closed: {title}", "Your request is closed. Thank you."},
    {"requester-reopened", "Opened again: {title}", "Your request was opened again."},
    {"requester-cancelled", "Withdrawn: {title}", "Your request was withdrawn."},
    {"requester-eta_changed", "New expected time: {title}", "The time at which we expect a solution has changed."},
    {"requester-eta_passed", "We are late: {title}",
     "We have not met the expected time. We will tell you the new one."},
    {"requester-update", "How it stands: {title}", "This is how your request stands."},
});

}  // namespace

const std::span<const Template> kEnglish{kTemplates};

}  // namespace escalon::notification::words
