#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/core/digest.h"
#include "common/core/ids.h"
#include "common/domain/event.h"

namespace escalon {

/// Where a case stands on one track.
struct TrackState {
  std::string level;
  int step = -2;  ///< index in the path's steps; -1: the catch-all, -2: not on a step
  int pass = 0;
  int attempt = 0;
  bool stopped = false;  ///< by the track's own stop (DESIGN §6)
  InstantMs reached_at = 0;
  std::vector<std::string> people;  ///< of the current step: who may acknowledge
  std::string team;
  std::vector<std::string> informed;  ///< levels told by a rule, without the case having climbed there
  auto operator<=>(const TrackState&) const = default;
};

struct Owner {
  std::string team;
  std::string person;  ///< empty: a team with a running step clock
  InstantMs since = 0;
  auto operator<=>(const Owner&) const = default;
};

struct PendingPause {
  std::string reason;  ///< empty: none
  InstantMs since = 0;
  InstantMs follow_up_at = 0;
  CaseState before = CaseState::kNew;  ///< to go back to
  auto operator<=>(const PendingPause&) const = default;
};

struct OpenHandover {
  HandoverOffered offer;
  HandoverState state = HandoverState::kOffered;
  InstantMs since = 0;
  auto operator<=>(const OpenHandover&) const = default;
};

struct OpenApproval {
  ApprovalRequest request;
  InstantMs since = 0;
  auto operator<=>(const OpenApproval&) const = default;
};

struct OpenConsultation {
  ConsultationAsked asked;
  InstantMs since = 0;
  auto operator<=>(const OpenConsultation&) const = default;
};

struct OpenDecision {
  DecisionRequest request;
  InstantMs since = 0;
  auto operator<=>(const OpenDecision&) const = default;
};

/// What was decided on the case, for the sums of its amounts.
struct TakenDecision {
  std::string id, decision;
  Money amount;
  std::string person, level;
  InstantMs at = 0;
  auto operator<=>(const TakenDecision&) const = default;
};

/// A team that had the case, and when it had not.
struct TeamVisit {
  std::string team;
  InstantMs first_at = 0;
  std::vector<PauseSpan> away;
  auto operator<=>(const TeamVisit&) const = default;
};

struct Milestone {
  std::string name;
  InstantMs at = 0;  ///< the last time
  auto operator<=>(const Milestone&) const = default;
};

/// A page somebody may still be woken for; closed when it is no longer wanted.
struct OpenIntent {
  uint64_t version = 0;
  NotifyIntended intent;
  auto operator<=>(const OpenIntent&) const = default;
};

struct OpenCrossCase {
  uint64_t version = 0;
  CrossCaseIntended intent;
  auto operator<=>(const OpenCrossCase&) const = default;
};

/// A command that had its effect: a repeat gets this outcome (protocol.md rule 6).
struct PastCommand {
  uint64_t id_hash = 0;  ///< first 64 bits of SHA-256 of the command id
  uint64_t body_hash = 0;
  uint64_t version = 0;
  OutcomeKind outcome = OutcomeKind::kDone;
  InstantMs at = 0;
  auto operator<=>(const PastCommand&) const = default;
};

/// One ticket, alert, complaint or request under Escalon's care: the fold of its events, nothing else. Immutable once
/// shared.
struct Case {
  CaseId id;
  std::string tenant;
  uint64_t version = 0;
  Digest chain{};         ///< hash chain up to `version`
  InstantMs last_at = 0;  ///< time never runs back in a case

  std::shared_ptr<const Facts> facts = std::make_shared<const Facts>();
  std::string dedup_key, idempotency_key;
  std::string policy;  ///< id@version
  std::string path;

  CaseState state = CaseState::kNew;
  Priority priority = Priority::kUnset;
  bool priority_manual = false;
  std::string category;
  std::vector<std::string> skills;
  Grade complexity = Grade::kUnset;
  bool triaged_by_fallback = false;
  uint64_t facts_version = 1;  ///< version at which the facts last changed

  TrackState functional, hierarchical;
  Owner owner;
  std::vector<std::string> gave_up;  ///< people who just gave it up: never straight back to them
  std::string acknowledged_by;       ///< functional track; empty: nobody
  std::string management_acknowledged_by;

  std::vector<ClockRun> clocks;  ///< running and paused ones, by name; stopped ones are gone
  std::vector<std::pair<std::string, uint32_t>> generations;  ///< last generation ever used, by name
  std::vector<std::pair<std::string, InstantMs>> breaches;    ///< first breach of each promise, by name
  PendingPause pending;
  std::vector<PauseSpan> pauses;           ///< of the case, whatever they stopped (DESIGN §7.5)
  std::vector<std::string> pause_reasons;  ///< beside `pauses`
  InstantMs snoozed_until = 0;

  std::vector<OpenHandover> handovers;
  std::vector<OpenApproval> approvals;
  std::vector<OpenConsultation> consultations;
  std::vector<OpenDecision> decision_requests;
  std::vector<TakenDecision> decisions;
  std::vector<TeamVisit> visits;      ///< of teams that own it or did, in the order of their first
  std::vector<Milestone> milestones;  ///< by name, in the order of the first time
  std::vector<MajorRecord> majors;    ///< at most one; a list, because most cases have none
  std::vector<OpenIntent> intents;
  std::vector<OpenCrossCase> cross_case;
  std::vector<Linked> links;
  CaseId parent;                      ///< empty: none
  std::vector<PastCommand> commands;  ///< the last 64

  uint32_t reports = 1;  ///< how often the source reported it
  uint32_t escalations = 0, reassignments = 0, reopens = 0, re_escalations = 0, attempts_failed = 0,
           handovers_declined = 0;
  InstantMs last_escalated_at = 0;

  std::string resolved_level, resolved_by;
  ResolutionCause resolution = ResolutionCause::kFixed;
  bool confirmed = false;
  bool monitoring_over = false;
  InstantMs opened_at = 0, reported_at = 0, acknowledged_at = 0, first_response_at = 0, resolved_at = 0,
            monitoring_until = 0, ended_at = 0, eta_at = 0;
  bool imported = false;
  bool retired = false;
  /// Why an owner could not fold a record of it (protocol.md rule 14): this is the state before that record, and
  /// nothing is decided on it. Set by the keeper, not by an event; empty: fine.
  std::string quarantined;
  auto operator<=>(const Case&) const = delete;

  const ClockRun* clock(std::string_view name) const;
  /// Of the earliest alarm of any clock; kNever when there is none, or the case is quarantined. This is the case's
  /// entry in the due set.
  InstantMs next_due_at() const;
  const TrackState& on(Track track) const { return track == Track::kFunctional ? functional : hierarchical; }
  const PastCommand* FindCommand(std::string_view command_id) const;
  /// The major escalation record while it is open; nullptr: none.
  const MajorRecord* open_major() const {
    return majors.empty() || !majors.front().is_open() ? nullptr : &majors.front();
  }
};

/// First 64 bits of SHA-256.
uint64_t CommandHash(std::string_view bytes);

/// The only place where a case changes. Never fails on a batch that `Decide` made; reads no policy, calendar, roster or
/// clock. `batch` must be of version `c.version + 1`; for the first, `c` is default-constructed but for id and tenant.
/// Sets version, last_at, commands; not the chain, which depends on stored bytes (log/keeper sets it).
void Evolve(Case& c, const EventBatch& batch);
/// One event of the batch; `Decide` uses it on its working copy, whose `version` it has set to that of the batch being
/// made.
void Apply(Case& c, const Event& event, InstantMs at);
/// What follows from a batch beside its events, after them.
void Conclude(Case& c, const EventBatch& batch);

/// Whether a page or message is still worth sending (DESIGN §5.8): what notification asks before a late send. `c` is
/// the case as it stands now. A page is wanted while the case is open and not snoozed, and its (track, step, pass,
/// attempt) is where that track stands, unacknowledged and not stopped; one that asks (`handover_offered`,
/// `approval_requested`, `consultation_asked`) until it is answered. An inform is wanted unless its event is overtaken:
/// a cancelled case says only that, a resolved one does not report warnings and moves. A message is about the event of
/// its name, or of what follows the last dash (`requester-resolved`).
bool StillWanted(const Case& c, uint64_t intent_version, const NotifyIntended& intent);

}  // namespace escalon
