#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/domain/actor.h"
#include "common/domain/clock_run.h"
#include "common/domain/facts.h"
#include "common/domain/major.h"
#include "common/domain/money.h"
#include "common/domain/standing.h"
#include "common/domain/vocabulary.h"

namespace escalon {

// What happened to a case. Everything that `Decide` looked up (targets, people, instants) is in the event, so that
// `Evolve` needs nothing else. The number behind each kind is its field number in escalon.events.v1.Event and its
// `kind` in the record's envelope.

/// 1. The first event of every case.
struct Opened {
  Facts facts;
  std::string dedup_key;        ///< submissions with the same one while the case is open are the same case; empty: none
  std::string idempotency_key;  ///< as the source sent it
  std::string policy;           ///< id@version, pinned
  std::string path;             ///< of the policy
  bool imported = false;
  /// How it stood elsewhere; at most one. A list, because every event is as big as the biggest.
  std::vector<Standing> standing;
  auto operator<=>(const Opened&) const = default;
};
/// 2. The same event was reported again: counted, not opened twice.
struct Attached {
  uint32_t reports = 1;  ///< how many since the last such event
  std::string source;
  auto operator<=>(const Attached&) const = default;
};
/// 3. What triage advised or, when it was silent, what the rules' default says.
struct Triaged {
  Priority priority = Priority::kUnset;
  std::string category;
  std::vector<std::string> skills;
  Grade complexity = Grade::kUnset;
  bool fallback = false;        ///< triage was silent
  uint64_t judged_version = 0;  ///< version of the case that the advice saw
  auto operator<=>(const Triaged&) const = default;
};
/// 4.
struct PriorityChanged {
  Priority from = Priority::kUnset, to = Priority::kUnset;
  bool manual = false;  ///< sticks until released
  std::string reason;
  auto operator<=>(const PriorityChanged&) const = default;
};
/// 5. A move on one track: level, step or attempt.
struct Escalated {
  Track track = Track::kFunctional;
  std::string from_level, to_level;
  /// index in the path's steps of this track; -1: the catch-all, -2: outside the steps (trigger, person), -3: beside
  /// the track, which stands as it did (a decision is asked for, executives hear of a major escalation)
  int step = 0;
  int pass = 0;     ///< 0 for the first pass through the steps
  int attempt = 0;  ///< tries at the same step
  EscalationReason reason = EscalationReason::kManual;
  std::string text;
  bool automatic = true;
  bool counted = true;  ///< false for the first step of a new case: entering the path is no escalation
  bool emergency = false;
  bool inform_only = false;  ///< hierarchical: told, ownership does not move
  std::vector<std::string> skipped_levels;
  auto operator<=>(const Escalated&) const = default;
};
/// 6. A step was due but nobody could be told; its wait is spent on its calendar, or it was skipped at once.
struct StepEmpty {
  Track track = Track::kFunctional;
  int step = 0;
  bool held = false;
  std::string why;
  auto operator<=>(const StepEmpty&) const = default;
};
/// 7.
struct Assigned {
  std::string team;
  std::string person;  ///< empty: the team pulls or is offered
  AssignMode mode = AssignMode::kPush;
  std::string level;
  bool automatic = true;
  std::string why;
  auto operator<=>(const Assigned&) const = default;
};
/// 8.
struct Acknowledged {
  std::string person;
  Track track = Track::kFunctional;
  std::string channel;  ///< link, api, chat, …
  auto operator<=>(const Acknowledged&) const = default;
};
/// 9. Taken back by a person, run out, or ended by a manual escalation.
struct AcknowledgementEnded {
  Track track = Track::kFunctional;
  std::string why;
  auto operator<=>(const AcknowledgementEnded&) const = default;
};
/// 10. The owner began to work.
struct WorkStarted {
  std::string person;
  auto operator<=>(const WorkStarted&) const = default;
};
/// 11. Arms a clock, or replaces its last generation.
struct ClockArmed {
  ClockRun clock;
  std::string why;
  auto operator<=>(const ClockArmed&) const = default;
};
/// 12. Its condition came true; it will not fire any more.
struct ClockStopped {
  std::string name;
  uint32_t generation = 0;
  bool met = true;  ///< stopped at or before its deadline
  std::string why;
  /// `why` of a promise that ends with a cancelled case: neither kept nor, if it was not, broken.
  static constexpr std::string_view kCancelled = "cancelled";
  auto operator<=>(const ClockStopped&) const = default;
};
/// 13.
struct ClockPaused {
  std::string name;
  uint32_t generation = 0;
  auto operator<=>(const ClockPaused&) const = default;
};
/// 14. Runs again, with its alarms where the pause has moved them.
struct ClockResumed {
  std::string name;
  uint32_t generation = 0;
  InstantMs due_at = 0;
  std::vector<Alarm> alarms;
  auto operator<=>(const ClockResumed&) const = default;
};
/// 15. One alarm fired: a warning, a trigger, the end of a wait.
struct ClockFired {
  std::string name;
  uint32_t generation = 0;
  Alarm alarm;
  DurationMs late_by_ms = 0;  ///< from the alarm's instant to the decision
  bool superseded = false;    ///< overtaken by a graver one in the same decision: recorded, not sounded
  auto operator<=>(const ClockFired&) const = default;
};
/// 16. A promise was broken; at most once per generation.
struct Breached {
  std::string name;
  uint32_t generation = 0;
  InstantMs due_at = 0;
  DurationMs late_by_ms = 0;
  std::string why;
  Money penalty;  ///< that the contract asks; empty: none, or it was asked for an earlier generation
  auto operator<=>(const Breached&) const = default;
};
/// 17. A stop that was in time after all; what was sent is not undone.
struct BreachAnnulled {
  std::string name;
  uint32_t generation = 0;
  InstantMs occurred_at = 0;
  auto operator<=>(const BreachAnnulled&) const = default;
};
/// 18. Somebody is to be told. Delivery is notification's; its id is (case, version of this record, index).
struct NotifyIntended {
  uint32_t index = 0;  ///< among the intents of its record
  IntentPurpose purpose = IntentPurpose::kInform;
  Audience audience = Audience::kOwner;
  std::vector<std::string> people;    ///< of the roster, in order; resolved at the decision
  std::string team;                   ///< told as a team (its channel) when `people` is empty
  std::string message;                ///< name of the template: opened, escalated, warned, breached, resolved, …
  std::vector<std::string> channels;  ///< preferred order; empty: the person's own
  Track track = Track::kFunctional;
  int step = 0;
  int pass = 0;
  int attempt = 0;
  Priority priority = Priority::kUnset;
  MessageUrgency urgency = MessageUrgency::kByPriority;  ///< of an inform
  auto operator<=>(const NotifyIntended&) const = default;
};
/// 19. Notification reports that no channel reached anybody of an intent.
struct NobodyReached {
  uint64_t intent_version = 0;
  uint32_t intent_index = 0;
  std::string why;
  auto operator<=>(const NobodyReached&) const = default;
};
/// 20.
struct Paused {
  std::string reason;  ///< of the policy's pending reasons: customer, vendor, change, …
  InstantMs follow_up_at = 0;
  std::string text;
  auto operator<=>(const Paused&) const = default;
};
/// 21.
struct Resumed {
  std::string why;
  auto operator<=>(const Resumed&) const = default;
};
/// 22. Climb and pages rest until then.
struct Snoozed {
  InstantMs until = 0;
  std::string text;
  auto operator<=>(const Snoozed&) const = default;
};
/// 23.
struct SnoozeEnded {
  auto operator<=>(const SnoozeEnded&) const = default;
};
/// The package that travels with a case. Long texts are sealed.
struct HandoverPackage {
  /// by the policy's field names: summary, steps_taken, impact, next_step, …
  std::map<std::string, std::string> fields;
  auto operator<=>(const HandoverPackage&) const = default;
};
/// 24.
struct HandoverOffered {
  std::string id;
  std::string from_person, from_team, to_team, to_person, to_level;
  Track track = Track::kFunctional;
  HandoverPackage package;
  std::vector<std::string> missing;  ///< of the required fields; only in an emergency
  bool emergency = false;
  std::string why;
  auto operator<=>(const HandoverOffered&) const = default;
};
/// 25.
struct HandoverAccepted {
  std::string id, person;
  auto operator<=>(const HandoverAccepted&) const = default;
};
/// 26.
struct HandoverDeclined {
  std::string id, person, reason;
  auto operator<=>(const HandoverDeclined&) const = default;
};
/// 27.
struct HandoverAskedForMore {
  std::string id, person;
  std::vector<std::string> fields;
  std::string question;
  auto operator<=>(const HandoverAskedForMore&) const = default;
};
/// 28. What was asked for, or was owed since an emergency.
struct HandoverSupplied {
  std::string id;
  HandoverPackage package;
  auto operator<=>(const HandoverSupplied&) const = default;
};
/// 29. Nobody accepted in time; the outgoing owner stays responsible and the case climbs.
struct HandoverExpired {
  std::string id;
  auto operator<=>(const HandoverExpired&) const = default;
};
/// 30.
struct DeEscalated {
  Track track = Track::kFunctional;
  std::string from_level, to_level, guidance;
  auto operator<=>(const DeEscalated&) const = default;
};
/// An escalation that waits for consent, or for ratification afterwards.
struct ApprovalRequest {
  std::string id;
  Track track = Track::kHierarchical;
  std::string to_level;
  EscalationReason reason = EscalationReason::kManual;
  std::string text, requested_by;
  std::string ask_level;
  std::vector<std::string> approvers;  ///< people asked, deputies included
  bool default_approve = false;
  bool ratify = false;  ///< it has happened already
  auto operator<=>(const ApprovalRequest&) const = default;
};
/// 31.
struct ApprovalRequested {
  ApprovalRequest request;
  auto operator<=>(const ApprovalRequested&) const = default;
};
/// 32.
struct ApprovalDecided {
  std::string id, person;
  ApprovalOutcome outcome = ApprovalOutcome::kApproved;
  std::string text;
  auto operator<=>(const ApprovalDecided&) const = default;
};
/// 33. Expert help without handover.
struct ConsultationAsked {
  std::string id, from_person, to_team, to_person, sealed_question;
  auto operator<=>(const ConsultationAsked&) const = default;
};
/// 34.
struct ConsultationAnswered {
  std::string id, person, sealed_answer;
  auto operator<=>(const ConsultationAnswered&) const = default;
};
/// 35. `sealed_text` is opened only by readers with the right.
struct NoteAdded {
  Visibility visibility = Visibility::kInternal;
  std::string author;
  std::string sealed_text;
  bool from_customer = false;  ///< a message of the requester: starts the update clock
  auto operator<=>(const NoteAdded&) const = default;
};
/// 36. A logged attempt at a solution.
struct AttemptLogged {
  std::string what, person;
  bool worked = false;
  auto operator<=>(const AttemptLogged&) const = default;
};
/// 37. Facts as they are from now on, whole.
struct FactsChanged {
  Facts facts;
  std::vector<std::string> changed;  ///< names of the fields
  auto operator<=>(const FactsChanged&) const = default;
};
/// 38.
struct Rated {
  std::string what;  ///< handover, resolution, preparation, documentation
  std::string id;    ///< of the handover, if any
  int score = 0;     ///< 1..5
  std::string person, text;
  auto operator<=>(const Rated&) const = default;
};
/// 39.
struct Linked {
  CaseId other;
  std::string external;  ///< a record elsewhere, when `other` is empty
  LinkRelation relation = LinkRelation::kRelated;
  auto operator<=>(const Linked&) const = default;
};
/// 40. The owner of this case owes a command to the owner of another (protocol.md rule 17); open until `CrossCaseDone`.
struct CrossCaseIntended {
  uint32_t index = 0;
  CaseId other;
  std::string action;  ///< link, absorb, tell_outcome, join_storm, parent_resolved, parent_ended
  LinkRelation relation = LinkRelation::kRelated;
  auto operator<=>(const CrossCaseIntended&) const = default;
};
/// 41.
struct CrossCaseDone {
  uint64_t intent_version = 0;
  uint32_t intent_index = 0;
  bool refused = false;
  std::string why;
  auto operator<=>(const CrossCaseDone&) const = default;
};
/// 42.
struct Resolved {
  std::string person;
  ResolutionCause cause = ResolutionCause::kFixed;
  std::string sealed_text;
  std::string level;  ///< that resolved it
  auto operator<=>(const Resolved&) const = default;
};
/// 43. The requester's word.
struct ResolutionConfirmed {
  std::string person;
  auto operator<=>(const ResolutionConfirmed&) const = default;
};
/// 44.
struct ResolutionRejected {
  std::string person, reason;
  auto operator<=>(const ResolutionRejected&) const = default;
};
/// 45.
struct MonitoringStarted {
  InstantMs until = 0;
  auto operator<=>(const MonitoringStarted&) const = default;
};
/// 46.
struct MonitoringEnded {
  auto operator<=>(const MonitoringEnded&) const = default;
};
/// 47.
struct Reopened {
  ReopenCause cause = ReopenCause::kPerson;
  std::string reason;
  auto operator<=>(const Reopened&) const = default;
};
/// 48.
struct Closed {
  CloseCause cause = CloseCause::kConfirmed;
  std::string person;
  auto operator<=>(const Closed&) const = default;
};
/// 49.
struct Cancelled {
  CancelCause cause = CancelCause::kWithdrawn;
  CaseId other;  ///< the survivor of a merge, the original of a duplicate
  std::string reason;
  auto operator<=>(const Cancelled&) const = default;
};
/// 50. Retention after the end is over: the live view forgets the case, the log keeps it.
struct Retired {
  auto operator<=>(const Retired&) const = default;
};
/// 51. When the requester can expect it, as the owner says.
struct EtaChanged {
  InstantMs eta_at = 0;
  std::string sealed_text;
  auto operator<=>(const EtaChanged&) const = default;
};
/// 52. Somebody with the authority has decided (domain.md §2).
struct DecisionTaken {
  std::string id;
  std::string decision;  ///< spend, vendor, exception, credit, legal, …: of the policy's levels
  Money amount;          ///< empty: none
  std::string person;
  std::string level;         ///< whose authority it was
  std::string rule;          ///< in the policy: `levels.L2.may.spend`
  std::string delegator;     ///< in whose place; empty: the person's own authority
  std::string first_person;  ///< who decided before, of two; empty: one was enough
  std::string first_delegator;
  std::string requested_by;  ///< who lacked the authority; empty: nobody asked
  std::string text;
  auto operator<=>(const DecisionTaken&) const = default;
};
/// A decision that waits for somebody with the authority, or for the second of two.
struct DecisionRequest {
  std::string id;
  std::string decision;
  Money amount;
  std::string text;
  std::string requested_by;
  std::string to_level;             ///< asked
  std::vector<std::string> people;  ///< told
  std::string first;                ///< has decided already, of two; empty: nobody
  std::string first_delegator;
  auto operator<=>(const DecisionRequest&) const = default;
};
/// 53. Asked for, asked of another level, or taken by the first of two. The owner stays.
struct DecisionRequested {
  DecisionRequest request;
  auto operator<=>(const DecisionRequested&) const = default;
};
/// 54. Refused, or taken back by whoever asked.
struct DecisionRefused {
  std::string id, person, text;
  auto operator<=>(const DecisionRefused&) const = default;
};
/// 55. A word of the policy's own that starts or stops clocks: classified_significant, authority_informed.
struct MilestoneReached {
  std::string name, person, text;
  auto operator<=>(const MilestoneReached&) const = default;
};
/// 56. The case has a major escalation record from now on.
struct MajorOpened {
  std::string id;
  std::string because;        ///< the condition that held, or a person's reason
  std::string person;         ///< empty: the rule
  DurationMs monitoring = 0;  ///< until another period is agreed
  auto operator<=>(const MajorOpened&) const = default;
};
/// 57. One act on it. What the action does not need is empty.
struct MajorChanged {
  MajorAction action = MajorAction::kName;
  MajorPart part = MajorPart::kUnset;
  std::string person;  ///< whom it is about: who gets a part, the contact, the owner of a record, who at the customer
  std::string by;      ///< who did it; empty: a rule or source
  std::string reference;
  std::string channel, language;
  std::string sealed_contact;
  std::string sealed_text;  ///< assessment, plan, review
  std::string text;         ///< resources of a plan, what is overdue, why
  std::vector<PlanAction> actions;
  bool agreed = false;        ///< plan: by the customer; consent: to closing
  DurationMs monitoring = 0;  ///< agreed with the customer's word; 0: as before
  auto operator<=>(const MajorChanged&) const = default;
};
/// 58. By its manager with the customer's consent, or because its case was none.
struct MajorClosed {
  std::string person;
  std::string text;
  auto operator<=>(const MajorClosed&) const = default;
};
/// 59. The case goes on under another version of its rules.
struct PolicyMigrated {
  std::string from, to;  ///< id@version
  std::string path;      ///< of the new version
  /// Indices of the steps on which the tracks stand now, as in Escalated; what they wait for goes on.
  int functional_step = -2, hierarchical_step = -2;
  std::string person;  ///< who wanted it; empty: a source
  auto operator<=>(const PolicyMigrated&) const = default;
};

/// In the order of their numbers: `Event::index() + 1` is the kind.
using Event =
    std::variant<Opened, Attached, Triaged, PriorityChanged, Escalated, StepEmpty, Assigned, Acknowledged,
                 AcknowledgementEnded, WorkStarted, ClockArmed, ClockStopped, ClockPaused, ClockResumed, ClockFired,
                 Breached, BreachAnnulled, NotifyIntended, NobodyReached, Paused, Resumed, Snoozed, SnoozeEnded,
                 HandoverOffered, HandoverAccepted, HandoverDeclined, HandoverAskedForMore, HandoverSupplied,
                 HandoverExpired, DeEscalated, ApprovalRequested, ApprovalDecided, ConsultationAsked,
                 ConsultationAnswered, NoteAdded, AttemptLogged, FactsChanged, Rated, Linked, CrossCaseIntended,
                 CrossCaseDone, Resolved, ResolutionConfirmed, ResolutionRejected, MonitoringStarted, MonitoringEnded,
                 Reopened, Closed, Cancelled, Retired, EtaChanged, DecisionTaken, DecisionRequested, DecisionRefused,
                 MilestoneReached, MajorOpened, MajorChanged, MajorClosed, PolicyMigrated>;

inline uint32_t KindOf(const Event& event) { return static_cast<uint32_t>(event.index()) + 1; }
inline constexpr uint32_t kEventKinds = std::variant_size_v<Event>;
/// `opened`, `clock_armed`, …
std::string_view KindName(uint32_t kind);

/// One line of the decision trace: the rule that fired and the values that it saw (DESIGN §5, invariant 9).
struct TraceLine {
  std::string rule;     ///< path in the policy: `priority.matrix`, `paths.incident.functional.steps[1]`
  std::string outcome;  ///< in words
  std::vector<std::pair<std::string, std::string>> saw;
  auto operator<=>(const TraceLine&) const = default;
};

/// What a command led to, as its caller hears it.
enum class OutcomeKind : uint8_t {
  kOpened = 1,
  kAttached = 2,  ///< the submission belongs to a case that is there already
  kDone = 3,
  kUnchanged = 4,  ///< it was so already
  kAwaitsApproval = 5,
};
std::string_view Name(OutcomeKind v);

/// All that one command did to one case: one record of the log, one version.
struct EventBatch {
  InstantMs at = 0;           ///< when it was decided; never before the case's last instant (DESIGN §7.15)
  InstantMs occurred_at = 0;  ///< as the command says, whether it was believed or not; 0: not said
  Actor actor;
  std::string command_id;
  uint64_t command_hash = 0;  ///< of the command's body: another body under the same id is refused
  OutcomeKind outcome = OutcomeKind::kDone;
  std::vector<Event> events;
  std::vector<TraceLine> trace;  ///< ≤ 4 KB in all
  auto operator<=>(const EventBatch&) const = default;
};

}  // namespace escalon
