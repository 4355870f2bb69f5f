#include "common/explanation/statement.h"
#include "common/explanation/words.h"

namespace escalon::explanation {
namespace {

std::string Mode(AssignMode mode) { return std::string(Name(mode)); }

void SayStep(const PathStep& step, const std::string& key, const std::string& name, Statements* out) {
  out->Say(key, name + " is", step.level + ", " + Spoken(step.to));
  out->Say(key + ".assign", name + " is assigned by", Mode(step.assign));
  out->Say(key + ".channels", name + " is told by", Listed(step.channels, "or"));
  out->SayByPriority(key + ".wait", name + " waits", [&](Priority p) {
    return Spoken(step.wait.of(p)) + ", " + SpokenCalendar(step.wait_calendar.of(p));
  });
}

std::string Moment(const Trigger& trigger) {
  switch (trigger.at) {
    case Trigger::At::kOpened:
      return "as the case opens";
    case Trigger::At::kClockShare:
      return "at " + std::to_string(trigger.percent) + " % of " + Plain(trigger.clock);
    case Trigger::At::kClockBreached:
      return "when " + Plain(trigger.clock) + " is overdue";
    case Trigger::At::kFactsChanged:
      break;
  }
  return "as soon as it is so";
}

void SayTrack(const PathTrack& track, const std::string& name, Statements* out) {
  const std::string prefix = name + " ";
  for (size_t i = 0; i < track.steps.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    SayStep(track.steps[i], name + ".steps." + number, prefix + "step " + number, out);
  }
  out->SayByPriority(name + ".enter_at", prefix + "track begins at", [&](Priority p) { return track.enter_at.of(p); });
  out->SayByPriority(name + ".on_empty", prefix + "step where nobody is there is",
                     [&](Priority p) { return std::string(track.skip_if_empty.of(p) ? "skipped" : "held"); });
  out->SayByPriority(name + ".acknowledgement_lease", prefix + "acknowledgement holds", [&](Priority p) {
    return track.lease.of(p) > 0 ? Spoken(track.lease.of(p)) : std::string("until it is solved");
  });
  out->Say(name + ".repeat", prefix + "steps are repeated",
           track.repeat < 0 ? "for ever" : std::to_string(track.repeat) + " times");
  for (const Trigger& trigger : track.triggers) {
    out->Say(name + ".triggers." + trigger.id, prefix + "rule " + trigger.id,
             Moment(trigger) + ", if " + Spoken(trigger.when) + ": " + trigger.level +
                 (trigger.owns ? " decides" : " is informed"));
  }
  std::vector<std::string> stops;
  for (const std::string& stop : track.stop_on) stops.push_back(Plain(stop));
  out->Say(name + ".stop_on", prefix + "climbing ends with", Listed(stops, "or"));
}

}  // namespace

void SayPaths(const Policy& policy, Statements* out) {
  for (const Path& path : policy.paths) {
    const bool rest = path.when.kind == Condition::Kind::kAlways;
    const std::string which = rest ? "cases that take no other way (" + path.id + ")"
                                   : "cases on the way " + path.id + " (" + Spoken(path.when) + ")";
    out->Begin("paths." + path.id, which, "way " + path.id + " is for",
               rest ? "cases that take no other" : Spoken(path.when));
    out->Say("precedence", "precedence of the way is", std::to_string(path.precedence));
    SayTrack(path.functional, "functional", out);
    SayTrack(path.hierarchical, "hierarchical", out);
    const std::string& team = path.catch_all_team.empty() ? policy.catch_all_team : path.catch_all_team;
    out->Say("catch_all", "it ends with", "team " + team);
  }
  out->End();
}

}  // namespace escalon::explanation
