#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "common/rehearsal/rehearsal.h"
#include "common/rehearsal/stand_ins.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/rules/document_answers.h"
#include "services/escalonctl/rules/policy_source.h"
#include "services/escalonctl/rules/rule_sections.h"

namespace escalon::escalonctl {
namespace {

using rehearsal::Miss;
using rehearsal::Outcome;

Json AsJson(const Outcome& outcome, bool timeline) {
  Json misses = Json::array();
  for (const Miss& miss : outcome.misses) {
    misses.push_back(
        {{"field", miss.place}, {"line", miss.line}, {"expected", miss.expected}, {"happened", miss.happened}});
  }
  Json json{{"name", outcome.name},
            {"field", outcome.place},
            {"line", outcome.line},
            {"passed", outcome.passed()},
            {"misses", misses}};
  if (!timeline) return json;
  json["timeline"] = Json::array();
  for (const simulation::Happening& h : outcome.happened) {
    json["timeline"].push_back({{"at", FormatInstant(h.at)}, {"what", Describe(h)}});
  }
  return json;
}

void Tell(Session& session, const std::string& file, const Outcome& outcome, bool timeline) {
  std::ostream& out = session.printer().out();
  out << (outcome.passed() ? "  ok    " : "  FAIL  ") << Printable(outcome.name) << '\n';
  for (const Miss& miss : outcome.misses) {
    out << "        " << file << ":" << miss.line << ": " << miss.place << '\n'
        << "          expected  " << Printable(miss.expected) << '\n'
        << "          happened  " << Printable(miss.happened) << '\n';
  }
  if (!timeline) return;
  for (const simulation::Happening& h : outcome.happened) {
    out << "        " << FormatInstant(h.at) << "  +" << FormatDuration(h.at - outcome.opened_at) << "  "
        << Printable(Describe(h)) << '\n';
  }
}

ExitCode Test(Session& session, const Arguments& arguments) {
  const Result<PolicyText> text = PolicyOfFile(session, "FILE", arguments.Text("FILE"));
  if (!text) {
    session.Fail(text.error());
    return ExitCode::kUsage;
  }
  const Result<PolicyDocument> document = ParsePolicyDocument(text->yaml, "local", 1);
  if (!document) return FailDocument(session, document.error(), text->name);
  std::vector<PolicyTest> tests;
  const std::string only = arguments.Text("only");
  for (const PolicyTest& test : document->tests) {
    if (test.name.find(only) != std::string::npos) tests.push_back(test);
  }
  const auto roster = arguments.Has("roster") ? RosterOfFile(session, arguments.Text("roster"))
                                              : rehearsal::StandIns(document->policy, tests);
  if (!roster) return FailDocument(session, roster.error(), arguments.Text("roster", "the stand-ins"));
  const bool timeline = arguments.Has("timeline");
  const std::vector<Outcome> outcomes = rehearsal::Rehearse(document->policy, **roster, tests);
  int64_t failed = 0;
  Json json = Json::array();
  for (const Outcome& outcome : outcomes) {
    if (!outcome.passed()) ++failed;
    if (session.printer().json()) {
      json.push_back(AsJson(outcome, timeline));
    } else {
      Tell(session, text->name, outcome, timeline);
    }
  }
  if (session.printer().json()) {
    session.printer().Value({{"tests", json}, {"failed", failed}});
  } else if (outcomes.empty()) {
    session.printer().Text(text->name + (document->tests.empty() ? " has no tests; add some under `tests:`."
                                                                 : ": no test has that in its name."));
  } else {
    session.printer().Text(text->name + ": " + std::to_string(outcomes.size()) + " tests, " +
                           (failed == 0 ? std::string("all pass.") : std::to_string(failed) + " failed."));
  }
  return failed == 0 ? ExitCode::kOk : ExitCode::kFindings;
}

}  // namespace

CommandSpec PolicyTestCommand() {
  CommandSpec out;
  out.path = "policy test";
  out.summary = "Tries a policy on its own examples.";
  out.details =
      "Each of its `tests:` is played in virtual time by the same decider that the services run. Without --roster "
      "somebody is always there for everyone whom the policy names. No service is needed. Exit status 5 when a test "
      "fails, or the policy must not be applied.";
  out.reach = kNothing;
  out.options = {FileArgument(),
                 TextOption("--roster", "The people; else stand-ins who are always there.", "", "FILE"),
                 TextOption("--only", "Only tests with this in their name.", "", "TEXT"),
                 {.name = "--timeline", .kind = ValueKind::kFlag, .help = "Say everything that happened."}};
  out.examples = {{"escalonctl policy test policy.yaml", "In a build that has no cluster."},
                  {"escalonctl policy test policy.yaml --roster roster.yaml --only P1 --timeline",
                   "Who is told of a P1, and when."}};
  out.run = Test;
  return out;
}

}  // namespace escalon::escalonctl
