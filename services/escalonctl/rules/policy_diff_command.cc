#include <nlohmann/json.hpp>
#include <ostream>

#include "common/explanation/difference.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/rules/migration_plan.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

Json AsJson(const std::vector<explanation::Difference>& differences) {
  Json json = Json::array();
  for (const explanation::Difference& one : differences) json.push_back({{"cases", one.which}, {"change", one.what}});
  return json;
}

/// What would become of the open cases if they were moved to the newer one; pinned to A where that is a file.
Result<std::vector<PlannedMigration>> OpenCases(Session& session, const Arguments& arguments, const Policy& before,
                                                const Policy& after, const std::string& name) {
  PinnedRules pinned(session);
  const auto of_file = std::make_shared<const Policy>(before);
  const RulesOf rules = [&](const std::string& one) -> Result<std::shared_ptr<const Policy>> {
    if (arguments.Has("B")) return of_file;
    return pinned.Of(one);
  };
  return PlanMigration(session, arguments, rules, after, name);
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
  Result<std::vector<PlannedMigration>> open = std::vector<PlannedMigration>();
  if (arguments.Has("open")) open = OpenCases(session, arguments, *before, *after, second->name);
  if (!open) return session.Fail(open.error());
  if (session.printer().json()) {
    Json told{{"before", first->name}, {"after", second->name}, {"differences", AsJson(differences)}};
    if (arguments.Has("open")) told["open_cases"] = MigrationJson(second->name, *open);
    session.printer().Value(told);
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
                              : "\nOpen cases stay on the version under which they were opened until `policy migrate` "
                                "moves them; calendars, templates and people change for them too.\n");
  if (arguments.Has("open")) TellMigration(session, arguments, second->name, *open);
  return ExitCode::kOk;
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
                 {.name = "--open",
                  .kind = ValueKind::kFlag,
                  .help = "What would become of each open case under the newer one, by the case log."}};
  for (Option& option : MigrationOptions()) out.options.push_back(std::move(option));
  out.reach = kIntake | kKafka;
  out.examples = {{"escalonctl policy diff policy.yaml", "Before it is applied."},
                  {"escalonctl policy diff monday.yaml friday.yaml", "Without a service."}};
  out.run = Diff;
  return out;
}

}  // namespace escalon::escalonctl
