#include <algorithm>
#include <array>

#include "common/domain/case.h"

namespace escalon {
namespace {

/// The event that a message is about: its name, or what follows the last dash of a template's (`requester-resolved`).
std::string_view EventOf(std::string_view message) {
  const size_t dash = message.rfind('-');
  return dash == std::string_view::npos ? message : message.substr(dash + 1);
}

/// News about work that is still to be done: stale once the case is resolved.
constexpr auto kWhileOpen = std::to_array<std::string_view>({
    "escalated",
    "step_empty",
    "assigned",
    "acknowledged",
    "acknowledgement_ended",
    "warned",
    "breached",
    "triggered",
    "nobody_reached",
    "paused",
    "resumed",
    "snoozed",
    "snooze_ended",
    "handover_declined",
    "handover_asked_for_more",
    "handover_expired",
    "reopened",
    "priority_changed",
    "eta_changed",
    "eta_passed",
    "update",
    "update_due",
    "shift_ends",
    "storm",
});

bool OnlyWhileOpen(std::string_view event) {
  return std::find(kWhileOpen.begin(), kWhileOpen.end(), event) != kWhileOpen.end();
}

/// A question to a person is wanted until it is answered.
bool QuestionStands(const Case& c, std::string_view event) {
  if (event == "handover_offered") return !c.handovers.empty();
  if (event == "consultation_asked") return !c.consultations.empty();
  if (event == "decision_requested") return !c.decision_requests.empty();
  return !c.approvals.empty();
}

bool IsQuestion(std::string_view event) {
  return event == "handover_offered" || event == "approval_requested" || event == "consultation_asked" ||
         event == "decision_requested";
}

/// A part in a major escalation, until whoever got it has said so.
bool PartUnanswered(const Case& c, const NotifyIntended& intent) {
  const MajorRecord* record = c.open_major();
  if (record == nullptr || IsEnded(c.state)) return false;
  const std::vector<std::string> silent = record->Silent();
  return std::any_of(silent.begin(), silent.end(), [&intent](const std::string& person) {
    return std::find(intent.people.begin(), intent.people.end(), person) != intent.people.end();
  });
}

bool PageWanted(const Case& c, const NotifyIntended& intent, std::string_view event) {
  if (event.starts_with("major_")) return PartUnanswered(c, intent);
  if (IsQuestion(event)) return !IsEnded(c.state) && QuestionStands(c, event);
  if (!IsOpen(c.state) || c.snoozed_until != 0) return false;
  const TrackState& track = c.on(intent.track);
  const std::string& acknowledged_by =
      intent.track == Track::kFunctional ? c.acknowledged_by : c.management_acknowledged_by;
  return !track.stopped && acknowledged_by.empty() && intent.step == track.step && intent.pass == track.pass &&
         intent.attempt == track.attempt;
}

bool InformWanted(const Case& c, std::string_view event) {
  if (event.starts_with("duty_")) return true;
  if (c.state == CaseState::kCancelled) return event == "cancelled";
  if (event == "resolved") return !IsOpen(c.state);  // not after a reopening
  if (IsQuestion(event)) return QuestionStands(c, event);
  return IsOpen(c.state) || !OnlyWhileOpen(event);
}

}  // namespace

bool StillWanted(const Case& c, uint64_t, const NotifyIntended& intent) {
  const std::string_view event = EventOf(intent.message);
  return intent.purpose == IntentPurpose::kPage ? PageWanted(c, intent, event) : InformWanted(c, event);
}

}  // namespace escalon
