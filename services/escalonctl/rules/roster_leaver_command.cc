#include <nlohmann/json.hpp>
#include <utility>

#include "common/documents/roster_leaver.h"
#include "services/escalonctl/cases/paging.h"
#include "services/escalonctl/rules/document_answers.h"
#include "services/escalonctl/rules/roster_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

/// Cases that name the person: as the owner, or as somebody who may acknowledge.
Result<Json> CasesOf(Session& session, const Arguments& arguments, const char* field) {
  const Json request{{"filter", {{field, arguments.Text("PERSON")}, {"open", true}}}};
  const Result<Json> answer = GatherPages(session, "CaseService/ListCases", request, arguments, "cases", true);
  if (!answer) return answer.error();
  Json rows = Json::array();
  for (const Json& one : answer->value("cases", Json::array())) {
    rows.push_back({{"case_id", one.value("case_id", "")},
                    {"priority", one.value("priority", "")},
                    {"state", one.value("state", "")},
                    {"title", one.value("title", "")}});
  }
  return rows;
}

Json MentionsOf(const LeaverPreview& preview) {
  Json rows = Json::array();
  for (const LeaverPreview::Mention& mention : preview.mentions) {
    rows.push_back({{"line", mention.line}, {"path", mention.path}, {"remedy", mention.remedy}});
  }
  return rows;
}

void TellCases(Session& session, const char* heading, const Json& rows) {
  session.printer().Heading(heading);
  if (rows.empty()) return session.printer().Text("none");
  session.printer().Table(rows, {{"CASE", "/case_id"},
                                 {"PRIORITY", "/priority", Format::kPriority},
                                 {"STATE", "/state", Format::kState},
                                 {"TITLE", "/title"}});
}

void TellPreview(Session& session, const LeaverPreview& preview) {
  session.printer().Heading("Named in the roster");
  if (preview.mentions.empty()) return session.printer().Text("nowhere");
  session.printer().Table(MentionsOf(preview),
                          {{"LINE", "/line", Format::kNumber}, {"PATH", "/path"}, {"WITHOUT THEM", "/remedy"}});
  if (preview.findings.empty()) return session.printer().Text("Without them the roster is fine; --document prints it.");
  session.printer().Heading("To be decided first");
  for (const FieldViolation& finding : preview.findings) session.printer().Text(finding.field + ": " + finding.message);
}

}  // namespace

CommandSpec RosterLeaverCommand() {
  CommandSpec out;
  out.path = "roster leaver";
  out.summary = "A person leaves: what names them, and the roster without them.";
  out.details =
      "Open cases that they own or may acknowledge, and every place of the roster, each with what becomes of it. "
      "Nothing is "
      "applied: --document prints the changed roster, comments and all. Of the roster in force, or of --file without "
      "any "
      "service and without cases. Exit status 5 when somebody has to decide something first.";
  out.options = {{.name = "PERSON", .help = "Person id.", .required = true},
                 {.name = "--document", .kind = ValueKind::kFlag, .help = "The changed roster and nothing else."},
                 RosterFileOption()};
  out.examples = {{"escalonctl roster leaver ana", "Before Ana's last day."},
                  {"escalonctl roster leaver ana --document > roster.yaml", "Then `roster apply`."}};
  out.run = [](Session& session, const Arguments& arguments) {
    ExitCode failed = ExitCode::kOk;
    const std::optional<std::string> yaml = RosterText(session, arguments, &failed);
    if (!yaml) return failed;
    const Result<LeaverPreview> preview = PreviewLeaver(*yaml, arguments.Text("PERSON"));
    if (!preview) return session.Fail(preview.error());
    const ExitCode code = preview->findings.empty() ? ExitCode::kOk : ExitCode::kFindings;
    if (arguments.Has("document")) {
      session.printer().out() << preview->changed;
      return code;
    }
    Json owned = Json::array(), pageable = Json::array();
    if (!arguments.Has("file")) {
      Result<Json> first = CasesOf(session, arguments, "person");
      if (!first) return session.Fail(first.error());
      Result<Json> second = CasesOf(session, arguments, "pageable");
      if (!second) return session.Fail(second.error());
      owned = *std::move(first);
      pageable = *std::move(second);
    }
    if (session.printer().json()) {
      session.printer().Value({{"mentions", MentionsOf(*preview)},
                               {"findings", FindingsOf(preview->findings, false)},
                               {"owned", owned},
                               {"pageable", pageable},
                               {"changed", preview->changed}});
      return code;
    }
    TellPreview(session, *preview);
    if (!arguments.Has("file")) {
      TellCases(session, "Open cases that they own", owned);
      TellCases(session, "Open cases that they may acknowledge", pageable);
    }
    return code;
  };
  return out;
}

}  // namespace escalon::escalonctl
