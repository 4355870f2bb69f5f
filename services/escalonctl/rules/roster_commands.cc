#include <nlohmann/json.hpp>
#include <utility>

#include "common/core/clock.h"
#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/domain/policy_roster.h"
#include "common/domain/roster.h"
#include "services/escalonctl/rules/document_answers.h"
#include "services/escalonctl/rules/roster_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

constexpr char kService[] = "RosterService";
constexpr int64_t kMostDays = 366;

ExitCode ValidateLocally(Session& session, const Arguments& arguments) {
  const std::string file = arguments.Text("FILE");
  const Result<std::string> text = ReadInput(session, "FILE", file, kMostDocumentBytes);
  if (!text) {
    session.Fail(text.error());
    return ExitCode::kUsage;
  }
  const auto roster = BuildRoster(*text);
  Json findings = Json::array();
  if (!roster) {
    findings = FindingsOf(roster.error().fields, false);
    if (findings.empty()) findings = FindingsOf({{"", roster.error().message}}, false);
  } else {
    findings = FindingsOf((*roster)->warnings(), true);
  }
  if (roster && arguments.Has("policy")) {
    const Result<std::string> policy_text =
        ReadInput(session, "--policy", arguments.Text("policy"), kMostDocumentBytes);
    if (!policy_text) {
      session.Fail(policy_text.error());
      return ExitCode::kUsage;
    }
    const Result<Policy> policy = ParsePolicy(*policy_text, "local", 1);
    if (!policy) return session.Fail(policy.error());
    for (Json& finding : FindingsOf(FindingsAgainst(*policy, **roster), false)) findings.push_back(std::move(finding));
  }
  return TellFindings(session, {{"findings", findings}}, file);
}

CommandSpec ApplyCommand() {
  std::vector<Option> options = ApplyOptions();
  CommandSpec out;
  out.path = "roster apply";
  out.summary = "Validates a roster whole and puts it in force.";
  out.details = "A bad one leaves the old one in force, and every fault is named.";
  out.options = options;
  out.examples = {{"escalonctl roster apply roster.yaml --comment \"Ben is on leave\"", "At once, for every case."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    return ApplyDocument(session, arguments, options, kService, "roster");
  };
  return out;
}

CommandSpec ValidateCommand() {
  CommandSpec out;
  out.path = "roster validate";
  out.summary = "All that is wrong with a roster; nothing is applied.";
  out.details =
      "At intake it is also compared with what is in force. --local needs no service. Exit status 5 when it must not "
      "be applied.";
  out.options = {FileArgument(),
                 {.name = "--local", .kind = ValueKind::kFlag, .help = "Here, without a service."},
                 TextOption("--policy", "With --local: a policy whose people the roster must know.", "", "FILE")};
  out.examples = {
      {"escalonctl roster validate roster.yaml --local --policy policy.yaml", "In a build that has no cluster."}};
  out.run = [](Session& session, const Arguments& arguments) {
    return arguments.Has("local") ? ValidateLocally(session, arguments)
                                  : ValidateDocument(session, arguments, kService);
  };
  return out;
}

CommandSpec ShowCommand() {
  std::vector<Option> options{{.name = "--version",
                               .kind = ValueKind::kNumber,
                               .help = "Else the one in force.",
                               .field = "version",
                               .least = 1}};
  CommandSpec out;
  out.path = "roster show";
  out.summary = "The text of the roster.";
  out.options = options;
  out.examples = {{"escalonctl roster show > roster.yaml", "The one in force."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    return ShowDocument(session, RequestFrom(options, arguments), kService, "roster");
  };
  return out;
}

CommandSpec WhoCommand() {
  std::vector<Option> options{
      {.name = "TEAM", .help = "Only these teams.", .field = "teams", .repeated = true},
      {.name = "--at", .kind = ValueKind::kInstant, .help = "When.", .field = "at", .fallback = "now"}};
  CommandSpec out;
  out.path = "roster who";
  out.summary = "Who is on call.";
  out.options = options;
  out.examples = {{"escalonctl roster who network --at 2030-12-25T03:00:00Z", "At Christmas."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<Json> answer = session.Call("RosterService/WhoIsOnCall", RequestFrom(options, arguments));
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    Json rows = answer->value("on_call", Json::array());
    for (Json& row : rows) {
      if (row.value("people", Json::array()).empty()) row["people"] = Json::array({"nobody"});
    }
    session.printer().Table(rows, {{"TEAM", "/team"},
                                   {"ON CALL", "/people", Format::kList},
                                   {"UNTIL", "/until", Format::kTime},
                                   {"SCHEDULE", "/schedule"}});
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec GapsCommand() {
  CommandSpec out;
  out.path = "roster gaps";
  out.summary = "Times ahead in which nobody of a team is on call.";
  out.details = "Of the roster in force, or of --file without any service. Exit status 5 when there are some.";
  out.options = {
      {.name = "TEAM", .help = "Only these teams.", .repeated = true},
      {.name = "--from", .kind = ValueKind::kInstant, .help = "The first instant looked at.", .fallback = "now"},
      {.name = "--days",
       .kind = ValueKind::kNumber,
       .help = "How far.",
       .least = 1,
       .most = kMostDays,
       .fallback = "14"},
      RosterFileOption()};
  out.examples = {{"escalonctl roster gaps --days 60", "Two months ahead."},
                  {"escalonctl roster gaps --file roster.yaml", "Before it is applied."}};
  out.run = [](Session& session, const Arguments& arguments) {
    ExitCode failed = ExitCode::kOk;
    const std::shared_ptr<const Roster> roster = RosterOf(session, arguments, &failed);
    if (roster == nullptr) return failed;
    std::vector<std::string> teams = arguments.List("TEAM");
    if (teams.empty()) {
      for (const Team& team : roster->document().teams) teams.push_back(team.id);
    }
    const InstantMs from =
        arguments.Has("from") ? ParseInstant(arguments.Text("from")).value() : session.clock().WallMs();
    const InstantMs to = from + arguments.Number("days", 14) * kDayMs;
    Json rows = Json::array();
    for (const std::string& team : teams) {
      if (roster->team(team) == nullptr)
        return session.Fail(Error{ErrorCode::kNotFound, "no team " + team + " in the roster"});
      for (const Stretch& gap : roster->GapsOf(team, from, to)) {
        rows.push_back({{"team", team},
                        {"from", FormatInstant(gap.from)},
                        {"to", FormatInstant(gap.to)},
                        {"span", FormatDuration(gap.to - gap.from)}});
      }
    }
    if (session.printer().json()) {
      session.printer().Value({{"from", FormatInstant(from)}, {"to", FormatInstant(to)}, {"gaps", rows}});
    } else if (rows.empty()) {
      session.printer().Text("Somebody is always on call.");
    } else {
      session.printer().Table(rows, {{"TEAM", "/team"}, {"FROM", "/from"}, {"TO", "/to"}, {"FOR", "/span"}});
    }
    return rows.empty() ? ExitCode::kOk : ExitCode::kFindings;
  };
  return out;
}

}  // namespace

std::vector<CommandSpec> RosterCommands() {
  std::vector<CommandSpec> out{ApplyCommand(), ValidateCommand(), ShowCommand(), WhoCommand(), GapsCommand()};
  for (CommandSpec& command : RosterIcalCommands()) out.push_back(std::move(command));
  out.push_back(RosterLeaverCommand());
  out.push_back(RosterMaintenanceCommand());
  return out;
}

}  // namespace escalon::escalonctl
