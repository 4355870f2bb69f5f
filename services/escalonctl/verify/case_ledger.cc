#include "services/escalonctl/verify/case_ledger.h"

#include <algorithm>
#include <variant>

namespace escalon::escalonctl {
namespace {

constexpr size_t kMostTraceBytes = 4096;

bool Fires(const Case& c, std::string_view name) {
  const ClockRun* run = c.clock(name);
  return run != nullptr && (run->next_alarm_at() != kNever || (run->paused() && c.snoozed_until != 0));
}

/// What a rule or a clock may not do without saying why.
bool IsDecision(const Event& event) {
  return std::holds_alternative<Triaged>(event) || std::holds_alternative<Escalated>(event) ||
         std::holds_alternative<Breached>(event) || std::holds_alternative<Reopened>(event) ||
         std::holds_alternative<Closed>(event) || std::holds_alternative<HandoverExpired>(event) ||
         std::holds_alternative<ApprovalDecided>(event) || std::holds_alternative<Retired>(event) ||
         std::holds_alternative<Resumed>(event);
}

std::string_view TraceFault(const EventBatch& batch) {
  size_t bytes = 0;
  for (const TraceLine& line : batch.trace) {
    bytes += line.rule.size() + line.outcome.size();
    for (const auto& [field, value] : line.saw) bytes += field.size() + value.size();
  }
  if (bytes > kMostTraceBytes) return "the decision trace is longer than 4 KB";
  const bool automatic = batch.actor.kind == ActorKind::kClock || batch.actor.kind == ActorKind::kService;
  const bool decides = std::any_of(batch.events.begin(), batch.events.end(), IsDecision);
  return automatic && decides && batch.trace.empty() ? "an automatic decision without a trace" : "";
}

std::string Generation(const std::string& name, uint32_t generation) {
  return "clock " + name + ", generation " + std::to_string(generation);
}

}  // namespace

void CaseLedger::Before(const Case& before, const EventBatch& batch, const Tell& tell) {
  if (batch.at < before.last_at) {
    tell(FaultKind::kTimeBack, "decided at " + FormatInstant(batch.at) + ", after " + FormatInstant(before.last_at));
  }
  if (!batch.command_id.empty() && before.FindCommand(batch.command_id) != nullptr) {
    tell(FaultKind::kCommandTwice, "command " + batch.command_id + " had its effect before");
  }
  if (const std::string_view fault = TraceFault(batch); !fault.empty()) tell(FaultKind::kUntraced, std::string(fault));
  for (const Event& event : batch.events) {
    if (const auto* e = std::get_if<ClockFired>(&event)) {
      if (e->alarm.at > batch.at) tell(FaultKind::kFiredEarly, Generation(e->name, e->generation) + " fired early");
      if (!fired_.emplace(e->name, e->generation, e->alarm.kind, e->alarm.place, e->alarm.trigger).second) {
        tell(FaultKind::kFiredTwice,
             Generation(e->name, e->generation) + ": its " + std::string(Name(e->alarm.kind)) + " fired twice");
      }
    } else if (const auto* b = std::get_if<Breached>(&event)) {
      if (batch.at <= b->due_at) tell(FaultKind::kFiredEarly, Generation(b->name, b->generation) + " broken in time");
      if (!broken_.emplace(b->name, b->generation).second) {
        tell(FaultKind::kBrokenTwice, Generation(b->name, b->generation) + " broken twice");
      }
    }
  }
}

void CaseLedger::After(const Case& after, const Tell& tell) {
  FaultKind kind = FaultKind::kStuck;
  if (const std::string_view why = WithoutAWayOn(after, &kind); !why.empty()) tell(kind, std::string(why));
}

std::string_view WithoutAWayOn(const Case& c, FaultKind* kind) {
  *kind = FaultKind::kStuck;
  if (IsOpen(c.state) && c.state != CaseState::kPending) {
    const bool step = Fires(c, "step.functional") || Fires(c, "step.hierarchical") || Fires(c, "triage");
    if (c.owner.person.empty() && !step) {
      *kind = FaultKind::kOwnerless;
      return "open, without a person and without a step that leads to one";
    }
    if (c.state != CaseState::kNew && c.acknowledged_by.empty() && !step) {
      return "open and unacknowledged, and nothing climbs";
    }
  }
  if (c.state == CaseState::kPending && !Fires(c, "follow_up")) return "pending without a follow-up";
  if (c.snoozed_until != 0 && !Fires(c, "snooze")) return "snoozed for ever";
  const bool rests = c.state == CaseState::kResolved || c.state == CaseState::kMonitoring;
  if (rests && !Fires(c, "monitoring") && !Fires(c, "confirmation")) return "resolved, and nothing closes it";
  if (IsEnded(c.state) && !c.retired && !Fires(c, "retention")) return "ended, and never forgotten";
  return {};
}

}  // namespace escalon::escalonctl
