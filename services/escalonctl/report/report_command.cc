#include "services/escalonctl/report/report_command.h"

#include <array>
#include <map>
#include <ostream>
#include <utility>

#include "common/documents/policy_document.h"
#include "common/kpi/kpi_report.h"
#include "services/escalonctl/offline/case_batches.h"
#include "services/escalonctl/report/kpi_sections.h"
#include "services/escalonctl/report/report_page.h"
#include "services/escalonctl/report/story_book.h"
#include "services/escalonctl/rules/document_answers.h"

namespace escalon::escalonctl {
namespace {

using Group = std::pair<const char*, kpi::GroupBy>;
constexpr auto kGroups = std::to_array<Group>({{"level", kpi::GroupBy::kLevel},
                                               {"team", kpi::GroupBy::kTeam},
                                               {"category", kpi::GroupBy::kCategory},
                                               {"priority", kpi::GroupBy::kPriority},
                                               {"region", kpi::GroupBy::kRegion},
                                               {"kind", kpi::GroupBy::kKind},
                                               {"month", kpi::GroupBy::kMonth}});

kpi::Filter FilterOf(const Arguments& arguments) {
  kpi::Filter filter;
  if (arguments.Has("from")) filter.from = *ParseInstant(arguments.Text("from"));
  if (arguments.Has("to")) filter.to = *ParseInstant(arguments.Text("to"));
  filter.level = arguments.Text("level");
  filter.team = arguments.Text("team");
  filter.category = arguments.Text("category");
  filter.priority = arguments.Text("priority");
  filter.region = arguments.Text("region");
  filter.kind = arguments.Text("kind");
  return filter;
}

ReportSection Groups(const std::vector<const kpi::CaseStory*>& stories, const std::string& by, const kpi::Rules& rules,
                     InstantMs until) {
  kpi::GroupBy group = kpi::GroupBy::kNone;
  for (const auto& [name, known] : kGroups) {
    if (by == name) group = known;
  }
  std::map<std::string, std::vector<const kpi::CaseStory*>> parts;
  for (const kpi::CaseStory* story : stories) parts[kpi::GroupOf(*story, group)].push_back(story);
  std::vector<NamedReport> reports;
  for (const auto& [name, part] : parts)
    reports.push_back({name.empty() ? "(none)" : name, kpi::Compute(part, rules, until)});
  return GroupSection(by, reports);
}

ExitCode Report(Session& session, const Arguments& arguments) {
  const auto misuse = [&session](const Error& error) {
    session.Fail(error);
    return ExitCode::kUsage;
  };
  Policy policy;
  kpi::Rules rules;
  if (arguments.Has("policy")) {
    const Result<std::string> text = ReadInput(session, "--policy", arguments.Text("policy"), kMostDocumentBytes);
    if (!text.ok()) return misuse(text.error());
    Result<Policy> read = ParsePolicy(*text, "report", 1);
    if (!read.ok()) return misuse(read.error());
    policy = std::move(*read);
    rules.policy = &policy;
    if (!policy.levels.empty()) rules.first_level = policy.levels.front().id;
  }
  rules.first_level = arguments.Text("first-level", rules.first_level);
  StoryBook book;
  const Status read =
      EachVersion(session, arguments.Text("dump"),
                  [&book](const CaseId& id, const std::string& tenant, uint64_t version, const EventBatch* batch) {
                    if (batch != nullptr) {
                      book.Take(id, tenant, version, *batch);
                    } else {
                      book.Leave(id);
                    }
                  });
  if (!read.ok()) return arguments.Has("dump") ? misuse(read.error()) : session.Fail(read.error());
  const kpi::Filter filter = FilterOf(arguments);
  std::vector<const kpi::CaseStory*> stories;
  for (const kpi::CaseStory* story : book.Stories()) {
    if (kpi::Passes(*story, filter)) stories.push_back(story);
  }
  const InstantMs until = std::min(filter.to, std::max(book.last_at(), filter.from));
  ReportPage page;
  page.title = "Key figures";
  page.subtitle = std::to_string(stories.size()) + " cases opened" +
                  (filter.from != 0 ? " from " + FormatInstant(filter.from) : "") + " until " + FormatInstant(until);
  page.sections = KpiSections(kpi::Compute(stories, rules, until));
  if (arguments.Has("by"))
    page.sections.insert(page.sections.begin() + 1, Groups(stories, arguments.Text("by"), rules, until));
  if (book.left_aside() > 0) {
    session.err() << "escalonctl: " << book.left_aside()
                  << " cases are left out: the log does not have them from their opening on, or they cannot be read\n";
  }
  return WriteReport(session, arguments, page);
}

}  // namespace

CommandSpec ReportCommand() {
  CommandSpec out;
  out.path = "report";
  out.summary = "The key figures of a desk, from the case log alone.";
  out.details =
      "Volume and rate of escalations, time per level, share resolved per level, first-level resolution, returns, "
      "re-escalations, promises kept, quality, bottlenecks, communication, approvals, handovers, satisfaction: each "
      "with "
      "how it is counted, by the formulas that the simulator uses, too (docs/simulate.md). It reads Kafka directly, or "
      "a "
      "file of `escalonctl dump`, and needs no running service.\n"
      "A case counts in the period in which it was opened. Its level is the one that resolved it, else where it "
      "stands. "
      "Business time and targets of quality need --policy: calendars are not in the log. Cases that the log does not "
      "have from their opening on are left out, and counted on the error stream.";
  std::vector<std::string> groups;
  for (const auto& [name, by] : kGroups) groups.emplace_back(name);
  out.options = {
      DumpOption(),
      {.name = "--from", .kind = ValueKind::kInstant, .help = "Cases opened from then on.", .fallback = "all"},
      {.name = "--to", .kind = ValueKind::kInstant, .help = "Cases opened before it.", .fallback = "all"},
      {.name = "--level", .help = "Only of this level."},
      {.name = "--team", .help = "Only cases that this team had last."},
      {.name = "--category", .help = "Only of this category."},
      {.name = "--priority",
       .kind = ValueKind::kChoice,
       .help = "Only of this one.",
       .choices = {"P1", "P2", "P3", "P4"}},
      {.name = "--region", .help = "Only of this region."},
      {.name = "--kind", .help = "Only of this kind: incident, request, ..."},
      {.name = "--by",
       .kind = ValueKind::kChoice,
       .help = "The main figures for each of these, too.",
       .choices = groups},
      {.name = "--policy", .help = "For business time and targets of quality.", .value = "FILE"},
      {.name = "--first-level",
       .help = "The level of first-level resolution.",
       .fallback = "the policy's lowest, else L1",
       .value = "LEVEL"}};
  for (Option& option : ReportOptions()) out.options.push_back(std::move(option));
  out.examples = {
      {"escalonctl report --kafka kafka:9092 --from 2030-05-01T00:00:00Z --by team", "A month and on, team by team."},
      {"escalonctl report --policy policy.yaml --format html --into report.html", "With business time, as a page."},
      {"escalonctl report --dump log.jsonl --priority P1", "From what `escalonctl dump` wrote."}};
  out.reach = kKafka;
  out.run = Report;
  return out;
}

}  // namespace escalon::escalonctl
