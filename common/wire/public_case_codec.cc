#include "common/wire/public_case_codec.h"

#include "common/core/digest.h"
#include "common/wire/timestamps.h"
#include "common/wire/utf8.h"
#include "escalon/cases/v1/public_case.pb.h"

namespace escalon::wire {
namespace {

namespace cs = ::escalon::cases::v1;
namespace cm = ::escalon::common::v1;
namespace sb = ::escalon::submission::v1;

/// Absent when there is none.
#define WIRE_PUT_TIME(message, field, at)                                       \
  do {                                                                          \
    if ((at) != 0 && (at) != kNever) PutTime(at, (message)->mutable_##field()); \
  } while (false)

class Opener {
 public:
  Opener(const Viewer& viewer, cs::PublicCase* out) : viewer_(viewer), out_(out) {}

  void Put(std::string_view field, const std::string& stored, std::string* to) const {
    if (stored.empty() || !viewer_.open) return;
    if (auto plain = OpenText(viewer_.open, field, stored)) {
      AssignUtf8(*plain, to);
    } else {
      out_->set_personal_fields_closed(true);
    }
  }

 private:
  const Viewer& viewer_;
  cs::PublicCase* out_;
};

template <typename Texts>
void PutTexts(const Texts& texts, google::protobuf::RepeatedPtrField<std::string>* out) {
  for (const std::string& text : texts) AssignUtf8(text, out->Add());
}

void PutPerson(const Party& party, const Opener& opener, sb::Person* out) {
  out->set_id(party.subject);
  opener.Put(kPartyName, party.sealed_name, out->mutable_name());
  opener.Put(kPartyContact, party.sealed_contact, out->mutable_contact());
  out->set_language(party.language);
  out->set_vip(party.vip);
}

void PutFacts(const Facts& facts, const Opener& opener, bool requester, cs::PublicCase* out) {
  out->set_kind(facts.kind);
  AssignUtf8(facts.title, out->mutable_title());
  opener.Put(kDescription, facts.sealed_text, out->mutable_description());
  out->set_service(facts.service);
  out->set_region(facts.region);
  out->set_residency(facts.residency);
  out->set_customer(facts.customer);
  out->set_contract(facts.contract);
  out->set_source(facts.source);
  out->set_external_ref(facts.external_ref);
  out->set_external_url(facts.external_url);
  out->set_impact(static_cast<cm::Grade>(facts.impact));
  out->set_urgency(static_cast<cm::Grade>(facts.urgency));
  out->set_risk(static_cast<cm::Grade>(facts.risk));
  out->set_business_value(static_cast<cm::Grade>(facts.business_value));
  out->set_proactive(facts.proactive);
  out->set_restricted(facts.restricted);
  if (facts.reporter != Party{}) PutPerson(facts.reporter, opener, out->mutable_reporter());
  if (facts.requester != Party{}) PutPerson(facts.requester, opener, out->mutable_requester());
  if (requester) return;
  PutTexts(facts.tags, out->mutable_tags());
  for (const auto& [key, value] : facts.labels) {
    cm::Entry& entry = *out->add_labels();
    entry.set_key(key);
    AssignUtf8(value, entry.mutable_value());
  }
}

void PutMoney(const Money& money, cm::Money* out) {
  out->set_minor(money.minor);
  out->set_currency(money.currency);
}

void PutClock(const ClockRun& clock, cs::PublicClock* out) {
  out->set_name(clock.name);
  out->set_generation(clock.generation);
  out->set_calendar(clock.calendar);
  WIRE_PUT_TIME(out, started_at, clock.started_at);
  WIRE_PUT_TIME(out, due_at, clock.due_at);
  WIRE_PUT_TIME(out, next_alarm_at, clock.next_alarm_at());
  WIRE_PUT_TIME(out, paused_since, clock.paused_since);
  WIRE_PUT_TIME(out, breached_at, clock.breached_at);
  if (!clock.penalty.empty()) PutMoney(clock.penalty, out->mutable_penalty());
}

void PutTrack(const TrackState& track, cs::PublicTrack* out) {
  out->set_level(track.level);
  out->set_step(track.step);
  out->set_pass(track.pass);
  out->set_attempt(track.attempt);
  out->set_stopped(track.stopped);
  WIRE_PUT_TIME(out, reached_at, track.reached_at);
  PutTexts(track.people, out->mutable_people());
  out->set_team(track.team);
}

void PutHandover(const OpenHandover& open, const Opener& opener, cs::PublicHandover* out) {
  const HandoverOffered& offer = open.offer;
  out->set_id(offer.id);
  out->set_from_person(offer.from_person);
  out->set_from_team(offer.from_team);
  out->set_to_team(offer.to_team);
  out->set_to_person(offer.to_person);
  out->set_to_level(offer.to_level);
  out->set_state(static_cast<cm::HandoverState>(open.state));
  for (const auto& [name, sealed] : offer.package.fields) {
    cm::PackageField& field = *out->add_package_fields();
    field.set_name(name);
    opener.Put(kPackage, sealed, field.mutable_text());
  }
  PutTexts(offer.missing, out->mutable_missing());
  out->set_emergency(offer.emergency);
  AssignUtf8(offer.why, out->mutable_why());
  WIRE_PUT_TIME(out, since, open.since);
}

void PutApproval(const OpenApproval& open, cs::PublicApproval* out) {
  const ApprovalRequest& request = open.request;
  out->set_id(request.id);
  out->set_track(static_cast<cm::Track>(request.track));
  out->set_to_level(request.to_level);
  out->set_reason(static_cast<cm::EscalationReason>(request.reason));
  AssignUtf8(request.text, out->mutable_text());
  out->set_requested_by(request.requested_by);
  PutTexts(request.approvers, out->mutable_approvers());
  out->set_state(request.ratify ? cm::APPROVAL_STATE_TO_RATIFY : cm::APPROVAL_STATE_REQUESTED);
  out->set_default_approve(request.default_approve);
  WIRE_PUT_TIME(out, since, open.since);
}

void PutConsultation(const OpenConsultation& open, const Opener& opener, cs::PublicConsultation* out) {
  out->set_id(open.asked.id);
  out->set_from_person(open.asked.from_person);
  out->set_to_team(open.asked.to_team);
  out->set_to_person(open.asked.to_person);
  opener.Put(kQuestion, open.asked.sealed_question, out->mutable_question());
  WIRE_PUT_TIME(out, since, open.since);
}

void PutDecisionRequest(const OpenDecision& open, cs::PublicDecisionRequest* out) {
  const DecisionRequest& request = open.request;
  out->set_id(request.id);
  out->set_decision(request.decision);
  if (!request.amount.empty()) PutMoney(request.amount, out->mutable_amount());
  AssignUtf8(request.text, out->mutable_text());
  out->set_requested_by(request.requested_by);
  out->set_to_level(request.to_level);
  PutTexts(request.people, out->mutable_people());
  out->set_first(request.first);
  WIRE_PUT_TIME(out, since, open.since);
}

void PutDecision(const TakenDecision& taken, cs::PublicDecision* out) {
  out->set_id(taken.id);
  out->set_decision(taken.decision);
  if (!taken.amount.empty()) PutMoney(taken.amount, out->mutable_amount());
  out->set_person(taken.person);
  out->set_level(taken.level);
  WIRE_PUT_TIME(out, at, taken.at);
}

void PutPlan(const MajorPlan& plan, const Opener& opener, cs::PublicMajorPlan* out) {
  out->set_revision(plan.revision);
  opener.Put(kMajor, plan.sealed_text, out->mutable_text());
  AssignUtf8(plan.resources, out->mutable_resources());
  for (const PlanAction& action : plan.actions) {
    cs::PlannedAction& entry = *out->add_actions();
    AssignUtf8(action.what, entry.mutable_what());
    AssignUtf8(action.owner, entry.mutable_owner());
    WIRE_PUT_TIME(&entry, due_at, action.due_at);
  }
  out->set_agreed(plan.agreed);
  out->set_by(plan.by);
  WIRE_PUT_TIME(out, at, plan.at);
}

void PutMajor(const MajorRecord& record, const Opener& opener, cs::PublicMajor* out) {
  out->set_id(record.id);
  AssignUtf8(record.because, out->mutable_because());
  out->set_opened_by(record.opened_by);
  WIRE_PUT_TIME(out, opened_at, record.opened_at);
  out->set_manager(record.PersonOf(MajorPart::kManager));
  for (const MajorMember& member : record.team) {
    cs::PublicMajorMember& entry = *out->add_team();
    entry.set_part(static_cast<cm::MajorPart>(member.part));
    entry.set_person(member.person);
    WIRE_PUT_TIME(&entry, acknowledged_at, member.acknowledged_at);
  }
  for (const MajorContact& contact : record.contacts) {
    cs::PublicMajorContact& entry = *out->add_contacts();
    entry.set_part(static_cast<cm::MajorPart>(contact.part));
    entry.set_person(contact.person);
    entry.set_channel(contact.channel);
    entry.set_language(contact.language);
    opener.Put(kPartyContact, contact.sealed_contact, entry.mutable_contact());
  }
  for (const MajorReference& reference : record.references) {
    cs::PublicMajorReference& entry = *out->add_references();
    entry.set_part(static_cast<cm::MajorPart>(reference.part));
    AssignUtf8(reference.reference, entry.mutable_reference());
    entry.set_owner(reference.owner);
  }
  opener.Put(kMajor, record.sealed_assessment, out->mutable_assessment());
  out->set_assessed_by(record.assessed_by);
  WIRE_PUT_TIME(out, assessed_at, record.assessed_at);
  for (const MajorPlan& plan : record.plans) PutPlan(plan, opener, out->add_plans());
  out->set_monitoring_hours(static_cast<int32_t>(record.monitoring / kHourMs));
  out->set_consented(record.consented);
  PutTexts(record.overdue, out->mutable_overdue());
  WIRE_PUT_TIME(out, closed_at, record.closed_at);
  WIRE_PUT_TIME(out, reviewed_at, record.reviewed_at);
}

void PutInside(const Case& c, const Opener& opener, cs::PublicCase* out) {
  PutTrack(c.functional, out->mutable_functional());
  PutTrack(c.hierarchical, out->mutable_hierarchical());
  out->set_acknowledged_by(c.acknowledged_by);
  out->set_management_acknowledged_by(c.management_acknowledged_by);
  for (const ClockRun& clock : c.clocks) PutClock(clock, out->add_clocks());
  for (const auto& [name, at] : c.breaches) {
    cs::PublicBreach& breach = *out->add_breaches();
    breach.set_name(name);
    WIRE_PUT_TIME(&breach, at, at);
  }
  WIRE_PUT_TIME(out, snoozed_until, c.snoozed_until);
  for (const OpenHandover& open : c.handovers) PutHandover(open, opener, out->add_handovers());
  for (const OpenApproval& open : c.approvals) PutApproval(open, out->add_approvals());
  for (const OpenConsultation& open : c.consultations) PutConsultation(open, opener, out->add_consultations());
  for (const OpenDecision& open : c.decision_requests) PutDecisionRequest(open, out->add_decision_requests());
  for (const TakenDecision& taken : c.decisions) PutDecision(taken, out->add_decisions());
  for (const Milestone& milestone : c.milestones) {
    cs::PublicMilestone& entry = *out->add_milestones();
    entry.set_name(milestone.name);
    WIRE_PUT_TIME(&entry, at, milestone.at);
  }
  if (!c.majors.empty()) PutMajor(c.majors.front(), opener, out->mutable_major());
  for (const Linked& link : c.links) {
    cs::PublicLink& entry = *out->add_links();
    if (!link.other.empty()) entry.set_other(link.other.ToString());
    entry.set_external(link.external);
    entry.set_relation(static_cast<cm::LinkRelation>(link.relation));
  }
  if (!c.parent.empty()) out->set_parent(c.parent.ToString());
  out->set_resolved_by(c.resolved_by);
  out->set_policy(c.policy);
  out->set_path(c.path);
  out->set_chain(ToHex(AsView(c.chain)));
}

void PutCounters(const Case& c, cs::PublicCase* out) {
  out->set_reports(c.reports);
  out->set_escalations(c.escalations);
  out->set_reassignments(c.reassignments);
  out->set_reopens(c.reopens);
  out->set_re_escalations(c.re_escalations);
  out->set_attempts_failed(c.attempts_failed);
  out->set_handovers_declined(c.handovers_declined);
}

void PutInstants(const Case& c, cs::PublicCase* out) {
  WIRE_PUT_TIME(out, opened_at, c.opened_at);
  WIRE_PUT_TIME(out, reported_at, c.reported_at);
  WIRE_PUT_TIME(out, acknowledged_at, c.acknowledged_at);
  WIRE_PUT_TIME(out, first_response_at, c.first_response_at);
  WIRE_PUT_TIME(out, resolved_at, c.resolved_at);
  WIRE_PUT_TIME(out, monitoring_until, c.monitoring_until);
  WIRE_PUT_TIME(out, ended_at, c.ended_at);
  WIRE_PUT_TIME(out, eta_at, c.eta_at);
  WIRE_PUT_TIME(out, last_at, c.last_at);
}

}  // namespace

void ToProto(const Case& c, const Viewer& viewer, cs::PublicCase* out) {
  out->Clear();
  const Opener opener(viewer, out);
  out->set_case_id(c.id.ToString());
  out->set_tenant(c.tenant);
  out->set_version(c.version);
  out->set_state(static_cast<cm::CaseState>(c.state));
  out->set_priority(static_cast<cm::Priority>(c.priority));
  out->set_priority_manual(c.priority_manual);
  if (c.facts) PutFacts(*c.facts, opener, viewer.requester, out);
  out->set_category(!c.category.empty() || !c.facts ? c.category : c.facts->category);
  out->set_complexity(static_cast<cm::Grade>(c.complexity));
  PutTexts(c.skills, out->mutable_skills());
  if (c.owner != Owner{}) {
    out->mutable_owner()->set_team(c.owner.team);
    if (!viewer.requester) out->mutable_owner()->set_person(c.owner.person);
    WIRE_PUT_TIME(out->mutable_owner(), since, c.owner.since);
  }
  out->set_level(c.functional.level);
  if (!c.pending.reason.empty()) {
    out->mutable_pending()->set_reason(c.pending.reason);
    WIRE_PUT_TIME(out->mutable_pending(), since, c.pending.since);
    WIRE_PUT_TIME(out->mutable_pending(), follow_up_at, c.pending.follow_up_at);
  }
  if (!viewer.requester) PutInside(c, opener, out);
  PutCounters(c, out);
  out->set_resolved_level(c.resolved_level);
  if (c.resolved_at != 0) out->set_resolution(static_cast<cm::ResolutionCause>(c.resolution));
  out->set_confirmed(c.confirmed);
  PutInstants(c, out);
  out->set_triaged_by_fallback(c.triaged_by_fallback);
  out->set_imported(c.imported);
  out->set_is_major(!c.majors.empty());
}

}  // namespace escalon::wire
