#include "tests/load/log_roster.h"

#include <map>
#include <set>

namespace escalon::load {

std::string RosterOfLog(const std::vector<history::LogCase>& cases) {
  std::map<std::string, std::set<std::string>> teams;
  std::set<std::string> people;
  for (const history::LogCase& c : cases) {
    for (const history::LogRow& row : c.rows) {
      if (!row.group.empty()) teams[row.group];
      if (row.person.empty()) continue;
      people.insert(row.person);
      if (!row.group.empty()) teams[row.group].insert(row.person);
    }
  }
  for (const char* person : {"desk-1", "desk-2", "manager-1", "manager-2"}) people.insert(person);
  teams["desk"] = {"desk-1", "desk-2"};
  teams["duty-managers"] = {"manager-1", "manager-2"};
  std::string out = "apiVersion: escalon/v1\nkind: Roster\nid: replay\n\npeople:\n";
  for (const std::string& person : people) {
    const bool manages = person.starts_with("manager");
    out += "  " + person + ": {name: \"" + person + "\", timezone: UTC, contacts: [\"log:" + person + "\"]" +
           (manages ? "" : ", manager: manager-1") + "}\n";
  }
  std::string schedules;
  out += "\nteams:\n";
  for (const auto& [team, own] : teams) {
    const std::set<std::string>& members = own.empty() ? teams["desk"] : own;
    std::string list;
    for (const std::string& member : members) list += (list.empty() ? "" : ", ") + member;
    out += "  " + team + ": {name: \"" + team + "\", members: [" + list + "], schedule: " + team +
           (team == "duty-managers" ? ", catch_all: true" : "") + "}\n";
    // One of them takes the team's pages: who is not named would hear of everything else.
    schedules += "  " + team + ": {timezone: UTC, layers: [{name: dispatcher, users: [" + *members.begin() +
                 "], windows: {mon-sun: [\"00:00-24:00\"]}}]}\n";
  }
  out += "\nschedules:\n" + schedules;
  return out + "\nroles:\n  service-desk: {name: Service desk, team: desk}\n";
}

}  // namespace escalon::load
