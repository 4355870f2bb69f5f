#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "services/escalonctl/cases/case_sections.h"
#include "services/escalonctl/cases/case_view.h"
#include "services/escalonctl/cases/paging.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/cases/submit_command.h"
#include "services/escalonctl/import/import_command.h"

namespace escalon::escalonctl {
namespace {

const std::vector<std::string>& States() {
  static const std::vector<std::string> states{"new",     "triaged",  "assigned",   "acknowledged", "in_progress",
                                               "pending", "resolved", "monitoring", "closed",       "cancelled"};
  return states;
}

std::vector<Option> FilterOptions() {
  return {
      Repeated(ChoiceOption("--state", "Any of them.", "filter.states", "CASE_STATE_", States())),
      Repeated(ChoiceOption("--priority", "Any of them.", "filter.priorities", "PRIORITY_", {"P1", "P2", "P3", "P4"})),
      TextOption("--team", "Of the owner.", "filter.team", "TEAM"),
      TextOption("--person", "The owner.", "filter.person", "PERSON"),
      TextOption("--level", "On the functional track.", "filter.level", "LEVEL"),
      TextOption("--service", "The affected service.", "filter.service"),
      TextOption("--requester", "The requester's id at the source.", "filter.requester", "ID"),
      TextOption("--source", "Who submitted.", "filter.source"),
      TextOption("--external-ref", "The source's own number; with --source.", "filter.external_ref"),
      TextOption("--pageable", "Who may acknowledge on the present step.", "filter.pageable", "PERSON"),
      FlagOption("--breached", "Only with a broken promise.", "filter.breached"),
      FlagOption("--open", "Neither closed nor cancelled.", "filter.open")};
}

CommandSpec GetCommand() {
  std::vector<Option> options{CaseOption(),
                              {.name = "--min-version",
                               .kind = ValueKind::kNumber,
                               .help = "Waits shortly for this version, then asks the owner.",
                               .field = "min_version",
                               .least = 1}};
  CommandSpec out;
  out.path = "get";
  out.summary = "One case as it is now.";
  out.options = options;
  out.examples = {{"escalonctl get 01957b2e-6c00-8a13-8000-3f2a7c91d5e0", "By its id."},
                  {"escalonctl get servicenow/INC0042 --output json", "By the source's number."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
    if (!id) return session.Fail(id.error());
    Json request = RequestFrom(options, arguments);
    request["case_id"] = *id;
    const Result<Json> answer = session.Call("CaseService/GetCase", request);
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    PrintCase(session.printer(), answer->value("case", Json::object()));
    HintMore(session, *answer);
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec ListCommand() {
  std::vector<Option> options = FilterOptions();
  options.push_back(ChoiceOption("--order",
                                 "The gravest and soonest due, the newest, the last changed, or the next alarm first.",
                                 "order", "CASE_ORDER_", {"priority_and_due", "opened", "changed", "next_due"}));
  options.back().fallback = "priority_and_due";
  for (Option& option : PageOptions()) options.push_back(std::move(option));
  CommandSpec out;
  out.path = "list";
  out.summary = "Cases by filters, a page at a time.";
  out.options = options;
  out.examples = {{"escalonctl list --open --priority P1 --priority P2", "What burns."},
                  {"escalonctl list --team network --order next_due --all", "Everything of a team."},
                  {"escalonctl list --pageable ana", "What ana may acknowledge."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<Json> answer = GatherPages(session, "CaseService/ListCases", RequestFrom(options, arguments),
                                            arguments, "cases", arguments.Has("all"));
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    PrintCases(session.printer(), (*answer)["cases"]);
    HintMore(session, *answer);
    return ExitCode::kOk;
  };
  return out;
}

std::string ChangeLine(const Json& change) {
  const Json c = change.value("case", Json::object());
  const Json owner = c.value("owner", Json::object());
  std::string out = CellText(change.contains("at") ? change["at"] : c.value("last_at", Json()), Format::kTime);
  out += "  " + c.value("case_id", "") + "  v" + c.value("version", "0");
  for (const char* field : {"priority", "state"}) out += "  " + WordOf(c.value(field, ""));
  if (c.contains("level")) out += "  " + c.value("level", "");
  const std::string team = owner.value("team", ""), person = owner.value("person", "");
  if (!team.empty() || !person.empty()) out += "  " + team + (person.empty() ? "" : "/" + person);
  const std::string kinds = CellText(change.value("kinds", Json::array()), Format::kList);
  out += "  " + (kinds.empty() ? std::string("present") : kinds);
  if (change.contains("actor")) out += " by " + change.value("actor", "");
  return out + "  " + Printable(c.value("title", ""));
}

CommandSpec WatchCommand() {
  std::vector<Option> options = FilterOptions();
  options.push_back(FlagOption("--present", "Begin with the cases that are there already.", "include_present"));
  CommandSpec out;
  out.path = "watch";
  out.summary = "Cases as they change, a line each, until you end it.";
  out.options = options;
  out.options.insert(out.options.begin(),
                     {.name = "CASE", .help = "Only these, by UUID or SOURCE/NUMBER.", .repeated = true});
  out.options.push_back(
      {.name = "--count", .kind = ValueKind::kNumber, .help = "Ends after so many changes.", .least = 1});
  out.examples = {{"escalonctl watch --open --priority P1", "What burns, as it happens."},
                  {"escalonctl watch 0195... --output json", "One case, a line of JSON each change."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    Json request = RequestFrom(options, arguments);
    for (const std::string& reference : arguments.List("CASE")) {
      const Result<std::string> id = ResolveCase(session, reference);
      if (!id) return session.Fail(id.error());
      request["case_ids"].push_back(*id);
    }
    int64_t left = arguments.Number("count", INT64_MAX);
    const Status ended = session.Stream("CaseService/WatchCases", request, [&](const Json& change) {
      if (session.printer().json()) {
        session.printer().Line(change);
      } else if (change.value("gap", false)) {
        session.err() << "escalonctl: changes were dropped because this client was too slow: list again\n";
      } else {
        session.printer().out() << ChangeLine(change) << std::endl;
      }
      return --left > 0;
    });
    if (!ended) return session.Fail(ended.error());
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec CountCommand() {
  std::vector<Option> options = FilterOptions();
  options.push_back(Repeated(
      ChoiceOption("--by", "At most three.", "by", "COUNT_BY_", {"state", "priority", "level", "team", "person"})));
  options.back().fallback = "state";
  CommandSpec out;
  out.path = "count";
  out.summary = "How many cases there are, by state, priority, level, team or person.";
  out.options = options;
  out.examples = {{"escalonctl count --open --by team --by priority", "Who has how much of what."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<Json> answer = session.Call("QueryService/CountCases", RequestFrom(options, arguments));
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    std::vector<std::string> by = arguments.List("by");
    if (by.empty()) by.emplace_back("state");
    std::vector<Column> columns;
    for (size_t i = 0; i < by.size(); ++i) columns.push_back({by[i], "/values/" + std::to_string(i)});
    columns.push_back({"cases", "/cases", Format::kNumber});
    session.printer().Table(answer->value("counts", Json::array()), columns);
    HintMore(session, *answer);
    return ExitCode::kOk;
  };
  return out;
}

}  // namespace

CommandSection CaseSection() {
  CommandSection out{.title = "Cases"};
  out.commands = {SubmitCommand(), ImportCommand(), GetCommand(), ListCommand(), WatchCommand(), CountCommand()};
  return out;
}

}  // namespace escalon::escalonctl
