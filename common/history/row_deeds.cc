#include <algorithm>
#include <utility>

#include "common/history/event_log.h"

namespace escalon::history {
namespace {

using simulation::Deed;
using simulation::DeedKind;
using simulation::HistoricCase;
using simulation::Kept;

/// Leads a case from row to row.
class RowDeeds {
 public:
  RowDeeds(const LogRow& first, std::vector<Deed>* deeds)
      : impact_(first.impact), urgency_(first.urgency), category_(first.category), deeds_(*deeds) {}

  void Take(const LogRow& row) {
    at_ = std::max(at_, row.at);  // one case of a real log went back in time
    if (row.state <= LogState::kPendingEvidence && resting_) {
      Add(DeedKind::kReopen);
      resting_ = closed_ = acknowledged_ = false;
    }
    ChangeFacts(row);
    if (!resting_) Assign(row);
    switch (row.state) {
      case LogState::kNew:
        Resume();
        break;
      case LogState::kActive:
        Resume();
        Acknowledge();
        break;
      case LogState::kPendingCustomer:
      case LogState::kPendingVendor:
      case LogState::kPendingProblem:
      case LogState::kPendingEvidence:
        Pause(std::string(PendingReasonOf(row.state)));
        break;
      case LogState::kResolved:
        if (!resting_) Rest(DeedKind::kResolve);
        break;
      case LogState::kClosed:
        if (!closed_) Rest(DeedKind::kClose);
        closed_ = true;
        break;
      case LogState::kCancelled:
        if (!closed_) Rest(DeedKind::kCancel);
        closed_ = true;
        break;
      case LogState::kOther:
        break;
    }
  }

 private:
  Deed& Add(DeedKind kind) {
    Deed& deed = deeds_.emplace_back();
    deed.at = at_;
    deed.kind = kind;
    deed.person = person_;
    return deed;
  }

  void ChangeFacts(const LogRow& row) {
    if (row.impact == impact_ && row.urgency == urgency_ && row.category == category_) return;
    impact_ = row.impact;
    urgency_ = row.urgency;
    category_ = row.category;
    if (closed_) return;
    Deed& deed = Add(DeedKind::kFacts);
    deed.impact = impact_;
    deed.urgency = urgency_;
    deed.text = category_;
  }

  void Assign(const LogRow& row) {
    if ((row.group.empty() && row.person.empty()) || (row.group == team_ && row.person == person_)) return;
    Resume();
    team_ = row.group;
    person_ = row.person;
    Add(DeedKind::kAssign).team = team_;
    acknowledged_ = false;
  }

  void Resume() {
    if (pending_.empty()) return;
    Add(DeedKind::kResume);
    pending_.clear();
  }

  void Acknowledge() {
    if (acknowledged_) return;
    acknowledged_ = true;
    Add(DeedKind::kAcknowledge);
  }

  void Pause(const std::string& reason) {
    if (pending_ == reason) return;
    Resume();
    pending_ = reason;
    Add(DeedKind::kPause).text = reason;
  }

  void Rest(DeedKind kind) {
    pending_.clear();
    resting_ = true;
    Add(kind);
  }

  Grade impact_, urgency_;
  std::string category_, team_, person_, pending_;
  std::vector<Deed>& deeds_;
  InstantMs at_ = 0;
  bool acknowledged_ = false, resting_ = false, closed_ = false;
};

HistoricCase HistoricCaseOf(const LogCase& c, std::string_view source, bool knows_kept) {
  HistoricCase out;
  const LogRow& row = c.rows.front();
  out.facts.kind = c.kind.empty() ? "incident" : c.kind;
  out.facts.title = !c.title.empty() ? c.title : (row.category.empty() ? "No category" : row.category);
  out.facts.category = row.category;
  out.facts.service = c.service;
  out.facts.region = c.region;
  out.facts.customer = c.customer;
  out.facts.source = source;
  out.facts.external_ref = c.number;
  out.facts.impact = row.impact;
  out.facts.urgency = row.urgency;
  out.facts.requester.subject = c.caller;
  out.facts.occurred_at = c.opened_at;
  out.opened_at = c.opened_at;
  if (knows_kept) out.kept = c.made_sla ? Kept::kYes : Kept::kNo;
  RowDeeds deeds(row, &out.deeds);
  for (const LogRow& one : c.rows) deeds.Take(one);
  return out;
}

}  // namespace

std::string_view PendingReasonOf(LogState state) {
  switch (state) {
    case LogState::kPendingCustomer:
      return "customer";
    case LogState::kPendingVendor:
      return "vendor";
    case LogState::kPendingProblem:
      return "problem";
    case LogState::kPendingEvidence:
      return "evidence";
    default:
      return "";
  }
}

std::vector<HistoricCase> HistoryOf(const std::vector<LogCase>& cases, std::string_view source, bool knows_kept) {
  std::vector<HistoricCase> out;
  out.reserve(cases.size());
  for (const LogCase& c : cases) out.push_back(HistoricCaseOf(c, source, knows_kept));
  return out;
}

}  // namespace escalon::history
