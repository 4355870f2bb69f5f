#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/domain/policy.h"
#include "common/kpi/case_story.h"

namespace escalon::kpi {

// The formulas of domain.md §12, once, for the simulator and for reports from the case log. All are of cases: a case
// counts in the period in which it was opened. Spans are milliseconds.

/// Which cases are looked at. Empty texts: all.
struct Filter {
  InstantMs from = 0, to = kNever;  ///< opened in [from, to)
  std::string level = {};           ///< that resolved it, else where it stands
  std::string team = {}, category = {}, priority = {}, region = {}, kind = {};
};
bool Passes(const CaseStory& story, const Filter& filter);

/// What reports are divided by.
enum class GroupBy : uint8_t { kNone, kLevel, kTeam, kCategory, kPriority, kRegion, kKind, kMonth };
/// The group of a case; months by UTC: `2030-05`. Empty: the case has no such thing.
std::string GroupOf(const CaseStory& story, GroupBy by);

/// A part of a whole.
struct Share {
  uint64_t count = 0, of = 0;
  void Add(bool counts) {
    ++of;
    if (counts) ++count;
  }
  bool known() const { return of != 0; }
  double value() const { return of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of); }
};

/// Spans by their middle and their tail. Nearest rank; of an even number the lower middle.
struct Spread {
  uint64_t count = 0;
  DurationMs total = 0, median = 0, p90 = 0, longest = 0;
  DurationMs mean() const { return count == 0 ? 0 : total / static_cast<DurationMs>(count); }
};
Spread SpreadOf(std::vector<DurationMs> spans);

/// Promises kept and broken.
struct Attainment {
  uint64_t kept = 0;
  uint64_t broken = 0;                       ///< ended ones, and running ones that are broken already
  uint64_t near_misses = 0;                  ///< kept with less than a tenth of the target left
  DurationMs overdue = 0;                    ///< on the clocks' calendars
  std::map<std::string, int64_t> penalties;  ///< by currency, in its smallest units: what contracts ask for the broken
  Share share() const { return {kept, kept + broken}; }
};

/// Who waits for whom.
struct Bottleneck {
  Spread waiting;
  double queue = 0;      ///< cases that wait, on average over the period
  DurationMs trend = 0;  ///< mean wait of the later half of the period less that of the earlier
};

struct Quality {
  Share reopened;
  uint64_t answers = 0;
  double mean_score = 0;
  double target = 0;  ///< of the policy: share that holds; 0: none known
};

struct Approvals {
  uint64_t requested = 0, granted = 0, refused = 0, defaulted = 0, bypassed = 0;
  Spread wait;
};

struct Report {
  InstantMs from = 0, to = 0;  ///< first opening, and until when it was looked at
  uint64_t cases = 0, open = 0, resolved = 0, cancelled = 0, imported = 0;

  // Escalation volume and rate.
  uint64_t functional = 0, hierarchical = 0, informed = 0, re_escalations = 0, de_escalations = 0, consultations = 0,
           majors = 0;
  std::map<std::string, uint64_t> by_reason, by_category;
  Share escalation_rate;
  Share re_escalation_rate;
  /// By what the log knows: returned or declined. That a receiver needed nothing beyond the sender is in no event.
  Share over_escalation;
  Share held_too_long;  ///< a promise of the level, team or case broke before the first escalation
  Share unfit_fix;

  // Time.
  Spread resolution_wall, resolution_business, resolution_paused;
  Spread time_to_escalate;
  Spread time_to_acknowledge;
  std::map<std::string, Spread> time_per_level;
  std::map<std::string, Bottleneck> bottleneck_levels, bottleneck_teams;

  // Who resolves, and how well.
  std::map<std::string, Share> resolved_per_level;
  Share first_level_resolution;
  Share recurrence;
  std::map<std::string, Quality> quality;

  // What people say.
  Share csat_good, csat_response;
  double csat_mean = 0;
  Share preparation_rated;
  double preparation_mean = 0, documentation_mean = 0;
  uint64_t preparation_answers = 0, documentation_answers = 0;
  Share complete_first_time;

  // Promises.
  std::map<std::string, Attainment> by_clock;
  std::map<std::pair<std::string, std::string>, Attainment> by_clock_and_level;
  Share communication_kept;
  Share reviews;  ///< of closed cases: written in time, of those written or late

  Approvals approvals;
  Share consistency;  ///< cases of a class (kind, category, priority) that went its commonest way
};

/// Where the formulas look beside the log.
struct Rules {
  const Policy* policy = nullptr;  ///< calendars for business time, targets of quality; nullptr: all around the clock
  std::string first_level = "L1";
};

/// `until`: the end of what is still going on.
Report Compute(const std::vector<const CaseStory*>& stories, const Rules& rules, InstantMs until);

/// Kept with less than a tenth of the target left. False for targets whose length is not known.
bool IsNearMiss(const PromiseRun& run, const Rules& rules);
/// How long it has been broken at `until`, or was when it ended; on its calendar.
DurationMs OverdueOf(const PromiseRun& run, const Rules& rules, InstantMs until);
/// Whether it holds a case back when it breaks before the first escalation: all but the update clock.
bool IsHolding(const PromiseRun& run);
/// Resolved, then taken up again, and then it needed a level that the fix did not.
bool IsUnfitFix(const CaseStory& story);

}  // namespace escalon::kpi
