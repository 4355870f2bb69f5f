#include "services/escalonctl/rules/policy_source.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "common/documents/roster_document.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/rules/document_answers.h"

namespace escalon::escalonctl {

Result<PolicyText> PolicyOfFile(Session& session, std::string_view option, const std::string& path) {
  Result<std::string> text = ReadInput(session, option, path, kMostDocumentBytes);
  if (!text) return text.error();
  return PolicyText{path == "-" ? "the standard input" : path, std::move(*text)};
}

Result<PolicyText> PolicyOfService(Session& session, const std::string& id, int64_t version) {
  Json request = Json::object();
  if (!id.empty()) request["id"] = id;
  if (version > 0) request["version"] = version;
  const Result<Json> answer = session.Call("PolicyService/Get", request);
  if (!answer) return answer.error();
  const Json now = answer->value("policy", Json::object());
  return PolicyText{now.value("id", "") + "@" + std::to_string(now.value("version", 0)), answer->value("yaml", "")};
}

Result<std::shared_ptr<const Policy>> PinnedRules::Of(const std::string& name) {
  std::shared_ptr<const Policy>& known = known_[name];
  if (known != nullptr) return known;
  const size_t at = name.rfind('@');
  const std::string id = name.substr(0, at);
  const Result<PolicyText> text =
      PolicyOfService(session_, id, at == std::string::npos ? 0 : std::atoll(name.c_str() + at + 1));
  if (!text.ok()) return text.error();
  Result<Policy> policy = ParsePolicy(text->yaml, "local", 1);
  if (!policy.ok()) {
    return Error{ErrorCode::kInvalidArgument,
                 name + " cannot be read by this version of escalonctl: " + policy.error().message};
  }
  known = std::make_shared<const Policy>(std::move(*policy));
  return known;
}

Result<PolicyText> PolicyAsked(Session& session, const Arguments& arguments) {
  if (arguments.Has("file")) return PolicyOfFile(session, "--file", arguments.Text("file"));
  return PolicyOfService(session, arguments.Text("ID"), arguments.Number("version", 0));
}

Option PolicyFileOption() { return TextOption("--file", "A file, without any service.", "", "FILE"); }

Option PolicyIdOption() { return {.name = "ID", .help = "Of the policy; else the one in force."}; }

Option PolicyVersionOption() {
  return {.name = "--version", .kind = ValueKind::kNumber, .help = "Else the one in force.", .least = 1};
}

Result<std::shared_ptr<const Roster>> RosterOfFile(Session& session, const std::string& path) {
  const Result<std::string> text = ReadInput(session, "--roster", path, kMostDocumentBytes);
  if (!text) return text.error();
  Result<RosterDocument> document = ParseRoster(*text);
  if (!document) return document.error();
  return Roster::Build(std::move(*document));
}

ExitCode FailDocument(Session& session, const Error& error, const std::string& name) {
  if (error.code != ErrorCode::kInvalidArgument || error.fields.empty()) return session.Fail(error);
  return TellFindings(session, {{"findings", FindingsOf(error.fields, false)}}, name);
}

}  // namespace escalon::escalonctl
