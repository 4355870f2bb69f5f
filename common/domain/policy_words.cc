#include "common/domain/policy_words.h"

#include <algorithm>
#include <array>

namespace escalon {
namespace {

constexpr auto kClockStarts = std::to_array<std::string_view>(
    {"opened", "triaged", "assigned", "escalated", "customer_message", "vendor_told", "resolved", "reopened"});

constexpr auto kClockStops = std::to_array<std::string_view>(
    {"acknowledged", "work_started", "public_reply", "assigned", "resumed", "resolved", "ended"});

constexpr auto kTrackStops =
    std::to_array<std::string_view>({"acknowledged", "resolved", "deescalated", "acknowledged_on_track"});

constexpr auto kCommunicationEvents = std::to_array<std::string_view>({
    "opened",
    "triaged",
    "priority_changed",
    "assigned",
    "escalated",
    "de_escalated",
    "step_empty",
    "acknowledged",
    "acknowledgement_ended",
    "work_started",
    "warned",
    "breached",
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
    "approval_requested",
    "approval_decided",
    "consultation_asked",
    "consultation_answered",
    "decision_taken",
    "decision_requested",
    "decision_refused",
    "milestone_reached",
    "major_opened",
    "major_changed",
    "major_closed",
    "note_added",
    "resolved",
    "reopened",
    "closed",
    "cancelled",
    "eta_changed",
    "eta_passed",
    "attached",
});

constexpr auto kEngineClocks = std::to_array<std::string_view>({
    "triage", "step.functional", "step.hierarchical", "lease",          "sun",
    "major",  "handover",        "approval",          "consultation",   "follow_up",
    "snooze", "monitoring",      "confirmation",      "retention",      "cadence",
    "eta",    "flapping",        "handover_debt",     "level.response", "level.resolution",
});

}  // namespace

std::span<const std::string_view> ClockStartWords() { return kClockStarts; }
std::span<const std::string_view> ClockStopWords() { return kClockStops; }
std::span<const std::string_view> TrackStopWords() { return kTrackStops; }
std::span<const std::string_view> CommunicationEvents() { return kCommunicationEvents; }
std::span<const std::string_view> EngineClocks() { return kEngineClocks; }

bool IsWord(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace escalon
