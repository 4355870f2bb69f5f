#include "common/domain/policy_roster.h"

#include <string>

#include "common/domain/policy_checks.h"

namespace escalon {
namespace {

using checks::At;
using checks::FindingList;

void CheckKnown(bool known, std::string_view what, const std::string& id, const std::string& field, FindingList* out) {
  if (id.empty() || known) return;
  out->Add(field, "the roster has no " + std::string(what) + " \"" + id + "\"; add it there or name another");
}

void CheckTeam(const Roster& roster, const std::string& team, const std::string& field, FindingList* out) {
  CheckKnown(roster.team(team) != nullptr, "team", team, field, out);
}

void CheckPeople(const Roster& roster, const StepTarget& to, const std::string& field, FindingList* out) {
  CheckTeam(roster, to.team, field + ".team", out);
  CheckKnown(roster.person(to.person) != nullptr, "person", to.person, field + ".person", out);
  CheckKnown(roster.role(to.role) != nullptr, "role", to.role, field + ".role", out);
  CheckKnown(roster.schedule(to.schedule) != nullptr, "schedule", to.schedule, field + ".schedule", out);
  CheckKnown(roster.vendor(to.vendor) != nullptr, "vendor", to.vendor, field + ".vendor", out);
  if (!to.skills.empty() && roster.PeopleWithSkills(to.skills).empty()) {
    out->Add(field + ".skills", "nobody in the roster has all of these skills; add somebody or ask for fewer");
  }
}

void CheckTrack(const Roster& roster, const PathTrack& track, const std::string& field, FindingList* out) {
  for (size_t i = 0; i < track.steps.size(); ++i) {
    CheckPeople(roster, track.steps[i].to, At(field + ".steps", i) + ".to", out);
  }
  for (size_t i = 0; i < track.triggers.size(); ++i) {
    CheckPeople(roster, track.triggers[i].to, At(field + ".triggers", i) + ".to", out);
  }
}

/// A region that is a name only lives by its teams.
void CheckRegion(const Roster& roster, const std::string& region, const std::string& field, FindingList* out) {
  bool known = false, closes = false;
  for (const Team& team : roster.document().teams) {
    if (team.region != region) continue;
    known = true;
    closes = closes || !team.schedule.empty() || roster.CalendarOf(team) != nullptr;
  }
  if (!known) {
    out->Add(field, "no team of the roster has the region \"" + region +
                        "\"; give a team that `region`, or name `team` and `calendar` here");
  } else if (!closes) {
    out->Add(field, "the teams of region \"" + region +
                        "\" never close, so nothing would be handed on; give them a `calendar` or a `schedule` in the "
                        "roster, or name `team` and `calendar` here");
  }
}

}  // namespace

std::vector<FieldViolation> FindingsAgainst(const Policy& policy, const Roster& roster) {
  FindingList out;
  for (const auto& [level, to] : policy.level_people) CheckPeople(roster, to, "levels." + level + ".people", &out);
  for (const Path& path : policy.paths) {
    const std::string field = "paths." + path.id;
    CheckTrack(roster, path.functional, field + ".functional", &out);
    CheckTrack(roster, path.hierarchical, field + ".hierarchical", &out);
    CheckTeam(roster, path.catch_all_team, field + ".catch_all", &out);
  }
  for (size_t i = 0; i < policy.sun.order.size(); ++i) {
    const SunRegion& region = policy.sun.order[i];
    const std::string field = At("follow_the_sun.order", i);
    CheckTeam(roster, region.team, field + ".team", &out);
    if (region.team.empty()) CheckRegion(roster, region.id, field, &out);
  }
  if (policy.major) CheckPeople(roster, policy.major->managers, "major_escalation.managers", &out);
  CheckTeam(roster, policy.catch_all_team, "catch_all", &out);
  return out.Take();
}

}  // namespace escalon
