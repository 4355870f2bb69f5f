#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "services/escalonctl/cases/case_sections.h"
#include "services/escalonctl/cases/paging.h"
#include "services/escalonctl/cases/request.h"

// What happened to a case, and why.

namespace escalon::escalonctl {
namespace {

std::string Saw(const Json& line) {
  std::string out;
  for (const Json& entry : line.value("saw", Json::array())) {
    out += (out.empty() ? " (" : ", ") + entry.value("key", "") + " = " + entry.value("value", "");
  }
  return out.empty() ? out : out + ")";
}

void PrintLines(Printer& printer, const Json& lines) {
  for (const Json& line : lines)
    printer.Text("    " + line.value("rule", "") + ": " + line.value("outcome", "") + Saw(line));
}

std::string By(const Json& entry) {
  const Json actor = entry.value("actor", Json::object());
  const std::string subject = actor.value("subject", ""), kind = WordOf(actor.value("kind", ""));
  return subject.empty() ? kind : kind.empty() ? subject : subject + " (" + kind + ")";
}

CommandSpec HistoryCommand() {
  std::vector<Option> options{CaseOption(),
                              {.name = "--from-version",
                               .kind = ValueKind::kNumber,
                               .help = "The first one wanted.",
                               .field = "from_version",
                               .least = 1}};
  CommandSpec out;
  out.path = "history";
  out.summary = "All that happened to a case, in words.";
  out.options = options;
  out.examples = {{"escalonctl history 0195...", "Oldest first."},
                  {"escalonctl history 0195... --output json", "With every event as data."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
    if (!id) return session.Fail(id.error());
    Json request = RequestFrom(options, arguments);
    request["case_id"] = *id;
    const Result<Json> answer =
        GatherPages(session, "QueryService/GetHistory", std::move(request), arguments, "entries", true);
    if (!answer) return session.Fail(answer.error());
    Printer& printer = session.printer();
    if (printer.json()) {
      printer.Value(*answer);
      return ExitCode::kOk;
    }
    if (answer->value("truncated", false)) session.err() << "escalonctl: older events are in the archive only\n";
    for (const Json& entry : (*answer)["entries"]) {
      printer.Heading(Printable("v" + entry.value("version", "") + "  " +
                                CellText(entry.value("at", Json()), Format::kTime) + "  " + By(entry)));
      for (const Json& words : entry.value("words", Json::array())) printer.Text("    " + words.get<std::string>());
      for (const Json& text : entry.value("texts", Json::array()))
        printer.Text("    \"" + text.get<std::string>() + "\"");
    }
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec TraceCommand() {
  std::vector<Option> options{CaseOption(),
                              {.name = "--version",
                               .kind = ValueKind::kNumber,
                               .help = "Of this version only.",
                               .field = "version",
                               .least = 1}};
  CommandSpec out;
  out.path = "trace";
  out.summary = "The rules that fired, and the values that they saw.";
  out.options = options;
  out.examples = {{"escalonctl trace 0195...", "Why it has that priority, owner and path."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
    if (!id) return session.Fail(id.error());
    Json request = RequestFrom(options, arguments);
    request["case_id"] = *id;
    const Result<Json> answer = session.Call("QueryService/GetTrace", request);
    if (!answer) return session.Fail(answer.error());
    Printer& printer = session.printer();
    if (printer.json()) {
      printer.Value(*answer);
      return ExitCode::kOk;
    }
    for (const Json& decision : answer->value("decisions", Json::array())) {
      const std::string policy = decision.value("policy", "");
      printer.Heading(Printable(
          "v" + decision.value("version", "") + "  " + CellText(decision.value("at", Json()), Format::kTime) + "  " +
          CellText(decision.value("kinds", Json::array()), Format::kList) + (policy.empty() ? "" : "  by " + policy)));
      PrintLines(printer, decision.value("lines", Json::array()));
    }
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec AuthorityCommand() {
  std::vector<Option> options{CaseOption(),
                              {.name = "DECISION",
                               .help = "spend, vendor, exception, credit, legal, ...: of the policy's levels.",
                               .field = "decision",
                               .required = true},
                              AmountOption(),
                              TextOption("--person", "Who wants to decide; else whoever asks.", "person", "PERSON")};
  CommandSpec out;
  out.path = "authority";
  out.summary = "Whether a person may take a decision on the case, and who else may.";
  out.options = options;
  out.examples = {
      {"escalonctl authority 0195... spend --amount \"480 EUR\" --person ana", "Exit status 5: she may not."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
    if (!id) return session.Fail(id.error());
    Json request = RequestFrom(options, arguments);
    request["case_id"] = *id;
    const Result<Json> answer = session.Call("QueryService/MayDecide", request);
    if (!answer) return session.Fail(answer.error());
    Printer& printer = session.printer();
    if (printer.json()) {
      printer.Value(*answer);
    } else {
      printer.Fields(*answer, {{"may", "/allowed", Format::kMark},
                               {"level", "/level"},
                               {"for", "/delegator"},
                               {"lowest level that may", "/lowest_level"},
                               {"by", "/rule"},
                               {"a second person has to agree", "/four_eyes", Format::kMark},
                               {"in words", "/why"}});
    }
    return answer->value("allowed", false) ? ExitCode::kOk : ExitCode::kFindings;
  };
  return out;
}

CommandSpec WhyCommand() {
  std::vector<Option> options{
      CaseOption(),
      TextOption("--person", "Why was this person told, or not; else everybody.", "person", "PERSON"),
      {.name = "--at",
       .kind = ValueKind::kInstant,
       .help = "Around this instant; else all that is kept.",
       .field = "at"}};
  CommandSpec out;
  out.path = "why";
  out.summary = "Why was I paged; why was nobody.";
  out.options = options;
  out.examples = {{"escalonctl why 0195... --person ana", "Why ana was told, or was not."},
                  {"escalonctl why 0195... --at 2030-04-23T03:12:00Z", "What happened that night."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
    if (!id) return session.Fail(id.error());
    Json request = RequestFrom(options, arguments);
    request["case_id"] = *id;
    const Result<Json> answer = session.Call("QueryService/Explain", request);
    if (!answer) return session.Fail(answer.error());
    Printer& printer = session.printer();
    if (printer.json()) {
      printer.Value(*answer);
      return ExitCode::kOk;
    }
    const Json explanations = answer->value("explanations", Json::array());
    if (explanations.empty()) printer.Text("Nobody was to be told by then.");
    Json said;
    for (const Json& explanation : explanations) {
      const std::string person = explanation.value("person", "");
      printer.Heading(Printable(CellText(explanation.value("at", Json()), Format::kTime) + "  v" +
                                explanation.value("version", "") + "  " + (person.empty() ? "nobody" : person)));
      printer.Text("    " + explanation.value("words", ""));
      // Several people told by one decision have the same rules behind them: said once.
      Json lines = explanation.value("lines", Json::array());
      if (lines != said) PrintLines(printer, lines);
      said = std::move(lines);
    }
    return ExitCode::kOk;
  };
  return out;
}

}  // namespace

CommandSection QuestionSection() {
  CommandSection out{.title = "What happened, and why"};
  out.commands = {HistoryCommand(), TraceCommand(), WhyCommand(), AuthorityCommand()};
  return out;
}

}  // namespace escalon::escalonctl
