#include <algorithm>
#include <string_view>
#include <utility>

#include "common/domain/clock_ops.h"
#include "common/domain/decide_parts.h"
#include "common/domain/rights.h"

namespace escalon::decide {
namespace {

constexpr size_t kLongestSealed = 16 * 1024;
constexpr size_t kLongestContact = 1024;
constexpr size_t kLongestWords = 2000;
constexpr size_t kLongestAction = 500;
constexpr size_t kLongestReference = 500;
constexpr size_t kLongestName = 256;
constexpr size_t kMostMembers = 32;
constexpr size_t kMostEntries = 32;
constexpr size_t kMostActions = 50;
constexpr int kLongestMonitoringHours = 90 * 24;
constexpr DurationMs kFarthestAction = 366 * kDayMs;

bool IsOfTeam(MajorPart part) { return part >= MajorPart::kManager && part <= MajorPart::kExpert; }
bool IsContact(MajorPart part) { return part == MajorPart::kCustomer || part == MajorPart::kProvider; }
bool IsReference(MajorPart part) { return part >= MajorPart::kIncident && part <= MajorPart::kRequest; }

Status CheckTexts(const Major& m) {
  struct Part {
    const std::string& text;
    size_t most;
    const char* field;
  };
  const Part parts[] = {{m.person, kLongestName, "person"},        {m.reference, kLongestReference, "reference"},
                        {m.channel, kLongestName, "channel"},      {m.language, kLongestName, "language"},
                        {m.sealed_text, kLongestSealed, "text"},   {m.sealed_contact, kLongestContact, "contact"},
                        {m.resources, kLongestWords, "resources"}, {m.reason, kLongestWords, "reason"}};
  for (const Part& part : parts) {
    if (Status s = CheckText(part.text, part.most, part.field); !s) return s;
  }
  return {};
}

Status CheckActions(const Draft& d, const std::vector<PlanAction>& actions) {
  if (actions.size() > kMostActions)
    return InvalidField("actions", "more than 50; put those that belong together into one");
  for (size_t i = 0; i < actions.size(); ++i) {
    const std::string field = "actions[" + std::to_string(i) + "]";
    const PlanAction& action = actions[i];
    if (action.what.empty()) return InvalidField(field + ".what", "is empty; say what is to be done");
    if (action.owner.empty()) return InvalidField(field + ".owner", "is empty; name whoever does it");
    if (Status s = CheckText(action.what, kLongestAction, field + ".what"); !s) return s;
    if (Status s = CheckText(action.owner, kLongestName, field + ".owner"); !s) return s;
    if (action.due_at < 0 || action.due_at > d.t() + kFarthestAction)
      return InvalidField(field + ".due_at", "lies more than a year ahead; name an earlier instant");
  }
  return {};
}

/// The record's own manager or deputy; while it has none, whoever may steer the case.
Status MayLead(const Draft& d, const MajorRecord& record, std::string_view what) {
  if (d.by_person() && record.Leads(d.actor().subject)) return {};
  const std::string manager = record.PersonOf(MajorPart::kManager);
  if (!manager.empty()) {
    return Denied(std::string(what) + " is for the escalation manager, " + manager +
                  ", or the deputy; ask them, or have a manager name you");
  }
  if (!d.by_person()) return Denied(std::string(what) + " needs a person; no escalation manager is named yet");
  return MaySteer(d, what);
}

/// Anybody of the team, and whoever may steer the case.
Status MayHelp(const Draft& d, const MajorRecord& record, std::string_view what) {
  if (record.IsMember(d.actor().subject)) return {};
  return MaySteer(d, what);
}

MajorChanged ChangeOf(const Draft& d, const Major& m) {
  MajorChanged e;
  e.action = m.action;
  e.part = m.part;
  e.person = m.person;
  e.by = d.person();
  e.reference = m.reference;
  e.sealed_text = m.sealed_text;
  return e;
}

Decision Open(Draft& d, const Major& m) {
  if (!d.policy().major.has_value()) {
    return WrongState(
        "the case's policy has no major_escalation section; add one to the policy, new cases then have it");
  }
  if (d.c().open_major() != nullptr) return OutcomeKind::kUnchanged;
  if (!IsOpen(d.c().state)) {
    return WrongState("the case is " + std::string(Name(d.c().state)) + "; reopen it first, then open the record");
  }
  if (m.reason.empty()) return InvalidField("reason", "say why it is a major escalation: the record cites it");
  if (Status s = MaySteer(d, "opening a major escalation"); !s) return s.error();
  OpenMajor(d, m.reason);
  return OutcomeKind::kDone;
}

Decision NameOne(Draft& d, const MajorRecord& record, const Major& m) {
  if (!IsOfTeam(m.part))
    return InvalidField("part", "give one of: manager, deputy, incident_owner, problem_owner, expert");
  if (m.person.empty()) return InvalidField("person", "is empty; name the person");
  if (!IsManager(d.actor())) {
    if (Status s = MayLead(d, record, "naming the team"); !s) return s.error();
  }
  const bool has_it = std::any_of(record.team.begin(), record.team.end(), [&m](const MajorMember& member) {
    return member.part == m.part && member.person == m.person;
  });
  if (has_it) return OutcomeKind::kUnchanged;
  if (Status s = CanTake(d, m.person, "person"); !s) return s.error();
  if (record.team.size() >= kMostMembers)
    return Error{ErrorCode::kResourceExhausted, "the team has 32 members; release somebody first"};
  if (m.part == MajorPart::kManager) StopClock(d, kMajorManagerClock, "named");
  GivePart(d, m.part, m.person);
  return OutcomeKind::kDone;
}

Decision Release(Draft& d, const MajorRecord& record, const Major& m) {
  if (m.person.empty()) return InvalidField("person", "is empty; name whom to release");
  if (m.part != MajorPart::kUnset && !IsOfTeam(m.part))
    return InvalidField("part", "give a part of the team, or none for all of the person's parts");
  if (m.person == record.PersonOf(MajorPart::kManager) &&
      (m.part == MajorPart::kUnset || m.part == MajorPart::kManager)) {
    return InvalidField("person", m.person + " is the manager, and a record needs one; name another manager instead");
  }
  if (!record.IsMember(m.person)) return OutcomeKind::kUnchanged;
  if (!IsManager(d.actor()) && d.actor().subject != m.person) {
    if (Status s = MayLead(d, record, "releasing people"); !s) return s.error();
  }
  MajorChanged e = ChangeOf(d, m);
  e.text = m.reason;
  d.Emit(std::move(e));
  return OutcomeKind::kDone;
}

Decision TakePart(Draft& d, const MajorRecord& record) {
  const std::string person = d.person();
  if (!record.IsMember(person)) {
    return Denied("only the team of the major escalation acknowledges a part in it; its manager names people");
  }
  return AcknowledgePart(d, person) ? OutcomeKind::kDone : OutcomeKind::kUnchanged;
}

Decision AddContact(Draft& d, const MajorRecord& record, const Major& m) {
  if (!IsContact(m.part)) return InvalidField("part", "give one of: customer, provider");
  if (m.person.empty()) return InvalidField("person", "is empty; give the contact's id or name");
  if (m.channel.empty() != m.sealed_contact.empty())
    return InvalidField("channel", "channel and contact belong together; give both, or only the person");
  if (Status s = MayHelp(d, record, "adding contacts"); !s) return s.error();
  if (record.contacts.size() >= kMostEntries)
    return Error{ErrorCode::kResourceExhausted, "the record has 32 contacts; give one of their ids to replace it"};
  MajorChanged e = ChangeOf(d, m);
  e.channel = m.channel;
  e.language = m.language;
  e.sealed_contact = m.sealed_contact;
  d.Emit(std::move(e));
  return OutcomeKind::kDone;
}

Decision AddReference(Draft& d, const MajorRecord& record, const Major& m) {
  if (!IsReference(m.part)) return InvalidField("part", "give one of: incident, problem, request");
  if (m.reference.empty()) return InvalidField("reference", "is empty; give the record's number");
  if (Status s = MayHelp(d, record, "linking records"); !s) return s.error();
  if (record.references.size() >= kMostEntries)
    return Error{ErrorCode::kResourceExhausted, "the record has 32 linked records; link the others to one of them"};
  d.Emit(ChangeOf(d, m));
  return OutcomeKind::kDone;
}

Decision Assess(Draft& d, const MajorRecord& record, const Major& m) {
  if (m.sealed_text.empty()) return InvalidField("text", "is empty; write the assessment");
  if (Status s = MayLead(d, record, "the assessment"); !s) return s.error();
  d.Emit(ChangeOf(d, m));
  StopClock(d, kMajorAssessmentClock, "assessed");
  return OutcomeKind::kDone;
}

Decision RevisePlan(Draft& d, const MajorRecord& record, const Major& m) {
  const bool only_agreed = m.sealed_text.empty() && m.actions.empty() && m.resources.empty() && m.agreed;
  if (only_agreed && record.plans.empty())
    return InvalidField("text", "there is no plan yet that could be agreed; write one");
  if (!only_agreed && m.sealed_text.empty()) return InvalidField("text", "is empty; write the plan");
  if (Status s = CheckActions(d, m.actions); !s) return s.error();
  if (Status s = MayLead(d, record, "the plan"); !s) return s.error();
  if (only_agreed && record.plans.back().agreed) return OutcomeKind::kUnchanged;
  MajorChanged e = ChangeOf(d, m);
  e.text = m.resources;
  e.actions = m.actions;
  e.agreed = m.agreed;
  d.Emit(std::move(e));
  if (!only_agreed) StopClock(d, kMajorPlanClock, "revised");  // its next review is due from now
  return OutcomeKind::kDone;
}

Decision Consent(Draft& d, const MajorRecord& record, const Major& m) {
  if (m.person.empty()) return InvalidField("person", "is empty; say who at the customer agreed");
  if (m.monitoring_hours < 0 || m.monitoring_hours > kLongestMonitoringHours)
    return InvalidField("monitoring_hours", "is negative or more than 2160, 90 days; agree on a shorter period");
  if (m.monitoring_hours != 0 && d.c().confirmed)
    return InvalidField("monitoring_hours", "monitoring has begun already; leave it empty");
  if (Status s = MayLead(d, record, "recording the customer's word"); !s) return s.error();
  return TakeCustomersWord(d, m.person, m.monitoring_hours * kHourMs);
}

Decision Review(Draft& d, const Major& m) {
  const Case& c = d.c();
  const MajorRecord& record = c.majors.front();
  if (IsOpen(c.state)) return WrongState("the case is still worked on; review it when it is resolved");
  if (m.sealed_text.empty()) return InvalidField("text", "is empty; write what was learnt");
  if (Status s = MayHelp(d, record, "the review"); !s) return s.error();
  MajorChanged e = ChangeOf(d, m);
  e.part = MajorPart::kUnset;
  d.Emit(std::move(e));
  StopClock(d, kMajorReviewClock, "reviewed");
  return OutcomeKind::kDone;
}

}  // namespace

Decision On(Draft& d, const Major& m) {
  if (Status s = CheckTexts(m); !s) return s.error();
  const Case& c = d.c();
  if (m.action == MajorAction::kOpen && !IsEnded(c.state)) return Open(d, m);
  if (c.majors.empty()) return WrongState("the case is no major escalation; open a record first");
  if (m.action == MajorAction::kReview) return Review(d, m);
  if (IsEnded(c.state)) return WrongState("the case is closed, its record takes the review only; reopen it first");
  const MajorRecord record = c.majors.front();
  switch (m.action) {
    case MajorAction::kName:
      return NameOne(d, record, m);
    case MajorAction::kRelease:
      return Release(d, record, m);
    case MajorAction::kAcknowledge:
      return TakePart(d, record);
    case MajorAction::kAddContact:
      return AddContact(d, record, m);
    case MajorAction::kAddReference:
      return AddReference(d, record, m);
    case MajorAction::kAssess:
      return Assess(d, record, m);
    case MajorAction::kRevisePlan:
      return RevisePlan(d, record, m);
    case MajorAction::kConsent:
      return Consent(d, record, m);
    case MajorAction::kClose:
      return CloseMajor(d, m.reason);
    default:
      return InvalidField("action",
                          "give one of: open, name, release, acknowledge, add_contact, add_reference, assess, "
                          "revise_plan, consent, review, close");
  }
}

}  // namespace escalon::decide
