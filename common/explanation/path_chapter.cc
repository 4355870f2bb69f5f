#include <algorithm>
#include <string>
#include <utility>

#include "common/explanation/chapters.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

std::string How(const PathStep& step) {
  std::string text = step.assign == AssignMode::kPush    ? "one person gets it"
                     : step.assign == AssignMode::kOffer ? "offered, until somebody accepts"
                                                         : "all are told, whoever takes it";
  if (!step.channels.empty()) text += ", by " + Listed(step.channels, "or");
  return text;
}

void AddSteps(const PathTrack& track, Chapter* chapter) {
  PageTable table{{"Step", "Level", "Who", "How", "If nobody acknowledges, next after"}, {}};
  for (size_t i = 0; i < track.steps.size(); ++i) {
    const PathStep& step = track.steps[i];
    table.rows.push_back({std::to_string(i + 1), step.level, Spoken(step.to), How(step), ByPriority([&](Priority p) {
                            return Spoken(step.wait.of(p)) + ", " + SpokenCalendar(step.wait_calendar.of(p));
                          })});
  }
  chapter->Say(std::move(table));
}

std::string When(const Trigger& trigger) {
  switch (trigger.at) {
    case Trigger::At::kOpened:
      return "As the case opens";
    case Trigger::At::kClockShare:
      return "When " + std::to_string(trigger.percent) + " % of " + Plain(trigger.clock) + " is used";
    case Trigger::At::kClockBreached:
      return "When " + Plain(trigger.clock) + " is overdue";
    case Trigger::At::kFactsChanged:
      break;
  }
  return "As soon as it is so";
}

std::string Said(const Trigger& trigger) {
  std::string text = When(trigger);
  if (trigger.when.kind != Condition::Kind::kAlways) text += ", if " + Spoken(trigger.when);
  text += ": " + trigger.level + (trigger.owns ? " decides" : " is informed");
  const std::string to = Spoken(trigger.to);
  return text + (to == "nobody" ? "" : " (" + to + ")") + ".";
}

void AddRules(const PathTrack& track, const std::string& catch_all, Chapter* chapter) {
  Bullets rules;
  const std::string enter = ByPriority([&](Priority p) { return track.enter_at.of(p); });
  if (!enter.empty()) rules.items.push_back("Begins at — " + enter + ".");
  rules.items.push_back("A step where nobody is there: " + ByPriority([&](Priority p) {
                          return track.skip_if_empty.of(p) ? "skipped at once" : "waits until it opens";
                        }) +
                        ".");
  rules.items.push_back(track.repeat < 0 ? "The steps repeat until somebody acknowledges."
                        : track.repeat == 0
                            ? "When all steps are over: " + catch_all + "."
                            : "The steps are repeated " + std::to_string(track.repeat) +
                                  (track.repeat == 1 ? " time" : " times") + "; then: " + catch_all + ".");
  const std::string lease = ByPriority([&](Priority p) {
    return track.lease.of(p) > 0 ? Spoken(track.lease.of(p)) : std::string("until it is solved");
  });
  rules.items.push_back("An acknowledgement holds without any sign of work — " + lease + ".");
  chapter->Say(std::move(rules));
}

Chapter OfPath(const Policy& policy, const Path& path) {
  Chapter chapter{"Way: " + path.id, 3, {}};
  chapter.Say(path.when.kind == Condition::Kind::kAlways ? "For every case that takes no other way."
                                                         : "For cases where " + Spoken(path.when) + ".");
  const std::string& team = path.catch_all_team.empty() ? policy.catch_all_team : path.catch_all_team;
  AddSteps(path.functional, &chapter);
  AddRules(path.functional, "team " + team, &chapter);
  if (!path.hierarchical.steps.empty()) {
    chapter.Say("Management, step by step:");
    AddSteps(path.hierarchical, &chapter);
  }
  if (!path.hierarchical.triggers.empty()) chapter.Say("Management hears of it:");
  Bullets triggers;
  for (const Trigger& trigger : path.hierarchical.triggers) triggers.items.push_back(Said(trigger));
  chapter.Say(std::move(triggers));
  return chapter;
}

}  // namespace

void AddPathChapters(const Policy& policy, Page* page) {
  Chapter intro{"Ways", 2, {}};
  intro.Say(
      "Every case takes exactly one way. It climbs while nobody acknowledges it. Who acknowledges has it; the "
      "technical steps then stand still, while management still hears when time runs out.");
  page->chapters.push_back(std::move(intro));
  std::vector<const Path*> paths;
  for (const Path& path : policy.paths) paths.push_back(&path);
  std::stable_sort(paths.begin(), paths.end(),
                   [](const Path* a, const Path* b) { return a->precedence > b->precedence; });
  for (const Path* path : paths) page->chapters.push_back(OfPath(policy, *path));
}

}  // namespace escalon::explanation
