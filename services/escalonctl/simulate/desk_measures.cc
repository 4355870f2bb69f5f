#include "services/escalonctl/simulate/desk_measures.h"

#include <algorithm>
#include <set>
#include <utility>

namespace escalon::escalonctl {
namespace {

bool IsIn(const std::vector<DayWindow>& windows, int minute) {
  return std::any_of(windows.begin(), windows.end(), [minute](const DayWindow& window) {
    if (window.start < window.end) return minute >= window.start && minute < window.end;
    return minute >= window.start || minute < window.end;
  });
}

/// The most that ran at once, and how many on average.
void CountOpen(const std::vector<std::pair<InstantMs, InstantMs>>& spans, InstantMs from, InstantMs until,
               TeamMeasures* out) {
  std::vector<std::pair<InstantMs, int>> edges;
  double total = 0;
  for (const auto& [begin, end] : spans) {
    edges.emplace_back(begin, 1);
    edges.emplace_back(end, -1);
    total += static_cast<double>(end - begin);
  }
  std::sort(edges.begin(), edges.end());  // who leaves at an instant leaves before who comes
  int64_t open = 0;
  for (const auto& [at, change] : edges) {
    open += change;
    out->open_most = std::max(out->open_most, static_cast<uint64_t>(std::max<int64_t>(0, open)));
  }
  out->visits = spans.size();
  if (until > from) out->open_mean = total / static_cast<double>(until - from);
}

std::set<std::string> TeamsCalled(const Policy& policy) {
  std::set<std::string> teams;
  const auto take = [&teams](const StepTarget& target) {
    if (!target.team.empty()) teams.insert(target.team);
  };
  if (!policy.catch_all_team.empty()) teams.insert(policy.catch_all_team);
  for (const auto& [level, target] : policy.level_people) take(target);
  for (const Path& path : policy.paths) {
    if (!path.catch_all_team.empty()) teams.insert(path.catch_all_team);
    for (const PathTrack* track : {&path.functional, &path.hierarchical}) {
      for (const PathStep& step : track->steps) take(step.to);
    }
  }
  return teams;
}

std::vector<UnmannedTeam> Unmanned(const Policy& policy, const Roster& roster, InstantMs from, InstantMs until) {
  std::vector<UnmannedTeam> out;
  for (const std::string& id : TeamsCalled(policy)) {
    UnmannedTeam team;
    team.team = id;
    for (const Stretch& gap : roster.GapsOf(id, from, until)) {
      const DurationMs span = gap.to - gap.from;
      ++team.spans;
      team.total += span;
      if (span <= team.longest) continue;
      team.longest = span;
      team.longest_from = gap.from;
    }
    if (team.spans > 0) out.push_back(std::move(team));
  }
  return out;
}

/// `outside its hours until …` names an instant: all of them are one reason.
std::string ReasonOf(const kpi::EmptyStep& step) {
  const size_t until = step.why.find(" until ");
  return until == std::string::npos ? step.why : step.why.substr(0, until);
}

void Compare(const kpi::CaseStory& story, simulation::Kept kept, const std::string& promise,
             std::map<std::string, Agreement>* to) {
  if (kept == simulation::Kept::kUnknown) return;
  bool run = false, broken = false;
  for (const kpi::PromiseRun& one : story.promises) {
    if (one.name != promise) continue;
    run = true;
    broken = broken || one.breached_at != 0;
  }
  if (!run) return;
  Agreement& agreement = (*to)[std::string(Name(story.priority))];
  const bool kept_there = kept == simulation::Kept::kYes;
  if (kept_there) {
    ++(broken ? agreement.only_there : agreement.both_kept);
  } else {
    ++(broken ? agreement.both_broken : agreement.only_here);
  }
}

}  // namespace

NightHours::NightHours(const Roster& roster) {
  for (const Person& person : roster.document().people) {
    const Result<Zone> zone = Zone::Load(person.timezone.empty() ? "UTC" : person.timezone);
    people_[person.id] = {zone.ok() ? *zone : Zone(), person.quiet_hours};
  }
}

NightHours::Local NightHours::At(const std::string& person, InstantMs at) const {
  static const Clockface kUtc;
  const auto found = people_.find(person);
  const Clockface& face = found == people_.end() ? kUtc : found->second;
  const DurationMs local = at + face.zone.OffsetSecondsAt(at) * kSecondMs;
  const auto minute = static_cast<int>((local % kDayMs + kDayMs) % kDayMs / kMinuteMs);
  Local out;
  out.hour = minute / 60;
  static const std::vector<DayWindow> kUsual{{kNightFromHour * 60, kNightToHour * 60}};
  const std::vector<DayWindow>& night = face.quiet.empty() ? kUsual : face.quiet;
  out.night = IsIn(night, minute);
  // From noon to noon, so that midnight parts no night.
  out.night_number = (local - kDayMs / 2) / kDayMs;
  return out;
}

DeskMeasures Measure(const std::vector<kpi::CaseStory>& stories, const std::vector<simulation::HistoricCase>& history,
                     const Policy& policy, const Roster& roster, const std::string& promise, InstantMs until) {
  DeskMeasures out;
  const NightHours nights(roster);
  std::map<std::string, std::set<int64_t>> disturbed;
  std::map<std::string, std::vector<std::pair<InstantMs, InstantMs>>> visits;
  InstantMs from = kNever;
  for (size_t i = 0; i < stories.size(); ++i) {
    const kpi::CaseStory& story = stories[i];
    if (story.opened_at == 0) continue;
    from = std::min(from, story.opened_at);
    for (const kpi::Page& page : story.pages) {
      const uint64_t told = std::max<size_t>(1, page.people.size());
      out.pages_by_level[page.level] += told;
      out.pages_by_priority[std::string(Name(page.priority))] += told;
      if (page.people.empty()) ++out.team_pages;
      for (const std::string& person : page.people) {
        PersonMeasures& measures = out.people[person];
        const NightHours::Local local = nights.At(person, page.at);
        const auto hour = static_cast<size_t>(local.hour);
        ++out.pages;
        ++measures.pages;
        ++measures.by_hour[hour];
        ++out.by_hour[hour];
        ++measures.by_level[page.level];
        if (!local.night) continue;
        ++out.night_pages;
        ++measures.night_pages;
        disturbed[person].insert(local.night_number);
      }
    }
    for (const kpi::Visit& visit : story.visits) visits[visit.team].emplace_back(visit.from, std::min(visit.to, until));
    for (const kpi::EmptyStep& step : story.empty_steps) ++out.empty_steps[{step.level, ReasonOf(step)}];
    if (!promise.empty()) Compare(story, history[i].kept, promise, &out.agreement);
  }
  for (const auto& [person, numbers] : disturbed) {
    out.people[person].nights = numbers.size();
    out.nights += numbers.size();
  }
  if (from == kNever) return out;
  for (const auto& [team, spans] : visits) CountOpen(spans, from, until, &out.teams[team]);
  out.unmanned = Unmanned(policy, roster, from, until);
  return out;
}

}  // namespace escalon::escalonctl
