#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/domain/case.h"
#include "common/domain/event.h"
#include "common/domain/vocabulary.h"

namespace escalon::kpi {

/// What the formulas need to know of one case, gathered from its events alone (domain.md §12). Fed with every batch of
/// the case in the order of versions, by whoever folds them: the simulator, or a reader of the case log. A value; one
/// thread while it is fed.

/// A move to another level: an escalation, or being told on the hierarchical track.
struct Move {
  InstantMs at = 0;
  Track track = Track::kFunctional;
  std::string from, to;
  EscalationReason reason = EscalationReason::kManual;
  bool counted = false;
  bool automatic = false;
  bool inform = false;
  bool again = false;     ///< after a resolution, a return or a de-escalation
  bool returned = false;  ///< it came back: de-escalated, or the handover was declined
};

/// A stay at a level of one track, from arrival to departure; `to` = kNever while it lasts.
struct Stay {
  Track track = Track::kFunctional;
  std::string level;
  InstantMs from = 0;
  InstantMs to = kNever;
};

/// Time for which a level or team had the case and nobody had taken it; `to` = kNever while it lasts.
struct Waiting {
  std::string level, team;
  InstantMs from = 0;
  InstantMs to = kNever;
};

/// Time for which a team had the case; `to` = kNever while it lasts.
struct Visit {
  std::string team;
  InstantMs from = 0;
  InstantMs to = kNever;
};

/// One promise, through all its generations.
struct PromiseRun {
  std::string name;
  std::string level;     ///< on which the case stood when it began
  std::string calendar;  ///< id in the policy; empty: around the clock
  InstantMs started_at = 0;
  InstantMs due_at = 0;
  DurationMs target = 0;  ///< 0: in business days
  InstantMs breached_at = 0;
  InstantMs ended_at = 0;  ///< 0: it runs
  std::vector<PauseSpan> pauses;
  InstantMs paused_since = 0;
  std::vector<ClockLeg> legs;  ///< before the present calendar
  Money penalty;               ///< asked for when it broke
  bool cancelled = false;      ///< ended with a cancelled case

  bool broken() const { return breached_at != 0; }
  bool kept() const { return ended_at != 0 && !broken() && !cancelled; }
};

/// Somebody was told and had to act.
struct Page {
  InstantMs at = 0;
  Track track = Track::kFunctional;
  std::string level, team;
  std::vector<std::string> people;
  Priority priority = Priority::kUnset;
};

struct Resolution {
  InstantMs at = 0;
  std::string level;
  bool monitored = false;
  InstantMs reopened_at = 0;  ///< 0: it held
  ReopenCause reopened_by = ReopenCause::kPerson;
};

struct HandoverStory {
  std::string id;
  InstantMs offered_at = 0, answered_at = 0;
  bool accepted = false, declined = false, expired = false, emergency = false;
  bool asked_for_more = false;
};

struct ApprovalStory {
  std::string id;
  InstantMs asked_at = 0, decided_at = 0;
  bool ratify = false;  ///< bypassed: acted first
  ApprovalOutcome outcome = ApprovalOutcome::kApproved;
};

struct Rating {
  InstantMs at = 0;
  std::string what;
  int score = 0;
};

/// Nobody could be told at a step that was due.
struct EmptyStep {
  InstantMs at = 0;
  Track track = Track::kFunctional;
  std::string level;
  std::string why;
};

class CaseStory {
 public:
  /// `after`: the case with the batch folded in.
  void Take(const Case& after, const EventBatch& batch);
  /// What is still open of a case whose beginning nobody told: its story from now on, and of the past what the case
  /// itself knows. Arrivals and waits begin where the case was last moved.
  static CaseStory Standing(const Case& c);

  CaseId id;
  std::string ref, kind, category, region, team, owner, path;
  Priority priority = Priority::kUnset;
  CaseState state = CaseState::kNew;
  bool imported = false;
  InstantMs opened_at = 0, acknowledged_at = 0, ended_at = 0, last_at = 0;
  std::vector<Move> moves;
  std::vector<Stay> stays;
  std::vector<Waiting> waitings;
  std::vector<Visit> visits;
  std::vector<PromiseRun> promises;
  std::vector<Page> pages;
  std::vector<Resolution> resolutions;
  std::vector<PauseSpan> pauses;
  std::vector<HandoverStory> handovers;
  std::vector<ApprovalStory> approvals;
  std::vector<Rating> ratings;
  std::vector<EmptyStep> empty_steps;
  uint32_t de_escalations = 0, consultations = 0, consultations_answered = 0;
  uint32_t majors = 0;                            ///< major escalations opened
  uint32_t cadences = 0, cadences_on_time = 0;    ///< updates that a cadence owed
  uint32_t reviews_due = 0, reviews_in_time = 0;  ///< written, or late; one that is awaited counts in neither
  uint32_t surveys = 0;                           ///< resolutions of which the requester was told
  uint32_t unreached = 0;                         ///< intents that no channel got to anybody

  /// Counted moves on either track.
  uint32_t escalations() const;
  /// The resolution that holds; nullptr: none.
  const Resolution* final_resolution() const;
  /// That resolved it, else where it stands on the functional track.
  const std::string& level() const;
  /// The next counted move is one again.
  bool came_back() const { return came_back_; }
  void set_came_back(bool came_back) { came_back_ = came_back; }

 private:
  class Reader;
  std::string level_now_;
  bool came_back_ = false;
};

}  // namespace escalon::kpi
