#include <algorithm>
#include <utility>

#include "common/domain/climb.h"
#include "common/domain/clock_ops.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/hold.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/rights.h"
#include "common/domain/triggers.h"

namespace escalon::decide {
namespace {

constexpr size_t kMostSkills = 64;
constexpr size_t kLongestWord = 200;

/// Into the path: promises, both tracks, what fires at opening. One record (DESIGN §4).
void EnterPath(Draft& d, bool promises_from_opening) {
  if (promises_from_opening) {
    StartPromises(d, "opened");
    StartPromises(d, "triaged");
  }
  EnterTrack(d, Track::kFunctional);
  EnterTrack(d, Track::kHierarchical);
  FireOpeningTriggers(d);
  StartCadence(d);
}

void TakeAdvice(Draft& d, Triaged judged) {
  const bool reopened = d.c().state != CaseState::kNew;  // resolved before triage had spoken
  d.Emit(std::move(judged));
  StopClock(d, kTriageClock, "triaged");
  if (reopened) {
    ResumeAfterReopening(d);
  } else if (!RestForMaintenance(d)) {
    JoinStorm(d);
  }
  EnterPath(d, !reopened);
}

/// Advice that comes after the rules had stood in for it, or once more (DESIGN §4: staleness).
void TakeLateAdvice(Draft& d, Triaged judged) {
  const Priority before = d.c().priority;
  d.Emit(std::move(judged));
  const Priority after = d.c().priority;
  if (after == before) return;
  d.Emit(PriorityChanged{before, after, false, "triage's advice"});
  AfterPriorityChange(d, before, "triage's advice");
}

/// Graver than it was, it may not rest any more: true when it climbs now.
bool EndsRest(Draft& d) {
  if (!IsHeld(d.c(), kStormTag)) return EndMaintenanceIfGrave(d);
  LetGo(d, "storms.parent", "graver than when it came under its parent: climbs by itself");
  return true;
}

Status CheckAdvice(const RecordTriage& command) {
  if (command.judged_version == 0)
    return InvalidField("judged_version", "name the version of the case that was judged");
  if (command.skills.size() > kMostSkills)
    return InvalidField("skills", "more than 64; name those that the work needs");
  return CheckText(command.category, kLongestWord, "category");
}

}  // namespace

Priority PriorityByRules(Draft& d) {
  std::vector<TraceLine> trace;
  const Priority priority = PriorityOf(d.policy(), d.c(), &trace);
  d.Trace(std::move(trace));
  return priority;
}

std::vector<std::string> SkillsByRules(const Draft& d, const std::string& category) {
  if (!d.c().skills.empty()) return {};
  const auto it = d.policy().skills_by_category.find(category.empty() ? d.c().category : category);
  return it != d.policy().skills_by_category.end() ? it->second : std::vector<std::string>{};
}

void TriageByRules(Draft& d, const std::string& why) {
  d.Trace("triage_wait", why, {{"waited", FormatDuration(d.t() - d.c().opened_at)}});
  Triaged judged;
  judged.priority = PriorityByRules(d);
  judged.skills = SkillsByRules(d, "");
  judged.fallback = true;
  judged.judged_version = d.c().version - 1;
  TakeAdvice(d, std::move(judged));
}

void AfterPriorityChange(Draft& d, Priority before, const std::string& why) {
  const Case& c = d.c();
  if (c.state == CaseState::kNew || !IsOpen(c.state)) return;
  RecomputePromises(d, why);
  const bool raised = before == Priority::kUnset || c.priority < before;
  if (raised && EndsRest(d)) {
    FireFactTriggers(d);
    return RestartCadence(d, why);
  }
  const PathTrack* functional = d.track(Track::kFunctional);
  const int enter_at = functional != nullptr ? StepOfLevel(functional, functional->enter_at.of(c.priority)) : -1;
  const bool below =
      enter_at >= 0 && d.policy().level_index(c.functional.level) <
                           d.policy().level_index(functional->steps[static_cast<size_t>(enter_at)].level);
  if (raised && below && c.acknowledged_by.empty()) {
    d.Trace("paths." + c.path + ".functional.enter_at", "enters higher", {{"priority", std::string(Name(c.priority))}});
    EnterAtLevel(d, Track::kFunctional, functional->steps[static_cast<size_t>(enter_at)].level,
                 Move{.reason = EscalationReason::kPriority, .text = why});
  } else {
    RecomputeStepWait(d, Track::kFunctional);
  }
  if (raised && c.hierarchical.level.empty()) {
    EnterTrack(d, Track::kHierarchical);
  } else {
    RecomputeStepWait(d, Track::kHierarchical);
  }
  if (raised) {
    FireOpeningTriggers(d);
  } else {
    FireFactTriggers(d);
  }
  RestartCadence(d, why);
}

Decision On(Draft& d, const RecordTriage& command) {
  if (Status s = CheckAdvice(command); !s) return s.error();
  const Case& c = d.c();
  if (command.judged_version >= c.version) {
    return InvalidField("judged_version", "the case is at version " + std::to_string(c.version - 1));
  }
  d.Trace(command.trace);
  const bool stale = command.judged_version < c.facts_version;
  const bool first = c.state == CaseState::kNew;
  Triaged judged;
  judged.category = command.category;
  judged.skills = !command.skills.empty() ? command.skills : SkillsByRules(d, command.category);
  judged.complexity = command.complexity;
  judged.judged_version = command.judged_version;
  judged.priority = command.priority;
  if (stale) {
    d.Trace("triage", "the facts have changed since: the rules give the priority",
            {{"judged_version", std::to_string(command.judged_version)},
             {"facts_version", std::to_string(c.facts_version)}});
    judged.priority = Priority::kUnset;
  }
  if (c.imported && command.judged_version == 1 && !first) {
    d.Trace("triage", "imported: the priority that it came with stays");
    judged.priority = Priority::kUnset;
  }
  if (judged.priority == Priority::kUnset && first) judged.priority = PriorityByRules(d);
  if (c.priority_manual) d.Trace("priority.manual", std::string(Name(c.priority)) + " stays");
  if (!d.traced()) d.Trace("triage", std::string(Name(judged.priority)) + " advised", {{"category", command.category}});
  if (first) {
    TakeAdvice(d, std::move(judged));
  } else {
    TakeLateAdvice(d, std::move(judged));
  }
  return OutcomeKind::kDone;
}

}  // namespace escalon::decide
