#include "common/simulation/happening.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "common/domain/clock_ops.h"

namespace escalon::simulation {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({"",
                                                         "opened",
                                                         "triaged",
                                                         "reached",
                                                         "informed",
                                                         "empty_step",
                                                         "paged",
                                                         "told",
                                                         "owned",
                                                         "acknowledged",
                                                         "acknowledgement_ended",
                                                         "priority_changed",
                                                         "warned",
                                                         "breached",
                                                         "kept",
                                                         "de_escalated",
                                                         "paused",
                                                         "resumed",
                                                         "approval_asked",
                                                         "approval_decided",
                                                         "handover_offered",
                                                         "resolved",
                                                         "reopened",
                                                         "closed",
                                                         "cancelled",
                                                         "refused",
                                                         "decision_taken",
                                                         "decision_requested",
                                                         "decision_refused",
                                                         "milestone"});

/// Clocks that wait for something and promise nobody anything.
bool IsWait(std::string_view clock) {
  static constexpr auto kWaits = std::to_array<std::string_view>(
      {decide::kTriageClock, decide::kLeaseClock, decide::kHandoverClock, decide::kHandoverDebtClock,
       decide::kFollowUpClock, decide::kSnoozeClock, decide::kMonitoringClock, decide::kConfirmationClock,
       decide::kRetentionClock, decide::kCadenceClock, decide::kEtaClock, decide::kFlappingClock, decide::kSunClock});
  return std::find(kWaits.begin(), kWaits.end(), clock) != kWaits.end() || clock.starts_with("step.") ||
         clock.starts_with(decide::kApprovalPrefix) || clock.starts_with(decide::kConsultationPrefix) ||
         clock.starts_with(decide::kMajorPrefix);
}

std::vector<std::string> OnePerson(const std::string& person) {
  return person.empty() ? std::vector<std::string>{} : std::vector<std::string>{person};
}

std::string WhatWasDecided(const std::string& decision, const Money& amount) {
  return amount.empty() ? decision : decision + " " + FormatMoney(amount);
}

/// Gathers the happenings of one batch.
class Gatherer {
 public:
  Gatherer(const Case& after, const EventBatch& batch, std::vector<Happening>* to)
      : after_(after), batch_(batch), to_(*to) {}

  /// Events that say nothing about who acts when.
  template <typename E>
  void On(const E&) {}

  void On(const Opened& e) {
    Happening& h = Add(HappeningKind::kOpened);
    h.text = e.path;
  }
  void On(const Triaged&) { Add(HappeningKind::kTriaged); }
  void On(const Escalated& e) {
    Happening& h = Add(e.inform_only ? HappeningKind::kInformed : HappeningKind::kReached);
    h.track = e.track;
    h.level = e.to_level;
    h.step = e.step;
    h.attempt = e.attempt;
    h.counted = e.counted;
    h.automatic = e.automatic;
    h.reason = e.reason;
    h.text = e.text;
  }
  void On(const StepEmpty& e) {
    if (e.held && !to_.empty() && IsArrival(to_.back(), e)) to_.pop_back();
    Happening& h = Add(HappeningKind::kEmptyStep);
    h.track = e.track;
    h.level = after_.on(e.track).step == e.step ? after_.on(e.track).level : "";
    h.step = e.step;
    h.text = (e.held ? "held: " : "skipped: ") + e.why;
  }
  void On(const NotifyIntended& e) {
    Happening& h = Add(e.purpose == IntentPurpose::kPage ? HappeningKind::kPaged : HappeningKind::kTold);
    h.track = e.track;
    h.level = after_.on(e.track).level;
    h.step = e.step;
    h.attempt = e.attempt;
    h.audience = e.audience;
    h.people = e.people;
    h.team = e.team;
    h.channels = e.channels;
    h.message = e.message;
    h.priority = e.priority;
  }
  void On(const Assigned& e) {
    Happening& h = Add(HappeningKind::kOwned);
    h.people = OnePerson(e.person);
    h.team = e.team;
    h.level = e.level;
    h.automatic = e.automatic;
    h.text = e.why;
  }
  void On(const Acknowledged& e) {
    Happening& h = Add(HappeningKind::kAcknowledged);
    h.track = e.track;
    h.level = after_.on(e.track).level;
    h.people = OnePerson(e.person);
  }
  void On(const AcknowledgementEnded& e) {
    Happening& h = Add(HappeningKind::kAcknowledgementEnded);
    h.track = e.track;
    h.text = e.why;
  }
  void On(const PriorityChanged& e) {
    Happening& h = Add(HappeningKind::kPriorityChanged);
    h.priority = e.to;
    h.text = e.reason;
  }
  void On(const ClockFired& e) {
    if (e.alarm.kind != AlarmKind::kWarning || e.superseded) return;
    Happening& h = Add(HappeningKind::kWarned);
    h.clock = e.name;
    h.place = e.alarm.place;
  }
  void On(const Breached& e) {
    Happening& h = Add(HappeningKind::kBreached);
    h.clock = e.name;
    h.text = e.why;
  }
  void On(const ClockStopped& e) {
    if (!e.met || IsWait(e.name) || e.why == ClockStopped::kCancelled) return;
    Happening& h = Add(HappeningKind::kKept);
    h.clock = e.name;
    h.text = e.why;
  }
  void On(const DeEscalated& e) {
    Happening& h = Add(HappeningKind::kDeEscalated);
    h.track = e.track;
    h.level = e.to_level;
    h.text = e.guidance;
  }
  void On(const Paused& e) { Add(HappeningKind::kPaused).text = e.reason; }
  void On(const Resumed& e) { Add(HappeningKind::kResumed).text = e.why; }
  void On(const ApprovalRequested& e) {
    Happening& h = Add(HappeningKind::kApprovalAsked);
    h.track = e.request.track;
    h.level = e.request.to_level;
    h.reason = e.request.reason;
    h.people = e.request.approvers;
    h.text = e.request.text;
  }
  void On(const ApprovalDecided& e) {
    Happening& h = Add(HappeningKind::kApprovalDecided);
    h.people = OnePerson(e.person);
    h.text = Name(e.outcome);
  }
  void On(const HandoverOffered& e) {
    Happening& h = Add(HappeningKind::kHandoverOffered);
    h.track = e.track;
    h.people = OnePerson(e.to_person);
    h.team = e.to_team;
    h.level = e.to_level;
    h.text = e.why;
  }
  void On(const DecisionTaken& e) {
    Happening& h = Add(HappeningKind::kDecisionTaken);
    h.people = OnePerson(e.person);
    h.level = e.level;
    h.text = WhatWasDecided(e.decision, e.amount);
  }
  void On(const DecisionRequested& e) {
    Happening& h = Add(HappeningKind::kDecisionRequested);
    h.people = e.request.people;
    h.level = e.request.to_level;
    h.text = WhatWasDecided(e.request.decision, e.request.amount);
  }
  void On(const DecisionRefused& e) {
    Happening& h = Add(HappeningKind::kDecisionRefused);
    h.people = OnePerson(e.person);
    h.text = e.text;
  }
  void On(const MilestoneReached& e) {
    Happening& h = Add(HappeningKind::kMilestone);
    h.people = OnePerson(e.person);
    h.text = e.name;
  }
  void On(const Resolved& e) {
    Happening& h = Add(HappeningKind::kResolved);
    h.people = OnePerson(e.person);
    h.level = e.level;
    h.text = Name(e.cause);
  }
  void On(const Reopened& e) { Add(HappeningKind::kReopened).text = Name(e.cause); }
  void On(const Closed& e) { Add(HappeningKind::kClosed).text = Name(e.cause); }
  void On(const Cancelled& e) { Add(HappeningKind::kCancelled).text = Name(e.cause); }

 private:
  /// What is held begins later: until then nobody has the duty to act.
  bool IsArrival(const Happening& h, const StepEmpty& e) const {
    return h.at == batch_.at && h.kind == HappeningKind::kReached && h.track == e.track && h.step == e.step;
  }
  Happening& Add(HappeningKind kind) {
    Happening& h = to_.emplace_back();
    h.at = batch_.at;
    h.kind = kind;
    h.priority = after_.priority;
    return h;
  }

  const Case& after_;
  const EventBatch& batch_;
  std::vector<Happening>& to_;
};

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string Whom(const Happening& h) { return h.people.empty() ? "team " + h.team : Joined(h.people); }

std::string Place(const Happening& h) {
  std::string out = h.level + " (" + std::string(Name(h.track));
  if (h.step >= 0) out += ", step " + std::to_string(h.step + 1);
  if (h.step == -1) out += ", catch-all";
  return out + ")";
}

}  // namespace

std::string_view Name(HappeningKind kind) {
  const auto index = static_cast<size_t>(kind);
  return index < kNames.size() ? kNames[index] : std::string_view();
}

void AddHappenings(const Case& after, const EventBatch& batch, std::vector<Happening>* to) {
  Gatherer gatherer(after, batch, to);
  for (const Event& event : batch.events) std::visit([&](const auto& e) { gatherer.On(e); }, event);
}

std::string Describe(const Happening& h) {
  std::string out(Name(h.kind));
  switch (h.kind) {
    case HappeningKind::kTriaged:
    case HappeningKind::kPriorityChanged:
      return out + " " + std::string(Name(h.priority));
    case HappeningKind::kReached:
    case HappeningKind::kInformed:
      return out + " " + Place(h) + ": " + std::string(Name(h.reason)) + (h.text.empty() ? "" : ", " + h.text);
    case HappeningKind::kPaged:
      return out + " " + Whom(h) + " as " + Place(h);
    case HappeningKind::kTold:
      return out + " " + (h.people.empty() && h.team.empty() ? std::string(Name(h.audience)) : Whom(h)) + ": " +
             h.message;
    case HappeningKind::kOwned:
      return out + " by " + Whom(h);
    case HappeningKind::kAcknowledged:
      return out + " by " + Whom(h);
    case HappeningKind::kWarned:
      return out + " " + h.clock + " " + SpokenPlace(h.place);
    case HappeningKind::kBreached:
    case HappeningKind::kKept:
      return out + " " + h.clock;
    default:
      return out + (h.level.empty() ? "" : " " + h.level) + (h.text.empty() ? "" : ": " + h.text);
  }
}

}  // namespace escalon::simulation
