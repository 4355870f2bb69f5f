#include "services/escalonctl/rules/document_answers.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

namespace escalon::escalonctl {
namespace {

void PrintFindings(Printer& printer, Json findings) {
  for (Json& finding : findings) finding["weight"] = finding.value("warning", false) ? "warning" : "error";
  printer.Table(findings,
                {{"", "/weight"}, {"LINE", "/line", Format::kNumber}, {"WHERE", "/field"}, {"WHAT", "/message"}});
}

/// `line 12: …`, as the documents' report writes it, as 12 and the rest.
std::pair<int, std::string> SplitLine(const std::string& message) {
  constexpr std::string_view kLine = "line ";
  int line = 0;
  if (!message.starts_with(kLine)) return {0, message};
  const char* end = message.data() + message.size();
  const auto [rest, failure] = std::from_chars(message.data() + kLine.size(), end, line);
  const std::string_view left(rest, static_cast<size_t>(end - rest));
  if (failure != std::errc() || !left.starts_with(": ")) return {0, message};
  return {line, std::string(left.substr(2))};
}

void PrintDiff(Printer& printer, const Json& answer) {
  for (const Json& line : answer.value("diff", Json::array())) printer.Text(line.get<std::string>());
}

}  // namespace

Option FileArgument() { return {.name = "FILE", .help = "YAML; - is the standard input.", .required = true}; }

std::vector<Option> ApplyOptions() {
  return {FileArgument(),
          TextOption("--comment", "Why, in words.", "comment"),
          FlagOption("--dry-run", "Say what would change, do nothing.", "dry_run"),
          {.name = "--expected-version",
           .kind = ValueKind::kNumber,
           .help = "Refused unless this one is in force now.",
           .field = "expected_version",
           .least = 1}};
}

ExitCode ApplyDocument(Session& session, const Arguments& arguments, const std::vector<Option>& options,
                       const std::string& service, const char* summary) {
  Result<std::string> yaml = ReadInput(session, "FILE", arguments.Text("FILE"), kMostDocumentBytes);
  if (!yaml) {
    session.Fail(yaml.error());
    return ExitCode::kUsage;
  }
  Json request = RequestFrom(options, arguments);
  request["yaml"] = std::move(*yaml);
  const Result<Json> answer = session.Call(service + "/Apply", request);
  if (!answer) return session.Fail(answer.error());
  Printer& printer = session.printer();
  if (printer.json()) {
    printer.Value(*answer);
    return ExitCode::kOk;
  }
  PrintDiff(printer, *answer);
  PrintFindings(printer, answer->value("findings", Json::array()));
  const Json now = answer->value(summary, Json::object());
  const std::string name = now.value("id", "") + "@" + std::to_string(now.value("version", 0));
  if (arguments.Has("dry-run")) {
    printer.Text(answer->value("unchanged", false) ? "Nothing would change." : "It may be applied; nothing was done.");
  } else if (answer->value("unchanged", false)) {
    printer.Text("Nothing differs: " + name + " stays in force.");
  } else {
    printer.Text(name + " is in force.");
  }
  return ExitCode::kOk;
}

ExitCode ValidateDocument(Session& session, const Arguments& arguments, const std::string& service) {
  Result<std::string> yaml = ReadInput(session, "FILE", arguments.Text("FILE"), kMostDocumentBytes);
  if (!yaml) {
    session.Fail(yaml.error());
    return ExitCode::kUsage;
  }
  const Result<Json> answer = session.Call(service + "/Validate", {{"yaml", *yaml}});
  if (!answer) return session.Fail(answer.error());
  return TellFindings(session, *answer, arguments.Text("FILE"));
}

ExitCode ShowDocument(Session& session, const Json& request, const std::string& service, const char* summary) {
  const Result<Json> answer = session.Call(service + "/Get", request);
  if (!answer) return session.Fail(answer.error());
  Printer& printer = session.printer();
  if (printer.json()) {
    printer.Value(*answer);
    return ExitCode::kOk;
  }
  // The text alone, so that it can be kept and applied again; what it is goes beside it.
  const Json now = answer->value(summary, Json::object());
  session.err() << "escalonctl: " << Printable(now.value("id", "")) << "@" << now.value("version", 0)
                << (now.value("active", false) ? ", in force" : "") << ", applied by "
                << Printable(now.value("applied_by", "")) << " at "
                << CellText(now.value("applied_at_ms", Json()), Format::kMillis) << '\n';
  const std::string yaml = answer->value("yaml", "");
  printer.out() << Printable(yaml, true) << (yaml.ends_with('\n') ? "" : "\n");
  return ExitCode::kOk;
}

Json FindingsOf(const std::vector<FieldViolation>& faults, bool warning) {
  Json out = Json::array();
  for (const FieldViolation& fault : faults) {
    const auto [line, message] = SplitLine(fault.message);
    Json finding{{"field", fault.field}, {"message", message}};
    if (line > 0) finding["line"] = line;
    if (warning) finding["warning"] = true;
    out.push_back(std::move(finding));
  }
  return out;
}

ExitCode TellFindings(Session& session, const Json& answer, const std::string& file) {
  const Json findings = answer.value("findings", Json::array());
  bool wrong = false;
  for (const Json& finding : findings) wrong = wrong || !finding.value("warning", false);
  if (session.printer().json()) {
    session.printer().Value(answer);
  } else {
    if (!wrong) PrintDiff(session.printer(), answer);
    PrintFindings(session.printer(), findings);
    session.printer().Text((file == "-" ? std::string("The standard input") : file) +
                           (wrong              ? " must not be applied."
                            : findings.empty() ? " is fine."
                                               : " may be applied; there are warnings."));
  }
  return wrong ? ExitCode::kFindings : ExitCode::kOk;
}

}  // namespace escalon::escalonctl
