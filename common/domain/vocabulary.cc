#include "common/domain/vocabulary.h"

#include <array>
#include <cstddef>

namespace escalon {
namespace {

template <typename E>
struct Word {
  E value;
  std::string_view name;
};

template <typename E, size_t N>
constexpr std::string_view NameIn(const std::array<Word<E>, N>& words, E value) {
  for (const auto& word : words) {
    if (word.value == value) return word.name;
  }
  return "unknown";
}

template <typename E, size_t N>
constexpr std::optional<E> ParseIn(const std::array<Word<E>, N>& words, std::string_view name) {
  for (const auto& word : words) {
    if (word.name == name) return word.value;
  }
  return std::nullopt;
}

constexpr auto kCaseStates = std::to_array<Word<CaseState>>({
    {CaseState::kNew, "new"},
    {CaseState::kTriaged, "triaged"},
    {CaseState::kAssigned, "assigned"},
    {CaseState::kAcknowledged, "acknowledged"},
    {CaseState::kInProgress, "in_progress"},
    {CaseState::kPending, "pending"},
    {CaseState::kResolved, "resolved"},
    {CaseState::kMonitoring, "monitoring"},
    {CaseState::kClosed, "closed"},
    {CaseState::kCancelled, "cancelled"},
});

constexpr auto kPriorities = std::to_array<Word<Priority>>({
    {Priority::kUnset, "unset"},
    {Priority::kP1, "P1"},
    {Priority::kP2, "P2"},
    {Priority::kP3, "P3"},
    {Priority::kP4, "P4"},
});

constexpr auto kGrades = std::to_array<Word<Grade>>({
    {Grade::kUnset, "unset"},
    {Grade::kHigh, "high"},
    {Grade::kMedium, "medium"},
    {Grade::kLow, "low"},
});

constexpr auto kTracks = std::to_array<Word<Track>>({
    {Track::kFunctional, "functional"},
    {Track::kHierarchical, "hierarchical"},
});

constexpr auto kActorKinds = std::to_array<Word<ActorKind>>({
    {ActorKind::kHuman, "human"},
    {ActorKind::kRule, "rule"},
    {ActorKind::kSource, "source"},
    {ActorKind::kClock, "clock"},
    {ActorKind::kService, "service"},
});

constexpr auto kEscalationReasons = std::to_array<Word<EscalationReason>>({
    {EscalationReason::kNoAcknowledgement, "no_acknowledgement"},
    {EscalationReason::kNoResponse, "no_response"},
    {EscalationReason::kTargetShareUsed, "target_share_used"},
    {EscalationReason::kTargetPassed, "target_passed"},
    {EscalationReason::kPriority, "priority"},
    {EscalationReason::kComplexity, "complexity"},
    {EscalationReason::kSkill, "skill"},
    {EscalationReason::kAttempts, "attempts"},
    {EscalationReason::kAuthority, "authority"},
    {EscalationReason::kResources, "resources"},
    {EscalationReason::kObstacle, "obstacle"},
    {EscalationReason::kCustomer, "customer"},
    {EscalationReason::kCustomerRequest, "customer_request"},
    {EscalationReason::kCompliance, "compliance"},
    {EscalationReason::kLegal, "legal"},
    {EscalationReason::kSecurity, "security"},
    {EscalationReason::kSafety, "safety"},
    {EscalationReason::kExposure, "exposure"},
    {EscalationReason::kRepetition, "repetition"},
    {EscalationReason::kNobodyReached, "nobody_reached"},
    {EscalationReason::kLeaseExpired, "lease_expired"},
    {EscalationReason::kDeclined, "declined"},
    {EscalationReason::kRecurrence, "recurrence"},
    {EscalationReason::kManual, "manual"},
});

constexpr auto kAssignModes = std::to_array<Word<AssignMode>>({
    {AssignMode::kPush, "push"},
    {AssignMode::kOffer, "offer"},
    {AssignMode::kPull, "pull"},
});

constexpr auto kResolutionCauses = std::to_array<Word<ResolutionCause>>({
    {ResolutionCause::kFixed, "fixed"},
    {ResolutionCause::kWorkaround, "workaround"},
    {ResolutionCause::kSourceCleared, "source_cleared"},
    {ResolutionCause::kSourceClosed, "source_closed"},
    {ResolutionCause::kNoFault, "no_fault"},
});

constexpr auto kCloseCauses = std::to_array<Word<CloseCause>>({
    {CloseCause::kConfirmed, "confirmed"},
    {CloseCause::kGraceOver, "grace_over"},
    {CloseCause::kManager, "manager"},
    {CloseCause::kNoConfirmationNeeded, "no_confirmation_needed"},
});

constexpr auto kCancelCauses = std::to_array<Word<CancelCause>>({
    {CancelCause::kDuplicate, "duplicate"},
    {CancelCause::kWithdrawn, "withdrawn"},
    {CancelCause::kMerged, "merged"},
});

constexpr auto kReopenCauses = std::to_array<Word<ReopenCause>>({
    {ReopenCause::kRejectedByRequester, "rejected_by_requester"},
    {ReopenCause::kRecurrence, "recurrence"},
    {ReopenCause::kPerson, "person"},
    {ReopenCause::kUndo, "undo"},
});

constexpr auto kLinkRelations = std::to_array<Word<LinkRelation>>({
    {LinkRelation::kParent, "parent"},
    {LinkRelation::kChild, "child"},
    {LinkRelation::kDuplicateOf, "duplicate_of"},
    {LinkRelation::kRelated, "related"},
    {LinkRelation::kMergedInto, "merged_into"},
    {LinkRelation::kSurvivorOf, "survivor_of"},
    {LinkRelation::kOtherFace, "other_face"},
});

constexpr auto kVisibilities = std::to_array<Word<Visibility>>({
    {Visibility::kInternal, "internal"},
    {Visibility::kPublic, "public"},
});

constexpr auto kAudiences = std::to_array<Word<Audience>>({
    {Audience::kOwner, "owner"},
    {Audience::kTeam, "team"},
    {Audience::kManager, "manager"},
    {Audience::kRequester, "requester"},
    {Audience::kAffectedUsers, "affected_users"},
    {Audience::kCustomerContacts, "customer_contacts"},
    {Audience::kStakeholders, "stakeholders"},
    {Audience::kExecutives, "executives"},
    {Audience::kProvider, "provider"},
    {Audience::kStep, "step"},
});

constexpr auto kIntentPurposes = std::to_array<Word<IntentPurpose>>({
    {IntentPurpose::kPage, "page"},
    {IntentPurpose::kInform, "inform"},
});

constexpr auto kMessageUrgencies = std::to_array<Word<MessageUrgency>>({
    {MessageUrgency::kByPriority, "by_priority"},
    {MessageUrgency::kHigh, "high"},
    {MessageUrgency::kLow, "low"},
});

constexpr auto kAlarmKinds = std::to_array<Word<AlarmKind>>({
    {AlarmKind::kWarning, "warning"},
    {AlarmKind::kDeadline, "deadline"},
    {AlarmKind::kBreach, "breach"},
    {AlarmKind::kTrigger, "trigger"},
});

constexpr auto kApprovalOutcomes = std::to_array<Word<ApprovalOutcome>>({
    {ApprovalOutcome::kApproved, "approved"},
    {ApprovalOutcome::kRefused, "refused"},
    {ApprovalOutcome::kDefaultApproved, "default_approved"},
    {ApprovalOutcome::kDefaultRefused, "default_refused"},
    {ApprovalOutcome::kRatified, "ratified"},
    {ApprovalOutcome::kNotRatified, "not_ratified"},
});

constexpr auto kMajorActions = std::to_array<Word<MajorAction>>({
    {MajorAction::kOpen, "open"},
    {MajorAction::kName, "name"},
    {MajorAction::kRelease, "release"},
    {MajorAction::kAcknowledge, "acknowledge"},
    {MajorAction::kAddContact, "add_contact"},
    {MajorAction::kAddReference, "add_reference"},
    {MajorAction::kAssess, "assess"},
    {MajorAction::kRevisePlan, "revise_plan"},
    {MajorAction::kConsent, "consent"},
    {MajorAction::kReview, "review"},
    {MajorAction::kClose, "close"},
    {MajorAction::kOverdue, "overdue"},
    {MajorAction::kCaughtUp, "caught_up"},
});

constexpr auto kMajorParts = std::to_array<Word<MajorPart>>({
    {MajorPart::kUnset, "unset"},
    {MajorPart::kManager, "manager"},
    {MajorPart::kDeputy, "deputy"},
    {MajorPart::kIncidentOwner, "incident_owner"},
    {MajorPart::kProblemOwner, "problem_owner"},
    {MajorPart::kExpert, "expert"},
    {MajorPart::kCustomer, "customer"},
    {MajorPart::kProvider, "provider"},
    {MajorPart::kIncident, "incident"},
    {MajorPart::kProblem, "problem"},
    {MajorPart::kRequest, "request"},
});

}  // namespace

std::string_view Name(CaseState v) { return NameIn(kCaseStates, v); }
std::string_view Name(Priority v) { return NameIn(kPriorities, v); }
std::string_view Name(Grade v) { return NameIn(kGrades, v); }
std::string_view Name(Track v) { return NameIn(kTracks, v); }
std::string_view Name(ActorKind v) { return NameIn(kActorKinds, v); }
std::string_view Name(EscalationReason v) { return NameIn(kEscalationReasons, v); }
std::string_view Name(AssignMode v) { return NameIn(kAssignModes, v); }
std::string_view Name(ResolutionCause v) { return NameIn(kResolutionCauses, v); }
std::string_view Name(CloseCause v) { return NameIn(kCloseCauses, v); }
std::string_view Name(CancelCause v) { return NameIn(kCancelCauses, v); }
std::string_view Name(ReopenCause v) { return NameIn(kReopenCauses, v); }
std::string_view Name(LinkRelation v) { return NameIn(kLinkRelations, v); }
std::string_view Name(Visibility v) { return NameIn(kVisibilities, v); }
std::string_view Name(Audience v) { return NameIn(kAudiences, v); }
std::string_view Name(IntentPurpose v) { return NameIn(kIntentPurposes, v); }
std::string_view Name(MessageUrgency v) { return NameIn(kMessageUrgencies, v); }
std::string_view Name(AlarmKind v) { return NameIn(kAlarmKinds, v); }
std::string_view Name(ApprovalOutcome v) { return NameIn(kApprovalOutcomes, v); }
std::string_view Name(MajorAction v) { return NameIn(kMajorActions, v); }
std::string_view Name(MajorPart v) { return NameIn(kMajorParts, v); }

std::optional<CaseState> ParseCaseState(std::string_view name) { return ParseIn(kCaseStates, name); }
std::optional<Priority> ParsePriority(std::string_view name) { return ParseIn(kPriorities, name); }
std::optional<Grade> ParseGrade(std::string_view name) { return ParseIn(kGrades, name); }
std::optional<Track> ParseTrack(std::string_view name) { return ParseIn(kTracks, name); }
std::optional<EscalationReason> ParseEscalationReason(std::string_view name) {
  return ParseIn(kEscalationReasons, name);
}
std::optional<AssignMode> ParseAssignMode(std::string_view name) { return ParseIn(kAssignModes, name); }
std::optional<ResolutionCause> ParseResolutionCause(std::string_view name) { return ParseIn(kResolutionCauses, name); }
std::optional<CancelCause> ParseCancelCause(std::string_view name) { return ParseIn(kCancelCauses, name); }
std::optional<LinkRelation> ParseLinkRelation(std::string_view name) { return ParseIn(kLinkRelations, name); }
std::optional<Visibility> ParseVisibility(std::string_view name) { return ParseIn(kVisibilities, name); }
std::optional<Audience> ParseAudience(std::string_view name) { return ParseIn(kAudiences, name); }
std::optional<MessageUrgency> ParseMessageUrgency(std::string_view name) { return ParseIn(kMessageUrgencies, name); }
std::optional<MajorAction> ParseMajorAction(std::string_view name) { return ParseIn(kMajorActions, name); }
std::optional<MajorPart> ParseMajorPart(std::string_view name) { return ParseIn(kMajorParts, name); }

}  // namespace escalon
