#include <nlohmann/json.hpp>
#include <ostream>

#include "common/explanation/difference.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

Json AsJson(const std::vector<explanation::Difference>& differences) {
  Json json = Json::array();
  for (const explanation::Difference& one : differences) json.push_back({{"cases", one.which}, {"change", one.what}});
  return json;
}

/// What stays as it is: open cases, by priority.
ExitCode TellOpenCases(Session& session, const std::string& in_force) {
  const Result<Json> answer =
      session.Call("QueryService/CountCases", {{"filter", {{"open", true}}}, {"by", {"COUNT_BY_PRIORITY"}}});
  if (!answer) return session.Fail(answer.error());
  Json rows = answer->value("counts", Json::array());
  if (rows.empty()) {
    session.printer().Text("No case is open.");
    return ExitCode::kOk;
  }
  session.printer().Text("Open cases, which stay on the version they were opened under (now " + in_force + "):");
  session.printer().Table(rows, {{"PRIORITY", "/values/0"}, {"CASES", "/cases", Format::kNumber}});
  return ExitCode::kOk;
}

ExitCode Diff(Session& session, const Arguments& arguments) {
  const Result<PolicyText> first = arguments.Has("B") ? PolicyOfFile(session, "A", arguments.Text("A"))
                                                      : PolicyOfService(session, arguments.Text("id"), 0);
  if (!first) return session.Fail(first.error());
  const std::string second_file = arguments.Text(arguments.Has("B") ? "B" : "A");
  const Result<PolicyText> second = PolicyOfFile(session, arguments.Has("B") ? "B" : "A", second_file);
  if (!second) return session.Fail(second.error());
  const Result<Policy> before = ParsePolicy(first->yaml, "local", 1);
  if (!before) return FailDocument(session, before.error(), first->name);
  const Result<Policy> after = ParsePolicy(second->yaml, "local", 1);
  if (!after) return FailDocument(session, after.error(), second->name);
  const auto differences = explanation::Differences(*before, *after);
  if (session.printer().json()) {
    session.printer().Value({{"before", first->name}, {"after", second->name}, {"differences", AsJson(differences)}});
    return ExitCode::kOk;
  }
  std::ostream& out = session.printer().out();
  out << "From " << Printable(first->name) << " to " << Printable(second->name) << ":\n";
  std::string which;
  for (const explanation::Difference& one : differences) {
    if (one.which != which) out << '\n' << Printable(one.which) << '\n';
    which = one.which;
    out << "  - " << Printable(one.what) << '\n';
  }
  out << (differences.empty() ? "No case is led in another way.\n"
                              : "\nOpen cases stay on the version under which they were opened; calendars, templates "
                                "and people change for them too.\n");
  return arguments.Has("open") ? TellOpenCases(session, first->name) : ExitCode::kOk;
}

}  // namespace

CommandSpec PolicyDiffCommand() {
  CommandSpec out;
  out.path = "policy diff";
  out.summary = "What another version of a policy changes, and for which cases.";
  out.details = "In words. Two files need no service; a single one is compared with what is in force.";
  out.options = {{.name = "A", .help = "The older file; alone: the newer one.", .required = true},
                 {.name = "B", .help = "The newer file."},
                 TextOption("--id", "With one file: of the policy in force.", "", "ID"),
                 {.name = "--open", .kind = ValueKind::kFlag, .help = "Ask intake how many cases are open."}};
  out.examples = {{"escalonctl policy diff policy.yaml", "Before it is applied."},
                  {"escalonctl policy diff monday.yaml friday.yaml", "Without a service."}};
  out.run = Diff;
  return out;
}

}  // namespace escalon::escalonctl
