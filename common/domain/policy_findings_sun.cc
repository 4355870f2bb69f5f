#include <set>

#include "common/domain/policy_checks.h"

namespace escalon::checks {
namespace {

constexpr DurationMs kLongest = 8 * kHourMs;

void CheckTimes(const FollowTheSun& sun, FindingList* out) {
  const auto check = [out](DurationMs span, const std::string& key) {
    if (span > kLongest) out->Add("follow_the_sun." + key, "is longer than a region's day; give it 8h at most");
  };
  check(sun.ask_before, "ask_before");
  check(sun.spread, "spread");
  check(sun.keep_limit, "keep_limit");
  if (sun.keep_limit > 0 && sun.ask_before == 0) {
    out->Add("follow_the_sun.keep_limit", "an owner keeps a case when asked, and nobody asks; add `ask_before`");
  }
  if (sun.keep_limit > 0 && sun.spread > sun.keep_limit) {
    out->Add("follow_the_sun.spread",
             "is longer than `keep_limit`, so a case that nobody keeps could stay longer than one that somebody keeps; "
             "shorten it, or lengthen `keep_limit`");
  }
}

}  // namespace

void CheckFollowTheSun(const Policy& policy, FindingList* out) {
  const FollowTheSun& sun = policy.sun;
  CheckCondition(sun.scope, "follow_the_sun.scope", out);
  if (sun.except) CheckCondition(*sun.except, "follow_the_sun.except", out);
  if (sun.order.size() == 1) {
    out->Add("follow_the_sun.order", "has one region, which has nobody to hand over to; name at least two");
  }
  CheckTimes(sun, out);
  std::set<std::string> regions, teams;
  for (size_t i = 0; i < sun.order.size(); ++i) {
    const SunRegion& region = sun.order[i];
    const std::string field = At("follow_the_sun.order", i);
    if (!regions.insert(region.id).second) {
      out->Add(field + ".region", "\"" + region.id + "\" is there twice; name each region once");
    }
    if (region.team.empty()) continue;
    if (!teams.insert(region.team).second) {
      out->Add(field + ".team", "team \"" + region.team +
                                    "\" has another region already, so nobody could tell whose day it is; give each "
                                    "region a team of its own");
    }
    CheckCalendarId(policy, region.calendar, field + ".calendar", out);
    const Calendar* calendar = policy.calendar(region.calendar);
    if (calendar == nullptr ? region.calendar.empty() : calendar->always_open()) {
      out->Add(field + ".calendar",
               "never closes, so nothing would be handed on; name the calendar of the region's day");
    }
  }
}

}  // namespace escalon::checks
