#include <algorithm>
#include <string_view>
#include <utility>

#include "common/domain/evolve_parts.h"

namespace escalon::evolve {
namespace {

constexpr size_t kPlansKept = 8;

void Settle(MajorRecord* record, std::string_view what) { std::erase(record->overdue, what); }

void Give(MajorRecord* record, const MajorChanged& e) {
  // One manager and one deputy at a time; of the others there may be several.
  const bool single = e.part == MajorPart::kManager || e.part == MajorPart::kDeputy;
  std::erase_if(record->team, [&](const MajorMember& member) {
    return member.part == e.part && (single || member.person == e.person);
  });
  // Who is in the team already need not say so again.
  InstantMs acknowledged_at = 0;
  for (const MajorMember& member : record->team) {
    if (member.person == e.person) acknowledged_at = std::max(acknowledged_at, member.acknowledged_at);
  }
  record->team.push_back({e.part, e.person, acknowledged_at});
  if (acknowledged_at == 0) Settle(record, "team");  // who is new is asked as often as the others were
  if (e.part == MajorPart::kManager) Settle(record, "manager");
}

void AcknowledgeFor(MajorRecord* record, std::string_view person, InstantMs at) {
  for (MajorMember& member : record->team) {
    if (member.person == person && member.acknowledged_at == 0) member.acknowledged_at = at;
  }
}

void AddReference(MajorRecord* record, MajorPart part, const MajorChanged& e) {
  if (e.reference.empty()) return;
  std::erase_if(record->references,
                [&](const MajorReference& known) { return known.part == part && known.reference == e.reference; });
  record->references.push_back({part, e.reference, e.person});
}

void RevisePlan(MajorRecord* record, const MajorChanged& e, InstantMs at) {
  Settle(record, "plan");
  auto& plans = record->plans;
  if (e.sealed_text.empty()) {  // the present revision has been agreed
    if (!plans.empty()) plans.back().agreed = e.agreed;
    return;
  }
  const uint32_t revision = plans.empty() ? 1 : plans.back().revision + 1;
  plans.push_back({revision, e.sealed_text, e.text, e.actions, e.agreed, e.by, at});
  if (plans.size() > kPlansKept) plans.erase(plans.begin());
}

void AddContact(MajorRecord* record, const MajorChanged& e) {
  std::erase_if(record->contacts, [&](const MajorContact& known) { return known.person == e.person; });
  record->contacts.push_back({e.part, e.person, e.channel, e.language, e.sealed_contact});
}

void Change(MajorRecord* record, const MajorChanged& e, InstantMs at) {
  switch (e.action) {
    case MajorAction::kName:
      return Give(record, e);
    case MajorAction::kRelease:
      std::erase_if(record->team, [&](const MajorMember& member) {
        return member.person == e.person && (e.part == MajorPart::kUnset || member.part == e.part);
      });
      return;
    case MajorAction::kAcknowledge:
      return AcknowledgeFor(record, e.person, at);
    case MajorAction::kAddContact:
      return AddContact(record, e);
    case MajorAction::kAddReference:
      return AddReference(record, e.part, e);
    case MajorAction::kAssess:
      record->sealed_assessment = e.sealed_text;
      record->assessed_by = e.by;
      record->assessed_at = at;
      return Settle(record, "assessment");
    case MajorAction::kRevisePlan:
      return RevisePlan(record, e, at);
    case MajorAction::kConsent:
      record->consented = e.agreed;
      if (e.monitoring != 0) record->monitoring = e.monitoring;
      return;
    case MajorAction::kReview:
      record->reviewed_at = at;
      AddReference(record, MajorPart::kProblem, e);
      return Settle(record, "review");
    case MajorAction::kOverdue:
      Settle(record, e.text);
      record->overdue.push_back(e.text);
      return;
    case MajorAction::kCaughtUp:
      return Settle(record, e.text);
    case MajorAction::kOpen:
    case MajorAction::kClose:
      return;
  }
}

}  // namespace

void ForgetConsent(Case& c) {
  for (MajorRecord& record : c.majors) record.consented = false;
}

void ReopenMajor(Case& c) {
  for (MajorRecord& record : c.majors) {
    record.consented = false;
    record.closed_at = 0;
    record.reviewed_at = 0;
    Settle(&record, "review");
    Settle(&record, "team");
    for (MajorMember& member : record.team) member.acknowledged_at = 0;
  }
}

void On(Case& c, const MajorOpened& e, InstantMs at) {
  MajorRecord record;
  record.id = e.id;
  record.because = e.because;
  record.opened_by = e.person;
  record.opened_at = at;
  record.monitoring = e.monitoring;
  c.majors = {std::move(record)};
}

void On(Case& c, const MajorChanged& e, InstantMs at) {
  for (MajorRecord& record : c.majors) {
    Change(&record, e, at);
    // Whoever acts on the record has it.
    if (e.action != MajorAction::kRelease) AcknowledgeFor(&record, e.by, at);
    if (record.Silent().empty()) Settle(&record, "team");
  }
}

void On(Case& c, const MajorClosed&, InstantMs at) {
  for (MajorRecord& record : c.majors) {
    record.closed_at = at;
    record.overdue.clear();
  }
}

}  // namespace escalon::evolve
