#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "common/domain/calendar.h"
#include "common/domain/clock_run.h"
#include "common/domain/condition.h"
#include "common/domain/money.h"
#include "common/domain/vocabulary.h"

namespace escalon {

/// A value for each priority, already expanded from `default:`.
template <typename T>
struct PerPriority {
  std::array<T, 4> values{};
  const T& of(Priority p) const { return values[p == Priority::kUnset ? 2 : static_cast<size_t>(p) - 1]; }
  T& of(Priority p) { return values[p == Priority::kUnset ? 2 : static_cast<size_t>(p) - 1]; }
};

/// What a level may decide of one kind. A level may what a lower one may, unless it says otherwise.
struct Grant {
  std::string decision;  ///< spend, vendor, exception, credit, legal, …: data, not an enum
  bool allowed = true;   ///< false: not even what a lower level may
  Money most;            ///< for all decisions of the kind on one case together; empty: whatever the amount
};

/// A rung of the ladder.
struct Level {
  std::string id;
  std::optional<Target> response;  ///< how soon it must react after the case reaches it
  std::optional<Target> resolution;
  double quality = 0;                                         ///< share, 0: none
  std::string authority, issues, resources, decision_rights;  ///< words, for people
  std::vector<Grant> may;
};

/// A decision that two different people take together.
struct FourEyesRule {
  std::string decision;
  Money from;  ///< of all decisions of the kind on one case together; empty: always
};

/// What the authority of all levels has in common (domain.md §2).
struct AuthorityRules {
  std::string currency;                    ///< in which the rates are; empty: no rates
  std::map<std::string, RateNanos> rates;  ///< by currency: what one unit is worth in `currency`
  std::vector<FourEyesRule> four_eyes;
};

struct PriorityModifier {
  std::string id;
  Condition when;
  int impact_steps = 0, urgency_steps = 0;  ///< +1: one grade higher
};
struct PriorityFloor {
  std::string id;
  Condition when;
  Priority at_least = Priority::kUnset;
};

/// What a contract asks for a broken promise.
struct PenaltyRule {
  Condition when;
  Money amount;
};

/// A promise that policy makes: acknowledgement, response, resolution, update, owner and others by name.
struct ClockRule {
  std::string name;
  PerPriority<std::string> calendar;          ///< id; empty: around the clock
  PerPriority<std::optional<Target>> target;  ///< none: no such promise at this priority
  enum class Kind { kSla, kOla, kVendor, kRegulatory } kind = Kind::kSla;
  std::vector<std::string> start_on;  ///< ClockStartWords, `pending_<reason>`, or a milestone of the policy's own
  std::vector<std::string> stop_on;   ///< ClockStopWords, or a milestone
  bool start_at_reported = false;     ///< from `occurred_at`, within `trust_source_time`
  std::vector<std::string> pausing_reasons;  ///< pending reasons that stop it; `any`
  bool pausable = true;                      ///< false: no reason ever stops it, nor does resolution
  bool per_visit = false;                    ///< one for each visit of the case to a team
  bool level_target = false;                 ///< per visit: as long as the level may take that the case is on
  bool resume_on_return = false;             ///< per visit: back at a team, goes on where it left; else a new one
  bool resume_on_reopen = true;              ///< resolved time counts as a pause; else a restart
  std::vector<WarningRule> warnings;
  /// region → calendar id: while a team of that region owns the case, in the place of `calendar` (DESIGN §7.8)
  std::vector<std::pair<std::string, std::string>> region_calendars;
  std::vector<PenaltyRule> penalties;  ///< the first that fits
  DurationMs trust_source_time = 0;
  enum class OnChange { kFromStart, kFromChange, kStricterOfBoth } on_priority_change = OnChange::kFromStart;
};

struct StepTarget {
  std::string team, person, role, schedule;
  std::string vendor;        ///< outside: told, never the owner
  bool case_skills = false;  ///< whoever has the case's skills
  std::vector<std::string> skills;
};

struct PathStep {
  std::string level;
  StepTarget to;
  AssignMode assign = AssignMode::kPush;
  PerPriority<Target> wait;
  /// default: around the clock for P1 and P2, else the path's business calendar
  PerPriority<std::string> wait_calendar;
  std::vector<std::string> channels;
};

/// A rule of the hierarchical track (DESIGN §6).
struct Trigger {
  std::string id;
  enum class At { kOpened, kClockShare, kClockBreached, kFactsChanged } at = At::kOpened;
  std::string clock;
  int percent = 0;
  Condition when;
  std::string level;
  bool owns = false;  ///< mode: own | inform
  EscalationReason reason = EscalationReason::kPriority;
  StepTarget to;  ///< empty: the level's own people (`levels_to`)
};

struct PathTrack {
  std::vector<PathStep> steps;
  PerPriority<std::string> enter_at;  ///< level; empty: the first step
  PerPriority<bool> skip_if_empty;    ///< else held
  int repeat = 0;                     ///< further passes; -1: for ever
  std::vector<Trigger> triggers;
  PerPriority<DurationMs> lease;     ///< of an acknowledgement; 0: none
  std::vector<std::string> stop_on;  ///< acknowledged, resolved, deescalated, acknowledged_on_track
};

struct Path {
  std::string id;
  int precedence = 0;  ///< the higher wins; equal and both matching is an error
  Condition when;
  PathTrack functional, hierarchical;
  std::string catch_all_team;
};

struct PendingReason {
  std::string id;
  DurationMs follow_up = kDayMs;
  DurationMs most = 0;  ///< 0: no limit
};

struct ApprovalRule {
  Condition unless;
  std::optional<Track> track;
  std::string level;  ///< of the escalation; empty: any
  bool by_person_only = true;
  std::string ask_level;
  DurationMs within = 30 * kMinuteMs;
  bool default_approve = true;
  DurationMs ratify_within = kDayMs;
};

struct HandoverRule {
  std::vector<std::string> required;
  std::map<std::string, std::vector<std::string>> required_to_level;
  PerPriority<DurationMs> accept_within;
  DurationMs supply_missing_within = 30 * kMinuteMs;
};

/// One region of the order in which the work follows the sun.
struct SunRegion {
  std::string id, team;
  std::string calendar;  ///< its day; where it closes, the shift ends
  // Without both: the roster's teams of that region, while somebody of them is on call.
};
/// Which open cases are handed to the next region's team when a region's day ends, and in which order. No regions:
/// none.
struct FollowTheSun {
  Condition scope;                  ///< these move
  std::optional<Condition> except;  ///< of them these stay
  std::vector<SunRegion> order;
  DurationMs ask_before = 0;  ///< the owner is asked so long before the day ends; 0: not asked
  DurationMs spread = 0;      ///< after the day's end, over so long the cases of a region move, each in its place
  DurationMs keep_limit = 0;  ///< so long past the day's end at most an owner may keep a case; 0: not at all
};

/// What makes cases belong together.
enum class StormLink : uint8_t {
  kService = 1,  ///< the same affected service
  kKey = 2,      ///< the same source and the same kind of alert, as its labels say
};
/// From the n-th opening within a time on, a new case becomes a child of the first that is still open.
struct StormRules {
  std::vector<StormLink> link_on;  ///< any of them is enough
  int least = 0;                   ///< openings within `within`, the case itself counted
  DurationMs within = 10 * kMinuteMs;
  bool rests = true;                  ///< its steps and triggers rest, and nobody is paged
  bool silent = true;                 ///< those inside hear nothing of it: the parent tells
  bool resolved_with_parent = false;  ///< else it climbs from its first step when the parent is over
  DurationMs longest = kDayMs;        ///< it rests no longer, whatever becomes of the parent
};

/// When a case becomes a major escalation, and what is owed then (DESIGN §6). Around the clock, but for the review.
struct MajorRule {
  std::optional<Condition> when;  ///< opens it by rule; none: only a person does
  StepTarget managers;            ///< of whom one is named
  DurationMs name_within = 30 * kMinuteMs;
  DurationMs acknowledge_within = 30 * kMinuteMs;  ///< each of the team
  DurationMs assess_within = 4 * kHourMs;
  DurationMs plan_within = 8 * kHourMs;
  DurationMs review_plan_every = kDayMs;
  DurationMs stale_after = 4 * kHourMs;  ///< without any act of a person on the case
  std::string executives;                ///< level informed at the opening; empty: none
  DurationMs monitoring = 3 * kDayMs;    ///< until another period is agreed
  Target review_within = {0, 5, false};  ///< after closing; business days on the business calendar
};

struct Limits {
  int escalations_per_case = 10;
  int reassignments = 8;
  DurationMs cooldown = 5 * kMinuteMs;
  int flapping_opens = 3;  ///< n opens within `flapping_window` are one flapping case
  DurationMs flapping_window = 10 * kMinuteMs;
};

/// Which closed cases are looked back upon (domain.md M19): root cause, lessons, what prevents the next one.
struct ReviewRule {
  Condition when;
  Target within = {0, 5, false};  ///< after closing; business days on the business calendar
};

struct AfterResolution {
  PerPriority<DurationMs> monitoring;
  Target confirm_grace{3 * kDayMs};
  std::string confirm_calendar;  ///< empty: around the clock, but for business days, which take the business calendar
  bool confirmation_needed = true;
  DurationMs reopen_within = 7 * kDayMs;
  std::optional<ReviewRule> review;
};

/// Who is told of which event.
struct CommunicationRule {
  std::string id;
  /// opened, assigned, escalated, acknowledged, warned, breached, paused, resumed, resolved, closed, …
  std::vector<std::string> on;
  Condition when;
  std::vector<Audience> to;
  std::vector<std::string> channels;
  IntentPurpose purpose = IntentPurpose::kInform;
  MessageUrgency urgency = MessageUrgency::kByPriority;
  std::string message;     ///< template; empty: the event's name
  DurationMs cadence = 0;  ///< the same audiences hear how it stands every so often while the case is open; 0: no
};

/// One version of one policy of one tenant, validated and ready to use. Immutable; shared by shared_ptr<const Policy>.
struct Policy {
  std::string tenant, id;
  uint32_t version = 0;
  std::string hash;  ///< SHA-256 of the document, hex
  std::map<std::string, std::shared_ptr<const Calendar>> calendars;
  std::string business_calendar;  ///< default for waits at P3 and P4
  /// matrix[impact-1][urgency-1], high first.
  std::array<std::array<Priority, 3>, 3> matrix{};
  std::vector<PriorityModifier> modifiers;
  std::vector<PriorityFloor> floors;
  Grade default_impact = Grade::kMedium, default_urgency = Grade::kMedium;
  std::vector<Level> levels;                       ///< lowest first
  std::map<std::string, StepTarget> level_people;  ///< who a level is, when a trigger or a person names only the level
  AuthorityRules authority;
  std::vector<ClockRule> clocks;
  std::vector<Path> paths;
  std::vector<PendingReason> pending_reasons;
  std::vector<ApprovalRule> approvals;
  HandoverRule handover;
  FollowTheSun sun;
  std::optional<StormRules> storms;
  std::optional<MajorRule> major;  ///< none: a case of this policy has no such record
  Limits limits;
  AfterResolution after;
  std::vector<CommunicationRule> communication;
  DurationMs triage_wait = 5 * kSecondMs;  ///< silent for so long: the rules' default
  std::string catch_all_team;              ///< where a path that runs out ends
  std::map<std::string, std::vector<std::string>> skills_by_category, category_keywords;  ///< triage by rules

  std::string name() const { return id + "@" + std::to_string(version); }
  const Calendar* calendar(const std::string& calendar_id) const;  ///< nullptr for the empty id: around the clock
  const Level* level(std::string_view level_id) const;
  int level_index(std::string_view level_id) const;  ///< -1: unknown
  const Path* path(std::string_view path_id) const;
  /// On which the requester's grace runs; empty: around the clock.
  const std::string& confirmation_calendar() const {
    const bool in_days = after.confirm_grace.business_days != 0;
    return in_days && after.confirm_calendar.empty() ? business_calendar : after.confirm_calendar;
  }
  /// The milestone that keeps a case from moving with the sun, where there is a `keep_limit`.
  static constexpr std::string_view kKeepWord = "keep";
  /// The milestone with which the review of a closed case is written.
  static constexpr std::string_view kReviewedWord = "reviewed";
  /// Words of clocks that are the policy's own: reached when somebody says so. In the order of the document.
  std::vector<std::string> milestones() const;
};

/// Everything wrong with it, each with its path in the document, the reason and the remedy: unreachable steps, empty
/// levels, unknown names, two paths that match equally, impossible targets, no catch-all. Empty: fine.
std::vector<FieldViolation> Findings(const Policy& policy);

/// Matrix → modifiers (capped) → floors, with the trace. The rules' default that stands in for triage, and what triage
/// itself calls.
Priority PriorityOf(const Policy& policy, const Case& c, std::vector<TraceLine>* trace);
/// The winning path for a case, or nullptr.
const Path* ChoosePath(const Policy& policy, const Case& c, std::vector<TraceLine>* trace);

}  // namespace escalon
