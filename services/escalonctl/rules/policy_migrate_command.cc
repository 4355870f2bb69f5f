#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "common/core/backoff.h"
#include "common/core/random.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/cli/pause.h"
#include "services/escalonctl/rules/migration_plan.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

/// `desk@7`
Result<std::pair<std::string, int64_t>> VersionOf(const std::string& name) {
  const size_t at = name.rfind('@');
  int64_t version = 0;
  if (at != std::string::npos && name.find_first_not_of("0123456789", at + 1) == std::string::npos &&
      name.size() - at < 12)
    version = std::atoll(name.c_str() + at + 1);
  if (at == 0 || version <= 0)
    return InvalidField("VERSION", "is '" + name + "'; write it as `escalonctl policy history` does, such as desk@7");
  return std::pair{name.substr(0, at), version};
}

constexpr Backoff kAgain{100, 5 * kSecondMs};
constexpr int kMostTries = 8;  ///< some fifteen seconds: a take-over is done by then

/// A shard that is being taken over is back in a moment. The command's id makes a repeat safe.
Result<Json> CallPatiently(Session& session, const Json& request) {
  for (int attempt = 0;; ++attempt) {
    Result<Json> answer = session.Call("CaseService/Execute", request);
    if (answer.ok() || !Retryable(answer.error().code) || attempt + 1 == kMostTries) return answer;
    Pause(kAgain.Delay(attempt, RandomBits()));
  }
}

/// One call a case, each under a name of its own: a second run has no second effect, and a case that was moved back
/// meanwhile can be moved again.
ExitCode Carry(Session& session, const std::string& name, const std::vector<PlannedMigration>& plan) {
  uint64_t moved = 0, unchanged = 0;
  Json refused = Json::array();
  ExitCode code = ExitCode::kOk;
  for (const PlannedMigration& one : plan) {
    const std::string id = one.c.id.ToString();
    const Json command{{"command_id", "migrate/" + name + "/v" + std::to_string(one.c.version)},
                       {"migrate", {{"policy", name}}}};
    const Result<Json> answer = CallPatiently(session, {{"case_id", id}, {"command", command}});
    if (answer.ok()) {
      const bool same = answer->value("result", Json::object()).value("outcome", "") == "OUTCOME_KIND_UNCHANGED";
      ++(same ? unchanged : moved);
      continue;
    }
    if (Retryable(answer.error().code)) {
      code = session.Fail(answer.error());
      session.err() << "  " << moved << " went on before; the same command again takes up the rest\n";
      return code;
    }
    refused.push_back({{"case", id}, {"why", answer.error().message}});
    code = ExitCode::kFindings;
  }
  if (session.printer().json()) {
    session.printer().Value({{"to", name}, {"migrated", moved}, {"unchanged", unchanged}, {"refused", refused}});
    return code;
  }
  session.printer().Text(std::to_string(moved) + " cases go on under " + name + ", " + std::to_string(unchanged) +
                         " did already, " + std::to_string(refused.size()) + " were refused");
  session.printer().Table(refused, {{"CASE", "/case"}, {"WHY", "/why"}});
  return code;
}

ExitCode MigrateCases(Session& session, const Arguments& arguments) {
  const Result<std::pair<std::string, int64_t>> wanted = VersionOf(arguments.Text("VERSION"));
  if (!wanted.ok()) {
    session.Fail(wanted.error());
    return ExitCode::kUsage;
  }
  PinnedRules pinned(session);
  const std::string name = arguments.Text("VERSION");
  const Result<std::shared_ptr<const Policy>> next = pinned.Of(name);
  if (!next.ok()) return session.Fail(next.error());
  const Result<std::vector<PlannedMigration>> plan = PlanMigration(
      session, arguments, [&pinned](const std::string& one) { return pinned.Of(one); }, **next, name);
  if (!plan.ok()) return session.Fail(plan.error());
  if (arguments.Has("apply")) return Carry(session, name, *plan);
  if (session.printer().json()) {
    session.printer().Value(MigrationJson(name, *plan));
  } else {
    TellMigration(session, arguments, name, *plan);
  }
  return ExitCode::kOk;
}

}  // namespace

CommandSpec PolicyMigrateCommand() {
  CommandSpec out;
  out.path = "policy migrate";
  out.summary = "Moves open cases to another version of their policy; first says what that would do.";
  out.details =
      "Open cases stay on the version they were opened under until this command moves them. Priority, owner, level and "
      "running waits stay; promises are counted anew from their own start by the new targets and calendars, and one "
      "whose new deadline has passed is broken at once. Without --apply nothing is changed: every open case is read "
      "from the case log and decided here.";
  out.options = {{.name = "VERSION", .help = "The version to go on under.", .required = true, .value = "ID@VERSION"},
                 {.name = "--apply", .kind = ValueKind::kFlag, .help = "Moves them. A second run repeats nothing."}};
  for (Option& option : MigrationOptions()) out.options.push_back(std::move(option));
  out.examples = {{"escalonctl policy migrate desk@8 --kafka kafka:9092 --from desk@7", "What would it do?"},
                  {"escalonctl policy migrate desk@8 --kafka kafka:9092 --from desk@7 --apply", "All of them."}};
  out.reach = kIntake | kKafka;
  out.run = MigrateCases;
  return out;
}

}  // namespace escalon::escalonctl
