#include "common/domain/promise_clocks.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "common/domain/alarms.h"
#include "common/domain/clock_arithmetic.h"
#include "common/domain/clock_ops.h"
#include "common/domain/owner_legs.h"
#include "common/domain/sun_region.h"

namespace escalon::decide {
namespace {

bool Lists(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsStoppedBy(const ClockRule& rule, const std::string& reason) {
  if (!rule.pausable) return false;
  return Lists(rule.pausing_reasons, reason) || Lists(rule.pausing_reasons, "any");
}

const ClockRule* RuleOf(const Policy& policy, std::string_view name) {
  const auto it = std::find_if(policy.clocks.begin(), policy.clocks.end(),
                               [name](const ClockRule& rule) { return rule.name == name; });
  return it != policy.clocks.end() ? &*it : nullptr;
}

/// Reported before it was opened here: from then on, when the source is trusted so far back.
InstantMs OpeningOf(const Case& c, const ClockRule& rule) {
  const bool trusted =
      rule.start_at_reported && c.reported_at != 0 && c.opened_at - c.reported_at <= rule.trust_source_time;
  return trusted ? c.reported_at : c.opened_at;
}

InstantMs BrokenAt(const Case& c, std::string_view name) {
  const auto it =
      std::find_if(c.breaches.begin(), c.breaches.end(), [name](const auto& breach) { return breach.first == name; });
  return it != c.breaches.end() ? it->second : 0;
}

/// It has been kept, or could be broken no more: not to be started again for the same report.
bool IsFulfilled(const Case& c, const ClockRule& rule) {
  return (Lists(rule.stop_on, "acknowledged") && c.acknowledged_at != 0) ||
         (Lists(rule.stop_on, "public_reply") && c.first_response_at != 0) ||
         (Lists(rule.stop_on, "work_started") && c.state == CaseState::kInProgress) ||
         (Lists(rule.stop_on, "assigned") && !c.owner.person.empty()) ||
         std::any_of(c.milestones.begin(), c.milestones.end(),
                     [&rule](const Milestone& reached) { return Lists(rule.stop_on, reached.name); });
}

/// How long it may take now; none: no such promise at this priority, or on this level.
std::optional<Target> TargetOf(const Draft& d, const ClockRule& rule) {
  if (!rule.level_target) return rule.target.of(d.c().priority);
  const Level* level = d.policy().level(d.c().functional.level);
  if (level == nullptr) return std::nullopt;
  return level->resolution.has_value() ? level->resolution : level->response;
}

std::vector<Alarm> AlarmsOf(const Draft& d, const ClockRule& rule) {
  std::vector<Alarm> alarms;
  alarms.reserve(rule.warnings.size() + 2);
  for (const WarningRule& warning : rule.warnings) alarms.push_back({0, AlarmKind::kWarning, warning, ""});
  alarms.push_back({0, AlarmKind::kBreach, {}, ""});
  if (const Path* path = d.path()) {
    for (const PathTrack* track : {&path->functional, &path->hierarchical}) {
      for (const Trigger& trigger : track->triggers) {
        if (trigger.at == Trigger::At::kClockShare && trigger.clock == rule.name) {
          alarms.push_back({0, AlarmKind::kTrigger, WarningRule::Percent(trigger.percent), trigger.id});
        }
      }
    }
  }
  return alarms;
}

struct Start {
  InstantMs at = 0;
  std::vector<PauseSpan> pauses = {};
  InstantMs paused_since = 0;  ///< 0: running
};

/// A promise that is broken already stays so: its alarms of the past are not raised a second time.
void DropWhatIsKnown(const Draft& d, ClockRun* run) {
  if (run->breached_at == 0 || run->due_at > d.t()) return;
  std::erase_if(run->alarms,
                [&](const Alarm& alarm) { return alarm.kind != AlarmKind::kTrigger && alarm.at <= d.t(); });
}

ClockRun RunOf(const Draft& d, const ClockRule& rule, const Target& target, Start start) {
  ClockRun run;
  run.name = rule.name;
  run.generation = NextGeneration(d.c(), rule.name);
  OwnerLegs legs = LegsOf(d, rule, start.at);
  run.calendar = std::move(legs.calendar);
  run.legs = std::move(legs.before);
  run.started_at = start.at;
  run.target = target;
  run.pauses = std::move(start.pauses);
  run.paused_since = start.paused_since;
  if (!rule.per_visit) run.breached_at = BrokenAt(d.c(), rule.name);
  run.due_at = Deadline(*RunMeasure(d.policy(), run));
  run.penalty = PenaltyOf(d, rule.name);
  return run;
}

/// Arms it and at once raises what is past already, so that a late start or a recompute breaches now, once.
void Arm(Draft& d, ClockRun run, std::vector<Alarm> alarms, const std::string& why, Raise raise = Raise::kAct) {
  const std::string name = run.name;
  run.alarms = Placed(d, run, std::move(alarms));
  DropWhatIsKnown(d, &run);
  d.Emit(ClockArmed{std::move(run), why});
  RaiseDue(d, name, raise, why);
}

void StartOne(Draft& d, const ClockRule& rule, Start start, const std::string& why, Raise raise = Raise::kAct) {
  const std::optional<Target> target = TargetOf(d, rule);
  if (!target.has_value()) return;
  ClockRun run = RunOf(d, rule, *target, std::move(start));
  const bool goes_on = rule.per_visit && !run.pauses.empty() && run.pauses.back().to == d.t();
  if (goes_on && run.due_at <= run.pauses.back().from) run.breached_at = run.due_at;  // known since then
  Arm(d, std::move(run), AlarmsOf(d, rule), why, raise);
  if (d.c().pending.since != 0 && IsStoppedBy(rule, d.c().pending.reason)) PauseClock(d, rule.name);
}

/// When the fact happened, as far as its source is trusted.
InstantMs FactInstant(const Draft& d, DurationMs trust) {
  const InstantMs said = d.command().occurred_at;
  return said != 0 && said <= d.t() && d.t() - said <= trust ? said : d.t();
}

void StopOne(Draft& d, std::string_view name, DurationMs trust, std::string_view why) {
  const ClockRun* run = d.c().clock(name);
  if (run == nullptr) return;
  const InstantMs stopped_at = FactInstant(d, trust);
  const bool in_time = run->paused() || run->due_at == kNever || stopped_at <= run->due_at;
  if (run->breached_at != 0 && in_time && stopped_at != d.t()) {
    d.Emit(BreachAnnulled{run->name, run->generation, stopped_at});
  } else if (stopped_at == d.t() || !in_time) {
    RaiseDue(d, name, Raise::kSettle);
  }
  run = d.c().clock(name);
  const bool met = in_time && run->breached_at == 0;
  StopClock(d, name, std::string(why), met);
}

constexpr auto kEveryDesksPromises =
    std::to_array<std::string_view>({"acknowledgement", "response", "resolution", "update", "owner"});

/// The duty that a regulator's clock measures outlasts the work on the case, unless the rule says that it ends with it.
bool OutlastsTheCase(const ClockRule& rule) {
  return rule.kind == ClockRule::Kind::kRegulatory && !Lists(rule.stop_on, "ended");
}

bool StopsAtResolution(const ClockRule& rule) {
  if (!rule.pausable) return Lists(rule.stop_on, "resolved");
  return Lists(rule.stop_on, "resolved") ||
         std::find(kEveryDesksPromises.begin(), kEveryDesksPromises.end(), rule.name) != kEveryDesksPromises.end();
}

bool StopsWith(const ClockRule& rule, CaseOver over) {
  switch (over) {
    case CaseOver::kResolved:
      return StopsAtResolution(rule);
    case CaseOver::kClosed:
    case CaseOver::kAbsorbed:
      return !OutlastsTheCase(rule);
    case CaseOver::kWithdrawn:
    case CaseOver::kForgotten:
      break;
  }
  return true;
}

std::string_view WhyOf(CaseOver over) {
  switch (over) {
    case CaseOver::kResolved:
      return "resolved";
    case CaseOver::kClosed:
      return "closed";
    case CaseOver::kAbsorbed:
    case CaseOver::kWithdrawn:
      return ClockStopped::kCancelled;
    case CaseOver::kForgotten:
      break;
  }
  return "the live view forgets the case";
}

/// Up to now; one that lasts is the matter of whoever starts the clock.
std::vector<PauseSpan> PausesThatStopped(const Draft& d, const ClockRule& rule, InstantMs from) {
  const Case& c = d.c();
  std::vector<PauseSpan> pauses;
  for (size_t i = 0; i < c.pauses.size() && i < c.pause_reasons.size(); ++i) {
    if (c.pauses[i].to <= from) continue;
    const bool stopped =
        c.pause_reasons[i] == "resolved" ? StopsAtResolution(rule) : IsStoppedBy(rule, c.pause_reasons[i]);
    if (stopped) pauses.push_back({c.pauses[i].from, std::min(c.pauses[i].to, d.t())});
  }
  return MergePauses(std::move(pauses));
}

/// The visit to the team that has the case now, as far as it has come; where the rule goes on with them, its earlier
/// ones too.
Start VisitOf(const Draft& d, const ClockRule& rule) {
  const Case& c = d.c();
  const auto visit =
      std::find_if(c.visits.begin(), c.visits.end(), [&c](const TeamVisit& one) { return one.team == c.owner.team; });
  if (visit == c.visits.end()) return {d.t()};
  const bool first = visit->away.empty();
  const InstantMs begun = first || rule.resume_on_return ? visit->first_at : visit->away.back().to;
  std::vector<PauseSpan> pauses = PausesThatStopped(d, rule, begun);
  if (rule.resume_on_return) pauses.insert(pauses.end(), visit->away.begin(), visit->away.end());
  return {begun, MergePauses(std::move(pauses))};
}

InstantMs NewDeadline(const Draft& d, ClockRule::OnChange how, const ClockRun& next, const ClockRun& previous) {
  const RunMeasure measure(d.policy(), next);
  switch (how) {
    case ClockRule::OnChange::kFromStart:
      return DeadlineAfterChange(*measure, OnChange::kFromStart, d.t(), previous.due_at);
    case ClockRule::OnChange::kFromChange:
      return DeadlineAfterChange(*measure, OnChange::kFromChange, d.t(), previous.due_at);
    case ClockRule::OnChange::kStricterOfBoth:
      return DeadlineAfterChange(*measure, OnChange::kStricterOfBoth, d.t(), previous.due_at);
  }
  return next.due_at;
}

/// What fired stays fired; the rest moves to where the new target puts it.
void RecomputeOne(Draft& d, const ClockRule& rule, ClockRule::OnChange how, const std::string& why) {
  const ClockRun previous = *d.c().clock(rule.name);
  const std::optional<Target> target = TargetOf(d, rule);
  if (!target.has_value()) {
    StopClock(d, rule.name, "no such promise at " + std::string(Name(d.c().priority)));
    return;
  }
  const bool from_change = how == ClockRule::OnChange::kFromChange;
  const InstantMs start = from_change ? std::max(previous.started_at, d.t()) : previous.started_at;
  ClockRun next = RunOf(d, rule, *target, {start, previous.pauses, previous.paused_since});
  if (!next.paused()) next.due_at = NewDeadline(d, how, next, previous);
  if (next.target == previous.target && next.calendar == previous.calendar && next.due_at == previous.due_at) return;
  Arm(d, std::move(next), AlarmsOf(d, rule), why, Raise::kByChange);
}

void StartAsAtOpening(Draft& d, const ClockRule& rule, const std::string& why) {
  if (!Lists(rule.start_on, "opened") || IsFulfilled(d.c(), rule)) return;
  const InstantMs start = OpeningOf(d.c(), rule);
  StartOne(d, rule, {start, PausesThatStopped(d, rule, start)}, why, Raise::kByChange);
}

/// The deadline has stayed, but other warnings and triggers may lead to it. What lies behind is not raised again.
void MigrateAlarms(Draft& d, const ClockRule& rule, const std::string& why) {
  ClockRun next = *d.c().clock(rule.name);
  const auto is_among = [](const Alarm& alarm, const std::vector<Alarm>& all) {
    return std::any_of(all.begin(), all.end(), [&alarm](const Alarm& other) {
      return other.kind == alarm.kind && other.place == alarm.place && other.trigger == alarm.trigger;
    });
  };
  std::vector<Alarm> alarms = Placed(d, next, AlarmsOf(d, rule));
  std::erase_if(alarms, [&](const Alarm& alarm) { return alarm.at <= d.t() && !is_among(alarm, next.alarms); });
  const bool same =
      alarms.size() == next.alarms.size() &&
      std::all_of(alarms.begin(), alarms.end(), [&](const Alarm& alarm) { return is_among(alarm, next.alarms); });
  if (same) return;
  next.generation = NextGeneration(d.c(), next.name);
  next.alarms = std::move(alarms);
  d.Emit(ClockArmed{std::move(next), why});
}

/// By the target and the calendars that its rule has now; where neither they nor their hours differ, the deadline
/// stays.
void MigrateOne(Draft& d, const ClockRule& rule, const Policy& before, const std::string& why) {
  const ClockRun previous = *d.c().clock(rule.name);
  const OwnerLegs legs = LegsOf(d, rule, previous.started_at);
  const bool same =
      TargetOf(d, rule) == previous.target && legs.calendar == previous.calendar && legs.before == previous.legs;
  if (!same) return RecomputeOne(d, rule, rule.on_priority_change, why);
  const bool same_hours = Deadline(*RunMeasure(before, previous)) == Deadline(*RunMeasure(d.policy(), previous));
  if (!same_hours) RecomputeOne(d, rule, ClockRule::OnChange::kFromStart, why);
  const ClockRun* run = d.c().clock(rule.name);
  if (run != nullptr && run->generation == previous.generation) MigrateAlarms(d, rule, why);
}

void MigrateLevelOne(Draft& d, std::string_view name, const std::optional<Target>& target, const std::string& why) {
  const ClockRun* found = d.c().clock(name);
  if (found == nullptr) return;
  if (!target.has_value()) return StopOne(d, name, 0, ClockStopped::kCancelled);
  ClockRun next = *found;
  const ClockRun previous = next;
  next.generation = NextGeneration(d.c(), name);
  next.target = *target;
  next.due_at = Deadline(*RunMeasure(d.policy(), next));
  if (next.target == previous.target && next.due_at == previous.due_at) return;
  Arm(d, std::move(next), {{0, AlarmKind::kBreach, {}, ""}}, why, Raise::kByChange);
}

/// The present wait by the table *reason × clock* of the policy that the case has now.
void MigratePause(Draft& d) {
  if (d.c().pending.since == 0) return;
  const std::string reason = d.c().pending.reason;
  for (const ClockRule& rule : d.policy().clocks) {
    if (!IsStoppedBy(rule, reason)) ResumeClock(d, rule.name);
  }
  PausePromises(d, reason);
}

void StartLevelOne(Draft& d, std::string_view name, const std::optional<Target>& target, const std::string& calendar,
                   const std::string& level) {
  if (!target.has_value()) return;
  ClockRun run;
  run.name = name;
  run.generation = NextGeneration(d.c(), name);
  run.calendar = calendar;
  run.started_at = d.t();
  run.target = *target;
  run.due_at = AddTarget(d.policy().calendar(calendar), d.t(), *target);
  Arm(d, std::move(run), {{0, AlarmKind::kBreach, {}, ""}}, "level " + level + " reached");
}

}  // namespace

bool IsPromise(const Policy& policy, std::string_view name) {
  return name == kLevelResponse || name == kLevelResolution || RuleOf(policy, name) != nullptr;
}

void StartPromises(Draft& d, std::string_view fact) {
  const bool over = IsEnded(d.c().state);
  for (const ClockRule& rule : d.policy().clocks) {
    if (!Lists(rule.start_on, fact) || d.c().clock(rule.name) != nullptr) continue;
    if (over && !OutlastsTheCase(rule)) continue;
    if (fact == "opened") {
      StartOne(d, rule, {OpeningOf(d.c(), rule)}, "opened");
    } else if (rule.per_visit && fact == "assigned") {
      StartOne(d, rule, VisitOf(d, rule), "assigned");
    } else {
      StartOne(d, rule, {FactInstant(d, rule.trust_source_time)}, std::string(fact));
    }
  }
}

void StartImportedPromises(Draft& d, const Standing& standing) {
  for (const ClockRule& rule : d.policy().clocks) {
    const auto brought = std::find_if(standing.clocks.begin(), standing.clocks.end(),
                                      [&rule](const StandingClock& one) { return one.name == rule.name; });
    const bool runs = brought != standing.clocks.end();
    const bool from_opening = Lists(rule.start_on, "opened") || Lists(rule.start_on, "triaged");
    if (!runs && (!from_opening || IsFulfilled(d.c(), rule))) continue;
    const InstantMs at = runs ? brought->started_at : d.c().reported_at;
    StartOne(d, rule, {at, PausesThatStopped(d, rule, at)}, "as it was imported", Raise::kImport);
  }
}

void RestartVisitPromises(Draft& d, bool only_of_the_team) {
  for (const ClockRule& rule : d.policy().clocks) {
    if (!Lists(rule.start_on, "assigned") || (only_of_the_team && !rule.per_visit)) continue;
    if (d.c().clock(rule.name) != nullptr) StopOne(d, rule.name, 0, "the case left the team");
    StartOne(d, rule, rule.per_visit ? VisitOf(d, rule) : Start{d.t()}, "assigned");
  }
}

void StartLevelPromises(Draft& d, const std::string& calendar) {
  StopLevelPromises(d, kLevelResponse, "another level");
  StopLevelPromises(d, kLevelResolution, "another level");
  const Level* level = d.policy().level(d.c().functional.level);
  if (level == nullptr) return;
  StartLevelOne(d, kLevelResponse, level->response, calendar, level->id);
  StartLevelOne(d, kLevelResolution, level->resolution, calendar, level->id);
}

void StopPromises(Draft& d, std::string_view fact) {
  for (const ClockRule& rule : d.policy().clocks) {
    if (Lists(rule.stop_on, fact)) StopOne(d, rule.name, rule.trust_source_time, fact);
  }
}

void StopLevelPromises(Draft& d, std::string_view name, std::string_view why) { StopOne(d, name, 0, why); }

bool Outlasts(const Draft& d, std::string_view clock) {
  const ClockRule* rule = RuleOf(d.policy(), clock);
  return rule != nullptr && OutlastsTheCase(*rule);
}

bool ConcernsWhatOutlasts(const Draft& d, std::string_view fact) {
  const Case& c = d.c();
  return std::any_of(d.policy().clocks.begin(), d.policy().clocks.end(), [&](const ClockRule& rule) {
    const bool runs = c.clock(rule.name) != nullptr;
    const bool may_start = c.state == CaseState::kClosed && !runs && Lists(rule.start_on, fact);
    return OutlastsTheCase(rule) && (may_start || (runs && Lists(rule.stop_on, fact)));
  });
}

InstantMs LastDueOfWhatOutlasts(const Draft& d) {
  InstantMs last = 0;
  for (const ClockRun& run : d.c().clocks) {
    if (Outlasts(d, run.name) && run.due_at != kNever) last = std::max(last, run.due_at);
  }
  return last;
}

void StopAllPromises(Draft& d, CaseOver over) {
  const std::string_view why = WhyOf(over);
  for (const ClockRule& rule : d.policy().clocks) {
    if (StopsWith(rule, over)) StopOne(d, rule.name, rule.trust_source_time, why);
  }
  StopLevelPromises(d, kLevelResponse, why);
  StopLevelPromises(d, kLevelResolution, why);
}

void PausePromises(Draft& d, const std::string& reason) {
  for (const ClockRule& rule : d.policy().clocks) {
    if (d.c().clock(rule.name) == nullptr || !IsStoppedBy(rule, reason)) continue;
    RaiseDue(d, rule.name, Raise::kAct);
    PauseClock(d, rule.name);
  }
}

void ResumePromises(Draft& d) {
  for (const ClockRule& rule : d.policy().clocks) ResumeClock(d, rule.name);
}

void ResumeAfterReopening(Draft& d) {
  for (const ClockRule& rule : d.policy().clocks) {
    if (d.c().clock(rule.name) != nullptr) continue;
    const bool from_opening = Lists(rule.start_on, "opened") || Lists(rule.start_on, "triaged");
    const bool owned = !d.c().owner.team.empty() || !d.c().owner.person.empty();
    if (rule.per_visit && owned) {
      StartOne(d, rule, rule.resume_on_reopen ? VisitOf(d, rule) : Start{d.t()}, "reopened");
      continue;
    }
    if (Lists(rule.start_on, "reopened") || (from_opening && !rule.resume_on_reopen)) {
      StartOne(d, rule, {d.t()}, "reopened");
    } else if (from_opening && !IsFulfilled(d.c(), rule)) {
      const InstantMs start = OpeningOf(d.c(), rule);
      StartOne(d, rule, {start, PausesThatStopped(d, rule, start)}, "reopened");
    }
  }
}

Money PenaltyOf(const Draft& d, std::string_view clock) {
  const ClockRule* rule = RuleOf(d.policy(), clock);
  if (rule == nullptr) return {};
  const auto fits = [&d](const PenaltyRule& penalty) { return Holds(penalty.when, d.c()); };
  const auto it = std::find_if(rule->penalties.begin(), rule->penalties.end(), fits);
  return it != rule->penalties.end() ? it->amount : Money{};
}

void FollowOwnersRegion(Draft& d) {
  for (const ClockRule& rule : d.policy().clocks) {
    const ClockRun* run = rule.region_calendars.empty() ? nullptr : d.c().clock(rule.name);
    if (run == nullptr) continue;
    OwnerLegs legs = LegsOf(d, rule, run->started_at);
    if (legs.calendar == run->calendar && legs.before == run->legs) continue;
    ClockRun next = *run;
    next.generation = NextGeneration(d.c(), rule.name);
    next.calendar = std::move(legs.calendar);
    next.legs = std::move(legs.before);
    if (!next.paused()) next.due_at = Deadline(*RunMeasure(d.policy(), next));
    std::vector<Alarm> alarms = std::move(next.alarms);
    const std::string region = RegionNameOf(d, d.c().owner.team);
    Arm(d, std::move(next), std::move(alarms), "goes on in the hours of " + (region.empty() ? "its owner" : region),
        Raise::kByChange);
  }
}

void RecomputePromises(Draft& d, const std::string& why) {
  for (const ClockRule& rule : d.policy().clocks) {
    if (d.c().clock(rule.name) != nullptr) {
      RecomputeOne(d, rule, rule.on_priority_change, why);
    } else {
      StartAsAtOpening(d, rule, why);
    }
  }
}

void MigratePromises(Draft& d, const Policy& before, const std::string& why) {
  for (const ClockRule& rule : before.clocks) {
    if (RuleOf(d.policy(), rule.name) != nullptr || d.c().clock(rule.name) == nullptr) continue;
    d.Trace("clocks." + rule.name, "is no promise of " + d.policy().name());
    StopOne(d, rule.name, 0, ClockStopped::kCancelled);
  }
  for (const ClockRule& rule : d.policy().clocks) {
    if (d.c().clock(rule.name) != nullptr) {
      MigrateOne(d, rule, before, why);
    } else {
      StartAsAtOpening(d, rule, why);
    }
  }
  const Level* level = d.policy().level(d.c().functional.level);
  MigrateLevelOne(d, kLevelResponse, level != nullptr ? level->response : std::nullopt, why);
  MigrateLevelOne(d, kLevelResolution, level != nullptr ? level->resolution : std::nullopt, why);
  MigratePause(d);
}

}  // namespace escalon::decide
