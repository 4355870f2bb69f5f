#include "common/domain/sun_region.h"

#include <algorithm>

namespace escalon::decide {
namespace {

/// Handoffs looked at before a region's day counts as endless.
constexpr int kMostHandoffs = 400;

bool IsNameOnly(const SunRegion& region) { return region.team.empty(); }

/// The first instant after `at` at which who is on call in the region changes.
InstantMs NextHandoff(const Draft& d, const SunRegion& region, InstantMs at) {
  InstantMs next = kNever;
  for (const Team& team : d.roster().document().teams) {
    if (team.region == region.id) next = std::min(next, d.roster().NextHandoffOf(team.id, at));
  }
  return next;
}

/// The first instant from `at` on at which its being day or not is `day`.
InstantMs FirstInstant(const Draft& d, const SunRegion& region, InstantMs at, bool day) {
  for (int i = 0; i < kMostHandoffs && at != kNever; ++i) {
    if (IsDay(d, region, at) == day) return at;
    at = NextHandoff(d, region, at);
  }
  return kNever;
}

bool HasSkills(const Team& team, const std::vector<std::string>& skills) {
  return std::all_of(skills.begin(), skills.end(), [&team](const std::string& skill) {
    return std::find(team.skills.begin(), team.skills.end(), skill) != team.skills.end();
  });
}

}  // namespace

const SunRegion* RegionOf(const Draft& d, const Owner& owner) {
  if (owner.team.empty()) return nullptr;
  const auto& order = d.policy().sun.order;
  const auto find = [&order](const auto& is_it) -> const SunRegion* {
    const auto it = std::find_if(order.begin(), order.end(), is_it);
    return it != order.end() ? &*it : nullptr;
  };
  if (const auto* own = find([&owner](const SunRegion& region) { return region.team == owner.team; })) return own;
  const Team* team = d.roster().team(owner.team);
  const Person* person = d.roster().person(owner.person);
  const std::string name = team != nullptr && !team->region.empty() ? team->region
                           : person != nullptr                      ? person->region
                                                                    : std::string();
  if (name.empty()) return nullptr;
  return find([&name](const SunRegion& region) { return IsNameOnly(region) && region.id == name; });
}

std::string RegionNameOf(const Draft& d, std::string_view team) {
  for (const SunRegion& region : d.policy().sun.order) {
    if (region.team == team && !IsNameOnly(region)) return region.id;
  }
  const Team* found = d.roster().team(team);
  return found != nullptr ? found->region : std::string();
}

std::vector<std::string> TeamsOf(const Draft& d, const SunRegion& region) {
  if (!IsNameOnly(region)) return {region.team};
  std::vector<const Team*> teams;
  for (const Team& team : d.roster().document().teams) {
    if (team.region == region.id) teams.push_back(&team);
  }
  std::stable_partition(teams.begin(), teams.end(), [&d](const Team* team) { return HasSkills(*team, d.c().skills); });
  std::vector<std::string> ids;
  for (const Team* team : teams) ids.push_back(team->id);
  return ids;
}

bool IsDay(const Draft& d, const SunRegion& region, InstantMs at) {
  if (!IsNameOnly(region)) {
    const Calendar* calendar = d.policy().calendar(region.calendar);
    return calendar != nullptr && calendar->IsOpen(at);
  }
  const auto& teams = d.roster().document().teams;
  return std::any_of(teams.begin(), teams.end(), [&](const Team& team) {
    return team.region == region.id && !d.roster().OnCallOf(team.id, at).empty();
  });
}

InstantMs DayEnd(const Draft& d, const SunRegion& region, InstantMs at) {
  if (at == kNever) return kNever;
  if (IsNameOnly(region)) return FirstInstant(d, region, at, false);
  const Calendar* calendar = d.policy().calendar(region.calendar);
  return calendar != nullptr ? calendar->NextClosing(at) : kNever;
}

InstantMs DayStart(const Draft& d, const SunRegion& region, InstantMs at) {
  if (at == kNever) return kNever;
  if (IsNameOnly(region)) return FirstInstant(d, region, at, true);
  const Calendar* calendar = d.policy().calendar(region.calendar);
  return calendar != nullptr ? calendar->NextOpening(at) : kNever;
}

}  // namespace escalon::decide
