#pragma once

#include "common/domain/policy.h"

namespace escalon {

/// A small policy without faults: three levels, one path with two steps, one clock.
inline Policy SamplePolicy() {
  using enum Priority;
  Policy policy;
  policy.tenant = "acme";
  policy.id = "sample";
  policy.version = 1;
  policy.matrix = {{{kP1, kP2, kP3}, {kP2, kP3, kP4}, {kP3, kP4, kP4}}};
  for (const char* id : {"L1", "L2", "MGR"}) policy.levels.emplace_back().id = id;
  policy.level_people["MGR"].team = "duty-managers";
  policy.pending_reasons = {{"customer", 2 * kDayMs, 0}, {"vendor", kDayMs, 0}};
  policy.catch_all_team = "duty-managers";

  ClockRule resolution;
  resolution.name = "resolution";
  resolution.start_on = {"opened"};
  resolution.stop_on = {"resolved"};
  resolution.pausing_reasons = {"customer"};
  resolution.warnings = {WarningRule::Percent(50), WarningRule::Percent(75)};
  for (auto& target : resolution.target.values) target = Target{4 * kHourMs};
  policy.clocks = {resolution};

  Path path;
  path.id = "everything";
  path.precedence = -1;
  for (const char* level : {"L1", "L2"}) {
    PathStep step;
    step.level = level;
    step.to.team = "desk";
    for (auto& wait : step.wait.values) wait = Target{15 * kMinuteMs};
    path.functional.steps.push_back(step);
  }
  Trigger trigger;
  trigger.id = "half";
  trigger.at = Trigger::At::kClockShare;
  trigger.clock = "resolution";
  trigger.percent = 50;
  trigger.level = "MGR";
  path.hierarchical.triggers = {trigger};
  policy.paths = {path};
  for (auto& within : policy.handover.accept_within.values) within = 15 * kMinuteMs;
  return policy;
}

inline Condition FieldCondition(std::string field, Condition::Op op, std::vector<std::string> values) {
  Condition condition;
  condition.kind = Condition::Kind::kCompare;
  condition.field = std::move(field);
  condition.op = op;
  condition.values = std::move(values);
  return condition;
}

}  // namespace escalon
