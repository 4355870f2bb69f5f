#include <nlohmann/json.hpp>
#include <utility>

#include "common/core/clock.h"
#include "common/icalendar/reader.h"
#include "common/icalendar/writer.h"
#include "services/escalonctl/rules/document_answers.h"
#include "services/escalonctl/rules/roster_import.h"
#include "services/escalonctl/rules/roster_shifts.h"
#include "services/escalonctl/rules/roster_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

constexpr int64_t kMostDays = 366;

std::vector<Option> SpanOptions(const char* days) {
  return {{.name = "--from", .kind = ValueKind::kInstant, .help = "The first instant looked at.", .fallback = "now"},
          {.name = "--days",
           .kind = ValueKind::kNumber,
           .help = "How far.",
           .least = 1,
           .most = kMostDays,
           .fallback = days}};
}

struct Span {
  InstantMs from, to;
};

Span SpanOf(Session& session, const Arguments& arguments, int64_t days) {
  const InstantMs from =
      arguments.Has("from") ? ParseInstant(arguments.Text("from")).value() : session.clock().WallMs();
  return {from, from + arguments.Number("days", days) * kDayMs};
}

/// The schedules named, else all.
Result<std::vector<std::string>> Schedules(const Roster& roster, const Arguments& arguments) {
  std::vector<std::string> wanted = arguments.List("SCHEDULE");
  for (const std::string& id : wanted) {
    if (roster.schedule(id) == nullptr) return Error{ErrorCode::kNotFound, "no schedule " + id + " in the roster"};
  }
  if (!wanted.empty()) return wanted;
  for (const NamedSchedule& schedule : roster.document().schedules) wanted.push_back(schedule.id);
  return wanted;
}

Result<std::vector<icalendar::Shift>> ShiftsWished(const Roster& roster, const Arguments& arguments, const Span& span) {
  const std::string person = arguments.Text("person");
  if (!person.empty() && roster.person(person) == nullptr) {
    return Error{ErrorCode::kNotFound, "no person " + person + " in the roster"};
  }
  const Result<std::vector<std::string>> schedules = Schedules(roster, arguments);
  if (!schedules) return schedules.error();
  std::vector<icalendar::Shift> out;
  for (const std::string& schedule : *schedules) {
    for (icalendar::Shift& shift : ShiftsOf(roster, schedule, person, span.from, span.to))
      out.push_back(std::move(shift));
  }
  return out;
}

std::vector<Option> ShiftOptions(const char* days) {
  std::vector<Option> options{{.name = "SCHEDULE", .help = "Only these schedules.", .repeated = true},
                              TextOption("--person", "Only of this person.", "", "PERSON")};
  for (Option& option : SpanOptions(days)) options.push_back(std::move(option));
  options.push_back(RosterFileOption());
  return options;
}

CommandSpec ShiftsCommand() {
  CommandSpec out;
  out.path = "roster shifts";
  out.summary = "Who has duty when: the final schedule of a span.";
  out.details = "After layers, overrides, temporary schedules and absences. Of the roster in force, or of --file.";
  out.options = ShiftOptions("14");
  out.examples = {{"escalonctl roster shifts desk --days 30", "The month ahead."},
                  {"escalonctl roster shifts --person ana --file roster.yaml", "Of one person, before it is applied."}};
  out.run = [](Session& session, const Arguments& arguments) {
    ExitCode failed = ExitCode::kOk;
    const std::shared_ptr<const Roster> roster = RosterOf(session, arguments, &failed);
    if (roster == nullptr) return failed;
    const Span span = SpanOf(session, arguments, 14);
    const Result<std::vector<icalendar::Shift>> shifts = ShiftsWished(*roster, arguments, span);
    if (!shifts) return session.Fail(shifts.error());
    Json rows = Json::array();
    for (const icalendar::Shift& shift : *shifts) {
      rows.push_back({{"schedule", shift.schedule},
                      {"person", shift.person},
                      {"from", FormatInstant(shift.from)},
                      {"to", FormatInstant(shift.to)},
                      {"span", FormatDuration(shift.to - shift.from)}});
    }
    if (session.printer().json()) {
      session.printer().Value(
          {{"from", FormatInstant(span.from)}, {"to", FormatInstant(span.to)}, {"shifts", std::move(rows)}});
    } else if (rows.empty()) {
      session.printer().Text("Nobody has duty.");
    } else {
      session.printer().Table(
          rows, {{"SCHEDULE", "/schedule"}, {"PERSON", "/person"}, {"FROM", "/from"}, {"TO", "/to"}, {"FOR", "/span"}});
    }
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec IcalCommand() {
  CommandSpec out;
  out.path = "roster ical";
  out.summary = "Shifts as an iCalendar file, for people's own calendars.";
  out.details = "Of the roster in force, or of --file. Events keep their ids, so that a new file replaces an old one.";
  out.options = ShiftOptions("90");
  out.examples = {{"escalonctl roster ical --person ana > ana.ics", "What Ana puts into her calendar."},
                  {"escalonctl roster ical desk --days 365 > desk.ics", "A schedule for a year."}};
  out.run = [](Session& session, const Arguments& arguments) {
    ExitCode failed = ExitCode::kOk;
    const std::shared_ptr<const Roster> roster = RosterOf(session, arguments, &failed);
    if (roster == nullptr) return failed;
    const Span span = SpanOf(session, arguments, 90);
    const Result<std::vector<icalendar::Shift>> shifts = ShiftsWished(*roster, arguments, span);
    if (!shifts) return session.Fail(shifts.error());
    const std::string name = arguments.Has("person") ? "On call: " + arguments.Text("person") : "On call";
    session.printer().out() << icalendar::WriteShifts(*shifts, name, session.clock().WallMs());
    return ExitCode::kOk;
  };
  return out;
}

LocalDate DateOf(InstantMs at) { return Zone().DateAt(at); }

/// The zone of whole days and of times without one: as wished, else that of the person.
Result<std::optional<Zone>> LocalZone(const Roster& roster, const Arguments& arguments) {
  std::string name = arguments.Text("timezone");
  const Person* person = roster.person(arguments.Text("person"));
  if (name.empty() && person != nullptr) name = person->timezone;
  if (name.empty()) return std::optional<Zone>();
  const Result<Zone> zone = Zone::Load(name, "--timezone");
  if (!zone) return zone.error();
  return std::optional<Zone>(*zone);
}

Status CheckImport(const Roster& roster, const Arguments& arguments) {
  const std::string person = arguments.Text("person"), schedule = arguments.Text("schedule");
  if (!person.empty() && roster.person(person) == nullptr) {
    return Error{ErrorCode::kNotFound, "no person " + person + " in the roster"};
  }
  if (!schedule.empty() && roster.schedule(schedule) == nullptr) {
    return Error{ErrorCode::kNotFound, "no schedule " + schedule + " in the roster"};
  }
  return {};
}

CommandSpec ImportCommand() {
  std::vector<Option> options{{.name = "FILE", .help = "An iCalendar file; - is the standard input.", .required = true},
                              TextOption("--person", "Whose calendar it is.", "", "PERSON"),
                              TextOption("--schedule", "Overrides that put people on call there.", "", "SCHEDULE"),
                              TextOption("--timezone", "Of whole days and of times without a zone.", "", "ZONE")};
  for (Option& option : SpanOptions("366")) options.push_back(std::move(option));
  options.push_back(RosterFileOption());
  CommandSpec out;
  out.path = "roster import";
  out.summary = "Events of an iCalendar file as absences, or as overrides of a schedule.";
  out.details =
      "Prints a section to paste into the roster; nothing is applied. Whose an event is: --person, the mark that "
      "`roster "
      "ical` writes, an attendee with a person's address, or a summary that is a person's id or name. Exit status 5 "
      "when "
      "something of the file was left out; each is named with its line.";
  out.options = options;
  out.examples = {{"escalonctl roster import leave.ics --person ana --file roster.yaml", "Ana's leave."},
                  {"escalonctl roster import swaps.ics --schedule desk", "Who stands in on which days."}};
  out.run = [](Session& session, const Arguments& arguments) {
    const Result<std::string> text = ReadInput(session, "FILE", arguments.Text("FILE"), icalendar::kMostBytes);
    if (!text) {
      session.Fail(text.error());
      return ExitCode::kUsage;
    }
    ExitCode failed = ExitCode::kOk;
    const std::shared_ptr<const Roster> roster = RosterOf(session, arguments, &failed);
    if (roster == nullptr) return failed;
    if (const Status known = CheckImport(*roster, arguments); !known) return session.Fail(known.error());
    const Result<std::optional<Zone>> zone = LocalZone(*roster, arguments);
    if (!zone) return session.Fail(zone.error());
    const Span span = SpanOf(session, arguments, kMostDays);
    const auto contents = icalendar::ReadCalendar(*text, {DateOf(span.from), DateOf(span.to)}, *zone);
    if (!contents) return session.Fail(contents.error());
    const Import import = ImportOf(*roster, *contents, {arguments.Text("person"), arguments.Text("schedule")});
    if (session.printer().json()) {
      session.printer().Value({{"yaml", import.yaml}, {"findings", FindingsOf(import.findings, false)}});
    } else {
      session.printer().out() << import.yaml;
      for (const FieldViolation& finding : import.findings) {
        session.err() << arguments.Text("FILE") << ": " << finding.field << ": " << Printable(finding.message) << "\n";
      }
    }
    return import.findings.empty() ? ExitCode::kOk : ExitCode::kFindings;
  };
  return out;
}

}  // namespace

std::vector<CommandSpec> RosterIcalCommands() { return {ShiftsCommand(), IcalCommand(), ImportCommand()}; }

}  // namespace escalon::escalonctl
