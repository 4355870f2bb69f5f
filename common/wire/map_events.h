#pragma once

#include "common/domain/event.h"
#include "common/wire/map_common.h"
#include "common/wire/mapping.h"
#include "escalon/events/v1/events.pb.h"

/// Every kind of event, in the order of its numbers. Private to the room.
namespace escalon::wire {

namespace ev = ::escalon::events::v1;

template <typename X>
void Map(X& x, D<X, Opened> d, P<X, ev::Opened> p) {
  WIRE_STRUCT(facts);
  WIRE_TEXT(dedup_key);
  WIRE_TEXT(idempotency_key);
  WIRE_TEXT(policy);
  WIRE_TEXT(path);
  WIRE_VALUE(imported);
  WIRE_LIST(standing);
}
template <typename X>
void Map(X&, D<X, Attached> d, P<X, ev::Attached> p) {
  WIRE_VALUE(reports);
  WIRE_TEXT(source);
}
template <typename X>
void Map(X& x, D<X, Triaged> d, P<X, ev::Triaged> p) {
  WIRE_ENUM(priority);
  WIRE_TEXT(category);
  WIRE_TEXTS(skills);
  WIRE_ENUM(complexity);
  WIRE_VALUE(fallback);
  WIRE_VALUE(judged_version);
}
template <typename X>
void Map(X& x, D<X, PriorityChanged> d, P<X, ev::PriorityChanged> p) {
  WIRE_ENUM(from);
  WIRE_ENUM(to);
  WIRE_VALUE(manual);
  WIRE_TEXT(reason);
}
template <typename X>
void Map(X& x, D<X, Escalated> d, P<X, ev::Escalated> p) {
  WIRE_ENUM(track);
  WIRE_TEXT(from_level);
  WIRE_TEXT(to_level);
  WIRE_VALUE(step);
  WIRE_VALUE(pass);
  WIRE_VALUE(attempt);
  WIRE_ENUM(reason);
  WIRE_TEXT(text);
  WIRE_VALUE(automatic);
  WIRE_VALUE(counted);
  WIRE_VALUE(emergency);
  WIRE_VALUE(inform_only);
  WIRE_TEXTS(skipped_levels);
}
template <typename X>
void Map(X& x, D<X, StepEmpty> d, P<X, ev::StepEmpty> p) {
  WIRE_ENUM(track);
  WIRE_VALUE(step);
  WIRE_VALUE(held);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X& x, D<X, Assigned> d, P<X, ev::Assigned> p) {
  WIRE_TEXT(team);
  WIRE_TEXT(person);
  WIRE_ENUM(mode);
  WIRE_TEXT(level);
  WIRE_VALUE(automatic);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X& x, D<X, Acknowledged> d, P<X, ev::Acknowledged> p) {
  WIRE_TEXT(person);
  WIRE_ENUM(track);
  WIRE_TEXT(channel);
}
template <typename X>
void Map(X& x, D<X, AcknowledgementEnded> d, P<X, ev::AcknowledgementEnded> p) {
  WIRE_ENUM(track);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X&, D<X, WorkStarted> d, P<X, ev::WorkStarted> p) {
  WIRE_TEXT(person);
}
template <typename X>
void Map(X& x, D<X, ClockArmed> d, P<X, ev::ClockArmed> p) {
  WIRE_STRUCT(clock);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X&, D<X, ClockStopped> d, P<X, ev::ClockStopped> p) {
  WIRE_TEXT(name);
  WIRE_VALUE(generation);
  WIRE_VALUE(met);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X&, D<X, ClockPaused> d, P<X, ev::ClockPaused> p) {
  WIRE_TEXT(name);
  WIRE_VALUE(generation);
}
template <typename X>
void Map(X& x, D<X, ClockResumed> d, P<X, ev::ClockResumed> p) {
  WIRE_TEXT(name);
  WIRE_VALUE(generation);
  WIRE_MILLIS(due_at);
  WIRE_LIST(alarms);
}
template <typename X>
void Map(X& x, D<X, ClockFired> d, P<X, ev::ClockFired> p) {
  WIRE_TEXT(name);
  WIRE_VALUE(generation);
  WIRE_STRUCT(alarm);
  WIRE_VALUE(late_by_ms);
  WIRE_VALUE(superseded);
}
template <typename X>
void Map(X& x, D<X, Breached> d, P<X, ev::Breached> p) {
  WIRE_TEXT(name);
  WIRE_VALUE(generation);
  WIRE_MILLIS(due_at);
  WIRE_VALUE(late_by_ms);
  WIRE_TEXT(why);
  WIRE_STRUCT(penalty);
}
template <typename X>
void Map(X&, D<X, BreachAnnulled> d, P<X, ev::BreachAnnulled> p) {
  WIRE_TEXT(name);
  WIRE_VALUE(generation);
  WIRE_MILLIS(occurred_at);
}
template <typename X>
void Map(X& x, D<X, NotifyIntended> d, P<X, ev::NotifyIntended> p) {
  WIRE_VALUE(index);
  WIRE_ENUM(purpose);
  WIRE_ENUM(audience);
  WIRE_TEXTS(people);
  WIRE_TEXT(team);
  WIRE_TEXT(message);
  WIRE_TEXTS(channels);
  WIRE_ENUM(track);
  WIRE_VALUE(step);
  WIRE_VALUE(pass);
  WIRE_VALUE(attempt);
  WIRE_ENUM(priority);
  WIRE_ENUM(urgency);
}
template <typename X>
void Map(X&, D<X, NobodyReached> d, P<X, ev::NobodyReached> p) {
  WIRE_VALUE(intent_version);
  WIRE_VALUE(intent_index);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X&, D<X, Paused> d, P<X, ev::Paused> p) {
  WIRE_TEXT(reason);
  WIRE_MILLIS(follow_up_at);
  WIRE_TEXT(text);
}
template <typename X>
void Map(X&, D<X, Resumed> d, P<X, ev::Resumed> p) {
  WIRE_TEXT(why);
}
template <typename X>
void Map(X&, D<X, Snoozed> d, P<X, ev::Snoozed> p) {
  WIRE_MILLIS(until);
  WIRE_TEXT(text);
}
template <typename X>
void Map(X&, D<X, SnoozeEnded>, P<X, ev::SnoozeEnded>) {}
template <typename X>
void Map(X& x, D<X, HandoverOffered> d, P<X, ev::HandoverOffered> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(from_person);
  WIRE_TEXT(from_team);
  WIRE_TEXT(to_team);
  WIRE_TEXT(to_person);
  WIRE_TEXT(to_level);
  WIRE_ENUM(track);
  WIRE_PACKAGE();
  WIRE_TEXTS(missing);
  WIRE_VALUE(emergency);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X&, D<X, HandoverAccepted> d, P<X, ev::HandoverAccepted> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(person);
}
template <typename X>
void Map(X&, D<X, HandoverDeclined> d, P<X, ev::HandoverDeclined> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(person);
  WIRE_TEXT(reason);
}
template <typename X>
void Map(X& x, D<X, HandoverAskedForMore> d, P<X, ev::HandoverAskedForMore> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(person);
  WIRE_TEXTS(fields);
  WIRE_TEXT(question);
}
template <typename X>
void Map(X& x, D<X, HandoverSupplied> d, P<X, ev::HandoverSupplied> p) {
  WIRE_TEXT(id);
  WIRE_PACKAGE();
}
template <typename X>
void Map(X&, D<X, HandoverExpired> d, P<X, ev::HandoverExpired> p) {
  WIRE_TEXT(id);
}
template <typename X>
void Map(X& x, D<X, DeEscalated> d, P<X, ev::DeEscalated> p) {
  WIRE_ENUM(track);
  WIRE_TEXT(from_level);
  WIRE_TEXT(to_level);
  WIRE_TEXT(guidance);
}
template <typename X>
void Map(X& x, D<X, ApprovalRequest> d, P<X, ev::ApprovalRequest> p) {
  WIRE_TEXT(id);
  WIRE_ENUM(track);
  WIRE_TEXT(to_level);
  WIRE_ENUM(reason);
  WIRE_TEXT(text);
  WIRE_TEXT(requested_by);
  WIRE_TEXT(ask_level);
  WIRE_TEXTS(approvers);
  WIRE_VALUE(default_approve);
  WIRE_VALUE(ratify);
}
template <typename X>
void Map(X& x, D<X, ApprovalRequested> d, P<X, ev::ApprovalRequested> p) {
  WIRE_STRUCT(request);
}
template <typename X>
void Map(X& x, D<X, ApprovalDecided> d, P<X, ev::ApprovalDecided> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(person);
  WIRE_ENUM(outcome);
  WIRE_TEXT(text);
}
template <typename X>
void Map(X&, D<X, ConsultationAsked> d, P<X, ev::ConsultationAsked> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(from_person);
  WIRE_TEXT(to_team);
  WIRE_TEXT(to_person);
  WIRE_VALUE(sealed_question);
}
template <typename X>
void Map(X&, D<X, ConsultationAnswered> d, P<X, ev::ConsultationAnswered> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(person);
  WIRE_VALUE(sealed_answer);
}
template <typename X>
void Map(X& x, D<X, NoteAdded> d, P<X, ev::NoteAdded> p) {
  WIRE_ENUM(visibility);
  WIRE_TEXT(author);
  WIRE_VALUE(sealed_text);
  WIRE_VALUE(from_customer);
}
template <typename X>
void Map(X&, D<X, AttemptLogged> d, P<X, ev::AttemptLogged> p) {
  WIRE_TEXT(what);
  WIRE_TEXT(person);
  WIRE_VALUE(worked);
}
template <typename X>
void Map(X& x, D<X, FactsChanged> d, P<X, ev::FactsChanged> p) {
  WIRE_STRUCT(facts);
  WIRE_TEXTS(changed);
}
template <typename X>
void Map(X&, D<X, Rated> d, P<X, ev::Rated> p) {
  WIRE_TEXT(what);
  WIRE_TEXT(id);
  WIRE_VALUE(score);
  WIRE_TEXT(person);
  WIRE_TEXT(text);
}
template <typename X>
void Map(X& x, D<X, Linked> d, P<X, ev::Linked> p) {
  WIRE_CASE_ID(other);
  WIRE_TEXT(external);
  WIRE_ENUM(relation);
}
template <typename X>
void Map(X& x, D<X, CrossCaseIntended> d, P<X, ev::CrossCaseIntended> p) {
  WIRE_VALUE(index);
  WIRE_CASE_ID(other);
  WIRE_TEXT(action);
  WIRE_ENUM(relation);
}
template <typename X>
void Map(X&, D<X, CrossCaseDone> d, P<X, ev::CrossCaseDone> p) {
  WIRE_VALUE(intent_version);
  WIRE_VALUE(intent_index);
  WIRE_VALUE(refused);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X& x, D<X, Resolved> d, P<X, ev::Resolved> p) {
  WIRE_TEXT(person);
  WIRE_ENUM(cause);
  WIRE_VALUE(sealed_text);
  WIRE_TEXT(level);
}
template <typename X>
void Map(X&, D<X, ResolutionConfirmed> d, P<X, ev::ResolutionConfirmed> p) {
  WIRE_TEXT(person);
}
template <typename X>
void Map(X&, D<X, ResolutionRejected> d, P<X, ev::ResolutionRejected> p) {
  WIRE_TEXT(person);
  WIRE_TEXT(reason);
}
template <typename X>
void Map(X&, D<X, MonitoringStarted> d, P<X, ev::MonitoringStarted> p) {
  WIRE_MILLIS(until);
}
template <typename X>
void Map(X&, D<X, MonitoringEnded>, P<X, ev::MonitoringEnded>) {}
template <typename X>
void Map(X& x, D<X, Reopened> d, P<X, ev::Reopened> p) {
  WIRE_ENUM(cause);
  WIRE_TEXT(reason);
}
template <typename X>
void Map(X& x, D<X, Closed> d, P<X, ev::Closed> p) {
  WIRE_ENUM(cause);
  WIRE_TEXT(person);
}
template <typename X>
void Map(X& x, D<X, Cancelled> d, P<X, ev::Cancelled> p) {
  WIRE_ENUM(cause);
  WIRE_CASE_ID(other);
  WIRE_TEXT(reason);
}
template <typename X>
void Map(X&, D<X, Retired>, P<X, ev::Retired>) {}
template <typename X>
void Map(X&, D<X, EtaChanged> d, P<X, ev::EtaChanged> p) {
  WIRE_MILLIS(eta_at);
  WIRE_VALUE(sealed_text);
}
template <typename X>
void Map(X& x, D<X, DecisionTaken> d, P<X, ev::DecisionTaken> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(decision);
  WIRE_STRUCT(amount);
  WIRE_TEXT(person);
  WIRE_TEXT(level);
  WIRE_TEXT(rule);
  WIRE_TEXT(delegator);
  WIRE_TEXT(first_person);
  WIRE_TEXT(first_delegator);
  WIRE_TEXT(requested_by);
  WIRE_TEXT(text);
}
template <typename X>
void Map(X& x, D<X, DecisionRequest> d, P<X, ev::DecisionRequest> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(decision);
  WIRE_STRUCT(amount);
  WIRE_TEXT(text);
  WIRE_TEXT(requested_by);
  WIRE_TEXT(to_level);
  WIRE_TEXTS(people);
  WIRE_TEXT(first);
  WIRE_TEXT(first_delegator);
}
template <typename X>
void Map(X& x, D<X, DecisionRequested> d, P<X, ev::DecisionRequested> p) {
  WIRE_STRUCT(request);
}
template <typename X>
void Map(X&, D<X, DecisionRefused> d, P<X, ev::DecisionRefused> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(person);
  WIRE_TEXT(text);
}
template <typename X>
void Map(X&, D<X, PolicyMigrated> d, P<X, ev::PolicyMigrated> p) {
  WIRE_TEXT(from);
  WIRE_TEXT(to);
  WIRE_TEXT(path);
  WIRE_VALUE(functional_step);
  WIRE_VALUE(hierarchical_step);
  WIRE_TEXT(person);
}
template <typename X>
void Map(X&, D<X, MilestoneReached> d, P<X, ev::MilestoneReached> p) {
  WIRE_TEXT(name);
  WIRE_TEXT(person);
  WIRE_TEXT(text);
}

template <typename X>
void Map(X&, D<X, MajorOpened> d, P<X, ev::MajorOpened> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(because);
  WIRE_TEXT(person);
  WIRE_MILLIS(monitoring);
}

template <typename X>
void Map(X& x, D<X, MajorChanged> d, P<X, ev::MajorChanged> p) {
  WIRE_ENUM(action);
  WIRE_ENUM(part);
  WIRE_TEXT(person);
  WIRE_TEXT(by);
  WIRE_TEXT(reference);
  WIRE_TEXT(channel);
  WIRE_TEXT(language);
  WIRE_VALUE(sealed_contact);
  WIRE_VALUE(sealed_text);
  WIRE_TEXT(text);
  WIRE_LIST(actions);
  WIRE_VALUE(agreed);
  WIRE_MILLIS(monitoring);
}

template <typename X>
void Map(X&, D<X, MajorClosed> d, P<X, ev::MajorClosed> p) {
  WIRE_TEXT(person);
  WIRE_TEXT(text);
}

}  // namespace escalon::wire
