#include "common/domain/owner_legs.h"

#include <algorithm>
#include <utility>

#include "common/domain/sun_region.h"

namespace escalon::decide {
namespace {

struct Arrival {
  InstantMs at = 0;
  std::string_view team;
};

std::vector<Arrival> ArrivalsOf(const Case& c) {
  std::vector<Arrival> arrivals;
  for (const TeamVisit& visit : c.visits) {
    arrivals.push_back({visit.first_at, visit.team});
    for (const PauseSpan& away : visit.away) {
      if (away.to != kNever) arrivals.push_back({away.to, visit.team});
    }
  }
  std::stable_sort(arrivals.begin(), arrivals.end(), [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
  return arrivals;
}

const std::string& CalendarOf(const Draft& d, const ClockRule& rule, std::string_view team) {
  const std::string region = RegionNameOf(d, team);
  const auto own = std::find_if(rule.region_calendars.begin(), rule.region_calendars.end(),
                                [&region](const auto& entry) { return entry.first == region; });
  return own != rule.region_calendars.end() ? own->second : rule.calendar.of(d.c().priority);
}

}  // namespace

OwnerLegs LegsOf(const Draft& d, const ClockRule& rule, InstantMs start) {
  OwnerLegs legs{{}, rule.calendar.of(d.c().priority)};
  if (rule.region_calendars.empty()) return legs;
  for (const Arrival& arrival : ArrivalsOf(d.c())) {
    const std::string& calendar = CalendarOf(d, rule, arrival.team);
    if (calendar == legs.calendar) continue;
    if (arrival.at > start) legs.before.push_back({std::move(legs.calendar), arrival.at});
    legs.calendar = calendar;
  }
  return legs;
}

}  // namespace escalon::decide
