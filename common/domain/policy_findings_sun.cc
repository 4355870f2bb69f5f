#include <set>

#include "common/domain/policy_checks.h"

namespace escalon::checks {

void CheckFollowTheSun(const Policy& policy, FindingList* out) {
  const FollowTheSun& sun = policy.sun;
  CheckCondition(sun.scope, "follow_the_sun.scope", out);
  if (sun.except) CheckCondition(*sun.except, "follow_the_sun.except", out);
  if (sun.order.size() == 1) {
    out->Add("follow_the_sun.order", "has one region, which has nobody to hand over to; name at least two");
  }
  std::set<std::string> regions, teams;
  for (size_t i = 0; i < sun.order.size(); ++i) {
    const SunRegion& region = sun.order[i];
    const std::string field = At("follow_the_sun.order", i);
    if (!regions.insert(region.id).second) {
      out->Add(field + ".region", "\"" + region.id + "\" is there twice; name each region once");
    }
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
