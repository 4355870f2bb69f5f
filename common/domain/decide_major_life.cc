#include <algorithm>
#include <utility>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/ending.h"
#include "common/domain/rights.h"
#include "common/domain/step_page.h"
#include "common/domain/who.h"

namespace escalon::decide {
namespace {

/// Silence is no word (domain.md §7.11): the agreed period begins with it.
void BeginMonitoring(Draft& d) {
  const DurationMs span = d.c().open_major()->monitoring;
  if (span <= 0) {
    d.Emit(MonitoringEnded{});
    return TellLead(d, "major_closing_wanted");
  }
  ArmUntil(d, kMonitoringClock, d.t() + span, "watched for a recurrence, the team stands by");
  d.Emit(MonitoringStarted{d.t() + span});
  Tell(d, IntentPurpose::kInform, Audience::kTeam, d.c().open_major()->Members(), "", "major_standby");
}

/// Beside the hierarchical track, which stands as it did: to be informed is not to have it.
void InformExecutives(Draft& d, const std::string& level) {
  const StepTarget* to = TargetOfLevel(d, level);
  Reached who;
  if (to != nullptr) who = WhoIsThere(d, *to, {AssignMode::kOffer, 1, {}, true}, "major_escalation.executives");
  EscalateBeside(d, Track::kHierarchical, level,
                 {.reason = EscalationReason::kExposure,
                  .text = "major_escalation",
                  .automatic = !d.by_person(),
                  .counted = false});
  Tell(d, IntentPurpose::kInform, Audience::kExecutives, std::move(who.people), "", "major_opened");
}

}  // namespace

void OpenMajor(Draft& d, const std::string& because, Saw saw) {
  const MajorRule& rule = *d.policy().major;
  d.Trace("major_escalation.when", "a major escalation: " + because, std::move(saw));
  d.Emit(MajorOpened{d.NewId('m'), because, d.person(), rule.monitoring});
  if (!rule.executives.empty()) InformExecutives(d, rule.executives);
}

void GivePart(Draft& d, MajorPart part, const std::string& person) {
  MajorChanged e;
  e.action = MajorAction::kName;
  e.part = part;
  e.person = person;
  e.by = d.person();
  d.Emit(std::move(e));
  const std::vector<std::string> silent = d.c().open_major()->Silent();
  if (std::find(silent.begin(), silent.end(), person) == silent.end()) return;
  Tell(d, IntentPurpose::kPage, Audience::kTeam, {person}, "",
       part == MajorPart::kManager ? "major_manager_named" : "major_member_named");
}

bool AcknowledgePart(Draft& d, const std::string& person) {
  const MajorRecord* record = d.c().open_major();
  if (record == nullptr) return false;
  const std::vector<std::string> silent = record->Silent();
  if (std::find(silent.begin(), silent.end(), person) == silent.end()) return false;
  MajorChanged e;
  e.action = MajorAction::kAcknowledge;
  e.person = person;
  e.by = person;
  d.Emit(std::move(e));
  return true;
}

void TellLead(Draft& d, std::string message) {
  const MajorRecord* record = d.c().majors.empty() ? nullptr : &d.c().majors.front();
  std::vector<std::string> people;
  for (const MajorPart part : {MajorPart::kManager, MajorPart::kDeputy}) {
    const std::string person = record != nullptr ? record->PersonOf(part) : std::string();
    if (!person.empty()) people.push_back(person);
  }
  if (people.empty()) {
    TellOwner(d, message);
    return TellManager(d, std::move(message));
  }
  Tell(d, IntentPurpose::kInform, Audience::kManager, std::move(people), "", std::move(message));
}

void PageMajorTeam(Draft& d) {
  const MajorRecord* record = d.c().open_major();
  if (record == nullptr || record->team.empty()) return;
  Tell(d, IntentPurpose::kPage, Audience::kTeam, record->Members(), "", "major_recurrence");
}

Decision TakeCustomersWord(Draft& d, const std::string& who, DurationMs monitoring) {
  const Case& c = d.c();
  if (IsOpen(c.state)) {
    return WrongState("the case is still worked on; resolve it first, the customer's word is about the solution");
  }
  MajorChanged e;
  e.action = MajorAction::kConsent;
  e.person = who;
  e.by = d.person();
  e.monitoring = monitoring;
  if (!c.confirmed) {
    d.Emit(std::move(e));
    d.Emit(ResolutionConfirmed{who});
    BeginMonitoring(d);
    return OutcomeKind::kDone;
  }
  if (c.open_major()->consented) return OutcomeKind::kUnchanged;
  e.agreed = true;
  d.Emit(std::move(e));
  TellLead(d, "major_consented");
  return OutcomeKind::kDone;
}

Status MayEndMajor(const Draft& d, std::string_view what) {
  const MajorRecord* record = d.c().open_major();
  if (record == nullptr || (d.by_person() && record->Leads(d.actor().subject))) return {};
  const std::string manager = record->PersonOf(MajorPart::kManager);
  return Denied(std::string(what) + ": the case is a major escalation, which only its manager ends" +
                (manager.empty() ? "; none is named yet, name one first" : ": " + manager + ", or the deputy"));
}

Decision CloseMajor(Draft& d, const std::string& reason) {
  const Case& c = d.c();
  if (Status s = MayEndMajor(d, "close"); !s) return s.error();
  if (IsOpen(c.state)) return WrongState("the case is still worked on; resolve it first");
  if (!c.confirmed) {
    return WrongState(
        "the customer has not said yet that it is resolved; record that with consent, then the monitoring begins");
  }
  if (!c.monitoring_over) {
    return WrongState("monitoring runs until " + FormatInstant(c.monitoring_until) + "; close it afterwards");
  }
  if (!c.open_major()->consented) {
    return WrongState("the customer has not agreed to closing; record that with consent, silence is not enough");
  }
  d.Emit(MajorClosed{d.person(), reason});
  CloseCase(d, CloseCause::kManager);
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
