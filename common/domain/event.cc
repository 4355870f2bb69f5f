#include "common/domain/event.h"

#include <array>

namespace escalon {
namespace {

constexpr auto kKindNames = std::to_array<std::string_view>({
    "opened",
    "attached",
    "triaged",
    "priority_changed",
    "escalated",
    "step_empty",
    "assigned",
    "acknowledged",
    "acknowledgement_ended",
    "work_started",
    "clock_armed",
    "clock_stopped",
    "clock_paused",
    "clock_resumed",
    "clock_fired",
    "breached",
    "breach_annulled",
    "notify_intended",
    "nobody_reached",
    "paused",
    "resumed",
    "snoozed",
    "snooze_ended",
    "handover_offered",
    "handover_accepted",
    "handover_declined",
    "handover_asked_for_more",
    "handover_supplied",
    "handover_expired",
    "de_escalated",
    "approval_requested",
    "approval_decided",
    "consultation_asked",
    "consultation_answered",
    "note_added",
    "attempt_logged",
    "facts_changed",
    "rated",
    "linked",
    "cross_case_intended",
    "cross_case_done",
    "resolved",
    "resolution_confirmed",
    "resolution_rejected",
    "monitoring_started",
    "monitoring_ended",
    "reopened",
    "closed",
    "cancelled",
    "retired",
    "eta_changed",
    "decision_taken",
    "decision_requested",
    "decision_refused",
    "milestone_reached",
    "major_opened",
    "major_changed",
    "major_closed",
    "policy_migrated",
});
static_assert(kKindNames.size() == kEventKinds);

}  // namespace

std::string_view KindName(uint32_t kind) {
  return kind >= 1 && kind <= kKindNames.size() ? kKindNames[kind - 1] : "unknown";
}

std::string_view Name(OutcomeKind v) {
  switch (v) {
    case OutcomeKind::kOpened:
      return "opened";
    case OutcomeKind::kAttached:
      return "attached";
    case OutcomeKind::kDone:
      return "done";
    case OutcomeKind::kUnchanged:
      return "unchanged";
    case OutcomeKind::kAwaitsApproval:
      return "awaits_approval";
  }
  return "unknown";
}

}  // namespace escalon
