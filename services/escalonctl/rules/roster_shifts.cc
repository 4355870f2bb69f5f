#include "services/escalonctl/rules/roster_shifts.h"

#include <algorithm>
#include <map>

namespace escalon::escalonctl {

std::vector<icalendar::Shift> ShiftsOf(const Roster& roster, const std::string& schedule, const std::string& person,
                                       InstantMs from, InstantMs to) {
  std::vector<icalendar::Shift> shifts;
  const Schedule* plan = roster.schedule(schedule);
  if (plan == nullptr) return shifts;
  std::map<std::string, size_t> last;
  for (const FinalSchedule::Segment& segment : plan->Final(from, to).segments) {
    for (const std::string& id : segment.on_call) {
      if (!person.empty() && id != person) continue;
      const auto it = last.find(id);
      if (it != last.end() && shifts[it->second].to == segment.start) {
        shifts[it->second].to = segment.end;
        continue;
      }
      last[id] = shifts.size();
      const Person* known = roster.person(id);
      shifts.push_back({schedule, id, known != nullptr ? known->name : "", segment.start, segment.end});
    }
  }
  std::stable_sort(shifts.begin(), shifts.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  return shifts;
}

}  // namespace escalon::escalonctl
