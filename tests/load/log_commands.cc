#include "tests/load/log_commands.h"

#include <utility>

namespace escalon::load {
namespace {

namespace cs = ::escalon::cases::v1;
namespace cm = ::escalon::common::v1;
namespace sb = ::escalon::submission::v1;

void FillTime(InstantMs at, google::protobuf::Timestamp* to) {
  to->set_seconds(at / 1000);
  to->set_nanos(static_cast<int32_t>(at % 1000) * 1'000'000);
}

bool IsResting(cm::CaseState state) { return state == cm::CASE_STATE_RESOLVED || state == cm::CASE_STATE_MONITORING; }

/// Gathers the commands of one row.
class RowCommands {
 public:
  RowCommands(const LogRow& row, bool first, ReplayState* state) : row_(row), first_(first), s_(*state) {}

  std::vector<cs::Command> Take() {
    const bool open = row_.state <= LogState::kPendingEvidence;
    if (open) Reopen();
    ChangeFacts();
    if (s_.state != cm::CASE_STATE_CLOSED && !IsResting(s_.state)) Assign();
    switch (row_.state) {
      case LogState::kNew:
        Resume("new again in the log");
        break;
      case LogState::kActive:
        Resume("active again in the log");
        Work();
        break;
      case LogState::kPendingCustomer:
      case LogState::kPendingVendor:
      case LogState::kPendingProblem:
      case LogState::kPendingEvidence:
        Pause(std::string(history::PendingReasonOf(row_.state)));
        break;
      case LogState::kResolved:
        Resolve();
        break;
      case LogState::kClosed:
        Close();
        break;
      case LogState::kCancelled:
        Cancel();
        break;
      case LogState::kOther:
        break;
    }
    if (commands_.empty() && !first_ && s_.state != cm::CASE_STATE_CLOSED) Note();
    return std::move(commands_);
  }

 private:
  cs::Command& Add() {
    cs::Command& command = commands_.emplace_back();
    FillTime(row_.at, command.mutable_occurred_at());
    return command;
  }

  void ChangeFacts() {
    const bool facts = row_.impact != s_.impact || row_.urgency != s_.urgency || row_.category != s_.category;
    if (!first_ && facts && s_.state != cm::CASE_STATE_CLOSED) {
      cs::ChangeFacts& change = *Add().mutable_change_facts();
      change.mutable_plain()->set_impact(static_cast<cm::Grade>(row_.impact));
      change.mutable_plain()->set_urgency(static_cast<cm::Grade>(row_.urgency));
      change.mutable_plain()->set_category(row_.category);
      for (const char* field : {"impact", "urgency", "category"}) change.add_fields(field);
    }
    s_.impact = row_.impact;
    s_.urgency = row_.urgency;
    s_.category = row_.category;
  }

  void Assign() {
    if (row_.group.empty() && row_.person.empty()) return;
    if (row_.group == s_.team && row_.person == s_.person) return;
    Resume("goes to somebody else");
    s_.team = row_.group;
    s_.person = row_.person;
    GiveToOwner();
  }

  /// To whom the log says.
  void GiveToOwner() {
    cs::Assign& assign = *Add().mutable_assign();
    assign.set_team(s_.team);
    assign.set_person(s_.person);
    assign.set_reason("as the log says");
    s_.acknowledged = false;
  }

  void Reopen() {
    if (s_.state != cm::CASE_STATE_CLOSED && !IsResting(s_.state)) return;
    Add().mutable_reopen()->set_reason("open again in the log");
    s_.state = cm::CASE_STATE_ASSIGNED;
  }

  void Resume(const char* why) {
    if (s_.pending.empty()) return;
    Add().mutable_resume()->set_reason(why);
    s_.pending.clear();
    s_.state = cm::CASE_STATE_ASSIGNED;
  }

  void Work() {
    if (s_.acknowledged) return;
    if (!s_.person.empty()) {
      // It may have climbed to somebody else meanwhile.
      const bool given = !commands_.empty() && commands_.back().has_assign();
      if (!given) GiveToOwner();
      cs::Acknowledge& acknowledge = *Add().mutable_acknowledge();
      acknowledge.set_channel("itsm");
      acknowledge.set_on_behalf_of(s_.person);
    } else {
      Add().mutable_start_work();
    }
    s_.acknowledged = true;
    s_.state = cm::CASE_STATE_IN_PROGRESS;
  }

  void Pause(const std::string& reason) {
    if (s_.pending == reason) return;
    Resume("waits for something else");
    cs::Pause& pause = *Add().mutable_pause();
    pause.set_reason(reason);
    s_.pending = reason;
    s_.state = cm::CASE_STATE_PENDING;
  }

  void Resolve() {
    if (IsResting(s_.state) || s_.state == cm::CASE_STATE_CLOSED) return;
    Add().mutable_resolve()->set_cause(cm::RESOLUTION_CAUSE_FIXED);
    s_.pending.clear();
    s_.state = cm::CASE_STATE_RESOLVED;
  }

  void Close() {
    if (s_.state == cm::CASE_STATE_CLOSED) return;
    cs::SourceEnded& ended = *Add().mutable_source_ended();
    ended.set_cleared(false);
    ended.set_text("closed in the ITSM");
    s_.pending.clear();
    s_.state = cm::CASE_STATE_CLOSED;
  }

  void Cancel() {
    if (s_.state == cm::CASE_STATE_CLOSED) return;
    cs::Cancel& cancel = *Add().mutable_cancel();
    cancel.set_cause(cm::CANCEL_CAUSE_WITHDRAWN);
    cancel.set_reason("cancelled in the ITSM");
    s_.pending.clear();
    s_.state = cm::CASE_STATE_CLOSED;
  }

  void Note() { Add().mutable_add_note()->set_text("change " + row_.change + " of the log, " + row_.by); }

  const LogRow& row_;
  const bool first_;
  ReplayState& s_;
  std::vector<cs::Command> commands_;
};

}  // namespace

sb::Submission SubmissionOf(const LogCase& c, const std::string& source) {
  sb::Submission s;
  s.set_source(source);
  s.set_idempotency_key(c.number);
  s.set_external_ref(c.number);
  s.set_kind("incident");
  const LogRow& row = c.rows.front();
  s.set_title((row.category.empty() ? "No category" : row.category) +
              (row.subcategory.empty() ? "" : ", " + row.subcategory));
  s.set_category(row.category);
  s.set_impact(static_cast<cm::Grade>(row.impact));
  s.set_urgency(static_cast<cm::Grade>(row.urgency));
  if (!c.caller.empty()) s.mutable_requester()->set_id(c.caller);
  for (const auto& [name, value] :
       {std::pair{"location", &c.location}, {"symptom", &c.symptom}, {"contact_type", &c.contact_type}}) {
    if (!value->empty()) (*s.mutable_labels())[name] = *value;
  }
  FillTime(c.opened_at, s.mutable_occurred_at());
  return s;
}

std::vector<cs::Command> CommandsOf(const LogRow& row, bool first, ReplayState* state) {
  return RowCommands(row, first, state).Take();
}

}  // namespace escalon::load
