#include "services/escalonctl/cases/case_command.h"

#include <utility>

namespace escalon::escalonctl {
namespace {

std::vector<Option> CommonOptions() {
  return {TextOption("--command-id", "Names the command: repeated with the same id it has no second effect.",
                     "command_id", "ID"),
          {.name = "--occurred-at",
           .kind = ValueKind::kInstant,
           .help = "When it happened, from a trusted source.",
           .field = "occurred_at"},
          {.name = "--expected-version",
           .kind = ValueKind::kNumber,
           .help = "Refused when the case has moved on from this version.",
           .field = "expected_version",
           .least = 1}};
}

}  // namespace

std::vector<Option> WithCommandOptions(std::vector<Option> options) {
  options.insert(options.begin(), CaseOption());
  for (Option& option : CommonOptions()) options.push_back(std::move(option));
  return options;
}

CommandSpec CaseCommand(CaseCommandSpec spec) {
  CommandSpec out;
  out.path = spec.path;
  out.summary = std::move(spec.summary);
  out.details = std::move(spec.details);
  out.examples = std::move(spec.examples);
  out.run = [options = spec.options, body = spec.body, fixed = spec.fixed](Session& session,
                                                                           const Arguments& arguments) {
    Json message = RequestFrom(options, arguments);
    for (const auto& [name, value] : fixed.items()) message[name] = value;
    return SendCommand(session, arguments, body, std::move(message));
  };
  out.options = WithCommandOptions(std::move(spec.options));
  return out;
}

ExitCode SendCommand(Session& session, const Arguments& arguments, const std::string& body_name, Json body) {
  Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
  if (!id) {
    const ExitCode code = session.Fail(id.error());
    return id.error().code == ErrorCode::kInvalidArgument ? ExitCode::kUsage : code;
  }
  Json command = RequestFrom(CommonOptions(), arguments);
  // Always named, so that a repeat after an unknown outcome can be safe.
  if (!command.contains("command_id")) command["command_id"] = FreshId();
  const auto command_id = command["command_id"].get<std::string>();
  command[body_name] = std::move(body);
  const Result<Json> answer = session.Call("CaseService/Execute", {{"case_id", *id}, {"command", std::move(command)}});
  if (!answer) return session.Fail(answer.error(), command_id);
  if (session.printer().json()) {
    session.printer().Value(*answer);
  } else {
    PrintResults(session.printer(), Json::array({answer->value("result", Json::object())}));
  }
  return ExitCode::kOk;
}

void PrintResults(Printer& printer, const Json& results) {
  printer.Table(results, {{"CASE", "/case_id"},
                          {"VERSION", "/version", Format::kNumber},
                          {"OUTCOME", "/outcome", Format::kEnum},
                          {"STATE", "/state", Format::kState},
                          {"PRIO", "/priority", Format::kPriority},
                          {"LEVEL", "/level"},
                          {"TEAM", "/team"},
                          {"PERSON", "/person"},
                          {"AT", "/at", Format::kTime}});
}

}  // namespace escalon::escalonctl
