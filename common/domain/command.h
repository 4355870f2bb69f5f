#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/core/ids.h"
#include "common/domain/actor.h"
#include "common/domain/event.h"

namespace escalon {

// What can be asked of the owner of a case. One struct a command; numbers as in escalon.case.v1.Command's oneof.

/// 1. The door made the id: its bucket comes from (tenant, correlation key) (DESIGN §4).
struct OpenCase {
  Facts facts;
  std::string dedup_key;        ///< ≤ 256 bytes; empty: none
  std::string idempotency_key;  ///< ≤ 256 bytes; empty: none
  /// Taken over from another system: placed at once, and nobody is told of what is past.
  bool imported = false;
  Standing standing = {};           ///< only of an imported one
  std::string sealed_history = {};  ///< what happened elsewhere; becomes an internal note
};
/// 2. From triage, on the events of version `judged_version`.
struct RecordTriage {
  Priority priority = Priority::kUnset;
  std::string category;
  std::vector<std::string> skills;
  Grade complexity = Grade::kUnset;
  uint64_t judged_version = 0;
  std::vector<TraceLine> trace;
};
/// 3. From sla-timer or the owner's sweep: something of this clock may be due.
struct ClockDue {
  std::string clock;
  uint32_t generation = 0;
};
/// 4. From notification: no channel reached anybody.
struct ReportNobodyReached {
  uint64_t intent_version = 0;
  uint32_t intent_index = 0;
  std::string why;
};
/// 5. Also renews the lease.
struct Acknowledge {
  Track track = Track::kFunctional;
  std::string channel;
  std::string on_behalf_of;  ///< person, when an integration carries it; empty: the actor
};
/// 6.
struct WithdrawAcknowledgement {
  Track track = Track::kFunctional;
  std::string reason;
};
/// 7.
struct StartWork {};
/// 8. By a person, or the customer's wish.
struct Escalate {
  Track track = Track::kFunctional;
  std::string to_level;  ///< empty: the next one
  EscalationReason reason = EscalationReason::kManual;
  std::string text;
  bool emergency = false;  ///< acts first, ratified afterwards
};
/// 9.
struct DeEscalate {
  Track track = Track::kFunctional;
  std::string to_level;
  std::string guidance;  ///< required
  int rating = 0;        ///< of the package that came up, 1..5; 0: none
};
/// 10.
struct Assign {
  std::string team, person;
  std::string reason;
};
/// 11.
struct Pause {
  std::string reason;
  InstantMs resume_at = 0;  ///< 0: the policy's follow-up
  std::string text;
};
/// 12.
struct Resume {
  std::string reason;
};
/// 13.
struct Snooze {
  InstantMs until = 0;
  std::string text;
};
/// 14.
struct OfferHandover {
  std::string to_team, to_person, to_level;
  HandoverPackage package;
  bool emergency = false;
  std::string reason;
};
/// 15.
struct AcceptHandover {
  std::string id;  ///< empty: the only open one
};
/// 16.
struct DeclineHandover {
  std::string id, reason;
};
/// 17.
struct AskForMore {
  std::string id;
  std::vector<std::string> fields;
  std::string question;
};
/// 18.
struct SupplyHandover {
  std::string id;
  HandoverPackage package;
};
/// 19. Approve, refuse or ratify.
struct DecideApproval {
  std::string id;
  bool approve = true;
  std::string text;  ///< required to refuse
};
/// 20.
struct Consult {
  std::string to_team, to_person, sealed_question;
};
/// 21.
struct AnswerConsultation {
  std::string id, sealed_answer;
};
/// 22.
struct AddNote {
  Visibility visibility = Visibility::kInternal;
  std::string sealed_text;
  bool from_customer = false;
};
/// 23.
struct LogAttempt {
  std::string what;
  bool worked = false;
};
/// 24. Names of the fields that `facts` sets; the others stay.
struct ChangeFacts {
  Facts facts;
  std::vector<std::string> fields;
};
/// 25. `release` goes back to the matrix.
struct SetPriority {
  Priority priority = Priority::kUnset;
  bool release = false;
  std::string reason;
};
/// 26.
struct Rate {
  std::string what, id;
  int score = 0;
  std::string text;
};
/// 27.
struct Link {
  CaseId other;
  std::string external;
  LinkRelation relation = LinkRelation::kRelated;
};
/// 28. This case ends in the other, which survives.
struct Merge {
  CaseId into;
  std::string reason;
};
/// 29. From the owner of another case (protocol.md rule 17): the other half of a link or merge.
struct AbsorbCrossCase {
  CaseId from;
  std::string action;
  LinkRelation relation = LinkRelation::kRelated;
};
/// 30. The answer to a `CrossCaseIntended`, from this case's own owner.
struct RecordCrossCase {
  uint64_t intent_version = 0;
  uint32_t intent_index = 0;
  bool refused = false;
  std::string why;
};
/// 31.
struct Resolve {
  ResolutionCause cause = ResolutionCause::kFixed;
  std::string sealed_text;
};
/// 32.
struct ConfirmResolution {};
/// 33.
struct RejectResolution {
  std::string reason;
};
/// 34.
struct Reopen {
  std::string reason;
};
/// 35. By a person with the right; a major escalation only by its manager or deputy, with the customer's consent.
struct Close {
  std::string reason;
};
/// 36.
struct Cancel {
  CancelCause cause = CancelCause::kWithdrawn;
  CaseId other;
  std::string reason;
};
/// 37. The source's own news: the alert cleared, the ticket was closed there.
struct SourceEnded {
  bool cleared = true;  ///< false: closed
  std::string text;
};
/// 38.
struct SetEta {
  InstantMs eta_at = 0;
  std::string sealed_text;
};
/// 39. By whoever has the authority; for others it is asked of the lowest level that has.
struct TakeDecision {
  std::string decision;
  Money amount;  ///< empty: none
  std::string text;
};
/// 40. A decision that was asked for, or the second person's word.
struct AnswerDecision {
  std::string id;  ///< empty: the only open one
  bool approve = true;
  std::string text;  ///< required to refuse
};
/// 41.
struct RecordMilestone {
  std::string name;
  std::string text;
};
/// 42. One act on the case's major escalation record. What the action does not need stays empty.
struct Major {
  MajorAction action = MajorAction::kOpen;
  MajorPart part = MajorPart::kUnset;
  /// name, release: who; add_contact: the contact's id; add_reference: the record's owner; consent: who at the customer
  std::string person;
  std::string reference;  ///< a record elsewhere: add_reference, review
  std::string channel, language;
  std::string sealed_contact;
  std::string sealed_text;  ///< assess, revise_plan, review
  std::string resources;    ///< revise_plan
  std::string reason;       ///< open, release, close
  std::vector<PlanAction> actions;
  bool agreed = false;       ///< revise_plan: by the customer; alone: the present revision is
  int monitoring_hours = 0;  ///< consent: the agreed period; 0: as before
};

/// 43. The case goes on under another version of its rules (DESIGN §7.16).
struct Migrate {
  std::string policy;  ///< id@version
};

using CommandBody =
    std::variant<OpenCase, RecordTriage, ClockDue, ReportNobodyReached, Acknowledge, WithdrawAcknowledgement, StartWork,
                 Escalate, DeEscalate, Assign, Pause, Resume, Snooze, OfferHandover, AcceptHandover, DeclineHandover,
                 AskForMore, SupplyHandover, DecideApproval, Consult, AnswerConsultation, AddNote, LogAttempt,
                 ChangeFacts, SetPriority, Rate, Link, Merge, AbsorbCrossCase, RecordCrossCase, Resolve,
                 ConfirmResolution, RejectResolution, Reopen, Close, Cancel, SourceEnded, SetEta, TakeDecision,
                 AnswerDecision, RecordMilestone, Major, Migrate>;

struct Command {
  CaseId case_id;
  std::string command_id;  ///< repeated with the same id, it has no second effect; ≤ 128 bytes
  uint64_t body_hash = 0;  ///< CommandHash of the body as received
  Actor actor;
  InstantMs deadline = kNever;    ///< wall instant after which it is not decided
  InstantMs occurred_at = 0;      ///< when a trusted source says that it happened
  uint64_t expected_version = 0;  ///< refused when the case has moved on; 0: any
  std::string trace_parent;       ///< W3C
  CommandBody body;
};

/// 1-based, as above.
inline uint32_t KindOf(const CommandBody& body) { return static_cast<uint32_t>(body.index()) + 1; }
/// `open_case`, `acknowledge`, …
std::string_view CommandName(uint32_t kind);

}  // namespace escalon
