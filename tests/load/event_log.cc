#include "tests/load/event_log.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/load/csv.h"

namespace escalon::load {
namespace {

constexpr const char* kMissing = "?";

constexpr std::array<std::pair<const char*, LogState>, 8> kStates{{{"New", LogState::kNew},
                                                                   {"Active", LogState::kActive},
                                                                   {"Awaiting User Info", LogState::kPendingCustomer},
                                                                   {"Awaiting Vendor", LogState::kPendingVendor},
                                                                   {"Awaiting Problem", LogState::kPendingProblem},
                                                                   {"Awaiting Evidence", LogState::kPendingEvidence},
                                                                   {"Resolved", LogState::kResolved},
                                                                   {"Closed", LogState::kClosed}}};

/// `1 - High`: the number counts.
Grade ParseLogGrade(const std::string& text) {
  if (text.empty() || text[0] < '1' || text[0] > '3') return Grade::kUnset;
  return static_cast<Grade>(text[0] - '0');
}

Priority ParseLogPriority(const std::string& text) {
  if (text.empty() || text[0] < '1' || text[0] > '4') return Priority::kUnset;
  return static_cast<Priority>(text[0] - '0');
}

std::string Known(const std::string& text) { return text == kMissing ? std::string() : text; }

class Reader {
 public:
  Reader(std::istream& in, const LogColumns& columns) : csv_(in), columns_(columns) {}

  Result<std::vector<LogCase>> Read() {
    std::vector<std::string> fields;
    if (!csv_.Next(&fields)) return Error{ErrorCode::kInvalidArgument, "the log is empty"};
    for (size_t i = 0; i < fields.size(); ++i) header_[fields[i]] = i;
    for (const std::string* name : {&columns_.number, &columns_.state, &columns_.changed_at, &columns_.opened_at}) {
      if (!header_.contains(*name)) return Error{ErrorCode::kInvalidArgument, "the log has no column " + *name};
    }
    while (csv_.Next(&fields)) {
      if (fields.size() != header_.size()) {
        return Wrong(columns_.number, "the row has " + std::to_string(fields.size()) + " fields, the header " +
                                          std::to_string(header_.size()));
      }
      if (const Status row = Take(fields); !row.ok()) return row.error();
    }
    return std::move(cases_);
  }

 private:
  Error Wrong(const std::string& column, const std::string& what) const {
    return Error{ErrorCode::kInvalidArgument, "line " + std::to_string(csv_.line()) + ", " + column + ": " + what};
  }
  std::string At(const std::vector<std::string>& fields, const std::string& column) const {
    const auto found = header_.find(column);
    return found == header_.end() ? std::string() : Known(fields[found->second]);
  }

  Status Take(const std::vector<std::string>& fields) {
    const std::string number = At(fields, columns_.number);
    if (number.empty()) return Wrong(columns_.number, "missing");
    const Result<InstantMs> at = ParseLogTime(At(fields, columns_.changed_at));
    if (!at.ok()) return Wrong(columns_.changed_at, at.error().message);
    const auto [place, fresh] = by_number_.try_emplace(number, cases_.size());
    if (fresh) {
      const Result<InstantMs> opened = ParseLogTime(At(fields, columns_.opened_at));
      if (!opened.ok()) return Wrong(columns_.opened_at, opened.error().message);
      LogCase& c = cases_.emplace_back();
      c.number = number;
      c.opened_at = *opened;
      c.caller = IdOf(At(fields, columns_.caller));
      c.location = At(fields, columns_.location);
      c.symptom = At(fields, columns_.symptom);
      c.contact_type = At(fields, columns_.contact_type);
    }
    LogCase& c = cases_[place->second];
    LogRow row;
    row.at = *at;
    row.state = ParseLogState(At(fields, columns_.state));
    row.group = IdOf(At(fields, columns_.group));
    row.person = IdOf(At(fields, columns_.person));
    row.impact = ParseLogGrade(At(fields, columns_.impact));
    row.urgency = ParseLogGrade(At(fields, columns_.urgency));
    row.category = At(fields, columns_.category);
    row.subcategory = At(fields, columns_.subcategory);
    row.by = At(fields, columns_.changed_by);
    row.change = At(fields, columns_.change);
    c.rows.push_back(std::move(row));
    c.last_priority = ParseLogPriority(At(fields, columns_.priority));
    c.made_sla = At(fields, columns_.made_sla) != "false";
    return {};
  }

  CsvReader csv_;
  const LogColumns& columns_;
  std::unordered_map<std::string, size_t> header_;
  std::vector<LogCase> cases_;
  std::unordered_map<std::string, size_t> by_number_;
};

}  // namespace

Result<std::vector<LogCase>> ReadEventLog(std::istream& in, const LogColumns& columns) {
  return Reader(in, columns).Read();
}

Result<InstantMs> ParseLogTime(const std::string& text) {
  int day = 0, month = 0, year = 0, hour = 0, minute = 0, end = 0;
  const int read = std::sscanf(text.c_str(), "%d/%d/%d %d:%d%n", &day, &month, &year, &hour, &minute, &end);
  const absl::CivilMinute civil(year, month, day, hour, minute);
  const bool whole = read == 5 && static_cast<size_t>(end) == text.size();
  // CivilMinute carries over what is too large.
  if (!whole || civil.day() != day || civil.month() != month || civil.hour() != hour || civil.minute() != minute) {
    return Error{ErrorCode::kInvalidArgument, "'" + text + "' must be d/m/yyyy HH:MM"};
  }
  return absl::ToUnixMillis(absl::FromCivil(civil, absl::UTCTimeZone()));
}

LogState ParseLogState(const std::string& text) {
  for (const auto& [name, state] : kStates) {
    if (text == name) return state;
  }
  return LogState::kOther;
}

std::string IdOf(const std::string& text) {
  if (text == kMissing) return {};
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::string RosterOfLog(const std::vector<LogCase>& cases) {
  std::map<std::string, std::set<std::string>> teams;
  std::set<std::string> people;
  for (const LogCase& c : cases) {
    for (const LogRow& row : c.rows) {
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
