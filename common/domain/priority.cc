#include <algorithm>
#include <string>

#include "common/domain/policy.h"

namespace escalon {
namespace {

using Saw = std::vector<std::pair<std::string, std::string>>;

/// All modifiers together move a grade by one at most: a VIP is heard sooner, not taken for an outage.
constexpr int kMostSteps = 1;

Grade Raised(Grade grade, int steps) {
  const int raised = static_cast<int>(grade) - std::clamp(steps, -kMostSteps, kMostSteps);
  return static_cast<Grade>(std::clamp(raised, static_cast<int>(Grade::kHigh), static_cast<int>(Grade::kLow)));
}

void Note(std::vector<TraceLine>* trace, std::string rule, std::string outcome, Saw saw) {
  if (trace != nullptr) trace->push_back({std::move(rule), std::move(outcome), std::move(saw)});
}

struct Grades {
  Grade impact, urgency;
};

Grades Modified(const Policy& policy, const Case& c, Grades grades, std::vector<TraceLine>* trace) {
  int impact_steps = 0, urgency_steps = 0;
  for (const PriorityModifier& modifier : policy.modifiers) {
    Saw saw;
    if (!Holds(modifier.when, c, &saw)) continue;
    impact_steps += modifier.impact_steps;
    urgency_steps += modifier.urgency_steps;
    Note(trace, "priority.modifiers." + modifier.id,
         "impact " + SignedPoints(modifier.impact_steps) + ", urgency " + SignedPoints(modifier.urgency_steps),
         std::move(saw));
  }
  return {Raised(grades.impact, impact_steps), Raised(grades.urgency, urgency_steps)};
}

Priority AtLeastFloors(const Policy& policy, const Case& c, Priority priority, std::vector<TraceLine>* trace) {
  for (const PriorityFloor& floor : policy.floors) {
    Saw saw;
    if (!Holds(floor.when, c, &saw) || priority <= floor.at_least) continue;
    priority = floor.at_least;
    Note(trace, "priority.floors." + floor.id, "at least " + std::string(Name(priority)), std::move(saw));
  }
  return priority;
}

}  // namespace

Priority PriorityOf(const Policy& policy, const Case& c, std::vector<TraceLine>* trace) {
  const auto or_default = [](Grade given, Grade fallback) { return given != Grade::kUnset ? given : fallback; };
  const Grades given{or_default(c.facts->impact, policy.default_impact),
                     or_default(c.facts->urgency, policy.default_urgency)};
  const Grades grades = Modified(policy, c, given, trace);
  const Priority cell = policy.matrix[static_cast<size_t>(grades.impact) - 1][static_cast<size_t>(grades.urgency) - 1];
  const auto said = [](Grade grade, bool by_default) {
    return std::string(Name(grade)) + (by_default ? " (default)" : "");
  };
  Note(trace, "priority.matrix", std::string(Name(cell)),
       {{"impact", said(grades.impact, c.facts->impact == Grade::kUnset)},
        {"urgency", said(grades.urgency, c.facts->urgency == Grade::kUnset)}});
  return AtLeastFloors(policy, c, cell, trace);
}

}  // namespace escalon
