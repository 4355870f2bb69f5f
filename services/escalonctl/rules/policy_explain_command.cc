#include <nlohmann/json.hpp>
#include <ostream>

#include "common/explanation/explain.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

ExitCode ExplainPolicy(Session& session, const Arguments& arguments) {
  const Result<PolicyText> text = PolicyAsked(session, arguments);
  if (!text) return session.Fail(text.error());
  const Result<Policy> policy = ParsePolicy(text->yaml, "local", 1);
  if (!policy) return FailDocument(session, policy.error(), text->name);
  std::shared_ptr<const Roster> roster;
  if (arguments.Has("roster")) {
    const auto read = RosterOfFile(session, arguments.Text("roster"));
    if (!read) return FailDocument(session, read.error(), arguments.Text("roster"));
    roster = *read;
  }
  const explanation::Page page = explanation::Explain(*policy, roster.get());
  const std::string format = arguments.Text("format", "text");
  const std::string read = format == "html"       ? explanation::AsHtml(page)
                           : format == "markdown" ? explanation::AsMarkdown(page)
                                                  : explanation::AsText(page);
  if (session.printer().json()) {
    session.printer().Value({{"policy", text->name}, {"format", format}, {"page", read}});
  } else {
    session.printer().out() << Printable(read, true);
  }
  return ExitCode::kOk;
}

}  // namespace

CommandSpec PolicyExplainCommand() {
  CommandSpec out;
  out.path = "policy explain";
  out.summary = "A policy as a page that everybody can read.";
  out.details =
      "How urgent a case is, levels with their authority, promises, ways, consent, who is told; with --roster also the "
      "contacts. Written from the policy itself, so it says what the services do.";
  out.options = {PolicyIdOption(),
                 PolicyVersionOption(),
                 PolicyFileOption(),
                 TextOption("--roster", "Whose contacts to add.", "", "FILE"),
                 {.name = "--format",
                  .kind = ValueKind::kChoice,
                  .help = "How it is written.",
                  .choices = {"text", "markdown", "html"},
                  .fallback = "text"}};
  out.examples = {{"escalonctl policy explain", "The one in force."},
                  {"escalonctl policy explain --file policy.yaml --roster roster.yaml --format html > criteria.html",
                   "For the wall."}};
  out.run = ExplainPolicy;
  return out;
}

}  // namespace escalon::escalonctl
