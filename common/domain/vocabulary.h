#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace escalon {

// The closed sets of the field's own terms (DESIGN §1, §6). Numbers are stored for ever: add at the end, never
// renumber.

enum class CaseState : uint8_t {
  kNew = 1,
  kTriaged = 2,
  kAssigned = 3,
  kAcknowledged = 4,
  kInProgress = 5,
  kPending = 6,
  kResolved = 7,
  kMonitoring = 8,
  kClosed = 9,
  kCancelled = 10,
};

enum class Priority : uint8_t { kUnset = 0, kP1 = 1, kP2 = 2, kP3 = 3, kP4 = 4 };

/// Impact, urgency, risk, business value.
enum class Grade : uint8_t { kUnset = 0, kHigh = 1, kMedium = 2, kLow = 3 };

enum class Track : uint8_t { kFunctional = 1, kHierarchical = 2 };

/// Who or what asked for a change. Only a human act satisfies a human target (DESIGN §7.7).
enum class ActorKind : uint8_t { kHuman = 1, kRule = 2, kSource = 3, kClock = 4, kService = 5 };

/// Why an escalation happened (domain.md §4).
enum class EscalationReason : uint8_t {
  kNoAcknowledgement = 1,
  kNoResponse = 2,
  kTargetShareUsed = 3,
  kTargetPassed = 4,
  kPriority = 5,
  kComplexity = 6,
  kSkill = 7,
  kAttempts = 8,
  kAuthority = 9,
  kResources = 10,
  kObstacle = 11,
  kCustomer = 12,
  kCustomerRequest = 13,
  kCompliance = 14,
  kLegal = 15,
  kSecurity = 16,
  kSafety = 17,
  kExposure = 18,
  kRepetition = 19,
  kNobodyReached = 20,
  kLeaseExpired = 21,
  kDeclined = 22,
  kRecurrence = 23,
  kManual = 24,
};

enum class AssignMode : uint8_t { kPush = 1, kOffer = 2, kPull = 3 };

enum class ResolutionCause : uint8_t {
  kFixed = 1,
  kWorkaround = 2,
  kSourceCleared = 3,
  kSourceClosed = 4,
  kNoFault = 5
};
enum class CloseCause : uint8_t { kConfirmed = 1, kGraceOver = 2, kManager = 3, kNoConfirmationNeeded = 4 };
enum class CancelCause : uint8_t { kDuplicate = 1, kWithdrawn = 2, kMerged = 3 };
enum class ReopenCause : uint8_t { kRejectedByRequester = 1, kRecurrence = 2, kPerson = 3, kUndo = 4 };

/// What this case is to the other: `kChild`: a child of it, `kMergedInto`: merged into it.
enum class LinkRelation : uint8_t {
  kParent = 1,
  kChild = 2,
  kDuplicateOf = 3,
  kRelated = 4,
  kMergedInto = 5,
  kSurvivorOf = 6,
  kOtherFace = 7
};

enum class Visibility : uint8_t { kInternal = 1, kPublic = 2 };

enum class Audience : uint8_t {
  kOwner = 1,
  kTeam = 2,
  kManager = 3,
  kRequester = 4,
  kAffectedUsers = 5,
  kCustomerContacts = 6,
  kStakeholders = 7,
  kExecutives = 8,
  kProvider = 9,
  kStep = 10,  ///< the people of the step just reached
};

/// A page wants somebody to act and is withdrawn when nobody needs to any more; an inform is worth knowing in any case.
enum class IntentPurpose : uint8_t { kPage = 1, kInform = 2 };

/// Whether what only informs waits for the end of a person's quiet hours: at P1 it does not, or never, or always.
enum class MessageUrgency : uint8_t { kByPriority = 0, kHigh = 1, kLow = 2 };

/// What an alarm of a clock does when it is due.
enum class AlarmKind : uint8_t {
  kWarning = 1,   ///< a share of the target, or an offset from the deadline
  kDeadline = 2,  ///< the end of a wait: acts at the instant itself
  kBreach = 3,    ///< the end of a promise: one millisecond after the deadline (DESIGN §7.7)
  kTrigger = 4,   ///< a rule of the hierarchical track tied to this clock
};

enum class HandoverState : uint8_t { kOffered = 1, kAskedForMore = 2 };

enum class ApprovalState : uint8_t { kRequested = 1, kToRatify = 2 };
enum class ApprovalOutcome : uint8_t {
  kApproved = 1,
  kRefused = 2,
  kDefaultApproved = 3,
  kDefaultRefused = 4,
  kRatified = 5,
  kNotRatified = 6
};

/// What is done to a major escalation record.
enum class MajorAction : uint8_t {
  kOpen = 1,
  kName = 2,     ///< somebody gets a part
  kRelease = 3,  ///< and gives it up
  kAcknowledge = 4,
  kAddContact = 5,
  kAddReference = 6,
  kAssess = 7,
  kRevisePlan = 8,
  kConsent = 9,  ///< the customer's word: that it is resolved, and later that it may be closed
  kReview = 10,
  kClose = 11,
  kOverdue = 12,   ///< by a clock of the record; nobody's command
  kCaughtUp = 13,  ///< what was overdue has come; nobody's command
};
/// Who or what somebody or something is to a major escalation: people, then contacts, then records elsewhere.
enum class MajorPart : uint8_t {
  kUnset = 0,
  kManager = 1,
  kDeputy = 2,
  kIncidentOwner = 3,
  kProblemOwner = 4,
  kExpert = 5,
  kCustomer = 6,
  kProvider = 7,
  kIncident = 8,
  kProblem = 9,
  kRequest = 10,
};

// Names as they stand in policies, JSON and on screens: `in_progress`, `P1`, `high`. One table each, in vocabulary.cc.
std::string_view Name(CaseState v);
std::string_view Name(Priority v);
std::string_view Name(Grade v);
std::string_view Name(Track v);
std::string_view Name(ActorKind v);
std::string_view Name(EscalationReason v);
std::string_view Name(AssignMode v);
std::string_view Name(ResolutionCause v);
std::string_view Name(CloseCause v);
std::string_view Name(CancelCause v);
std::string_view Name(ReopenCause v);
std::string_view Name(LinkRelation v);
std::string_view Name(Visibility v);
std::string_view Name(Audience v);
std::string_view Name(IntentPurpose v);
std::string_view Name(MessageUrgency v);
std::string_view Name(AlarmKind v);
std::string_view Name(ApprovalOutcome v);
std::string_view Name(MajorAction v);
std::string_view Name(MajorPart v);

std::optional<CaseState> ParseCaseState(std::string_view name);
std::optional<Priority> ParsePriority(std::string_view name);
std::optional<Grade> ParseGrade(std::string_view name);
std::optional<Track> ParseTrack(std::string_view name);
std::optional<EscalationReason> ParseEscalationReason(std::string_view name);
std::optional<AssignMode> ParseAssignMode(std::string_view name);
std::optional<ResolutionCause> ParseResolutionCause(std::string_view name);
std::optional<CancelCause> ParseCancelCause(std::string_view name);
std::optional<LinkRelation> ParseLinkRelation(std::string_view name);
std::optional<Visibility> ParseVisibility(std::string_view name);
std::optional<Audience> ParseAudience(std::string_view name);
std::optional<MessageUrgency> ParseMessageUrgency(std::string_view name);
std::optional<MajorAction> ParseMajorAction(std::string_view name);
std::optional<MajorPart> ParseMajorPart(std::string_view name);

/// An open case still needs somebody: neither resolved, nor monitored, nor ended.
inline bool IsOpen(CaseState s) { return s >= CaseState::kNew && s <= CaseState::kPending; }
inline bool IsEnded(CaseState s) { return s == CaseState::kClosed || s == CaseState::kCancelled; }

}  // namespace escalon
