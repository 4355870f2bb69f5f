#include <algorithm>
#include <set>

#include "common/domain/condition_overlap.h"
#include "common/domain/policy_checks.h"
#include "common/domain/policy_words.h"

namespace escalon::checks {
namespace {

StepTarget WithoutVendor(StepTarget to) {
  to.vendor.clear();
  return to;
}

bool TakesNoTime(const Target& wait) { return wait.business_days == 0 && wait.span == 0; }

void CheckStep(const Policy& policy, const PathStep& step, const std::string& field, FindingList* out) {
  CheckLevelId(policy, step.level, field + ".level", out);
  if (!NamesSomebody(step.to)) {
    out->Add(field + ".to", "names nobody; give a team, person, role, schedule or skill");
  }
  if (!step.to.vendor.empty() && (NamesSomebody(WithoutVendor(step.to)))) {
    out->Add(field + ".to.vendor", "stands beside others; give the vendor a step of its own");
  }
  if (!step.to.person.empty() && step.assign != AssignMode::kPush) {
    out->Add(field + ".assign", "a step to one person is pushed; write `assign: push` or name a team");
  }
  for (const Priority priority : kAllPriorities) {
    CheckCalendarId(policy, step.wait_calendar.of(priority), Of(field + ".calendar", priority), out);
    const Target& wait = step.wait.of(priority);
    if (wait.span < 0 || wait.business_days < 0)
      out->Add(Of(field + ".wait", priority), "is negative; write 0s for none");
  }
}

/// The first step at which a case of that priority enters; -1: the level has no step.
int EntryOf(const PathTrack& track, Priority priority) {
  const std::string& level = track.enter_at.of(priority);
  if (level.empty()) return 0;
  const auto it =
      std::find_if(track.steps.begin(), track.steps.end(), [&level](const PathStep& s) { return s.level == level; });
  return it != track.steps.end() ? static_cast<int>(it - track.steps.begin()) : -1;
}

void CheckReach(const PathTrack& track, const std::string& field, FindingList* out) {
  int first = static_cast<int>(track.steps.size());
  for (const Priority priority : kAllPriorities) {
    const int entry = EntryOf(track, priority);
    if (entry < 0) {
      out->Add(Of(field + ".enter_at", priority),
               "no step has level \"" + track.enter_at.of(priority) + "\"; name the level of one of the steps");
    }
    first = std::min(first, std::max(entry, 0));
    if (entry >= 0 && !track.steps[static_cast<size_t>(entry)].to.vendor.empty()) {
      out->Add(At(field + ".steps", static_cast<size_t>(entry)) + ".to.vendor",
               "is where " + std::string(Name(priority)) +
                   " enters: nobody of the house would own the case; put a step to a team before it");
    }
  }
  for (int i = 0; i < first && track.repeat == 0; ++i) {
    out->Add(At(field + ".steps", static_cast<size_t>(i)),
             "is never reached: every priority enters above it and the steps are not repeated; remove it, repeat, or "
             "enter lower");
  }
}

void CheckLoop(const PathTrack& track, const std::string& field, FindingList* out) {
  if (track.repeat == 0 || track.steps.empty()) return;
  for (const Priority priority : kAllPriorities) {
    const bool instant = std::all_of(track.steps.begin(), track.steps.end(),
                                     [priority](const PathStep& step) { return TakesNoTime(step.wait.of(priority)); });
    if (instant) {
      out->Add(field + ".repeat", "would run in circles without waiting at " + std::string(Name(priority)) +
                                      "; give at least one step a wait");
    }
  }
}

void CheckTrigger(const Policy& policy, const Trigger& trigger, const std::string& field, FindingList* out) {
  CheckCondition(trigger.when, field + ".when", out);
  CheckLevelId(policy, trigger.level, field + ".level", out);
  if (!NamesSomebody(trigger.to) && policy.level_index(trigger.level) >= 0 &&
      !policy.level_people.contains(trigger.level)) {
    out->Add(field + ".level", "level \"" + trigger.level +
                                   "\" has nobody; give the trigger a `to`, or people to `levels." + trigger.level +
                                   "`");
  }
  const bool on_clock = trigger.at == Trigger::At::kClockShare || trigger.at == Trigger::At::kClockBreached;
  if (on_clock) {
    const bool known = std::any_of(policy.clocks.begin(), policy.clocks.end(),
                                   [&trigger](const ClockRule& rule) { return rule.name == trigger.clock; });
    if (!known) out->Add(field + ".at.clock", "no clock \"" + trigger.clock + "\"; define it under `clocks`");
  }
  if (!trigger.to.vendor.empty())
    out->Add(field + ".to.vendor", "a vendor has no authority; name people, and the vendor in a step");
  if (trigger.at == Trigger::At::kClockShare && (trigger.percent < 1 || trigger.percent > 100)) {
    out->Add(field + ".at.used", "must be a share of the target from 1 % to 100 %");
  }
  if (trigger.at == Trigger::At::kFactsChanged && trigger.when.kind == Condition::Kind::kAlways) {
    out->Add(field + ".when", "is missing: without a condition the trigger would fire at every change");
  }
}

void CheckTrack(const Policy& policy, const PathTrack& track, const std::string& field, FindingList* out) {
  for (size_t i = 0; i < track.steps.size(); ++i) CheckStep(policy, track.steps[i], At(field + ".steps", i), out);
  if (!track.steps.empty()) CheckReach(track, field, out);
  CheckLoop(track, field, out);
  if (track.repeat < -1) out->Add(field + ".repeat", "is negative; write 0 or more, or forever");
  std::set<std::string> seen;
  for (size_t i = 0; i < track.triggers.size(); ++i) {
    const std::string at = At(field + ".triggers", i);
    if (track.triggers[i].id.empty())
      out->Add(at + ".id", "is missing; name the trigger: it stands in the decision trace");
    if (!seen.insert(track.triggers[i].id).second) out->Add(at + ".id", "is used twice on this track; choose another");
    CheckTrigger(policy, track.triggers[i], at, out);
  }
  for (size_t i = 0; i < track.stop_on.size(); ++i) {
    if (IsWord(TrackStopWords(), track.stop_on[i])) continue;
    out->Add(At(field + ".stop_on", i), "no such stop \"" + track.stop_on[i] +
                                            "\"; write acknowledged, acknowledged_on_track, resolved or deescalated");
  }
  for (const Priority priority : kAllPriorities) {
    if (track.lease.of(priority) < 0)
      out->Add(Of(field + ".ack.lease", priority), "is negative; leave it out for none");
  }
}

void CheckChoice(const Policy& policy, FindingList* out) {
  bool has_last_resort = false;
  for (size_t i = 0; i < policy.paths.size(); ++i) {
    const Path& path = policy.paths[i];
    has_last_resort |= path.when.kind == Condition::Kind::kAlways;
    for (size_t k = 0; k < policy.paths.size(); ++k) {
      const Path& other = policy.paths[k];
      if (i == k) continue;
      if (k > i && path.precedence == other.precedence && MayOverlap(path.when, other.when)) {
        out->Add("paths." + other.id + ".when",
                 "may match the same case as path \"" + path.id +
                     "\" with the same precedence; give one of them a higher `precedence`");
      }
      if (other.precedence > path.precedence && other.when.kind == Condition::Kind::kAlways) {
        out->Add("paths." + path.id, "is never chosen: path \"" + other.id +
                                         "\" matches every case and has a higher precedence; lower that one's");
      }
    }
  }
  if (!has_last_resort) {
    out->Add("paths", "no path takes a case that none of the conditions matches; add one without `when`");
  }
}

}  // namespace

void CheckPaths(const Policy& policy, FindingList* out) {
  std::set<std::string> seen;
  for (const Path& path : policy.paths) {
    const std::string field = "paths." + path.id;
    if (!seen.insert(path.id).second) out->Add(field, "is defined twice; keep one");
    CheckCondition(path.when, field + ".when", out);
    if (path.functional.steps.empty()) {
      out->Add(field + ".functional.steps", "is empty: nobody would work on the case; add at least one step");
    }
    CheckTrack(policy, path.functional, field + ".functional", out);
    CheckTrack(policy, path.hierarchical, field + ".hierarchical", out);
  }
  CheckChoice(policy, out);
}

}  // namespace escalon::checks
