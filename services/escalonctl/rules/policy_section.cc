#include <nlohmann/json.hpp>
#include <ostream>

#include "common/documents/expansion.h"
#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/domain/civil.h"
#include "common/domain/condition.h"
#include "common/domain/policy_roster.h"
#include "common/domain/roster.h"
#include "services/escalonctl/rules/document_answers.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

constexpr char kService[] = "PolicyService";

/// People want to look at a policy again from time to time; a month ahead they are told.
std::vector<FieldViolation> ReviewDue(const PolicyDocument& document, InstantMs now) {
  constexpr int kDaysAhead = 30;
  if (!document.review_by) return {};
  const LocalDate today = LocalDate(1970, 1, 1) + now / kDayMs;
  if (*document.review_by - today > kDaysAhead) return {};
  const std::string date = FormatLocalDate(*document.review_by);
  return {{"review_by", *document.review_by < today ? "was due on " + date + "; review the policy and set a new date"
                                                    : "is due on " + date + "; review the policy before"}};
}

/// Without any service: the rules that the services judge by are linked in here.
ExitCode ValidateLocally(Session& session, const Arguments& arguments) {
  const std::string file = arguments.Text("FILE");
  const Result<std::string> text = ReadInput(session, "FILE", file, kMostDocumentBytes);
  if (!text) {
    session.Fail(text.error());
    return ExitCode::kUsage;
  }
  const Result<PolicyDocument> policy = ParsePolicyDocument(*text, "local", 1);
  Json findings = policy ? FindingsOf(ReviewDue(*policy, session.clock().WallMs()), true)
                         : FindingsOf(policy.error().fields, false);
  if (!policy && findings.empty()) findings = FindingsOf({{"", policy.error().message}}, false);
  if (policy && arguments.Has("roster")) {
    const Result<std::string> roster_text =
        ReadInput(session, "--roster", arguments.Text("roster"), kMostDocumentBytes);
    if (!roster_text) {
      session.Fail(roster_text.error());
      return ExitCode::kUsage;
    }
    Result<RosterDocument> document = ParseRoster(*roster_text);
    if (!document) return session.Fail(document.error());
    const auto roster = Roster::Build(std::move(*document));
    if (!roster) return session.Fail(roster.error());
    for (Json& finding : FindingsOf(FindingsAgainst(policy->policy, **roster), false)) {
      findings.push_back(std::move(finding));
    }
  }
  return TellFindings(session, {{"findings", findings}}, file);
}

CommandSpec ApplyCommand() {
  std::vector<Option> options = ApplyOptions();
  CommandSpec out;
  out.path = "policy apply";
  out.summary = "Validates a policy whole and puts it in force.";
  out.details =
      "A bad one leaves the old one in force, and every fault is named. Open cases stay on the version they were "
      "opened under.";
  out.options = options;
  out.examples = {{"escalonctl policy apply policy.yaml --dry-run", "What would change."},
                  {"escalonctl policy apply policy.yaml --comment \"P1 pages the lead\" --expected-version 7",
                   "Refused if somebody was faster."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    return ApplyDocument(session, arguments, options, kService, "policy");
  };
  return out;
}

CommandSpec ValidateCommand() {
  CommandSpec out;
  out.path = "policy validate";
  out.summary = "All that is wrong with a policy; nothing is applied.";
  out.details =
      "At intake it is also compared with what is in force. --local needs no service. Exit status 5 when it must not "
      "be applied.";
  out.options = {FileArgument(),
                 {.name = "--local", .kind = ValueKind::kFlag, .help = "Here, without a service."},
                 TextOption("--roster", "With --local: a roster that must know whom the policy names.", "", "FILE")};
  out.examples = {
      {"escalonctl policy validate policy.yaml --local --roster roster.yaml", "In a build that has no cluster."}};
  out.run = [](Session& session, const Arguments& arguments) {
    return arguments.Has("local") ? ValidateLocally(session, arguments)
                                  : ValidateDocument(session, arguments, kService);
  };
  return out;
}

ExitCode ShowExpanded(Session& session, const Arguments& arguments) {
  const Result<PolicyText> text = PolicyAsked(session, arguments);
  if (!text) return session.Fail(text.error());
  const Result<std::string> expanded = ExpandPolicy(text->yaml);
  if (!expanded) return FailDocument(session, expanded.error(), text->name);
  if (session.printer().json()) {
    session.printer().Value({{"policy", text->name}, {"yaml", *expanded}});
  } else {
    session.printer().out() << Printable(*expanded, true);
  }
  return ExitCode::kOk;
}

CommandSpec ShowCommand() {
  std::vector<Option> options{{.name = "ID", .help = "Of the policy; else the one in force.", .field = "id"},
                              {.name = "--version",
                               .kind = ValueKind::kNumber,
                               .help = "Else the one in force.",
                               .field = "version",
                               .least = 1}};
  CommandSpec out;
  out.path = "policy show";
  out.summary = "The text of a policy.";
  out.details =
      "As it was written, with its comments; with --expanded or --file with every short form written out, in the words "
      "of `calc`.";
  out.options = options;
  out.options.push_back({.name = "--expanded", .kind = ValueKind::kFlag, .help = "Short forms written out."});
  out.options.push_back(PolicyFileOption());
  out.examples = {{"escalonctl policy show > policy.yaml", "The one in force."},
                  {"escalonctl policy show --file policy.yaml", "What a short form means."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    if (arguments.Has("expanded") || arguments.Has("file")) return ShowExpanded(session, arguments);
    return ShowDocument(session, RequestFrom(options, arguments), kService, "policy");
  };
  return out;
}

CommandSpec ListCommand() {
  std::vector<Option> options{{.name = "ID", .help = "Only this policy.", .field = "id"}};
  CommandSpec out;
  out.path = "policy list";
  out.summary = "All versions of all policies of the tenant.";
  out.options = options;
  out.examples = {{"escalonctl policy list", "Newest first."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<Json> answer = session.Call("PolicyService/List", RequestFrom(options, arguments));
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    session.printer().Table(answer->value("policies", Json::array()), {{"POLICY", "/id"},
                                                                       {"VERSION", "/version", Format::kNumber},
                                                                       {"IN FORCE", "/active", Format::kMark},
                                                                       {"APPLIED", "/applied_at_ms", Format::kMillis},
                                                                       {"BY", "/applied_by"},
                                                                       {"COMMENT", "/comment"}});
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec FieldsCommand() {
  CommandSpec out;
  out.path = "policy fields";
  out.summary = "What the conditions of a policy can look at.";
  out.reach = kNothing;
  out.examples = {{"escalonctl policy fields", "Names and what they can be."}};
  out.run = [](Session& session, const Arguments&) {
    const std::vector<std::string> fields = ConditionFields();
    if (session.printer().json()) {
      session.printer().Value({{"fields", fields}});
    } else {
      for (const std::string& field : fields) session.printer().Text(field);
    }
    return ExitCode::kOk;
  };
  return out;
}

}  // namespace

CommandSection RuleSection() {
  CommandSection out{.title = "Rules and people"};
  out.groups = {{"policy", "The rules that people write."}, {"roster", "People, teams and rotas."}};
  out.commands = {PolicyInitCommand(),    ValidateCommand(),      PolicyTestCommand(), PolicyDiffCommand(),
                  ApplyCommand(),         ShowCommand(),          ListCommand(),       PolicyHistoryCommand(),
                  PolicyMigrateCommand(), PolicyExplainCommand(), FieldsCommand()};
  for (CommandSpec& command : RosterCommands()) out.commands.push_back(std::move(command));
  return out;
}

}  // namespace escalon::escalonctl
