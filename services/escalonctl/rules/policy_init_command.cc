#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/rules/rule_sections.h"
#include "services/escalonctl/rules/shipped_policies.h"

namespace escalon::escalonctl {
namespace {

Json NamesOfAll() {
  Json names = Json::array();
  for (const ShippedPolicy& one : ShippedPolicies()) names.push_back({{"name", one.name}, {"about", one.about}});
  return names;
}

Error NoSuch(const std::string& name) {
  std::string names;
  for (const ShippedPolicy& one : ShippedPolicies()) names.append(names.empty() ? "" : ", ").append(one.name);
  return {ErrorCode::kNotFound, "no example \"" + name + "\"; there are: " + names};
}

ExitCode Write(Session& session, const std::string& path, std::string_view text) {
  // People keep what they wrote.
  if (std::filesystem::exists(path)) {
    session.Fail(InvalidField("--out", path + " is there already; name a file that is not, or remove it first"));
    return ExitCode::kUsage;
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    session.Fail(InvalidField("--out", "cannot write " + path));
    return ExitCode::kUsage;
  }
  session.printer().Text("Wrote " + path + ". Next: edit it, then escalonctl policy test " + path);
  return ExitCode::kOk;
}

ExitCode Init(Session& session, const Arguments& arguments) {
  if (arguments.Has("list")) {
    if (session.printer().json()) {
      session.printer().Value({{"examples", NamesOfAll()}});
    } else {
      session.printer().Table(NamesOfAll(), {{"EXAMPLE", "/name"}, {"ABOUT", "/about"}});
    }
    return ExitCode::kOk;
  }
  const std::string name = arguments.Text("like", "starter");
  for (const ShippedPolicy& one : ShippedPolicies()) {
    if (one.name != name) continue;
    if (arguments.Has("out")) return Write(session, arguments.Text("out"), one.yaml);
    session.printer().out() << one.yaml;
    return ExitCode::kOk;
  }
  return session.Fail(NoSuch(name));
}

}  // namespace

CommandSpec PolicyInitCommand() {
  CommandSpec out;
  out.path = "policy init";
  out.summary = "A policy to start from, with comments and tests.";
  out.details = "The starter is a desk of two lines and a manager; others are ways of well-known fields.";
  out.reach = kNothing;
  out.options = {TextOption("--like", "Another example than the starter.", "", "EXAMPLE"),
                 {.name = "--list", .kind = ValueKind::kFlag, .help = "Which examples there are."},
                 TextOption("--out", "A new file; else the standard output.", "", "FILE")};
  out.examples = {{"escalonctl policy init --out policy.yaml", "The first step."},
                  {"escalonctl policy init --like complaints --out policy.yaml", "A desk for complaints."}};
  out.run = Init;
  return out;
}

}  // namespace escalon::escalonctl
