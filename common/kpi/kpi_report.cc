#include "common/kpi/kpi_report.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "common/domain/clock_arithmetic.h"

namespace escalon::kpi {
namespace {

constexpr int kNearMissPercent = 90;
constexpr int kGoodScore = 4;
constexpr std::string_view kUpdateClock = "update";

const Calendar* CalendarOf(const Rules& rules, const std::string& id) {
  return rules.policy == nullptr ? nullptr : rules.policy->calendar(id);
}

using Legs = std::vector<MeasuredLeg>;

Legs LegsOf(const PromiseRun& run, const Rules& rules) {
  Legs legs;
  for (const ClockLeg& leg : run.legs) legs.push_back({CalendarOf(rules, leg.calendar), leg.until});
  return legs;
}

/// `legs` must outlive it.
Measure MeasureOf(const PromiseRun& run, const Rules& rules, const Legs& legs) {
  Measure measure{CalendarOf(rules, run.calendar), run.started_at, Target{run.target}, run.pauses};
  measure.legs = legs;
  return measure;
}

std::optional<InstantMs> FirstEscalation(const CaseStory& story) {
  for (const Move& move : story.moves) {
    if (move.counted) return move.at;
  }
  return std::nullopt;
}

bool IsReEscalated(const CaseStory& story) {
  return std::any_of(story.moves.begin(), story.moves.end(),
                     [](const Move& move) { return move.counted && move.again; });
}

DurationMs PausedOf(const CaseStory& story, InstantMs until) {
  DurationMs paused = 0;
  for (const PauseSpan& pause : story.pauses) paused += std::max<DurationMs>(0, std::min(pause.to, until) - pause.from);
  return paused;
}

/// The levels of a case in the order in which it came to them.
std::string WayOf(const CaseStory& story) {
  std::string way;
  for (const Stay& stay : story.stays) {
    way += stay.track == Track::kFunctional ? '>' : '^';
    way += stay.level;
  }
  return way;
}

DurationMs MeanOf(const std::vector<DurationMs>& spans) {
  DurationMs total = 0;
  for (const DurationMs span : spans) total += span;
  return spans.empty() ? 0 : total / static_cast<DurationMs>(spans.size());
}

/// Adds case after case, and divides at the end.
class Computer {
 public:
  Computer(const Rules& rules, InstantMs until) : rules_(rules), until_(until) {}

  void Add(const CaseStory& story) {
    ++r_.cases;
    if (r_.from == 0 || story.opened_at < r_.from) r_.from = story.opened_at;
    if (story.imported) ++r_.imported;
    if (story.state == CaseState::kCancelled) ++r_.cancelled;
    if (IsOpen(story.state)) ++r_.open;
    AddMoves(story);
    AddResolution(story);
    AddStays(story);
    AddPromises(story);
    AddTransfers(story);
    AddRatings(story);
    ++classes_[story.kind + '\0' + story.category + '\0' + std::string(Name(story.priority))][WayOf(story)];
  }

  Report Finish() {
    r_.to = until_;
    r_.resolution_wall = SpreadOf(std::move(wall_));
    r_.resolution_business = SpreadOf(std::move(business_));
    r_.resolution_paused = SpreadOf(std::move(paused_));
    r_.time_to_escalate = SpreadOf(std::move(to_escalate_));
    r_.time_to_acknowledge = SpreadOf(std::move(to_acknowledge_));
    for (auto& [level, spans] : stays_) r_.time_per_level[level] = SpreadOf(std::move(spans));
    for (auto& [level, waits] : level_waits_) r_.bottleneck_levels[level] = BottleneckOf(waits);
    for (auto& [team, waits] : team_waits_) r_.bottleneck_teams[team] = BottleneckOf(waits);
    for (auto& [level, count] : resolved_at_) r_.resolved_per_level[level] = {count, r_.resolved};
    if (csat_answers_ > 0) r_.csat_mean = static_cast<double>(csat_sum_) / static_cast<double>(csat_answers_);
    r_.csat_response = {csat_answers_, std::max(surveys_, csat_answers_)};
    r_.preparation_mean = MeanScore(preparation_);
    r_.documentation_mean = MeanScore(documentation_);
    r_.preparation_answers = preparation_.size();
    r_.documentation_answers = documentation_.size();
    r_.approvals.wait = SpreadOf(std::move(approval_waits_));
    for (auto& [level, quality] : r_.quality) {
      if (quality.answers > 0) quality.mean_score /= static_cast<double>(quality.answers);
      const Level* found = rules_.policy == nullptr ? nullptr : rules_.policy->level(level);
      if (found != nullptr) quality.target = found->quality;
    }
    for (const auto& [name, ways] : classes_) {
      uint64_t most = 0, all = 0;
      for (const auto& [way, cases] : ways) {
        most = std::max(most, cases);
        all += cases;
      }
      r_.consistency.count += most;
      r_.consistency.of += all;
    }
    return std::move(r_);
  }

 private:
  struct Wait {
    InstantMs from;
    DurationMs span;
  };

  void AddMoves(const CaseStory& story) {
    bool escalated = false;
    for (const Move& move : story.moves) {
      if (move.inform) ++r_.informed;
      if (!move.counted) continue;
      escalated = true;
      ++(move.track == Track::kFunctional ? r_.functional : r_.hierarchical);
      ++r_.by_reason[std::string(Name(move.reason))];
      ++r_.by_category[story.category];
      if (move.again) ++r_.re_escalations;
      r_.over_escalation.Add(move.returned);
    }
    r_.de_escalations += story.de_escalations;
    r_.consultations += story.consultations;
    r_.majors += story.majors;
    r_.escalation_rate.Add(escalated);
    if (escalated) r_.re_escalation_rate.Add(IsReEscalated(story));
    const std::optional<InstantMs> first = FirstEscalation(story);
    if (first) to_escalate_.push_back(*first - story.opened_at);
    r_.held_too_long.Add(std::any_of(story.promises.begin(), story.promises.end(), [&first](const PromiseRun& run) {
      return IsHolding(run) && run.breached_at != 0 && (!first || run.breached_at < *first);
    }));
    r_.unfit_fix.Add(IsUnfitFix(story));
    if (story.acknowledged_at != 0) to_acknowledge_.push_back(story.acknowledged_at - story.opened_at);
  }

  void AddResolution(const CaseStory& story) {
    for (const Resolution& one : story.resolutions) {
      Quality& quality = r_.quality[one.level];
      quality.reopened.Add(one.reopened_at != 0);
      if (one.monitored) r_.recurrence.Add(one.reopened_at != 0 && one.reopened_by == ReopenCause::kRecurrence);
    }
    const Resolution* resolution = story.final_resolution();
    if (resolution == nullptr) return;
    ++r_.resolved;
    ++resolved_at_[resolution->level];
    r_.first_level_resolution.Add(resolution->level == rules_.first_level && story.escalations() == 0);
    wall_.push_back(resolution->at - story.opened_at);
    paused_.push_back(PausedOf(story, resolution->at));
    if (rules_.policy != nullptr && !rules_.policy->business_calendar.empty()) {
      business_.push_back(
          BusinessElapsed(CalendarOf(rules_, rules_.policy->business_calendar), story.opened_at, resolution->at));
    }
  }

  void AddStays(const CaseStory& story) {
    for (const Stay& stay : story.stays) stays_[stay.level].push_back(std::min(stay.to, until_) - stay.from);
    for (const Waiting& waiting : story.waitings) {
      const Wait wait{waiting.from, std::min(waiting.to, until_) - waiting.from};
      if (!waiting.level.empty()) level_waits_[waiting.level].push_back(wait);
      if (!waiting.team.empty()) team_waits_[waiting.team].push_back(wait);
    }
  }

  void AddPromises(const CaseStory& story) {
    for (const PromiseRun& run : story.promises) {
      if (!run.kept() && !run.broken()) continue;
      const bool kept = run.kept();
      for (Attainment* to : {&r_.by_clock[run.name], &r_.by_clock_and_level[{run.name, run.level}]}) {
        ++(kept ? to->kept : to->broken);
        if (kept && IsNearMiss(run, rules_)) ++to->near_misses;
        if (!kept) to->overdue += OverdueOf(run, rules_, until_);
        if (!run.penalty.empty()) to->penalties[run.penalty.currency] += run.penalty.minor;
      }
      if (run.name == kUpdateClock) r_.communication_kept.Add(kept);
    }
    r_.communication_kept.count += story.cadences_on_time;
    r_.communication_kept.of += story.cadences;
    r_.reviews.count += story.reviews_in_time;
    r_.reviews.of += story.reviews_due;
  }

  void AddTransfers(const CaseStory& story) {
    for (const HandoverStory& handover : story.handovers) {
      if (handover.answered_at == 0 && !handover.expired) continue;
      r_.complete_first_time.Add(handover.accepted && !handover.asked_for_more);
    }
    for (const ApprovalStory& approval : story.approvals) {
      ++r_.approvals.requested;
      if (approval.ratify) ++r_.approvals.bypassed;
      if (approval.decided_at == 0) continue;
      approval_waits_.push_back(approval.decided_at - approval.asked_at);
      switch (approval.outcome) {
        case ApprovalOutcome::kApproved:
        case ApprovalOutcome::kRatified:
          ++r_.approvals.granted;
          break;
        case ApprovalOutcome::kRefused:
        case ApprovalOutcome::kNotRatified:
          ++r_.approvals.refused;
          break;
        case ApprovalOutcome::kDefaultApproved:
        case ApprovalOutcome::kDefaultRefused:
          ++r_.approvals.defaulted;
          break;
      }
    }
  }

  void AddRatings(const CaseStory& story) {
    surveys_ += story.surveys;
    uint64_t handovers = 0, prepared = 0;
    for (const HandoverStory& handover : story.handovers) handovers += handover.accepted ? 1 : 0;
    for (const Rating& rating : story.ratings) {
      if (rating.what == "resolution") {
        ++csat_answers_;
        csat_sum_ += static_cast<uint64_t>(rating.score);
        r_.csat_good.Add(rating.score >= kGoodScore);
        Quality& quality = r_.quality[story.level()];
        ++quality.answers;
        quality.mean_score += rating.score;
      } else if (rating.what == "documentation") {
        documentation_.push_back(rating.score);
      } else {  // handover, preparation
        ++prepared;
        preparation_.push_back(rating.score);
      }
    }
    r_.preparation_rated.count += std::min(prepared, handovers);
    r_.preparation_rated.of += handovers;
  }

  static double MeanScore(const std::vector<int>& scores) {
    double sum = 0;
    for (const int score : scores) sum += score;
    return scores.empty() ? 0 : sum / static_cast<double>(scores.size());
  }

  Bottleneck BottleneckOf(const std::vector<Wait>& waits) const {
    Bottleneck out;
    std::vector<DurationMs> all, early, late;
    const InstantMs middle = r_.from + (until_ - r_.from) / 2;
    for (const Wait& wait : waits) {
      all.push_back(wait.span);
      (wait.from < middle ? early : late).push_back(wait.span);
    }
    if (!early.empty() && !late.empty()) out.trend = MeanOf(late) - MeanOf(early);
    out.waiting = SpreadOf(std::move(all));
    if (until_ > r_.from) out.queue = static_cast<double>(out.waiting.total) / static_cast<double>(until_ - r_.from);
    return out;
  }

  const Rules& rules_;
  const InstantMs until_;
  Report r_;
  std::vector<DurationMs> wall_, business_, paused_, to_escalate_, to_acknowledge_, approval_waits_;
  std::map<std::string, std::vector<DurationMs>> stays_;
  std::map<std::string, std::vector<Wait>> level_waits_, team_waits_;
  std::map<std::string, uint64_t> resolved_at_;
  std::map<std::string, std::map<std::string, uint64_t>> classes_;
  uint64_t csat_answers_ = 0, csat_sum_ = 0, surveys_ = 0;
  std::vector<int> preparation_, documentation_;
};

}  // namespace

bool IsHolding(const PromiseRun& run) { return run.name != kUpdateClock; }

bool IsUnfitFix(const CaseStory& story) {
  for (const Resolution& one : story.resolutions) {
    if (one.reopened_at == 0) continue;
    const bool climbed = std::any_of(story.moves.begin(), story.moves.end(), [&one](const Move& move) {
      return move.counted && move.at >= one.reopened_at && move.to != one.level;
    });
    if (climbed) return true;
  }
  return false;
}

DurationMs OverdueOf(const PromiseRun& run, const Rules& rules, InstantMs until) {
  if (run.due_at == kNever) return 0;
  const InstantMs end = run.ended_at != 0 ? run.ended_at : until;
  const Legs legs = LegsOf(run, rules);
  return Overdue(MeasureOf(run, rules, legs), run.due_at, end);
}

bool Passes(const CaseStory& story, const Filter& filter) {
  const auto is = [](const std::string& wanted, std::string_view value) { return wanted.empty() || wanted == value; };
  return story.opened_at >= filter.from && story.opened_at < filter.to && is(filter.level, story.level()) &&
         is(filter.team, story.team) && is(filter.category, story.category) &&
         is(filter.priority, Name(story.priority)) && is(filter.region, story.region) && is(filter.kind, story.kind);
}

std::string GroupOf(const CaseStory& story, GroupBy by) {
  switch (by) {
    case GroupBy::kNone:
      return "all";
    case GroupBy::kLevel:
      return story.level();
    case GroupBy::kTeam:
      return story.team;
    case GroupBy::kCategory:
      return story.category;
    case GroupBy::kPriority:
      return std::string(Name(story.priority));
    case GroupBy::kRegion:
      return story.region;
    case GroupBy::kKind:
      return story.kind;
    case GroupBy::kMonth:
      return FormatInstant(story.opened_at).substr(0, 7);
  }
  return {};
}

Spread SpreadOf(std::vector<DurationMs> spans) {
  Spread out;
  out.count = spans.size();
  if (spans.empty()) return out;
  std::sort(spans.begin(), spans.end());
  for (const DurationMs span : spans) out.total += span;
  const auto rank = [&spans](double share) {
    const auto at = static_cast<size_t>(std::ceil(share * static_cast<double>(spans.size())));
    return spans[at == 0 ? 0 : at - 1];
  };
  out.median = rank(0.5);
  out.p90 = rank(0.9);
  out.longest = spans.back();
  return out;
}

bool IsNearMiss(const PromiseRun& run, const Rules& rules) {
  if (!run.kept() || run.target <= 0) return false;
  const Legs legs = LegsOf(run, rules);
  const DurationMs used = Elapsed(MeasureOf(run, rules, legs), run.ended_at);
  return used * 100 > run.target * kNearMissPercent;
}

Report Compute(const std::vector<const CaseStory*>& stories, const Rules& rules, InstantMs until) {
  Computer computer(rules, until);
  for (const CaseStory* story : stories) computer.Add(*story);
  return computer.Finish();
}

}  // namespace escalon::kpi
