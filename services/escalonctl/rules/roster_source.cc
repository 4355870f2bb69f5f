#include "services/escalonctl/rules/roster_source.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "common/documents/roster_document.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/rules/document_answers.h"

namespace escalon::escalonctl {

Option RosterFileOption() { return TextOption("--file", "A roster that is not in force.", "", "FILE"); }

std::optional<std::string> RosterText(Session& session, const Arguments& arguments, ExitCode* failed) {
  if (arguments.Has("file")) {
    Result<std::string> text = ReadInput(session, "--file", arguments.Text("file"), kMostDocumentBytes);
    if (text) return *std::move(text);
    session.Fail(text.error());
    *failed = ExitCode::kUsage;
    return std::nullopt;
  }
  const Result<Json> answer = session.Call("RosterService/Get", Json::object());
  if (answer) return answer->value("yaml", "");
  *failed = session.Fail(answer.error());
  return std::nullopt;
}

std::shared_ptr<const Roster> RosterOf(Session& session, const Arguments& arguments, ExitCode* failed) {
  const std::optional<std::string> yaml = RosterText(session, arguments, failed);
  if (!yaml) return nullptr;
  Result<std::shared_ptr<const Roster>> roster = BuildRoster(*yaml);
  if (roster) return *std::move(roster);
  *failed = session.Fail(roster.error());
  return nullptr;
}

Result<std::shared_ptr<const Roster>> RosterInForce(Session& session) {
  const Result<Json> answer = session.Call("RosterService/Get", Json::object());
  if (!answer) return answer.error();
  return BuildRoster(answer->value("yaml", ""));
}

Result<std::shared_ptr<const Roster>> BuildRoster(std::string_view yaml) {
  Result<RosterDocument> document = ParseRoster(yaml);
  if (!document) return document.error();
  return Roster::Build(std::move(*document));
}

}  // namespace escalon::escalonctl
