#include "common/domain/promise_clocks.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "common/domain/alarms.h"
#include "common/domain/clock_arithmetic.h"
#include "common/domain/clock_ops.h"

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
         (Lists(rule.stop_on, "assigned") && !c.owner.person.empty());
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
  alarms.reserve(rule.warn_percent.size() + 2);
  for (const int percent : rule.warn_percent) alarms.push_back({0, AlarmKind::kWarning, percent, ""});
  alarms.push_back({0, AlarmKind::kBreach, 0, ""});
  if (const Path* path = d.path()) {
    for (const PathTrack* track : {&path->functional, &path->hierarchical}) {
      for (const Trigger& trigger : track->triggers) {
        if (trigger.at == Trigger::At::kClockShare && trigger.clock == rule.name) {
          alarms.push_back({0, AlarmKind::kTrigger, trigger.percent, trigger.id});
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
  run.calendar = rule.calendar.of(d.c().priority);
  run.started_at = start.at;
  run.target = target;
  run.pauses = std::move(start.pauses);
  run.paused_since = start.paused_since;
  if (!rule.per_visit) run.breached_at = BrokenAt(d.c(), rule.name);
  run.due_at = Deadline({d.policy().calendar(run.calendar), run.started_at, run.target, run.pauses});
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

bool StopsAtResolution(const ClockRule& rule) {
  if (!rule.pausable) return Lists(rule.stop_on, "resolved");
  return Lists(rule.stop_on, "resolved") ||
         std::find(kEveryDesksPromises.begin(), kEveryDesksPromises.end(), rule.name) != kEveryDesksPromises.end();
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

InstantMs NewDeadline(const Draft& d, const ClockRule& rule, const ClockRun& next, const ClockRun& previous) {
  const Measure measure{d.policy().calendar(next.calendar), next.started_at, next.target, next.pauses};
  switch (rule.on_priority_change) {
    case ClockRule::OnChange::kFromStart:
      return DeadlineAfterChange(measure, OnChange::kFromStart, d.t(), previous.due_at);
    case ClockRule::OnChange::kFromChange:
      return DeadlineAfterChange(measure, OnChange::kFromChange, d.t(), previous.due_at);
    case ClockRule::OnChange::kStricterOfBoth:
      return DeadlineAfterChange(measure, OnChange::kStricterOfBoth, d.t(), previous.due_at);
  }
  return next.due_at;
}

/// What fired stays fired; the rest moves to where the new target puts it.
void RecomputeOne(Draft& d, const ClockRule& rule, const std::string& why) {
  const ClockRun previous = *d.c().clock(rule.name);
  const std::optional<Target> target = TargetOf(d, rule);
  if (!target.has_value()) {
    StopClock(d, rule.name, "no such promise at " + std::string(Name(d.c().priority)));
    return;
  }
  const bool from_change = rule.on_priority_change == ClockRule::OnChange::kFromChange;
  const InstantMs start = from_change ? std::max(previous.started_at, d.t()) : previous.started_at;
  ClockRun next = RunOf(d, rule, *target, {start, previous.pauses, previous.paused_since});
  if (!next.paused()) next.due_at = NewDeadline(d, rule, next, previous);
  if (next.target == previous.target && next.calendar == previous.calendar && next.due_at == previous.due_at) return;
  Arm(d, std::move(next), AlarmsOf(d, rule), why, Raise::kByChange);
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
  Arm(d, std::move(run), {{0, AlarmKind::kBreach, 0, ""}}, "level " + level + " reached");
}

}  // namespace

bool IsPromise(const Policy& policy, std::string_view name) {
  return name == kLevelResponse || name == kLevelResolution || RuleOf(policy, name) != nullptr;
}

void StartPromises(Draft& d, std::string_view fact) {
  for (const ClockRule& rule : d.policy().clocks) {
    if (!Lists(rule.start_on, fact) || d.c().clock(rule.name) != nullptr) continue;
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

void StopAllPromises(Draft& d, bool ended) {
  const std::string_view why = ended ? "ended" : "resolved";
  for (const ClockRule& rule : d.policy().clocks) {
    if (ended || StopsAtResolution(rule)) StopOne(d, rule.name, rule.trust_source_time, why);
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

void RecomputePromises(Draft& d, const std::string& why) {
  for (const ClockRule& rule : d.policy().clocks) {
    if (d.c().clock(rule.name) != nullptr) {
      RecomputeOne(d, rule, why);
    } else if (Lists(rule.start_on, "opened") && !IsFulfilled(d.c(), rule)) {
      const InstantMs start = OpeningOf(d.c(), rule);
      StartOne(d, rule, {start, PausesThatStopped(d, rule, start)}, why, Raise::kByChange);
    }
  }
}

}  // namespace escalon::decide
