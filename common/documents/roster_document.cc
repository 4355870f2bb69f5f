#include "common/documents/roster_document.h"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "common/documents/calendar_section.h"
#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/header_section.h"
#include "common/documents/key_census.h"
#include "common/documents/report.h"
#include "common/documents/roster_sections.h"
#include "common/documents/values.h"
#include "common/documents/yaml_tree.h"
#include "common/domain/roster.h"

namespace escalon {
namespace documents {
namespace {

constexpr std::string_view kKind = "Roster";

bool ReadAbsence(const Value& value, Absence* out) {
  Fields fields(value);
  fields.Need("person", &out->person, ReadName);
  fields.Read("from", &out->from, ReadOptionalInstant);
  fields.Read("to", &out->to, ReadOptionalInstant);
  return fields.readable();
}

bool ReadDelegation(const Value& value, Delegation* out) {
  Fields fields(value);
  fields.Need("by", &out->by, ReadName);
  fields.Need("to", &out->to, ReadName);
  fields.Read("from", &out->from, ReadOptionalInstant);
  fields.Need("until", &out->until, ReadInstant);
  fields.Read("decisions", &out->decisions, ReadNames);
  fields.Read("up_to", &out->up_to, ReadMoney);
  return fields.readable();
}

/// {id: x, when: {…}, from: …, until: …, do: hold, why: …}
bool ReadMaintenance(const Value& value, MaintenanceWindow* out) {
  const auto silent = [](const std::string& word) -> std::optional<bool> {
    if (word == "hold") return false;
    if (word == "suppress") return true;
    return std::nullopt;
  };
  Fields fields(value);
  fields.Need("id", &out->id, ReadName);
  fields.Need("when", &out->when, ReadCondition);
  fields.Need("from", &out->from, ReadInstant);
  fields.Need("until", &out->until, ReadInstant);
  fields.Need("do", &out->silent, [&silent](const Value& v, bool* flag) {
    return ReadWord(v, flag, silent, {"hold", "suppress"});
  });
  fields.Read("why", &out->why, ReadText);
  return fields.readable();
}

void ReadCalendars(const Value& value, const HolidaySets& sets, RosterDocument* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> calendars = fields.TakeRest(&names);
  for (size_t i = 0; i < calendars.size(); ++i) {
    NamedCalendar calendar;
    calendar.id = names[i];
    ReadCalendar(calendars[i], sets, &calendar.spec);
    out->calendars.push_back(std::move(calendar));
  }
}

void ReadRoster(const Value& document, RosterDocument* out) {
  Fields fields(document);
  ReadHeader(&fields, kKind, &out->id);
  HolidaySets holidays;
  fields.Read("holidays", &holidays, ReadHolidaySets);
  if (const auto calendars = fields.Take("calendars")) ReadCalendars(*calendars, holidays, out);
  fields.Need("people", out, ReadPeople);
  fields.Need("teams", out, ReadTeams);
  fields.Read("roles", out, ReadRoles);
  fields.Read("vendors", out, ReadVendors);
  fields.Read("schedules", out, ReadSchedules);
  if (const auto absences = fields.Take("absences")) ReadList(*absences, &out->absences, ReadAbsence);
  if (const auto list = fields.Take("delegations")) ReadList(*list, &out->delegations, ReadDelegation);
  if (const auto list = fields.Take("maintenance")) ReadList(*list, &out->maintenance, ReadMaintenance);
}

/// `people[3].manager`, as a Roster says it, is `people.ana.manager` in the document.
std::string ById(const std::string& path, const RosterDocument& document) {
  const size_t open = path.find('['), close = path.find(']');
  size_t index = 0;
  if (open == std::string::npos || close == std::string::npos || close < open) return path;
  std::from_chars(path.data() + open + 1, path.data() + close, index);
  const std::string section = path.substr(0, open);
  const auto named = [&](const auto& items) {
    return index < items.size() ? section + "." + items[index].id + path.substr(close + 1) : path;
  };
  if (section == "people") return named(document.people);
  if (section == "teams") return named(document.teams);
  if (section == "roles") return named(document.roles);
  if (section == "vendors") return named(document.vendors);
  if (section == "schedules") return named(document.schedules);
  if (section == "calendars") return named(document.calendars);
  return path;
}

}  // namespace

KeyCensus CensusOfRoster(std::string_view text) {
  KeyCensus census;
  const Result<Node> root = ReadYaml(text);
  if (!root) return census;
  Report report(&census);
  RosterDocument document;
  ReadRoster({&*root, "", &report}, &document);
  return census;
}

}  // namespace documents

Result<RosterDocument> ParseRoster(std::string_view text) {
  const Result<documents::Node> root = documents::ReadYaml(text);
  if (!root) return root.error();
  if (Status kind = documents::CheckKind(*root, documents::kKind); !kind) return kind.error();
  RosterDocument document;
  documents::Report report;
  documents::ReadRoster({&*root, "", &report}, &document);
  const auto roster = Roster::Build(document);
  if (!roster) {
    std::vector<FieldViolation> findings = roster.error().fields;
    for (FieldViolation& finding : findings) finding.field = documents::ById(finding.field, document);
    report.AddJudgement(findings);
  }
  if (!report.empty()) return report.AsError("roster");
  return document;
}

}  // namespace escalon
