#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "common/explanation/difference.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

std::string NameOf(const Json& version) {
  return version.value("id", "") + "@" + std::to_string(version.value("version", 0));
}

/// What a version changed against the one before it of the same policy, in words; it may be unreadable today.
Json ChangesOf(Session& session, const Json& version) {
  const std::string id = version.value("id", "");
  const int number = version.value("version", 0);
  if (number <= 1) return Json::array({"the first version"});
  Json changes = Json::array();
  const Result<PolicyText> texts[] = {PolicyOfService(session, id, number - 1), PolicyOfService(session, id, number)};
  Result<Policy> read[] = {Error{}, Error{}};
  for (size_t i = 0; i < 2; ++i) {
    if (!texts[i]) return Json::array({"cannot be read: " + texts[i].error().message});
    read[i] = ParsePolicy(texts[i]->yaml, "local", 1);
    if (!read[i]) return Json::array({texts[i]->name + " cannot be read by this version of escalonctl"});
  }
  for (const explanation::Difference& one : explanation::Differences(*read[0], *read[1])) {
    changes.push_back(one.which + ": " + one.what);
  }
  if (changes.empty()) changes.push_back("nothing for any case");
  return changes;
}

ExitCode History(Session& session, const Arguments& arguments) {
  Json request = Json::object();
  if (arguments.Has("ID")) request["id"] = arguments.Text("ID");
  const Result<Json> answer = session.Call("PolicyService/List", request);
  if (!answer) return session.Fail(answer.error());
  Json versions = answer->value("policies", Json::array());
  const auto most = static_cast<size_t>(arguments.Number("last", 20));
  if (versions.size() > most) versions.erase(versions.begin() + static_cast<std::ptrdiff_t>(most), versions.end());
  if (arguments.Has("changes")) {
    for (Json& version : versions) version["changes"] = ChangesOf(session, version);
  }
  Printer& printer = session.printer();
  if (printer.json()) {
    printer.Value({{"versions", versions}});
    return ExitCode::kOk;
  }
  for (const Json& version : versions) {
    printer.Heading(NameOf(version) + (version.value("active", false) ? "  in force" : ""));
    const std::string comment = version.value("comment", "");
    printer.Text("  applied " + CellText(version.value("applied_at_ms", Json()), Format::kMillis) + " by " +
                 Printable(version.value("applied_by", "")) + (comment.empty() ? "" : ": " + Printable(comment)));
    for (const Json& change : version.value("changes", Json::array())) {
      printer.Text("  - " + Printable(change.get<std::string>()));
    }
  }
  if (versions.empty()) printer.Text("No policy was applied yet.");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec PolicyHistoryCommand() {
  CommandSpec out;
  out.path = "policy history";
  out.summary = "Which versions of a policy were applied, when, by whom and why.";
  out.details = "Newest first. With --changes also what each of them changed, in words.";
  out.options = {{.name = "ID", .help = "Only this policy."},
                 {.name = "--changes", .kind = ValueKind::kFlag, .help = "What each version changed."},
                 {.name = "--last",
                  .kind = ValueKind::kNumber,
                  .help = "So many versions.",
                  .least = 1,
                  .most = 1000,
                  .fallback = "20"}};
  out.examples = {{"escalonctl policy history --changes --last 3", "What was changed lately, and by whom."}};
  out.run = History;
  return out;
}

}  // namespace escalon::escalonctl
