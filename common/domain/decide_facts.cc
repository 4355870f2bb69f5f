#include <algorithm>
#include <array>
#include <utility>

#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/hold.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

constexpr size_t kLongestNote = 64 * 1024;
constexpr size_t kLongestText = 4000;
constexpr DurationMs kFarthestEta = 366 * kDayMs;

/// A field that a person or the source may correct, with how it moves from one set of facts to another.
struct FactField {
  std::string_view name;
  void (*copy)(const Facts& from, Facts* to);
};

constexpr auto kFactFields = std::to_array<FactField>({
    {"kind", [](const Facts& from, Facts* to) { to->kind = from.kind; }},
    {"title", [](const Facts& from, Facts* to) { to->title = from.title; }},
    {"sealed_text", [](const Facts& from, Facts* to) { to->sealed_text = from.sealed_text; }},
    {"service", [](const Facts& from, Facts* to) { to->service = from.service; }},
    {"category", [](const Facts& from, Facts* to) { to->category = from.category; }},
    {"region", [](const Facts& from, Facts* to) { to->region = from.region; }},
    {"residency", [](const Facts& from, Facts* to) { to->residency = from.residency; }},
    {"customer", [](const Facts& from, Facts* to) { to->customer = from.customer; }},
    {"contract", [](const Facts& from, Facts* to) { to->contract = from.contract; }},
    {"external_url", [](const Facts& from, Facts* to) { to->external_url = from.external_url; }},
    {"impact", [](const Facts& from, Facts* to) { to->impact = from.impact; }},
    {"urgency", [](const Facts& from, Facts* to) { to->urgency = from.urgency; }},
    {"risk", [](const Facts& from, Facts* to) { to->risk = from.risk; }},
    {"business_value", [](const Facts& from, Facts* to) { to->business_value = from.business_value; }},
    {"restricted", [](const Facts& from, Facts* to) { to->restricted = from.restricted; }},
    {"requester", [](const Facts& from, Facts* to) { to->requester = from.requester; }},
    {"tags", [](const Facts& from, Facts* to) { to->tags = from.tags; }},
    {"skills", [](const Facts& from, Facts* to) { to->skills = from.skills; }},
    {"labels", [](const Facts& from, Facts* to) { to->labels = from.labels; }},
});

const FactField* FindField(std::string_view name) {
  const auto it = std::find_if(kFactFields.begin(), kFactFields.end(),
                               [name](const FactField& field) { return field.name == name; });
  return it != kFactFields.end() ? &*it : nullptr;
}

bool IsOfRequester(const std::string& field) { return field == "title" || field == "sealed_text"; }

std::string KnownFields() {
  std::string names;
  for (const FactField& field : kFactFields) names += (names.empty() ? "" : ", ") + std::string(field.name);
  return names;
}

/// Impact and the like speak for themselves again: the rules judge anew, unless a person has set the priority (DESIGN
/// §6).
void Reassess(Draft& d, const std::string& why) {
  const Case& c = d.c();
  if (c.state == CaseState::kNew || !IsOpen(c.state)) return;
  std::vector<TraceLine> trace;
  const Priority by_rules = PriorityOf(d.policy(), c, &trace);
  if (c.priority_manual || by_rules == c.priority) {
    (void)EndMaintenanceIfGrave(d);
    return FireFactTriggers(d);
  }
  d.Trace(std::move(trace));
  const Priority before = c.priority;
  d.Emit(PriorityChanged{before, by_rules, false, why});
  AfterPriorityChange(d, before, why);
}

bool Weighs(const std::vector<std::string>& changed) {
  return std::any_of(changed.begin(), changed.end(), [](const std::string& field) {
    return field != "title" && field != "sealed_text" && field != "external_url" && field != "skills";
  });
}

void PublicReply(Draft& d) {
  StopPromises(d, "public_reply");
  if (d.c().clock(kCadenceClock) != nullptr) RestartCadence(d, "the next update");
}

void CustomerMessage(Draft& d) {
  StartPromises(d, "customer_message");
  if (d.c().pending.reason != "customer") return;
  d.Trace("pending.reasons.customer", "the customer has answered");
  EndPending(d, "the customer has answered");
  TellOwner(d, "resumed");
}

}  // namespace

Decision On(Draft& d, const AddNote& command) {
  if (command.sealed_text.empty()) return InvalidField("sealed_text", "an empty note says nothing");
  if (Status s = CheckText(command.sealed_text, kLongestNote, "sealed_text"); !s) return s.error();
  if (command.from_customer && command.visibility != Visibility::kPublic) {
    return InvalidField("visibility", "a customer's message is public");
  }
  if (IsRequesterOnly(d.actor()) && !command.from_customer)
    return InvalidField("from_customer", "a requester writes as the customer");
  // An automatic text has no author: it answers nobody (DESIGN §7.7).
  d.Emit(NoteAdded{command.visibility, d.person(), command.sealed_text, command.from_customer});
  if (!IsOpen(d.c().state)) return OutcomeKind::kDone;
  if (command.from_customer) {
    CustomerMessage(d);
  } else if (command.visibility == Visibility::kPublic && d.by_person()) {
    PublicReply(d);
  }
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const LogAttempt& command) {
  if (command.what.empty()) return InvalidField("what", "say what was tried");
  if (Status s = CheckText(command.what, kLongestText, "what"); !s) return s.error();
  d.Emit(AttemptLogged{command.what, d.person(), command.worked});
  if (!command.worked) FireFactTriggers(d);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const ChangeFacts& command) {
  if (command.fields.empty()) return InvalidField("fields", "name the fields that change");
  if (IsRequesterOnly(d.actor()) && !std::all_of(command.fields.begin(), command.fields.end(), IsOfRequester)) {
    return Denied("a requester adds to title and text; the desk judges impact, urgency and the rest");
  }
  Facts facts = *d.c().facts;
  std::vector<std::string> changed;
  for (size_t i = 0; i < command.fields.size(); ++i) {
    const FactField* field = FindField(command.fields[i]);
    if (field == nullptr) {
      return InvalidField("fields[" + std::to_string(i) + "]",
                          "'" + command.fields[i] + "' cannot be changed; use: " + KnownFields());
    }
    Facts next = facts;
    field->copy(command.facts, &next);
    if (next != facts && std::find(changed.begin(), changed.end(), command.fields[i]) == changed.end())
      changed.push_back(command.fields[i]);
    facts = std::move(next);
  }
  if (changed.empty()) return OutcomeKind::kUnchanged;
  if (Status s = CheckFacts(facts, "facts"); !s) return s.error();
  const bool weighs = Weighs(changed);
  d.Emit(FactsChanged{std::move(facts), std::move(changed)});
  if (weighs) Reassess(d, "the facts have changed");
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const SetPriority& command) {
  const Case& c = d.c();
  if (Status s = CheckText(command.reason, kLongestText, "reason"); !s) return s.error();
  if (Status s = MaySteer(d, "set_priority"); !s && c.state != CaseState::kNew) return s.error();
  if (!command.release && command.priority == Priority::kUnset)
    return InvalidField("priority", "name P1 to P4, or release it to the rules");
  if (!command.release && command.reason.empty())
    return InvalidField("reason", "say why: it sticks until it is released");
  if (command.release && !c.priority_manual) return OutcomeKind::kUnchanged;
  if (!command.release && c.priority_manual && c.priority == command.priority) return OutcomeKind::kUnchanged;
  const Priority before = c.priority;
  Priority after = command.priority;
  if (command.release) {
    std::vector<TraceLine> trace;
    after = PriorityOf(d.policy(), c, &trace);
    d.Trace(std::move(trace));
  }
  d.Emit(PriorityChanged{before, after, !command.release, command.reason});
  if (after != before) AfterPriorityChange(d, before, command.release ? "released to the rules" : command.reason);
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const Rate& command) {
  static constexpr auto kWhat =
      std::to_array<std::string_view>({"handover", "resolution", "preparation", "documentation"});
  if (std::find(kWhat.begin(), kWhat.end(), command.what) == kWhat.end()) {
    return InvalidField("what", "rate one of: handover, resolution, preparation, documentation");
  }
  if (command.score < 1 || command.score > 5) return InvalidField("score", "1 to 5");
  if (Status s = CheckText(command.text, kLongestText, "text"); !s) return s.error();
  if (Status s = CheckText(command.id, 64, "id"); !s) return s.error();
  d.Emit(Rated{command.what, command.id, command.score, d.person(), command.text});
  return OutcomeKind::kDone;
}

Decision On(Draft& d, const SetEta& command) {
  if (command.eta_at <= d.t()) return InvalidField("eta_at", "lies in the past; name a later instant");
  if (command.eta_at - d.t() > kFarthestEta) return InvalidField("eta_at", "more than a year ahead");
  if (Status s = CheckText(command.sealed_text, kLongestNote, "sealed_text"); !s) return s.error();
  if (command.eta_at == d.c().eta_at && command.sealed_text.empty()) return OutcomeKind::kUnchanged;
  d.Emit(EtaChanged{command.eta_at, command.sealed_text});
  ArmUntil(d, kEtaClock, command.eta_at + 1, "expected then");  // passed is strictly after it
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
