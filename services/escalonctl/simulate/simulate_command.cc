#include "services/escalonctl/simulate/simulate_command.h"

#include <utility>

#include "services/escalonctl/report/report_page.h"
#include "services/escalonctl/simulate/desk_run.h"
#include "services/escalonctl/simulate/desk_sections.h"
#include "services/escalonctl/simulate/history_input.h"

namespace escalon::escalonctl {
namespace {

constexpr int64_t kUsualCases = 50;

constexpr char kDetails[] =
    "Runs every case of a history through the decider that the services run, in virtual time, under a policy and a "
    "roster: who would have been paged when, at what level, how many at night; which promises would have been kept, "
    "broken, nearly missed; escalations by kind; load of teams; hours with nobody on call. It needs no service and "
    "pages nobody. Two runs give the same, but for the speed (--no-speed leaves it out).\n"
    "What is assumed: people do what the history says that they did, at its instants (acknowledged, reassigned, put on "
    "hold, replied, resolved, reopened, closed), however the policy pages them: a policy that pages earlier does not "
    "make them faster. Who acknowledges is whom the history names, if the roster knows them and they are not absent, "
    "else the first of those told. Triage answers at once, by the policy's rules. Deliveries always succeed. A "
    "history's team or person that the roster does not know is not followed, and counted. Nothing that the history "
    "filled in later (who resolved it, how) is seen by a decision.\n"
    "A history is a file of JSON lines: {\"ref\", \"kind\", \"impact\", \"urgency\", \"opened_at\", \"deeds\": "
    "[{\"at\", \"do\": \"acknowledge\", \"by\"}, ...]}, or CSV: an ITSM's event log with a row a change "
    "(ServiceNow's audit trail as it is, others by --column and --state), or with a row a case (opened_at, "
    "acknowledged_at, resolved_at, closed_at). The UCI incident log (DOI 10.24432/C57S4H) needs no options.\n"
    "Without --roster one is made from the history: a team for each group with all who ever worked in it, one of whom "
    "takes its pages, around the clock and in UTC; its night hours say nothing.\n"
    "Where the history knows whether a promise was kept (column made_sla, or `kept`), the policy's own promise is "
    "compared with it.";

ExitCode Simulate(Session& session, const Arguments& arguments) {
  const auto misuse = [&session](const Error& error) {
    session.Fail(error);
    return ExitCode::kUsage;
  };
  const Result<HistoryInput> input = ReadHistory(session, arguments);
  if (!input.ok()) return misuse(input.error());
  if (input->cases.empty()) return misuse(InvalidField("HISTORY", "holds no case"));
  InstantMs until = kNever;
  if (arguments.Has("until")) until = *ParseInstant(arguments.Text("until"));
  const std::string roster = arguments.Text("roster");
  Result<DeskRules> rules = ReadRules(session, arguments.Text("policy"), roster, input->cases);
  if (!rules.ok()) return misuse(rules.error());
  const std::string promise = arguments.Text("promise");
  const DeskResult result = RunDesk(session, *rules, input->cases, until, promise);
  ReportPage page;
  page.title = "Simulation of " + rules->policy.id;
  page.subtitle = std::to_string(input->cases.size()) + " cases of " + arguments.Text("HISTORY");
  if (arguments.Has("compare")) {
    Result<DeskRules> other = ReadRules(session, arguments.Text("compare"), roster, input->cases);
    if (!other.ok()) return misuse(other.error());
    const DeskResult compared = RunDesk(session, *other, input->cases, until, promise);
    page.title = "Simulation of " + rules->policy.id + " (A) beside " + other->policy.id + " (B)";
    page.sections =
        ComparisonSections(result, compared, input->cases, static_cast<size_t>(arguments.Number("cases", kUsualCases)));
  } else {
    page.sections = DeskSections(*rules, result, input->cases);
  }
  if (!arguments.Has("no-speed")) page.sections.push_back(SpeedSection(*input, result));
  return WriteReport(session, arguments, page);
}

}  // namespace

CommandSpec SimulateCommand() {
  CommandSpec out;
  out.path = "simulate";
  out.summary = "What a policy would have done with a history of cases.";
  out.details = kDetails;
  out.options = HistoryOptions();
  const std::vector<Option> own = {
      {.name = "--policy", .help = "The policy that is tried.", .required = true, .value = "FILE"},
      {.name = "--roster", .help = "The people.", .fallback = "made from the history", .value = "FILE"},
      {.name = "--compare", .help = "Another policy: both side by side, with the cases that differ.", .value = "FILE"},
      {.name = "--cases",
       .kind = ValueKind::kNumber,
       .help = "With --compare: so many of the cases that differ.",
       .least = 0,
       .fallback = std::to_string(kUsualCases)},
      {.name = "--until",
       .kind = ValueKind::kInstant,
       .help = "Where the simulation ends.",
       .fallback = "the history's last instant"},
      {.name = "--promise",
       .help = "The clock that is compared with the history's word.",
       .fallback = "closing, else resolution",
       .value = "CLOCK"},
      {.name = "--no-speed",
       .kind = ValueKind::kFlag,
       .help = "Leave the speed out: two runs then give the same bytes."}};
  out.options.insert(out.options.end(), own.begin(), own.end());
  for (Option& option : ReportOptions()) out.options.push_back(std::move(option));
  out.examples = {
      {"escalonctl simulate history.jsonl --policy policy.yaml --roster roster.yaml", "The report on the screen."},
      {"escalonctl simulate uci_incident_event_log.csv.xz --policy deploy/policies/uci-replay.yaml --format html "
       "--into "
       "report.html",
       "24,918 incidents of a real desk, as a page."},
      {"escalonctl simulate history.jsonl --policy new.yaml --compare old.yaml --roster roster.yaml",
       "What the new one would change."},
      {"escalonctl simulate tickets.csv --policy p.yaml --column number=Key --column state=Status --column "
       "changed_at=Updated --column opened_at=Created --state \"In Review=active\" --zone Europe/Berlin",
       "Another tool's export."},
      {"escalonctl simulate history.jsonl --policy p.yaml --format csv --table pages", "Every page as a line."}};
  out.reach = kNothing;
  out.run = Simulate;
  return out;
}

}  // namespace escalon::escalonctl
