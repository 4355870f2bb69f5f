// A case that comes from another system, with its past: DESIGN §6 from the middle.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/domain/climb.h"
#include "common/domain/communication.h"
#include "common/domain/decide_parts.h"
#include "common/domain/promise_clocks.h"
#include "common/domain/step_page.h"
#include "common/domain/who.h"

namespace escalon::decide {
namespace {

constexpr std::string_view kWhy = "imported";
constexpr size_t kMostPauses = 200;
constexpr size_t kMostHistoryBytes = 72 * 1024;  ///< sealed

Status NotAfter(const Draft& d, InstantMs at, const char* field) {
  if (at <= d.t()) return {};
  return InvalidField(absl::StrCat("standing.", field), "lies in the future; an import tells what was");
}

Status CheckPauses(const Draft& d, const Standing& standing) {
  if (standing.pauses.size() > kMostPauses)
    return InvalidField("standing.pauses", "more than 200; leave the oldest out");
  for (size_t i = 0; i < standing.pauses.size(); ++i) {
    const StandingPause& pause = standing.pauses[i];
    const std::string field = absl::StrCat("standing.pauses[", i, "]");
    if (pause.from <= 0 || pause.to < pause.from) return InvalidField(field, "must end after it begins");
    if (pause.to > d.t()) return InvalidField(field, "ends in the future; for a wait that lasts use `pending`");
    if (i > 0 && pause.from < standing.pauses[i - 1].to)
      return InvalidField(field, "begins before the one before it ends; give them in their order");
  }
  return {};
}

Status CheckClocks(const Draft& d, const Standing& standing) {
  for (const StandingClock& clock : standing.clocks) {
    const std::string field = absl::StrCat("standing.clocks.", clock.name);
    if (std::none_of(d.policy().clocks.begin(), d.policy().clocks.end(),
                     [&clock](const ClockRule& rule) { return rule.name == clock.name; }))
      return InvalidField(field, "the policy has no such clock");
    if (clock.started_at <= 0 || clock.started_at > d.t()) return InvalidField(field, "must be an instant of the past");
  }
  return {};
}

/// Where it lands on the functional track.
struct Landing {
  std::string level;
  int step = kOutsideSteps;
  const PathStep* of_path = nullptr;
};

Landing LandingOf(const Draft& d, const Standing& standing) {
  const PathTrack* path = d.track(Track::kFunctional);
  Landing out;
  out.level = standing.level;
  if (path == nullptr || path->steps.empty()) return out;
  if (out.level.empty()) out.level = path->enter_at.of(d.c().priority);
  if (out.level.empty()) out.level = path->steps.front().level;
  const int step = StepOfLevel(path, out.level);
  if (step < 0) return out;
  out.step = step;
  out.of_path = &path->steps[static_cast<size_t>(step)];
  return out;
}

std::string TeamFor(const Draft& d, const Standing& standing, const Landing& landing) {
  if (!standing.team.empty()) return standing.team;
  const std::string of_step = landing.of_path != nullptr ? landing.of_path->to.team : std::string();
  if (!standing.person.empty()) return TeamOf(d.roster(), standing.person, of_step);
  return of_step.empty() ? CatchAllTeam(d) : of_step;
}

void PutWhereItStood(Draft& d, const Standing& standing) {
  const Landing landing = LandingOf(d, standing);
  const Move move{.reason = EscalationReason::kManual, .text = std::string(kWhy), .counted = false, .entering = true};
  Arrive(d, Track::kFunctional, {landing.level, landing.step, 0, 0}, move);
  const std::string team = TeamFor(d, standing, landing);
  const bool owned = !standing.person.empty();
  d.Emit(Assigned{team, standing.person, owned ? AssignMode::kPush : AssignMode::kPull, landing.level, true,
                  std::string(kWhy)});
  const Priority priority = d.c().priority;
  const std::string calendar =
      landing.of_path != nullptr ? landing.of_path->wait_calendar.of(priority) : DefaultWaitCalendar(d);
  StartPromises(d, "assigned");
  StartImportedPromises(d, standing);
  StartLevelPromises(d, calendar);
  if (owned) {
    // Whoever has it there has it here; no lease, or all of them would run out together.
    d.Emit(Acknowledged{standing.person, Track::kFunctional, std::string(kWhy)});
    StopLevelPromises(d, kLevelResponse, kWhy);
    return;
  }
  Target wait = landing.of_path != nullptr ? landing.of_path->wait.of(priority) : DefaultWait(d, landing.level);
  if (wait.span <= 0 && wait.business_days <= 0) wait = DefaultWait(d, landing.level);
  ArmStepWait(d, Track::kFunctional, calendar, wait, std::string(kWhy));
}

}  // namespace

Status CheckStanding(const Draft& d, const OpenCase& command) {
  const Standing& standing = command.standing;
  const bool told = standing != Standing{} || !command.sealed_history.empty();
  if (told && !command.imported)
    return InvalidField("standing", "only an imported case has a past; set `imported`, or leave it out");
  if (!told) return {};
  if (command.sealed_history.size() > kMostHistoryBytes)
    return InvalidField("standing.history", "longer than 64 KiB; keep what the next person needs");
  if (!standing.level.empty() && d.policy().level(standing.level) == nullptr)
    return InvalidField("standing.level", "'" + standing.level + "' is no level of the policy");
  if (!standing.team.empty() && d.roster().team(standing.team) == nullptr)
    return InvalidField("standing.team", "'" + standing.team + "' is no team of the roster");
  if (!standing.person.empty() && d.roster().person(standing.person) == nullptr)
    return InvalidField("standing.person",
                        "'" + standing.person + "' is nobody of the roster; add the person, or leave it to the team");
  if (!standing.pending.empty() &&
      std::none_of(d.policy().pending_reasons.begin(), d.policy().pending_reasons.end(),
                   [&standing](const PendingReason& reason) { return reason.id == standing.pending; }))
    return InvalidField("standing.pending", "'" + standing.pending + "' is no pending reason of the policy");
  if (Status s = NotAfter(d, standing.opened_at, "opened_at"); !s) return s;
  if (Status s = NotAfter(d, standing.acknowledged_at, "acknowledged_at"); !s) return s;
  if (Status s = NotAfter(d, standing.responded_at, "responded_at"); !s) return s;
  if (Status s = NotAfter(d, standing.pending_since, "pending_since"); !s) return s;
  if (Status s = CheckPauses(d, standing); !s) return s;
  return CheckClocks(d, standing);
}

Standing StandingOf(const Draft& d, const OpenCase& command) {
  Standing out = command.standing;
  if (out.pending.empty() || out.pending_since == 0) return out;
  const InstantMs from = out.pauses.empty() ? out.pending_since : std::max(out.pending_since, out.pauses.back().to);
  out.pauses.push_back({out.pending, from, d.t()});
  return out;
}

Decision Import(Draft& d, const OpenCase& command) {
  const Standing& standing = command.standing;
  Triaged judged;
  judged.category = command.facts.category;
  judged.skills = SkillsByRules(d, command.facts.category);
  if (standing.priority != Priority::kUnset) {
    d.Emit(PriorityChanged{Priority::kUnset, standing.priority, true, "as it was imported"});
    d.Trace("import", "keeps the priority that it came with", {{"priority", std::string(Name(standing.priority))}});
    judged.priority = standing.priority;
  } else {
    judged.priority = PriorityByRules(d);
  }
  d.Emit(std::move(judged));
  if (!command.sealed_history.empty())
    d.Emit(NoteAdded{Visibility::kInternal, d.actor().subject, command.sealed_history, false});
  PutWhereItStood(d, standing);
  RestartCadence(d, std::string(kWhy));
  if (standing.pending.empty()) return OutcomeKind::kOpened;
  const Decision paused = On(d, Pause{standing.pending, 0, std::string(kWhy)});
  return paused ? Decision(OutcomeKind::kOpened) : paused;
}

}  // namespace escalon::decide
