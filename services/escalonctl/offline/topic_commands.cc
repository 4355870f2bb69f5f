#include "services/escalonctl/offline/topic_commands.h"

#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "common/log/manifest.h"
#include "common/log/topics.h"
#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {
namespace {

constexpr int kFeatureLevel = 1;
constexpr int kDefaultShards = 8;

DurationMs DurationOr(const Arguments& arguments, std::string_view key, DurationMs fallback) {
  if (!arguments.Has(key)) return fallback;
  return ParseDuration(arguments.Text(key)).value();  // judged by the parser
}

/// As asked for, with the brokers that there are. `shards` 0: those of the manifest, when there is one.
Result<log::TopicPlan> PlanOf(const Session& session, const Arguments& arguments) {
  const Settings& settings = session.settings();
  const Result<int> brokers = log::CountBrokers(settings.Kafka(), session.timeout_ms());
  if (!brokers) return brokers.error();
  log::TopicPlan plan;
  plan.prefix = settings.prefix;
  plan.generation = settings.generation;
  plan.brokers = *brokers;
  plan.base_period = DurationOr(arguments, "base-period", kDayMs);
  plan.case_retention = DurationOr(arguments, "case-retention", -1);
  plan.shards = static_cast<int>(arguments.Number("shards", 0));
  if (plan.shards == 0) {
    plan.shards = kDefaultShards;
    const log::TopicNames names(plan.prefix, plan.generation);
    const Result<log::Manifest> manifest = log::ReadManifest(settings.Kafka(), names.cluster, session.timeout_ms());
    if (manifest && manifest->generation == plan.generation) plan.shards = manifest->shards;
  }
  return plan;
}

Result<Json> Create(const Session& session, const log::TopicPlan& plan) {
  const Result<std::vector<log::TopicSpec>> topics = log::TopicCatalogue(plan);
  if (!topics) return topics.error();
  const auto outcomes = log::CreateTopics(session.settings().Kafka(), *topics, session.timeout_ms());
  if (!outcomes) return outcomes.error();
  Json rows = Json::array();
  for (size_t i = 0; i < outcomes->size(); ++i) {
    const log::TopicOutcome& outcome = (*outcomes)[i];
    rows.push_back({{"topic", outcome.name}, {"partitions", (*topics)[i].partitions}, {"created", outcome.created}});
  }
  return rows;
}

void PrintTopics(Printer& printer, Json rows) {
  for (Json& row : rows) row["outcome"] = row["created"].get<bool>() ? "created" : "was there";
  printer.Table(rows, {{"TOPIC", "/topic"}, {"PARTITIONS", "/partitions", Format::kNumber}, {"", "/outcome"}});
}

ExitCode CreateCommand(Session& session, const Arguments& arguments) {
  const Result<log::TopicPlan> plan = PlanOf(session, arguments);
  if (!plan) return session.Fail(plan.error());
  const Result<Json> rows = Create(session, *plan);
  if (!rows) return session.Fail(rows.error());
  if (session.printer().json()) {
    session.printer().Value({{"topics", *rows}});
  } else {
    PrintTopics(session.printer(), *rows);
  }
  return ExitCode::kOk;
}

ExitCode CheckCommand(Session& session, const Arguments& arguments) {
  const Result<log::TopicPlan> plan = PlanOf(session, arguments);
  if (!plan) return session.Fail(plan.error());
  const auto findings = log::CheckTopics(session.settings().Kafka(), *plan, session.timeout_ms());
  if (!findings) return session.Fail(findings.error());
  Json rows = Json::array();
  bool fatal = false;
  for (const log::TopicFinding& finding : *findings) {
    fatal = fatal || finding.fatal;
    rows.push_back({{"topic", finding.topic},
                    {"setting", finding.setting},
                    {"actual", finding.actual},
                    {"wanted", finding.wanted},
                    {"remedy", finding.remedy},
                    {"weight", finding.fatal ? "error" : "advice"}});
  }
  Printer& printer = session.printer();
  if (printer.json()) {
    printer.Value({{"shards", plan->shards}, {"brokers", plan->brokers}, {"findings", rows}});
  } else if (rows.empty()) {
    printer.Text("All topics are set as the protocol needs.");
  } else {
    printer.Table(rows, {{"", "/weight"},
                         {"TOPIC", "/topic"},
                         {"SETTING", "/setting"},
                         {"IS", "/actual"},
                         {"MUST BE", "/wanted"},
                         {"REMEDY", "/remedy"}});
  }
  return fatal ? ExitCode::kFindings : ExitCode::kOk;
}

ExitCode ListCommand(Session& session, const Arguments& arguments) {
  const Result<log::TopicPlan> plan = PlanOf(session, arguments);
  if (!plan) return session.Fail(plan.error());
  const Result<std::vector<log::TopicSpec>> topics = log::TopicCatalogue(*plan);
  if (!topics) return session.Fail(topics.error());
  const auto findings = log::CheckTopics(session.settings().Kafka(), *plan, session.timeout_ms());
  if (!findings) return session.Fail(findings.error());
  std::set<std::string> missing, wrong;
  for (const log::TopicFinding& finding : *findings) {
    (finding.setting == "topic" ? missing : wrong).insert(finding.topic);
  }
  Json rows = Json::array();
  for (const log::TopicSpec& topic : *topics) {
    const char* state = missing.contains(topic.name) ? "missing"
                        : wrong.contains(topic.name) ? "has findings"
                                                     : "as planned";
    rows.push_back({{"topic", topic.name},
                    {"partitions", topic.partitions},
                    {"replication", topic.replication},
                    {"settings", topic.settings},
                    {"cleanup", topic.settings.at("cleanup.policy")},
                    {"state", state}});
  }
  if (session.printer().json()) {
    session.printer().Value({{"topics", rows}});
  } else {
    session.printer().Table(rows, {{"TOPIC", "/topic"},
                                   {"PARTITIONS", "/partitions", Format::kNumber},
                                   {"REPLICAS", "/replication", Format::kNumber},
                                   {"CLEANUP", "/cleanup"},
                                   {"STATE", "/state"}});
  }
  return ExitCode::kOk;
}

void PrintManifest(Printer& printer, const log::Manifest& manifest) {
  const Json json = Json::parse(log::EncodeManifest(manifest), nullptr, false);
  if (printer.json()) return printer.Value(json);
  printer.Fields(json, {{"cell", "/cell"},
                        {"shards", "/shards"},
                        {"generation", "/generation"},
                        {"case topic", "/case_topic"},
                        {"feature level", "/feature_level"},
                        {"development", "/dev", Format::kMark}});
}

ExitCode InitCommand(Session& session, const Arguments& arguments) {
  const Result<log::TopicPlan> plan = PlanOf(session, arguments);
  if (!plan) return session.Fail(plan.error());
  const Result<Json> topics = Create(session, *plan);
  if (!topics) return session.Fail(topics.error());
  const log::TopicNames names(plan->prefix, plan->generation);
  log::Manifest mine;
  mine.cell = static_cast<int>(arguments.Number("cell", 0));
  mine.shards = plan->shards;
  mine.generation = plan->generation;
  mine.case_topic = names.cases;
  mine.feature_level = kFeatureLevel;
  mine.dev = arguments.Has("dev");
  const Result<log::Manifest> counts =
      log::WriteManifestOnce(session.settings().Kafka(), names.cluster, mine, session.timeout_ms());
  if (!counts) return session.Fail(counts.error());
  if (const Status same = log::CompareManifest(*counts, mine); !same) {
    Error error = same.error();
    for (FieldViolation& field : error.fields) {
      constexpr std::string_view kTheirs = "this service is configured for";
      if (const size_t at = field.message.find(kTheirs); at != std::string::npos)
        field.message.replace(at, kTheirs.size(), "asked for is");
    }
    error.message =
        "this cluster has a manifest already, and it says otherwise; `escalonctl cluster show` prints it, it cannot be "
        "changed: make another cluster with another --prefix, or leave these options out";
    return session.Fail(error);
  }
  PrintManifest(session.printer(), *counts);
  return ExitCode::kOk;
}

ExitCode ShowCommand(Session& session, const Arguments&) {
  const Settings& settings = session.settings();
  const log::TopicNames names(settings.prefix, settings.generation);
  const Result<log::Manifest> manifest = log::ReadManifest(settings.Kafka(), names.cluster, session.timeout_ms());
  if (!manifest) return session.Fail(manifest.error());
  PrintManifest(session.printer(), *manifest);
  return ExitCode::kOk;
}

std::vector<Option> PlanOptions() {
  return {{.name = "--shards",
           .kind = ValueKind::kNumber,
           .help = "Partitions of the case topic: a power of two, fixed for its life; 8 on one box, 64 else.",
           .least = 1,
           .most = 4096,
           .fallback = "those of the manifest, else 8"},
          {.name = "--base-period",
           .kind = ValueKind::kDuration,
           .help = "How often an owner writes a base.",
           .fallback = "24h"},
          {.name = "--case-retention",
           .kind = ValueKind::kDuration,
           .help = "Of the case topic, at least three base periods.",
           .fallback = "for ever"}};
}

}  // namespace

CommandSection TopicSection() {
  CommandSection out{.title = "Cluster (directly on Kafka)"};
  out.groups = {{"topics", "The topics of a cluster."},
                {"cluster", "The manifest that all services of a cluster agree on."}};
  std::vector<Option> init = PlanOptions();
  init.push_back({.name = "--cell",
                  .kind = ValueKind::kNumber,
                  .help = "Number of the cell; part of every case id.",
                  .least = 0,
                  .most = 255,
                  .fallback = "0"});
  init.push_back({.name = "--dev",
                  .kind = ValueKind::kFlag,
                  .help = "A development cluster: its clock may run faster than real time."});
  out.commands.push_back(
      {.path = "cluster init",
       .summary = "Creates the topics that are missing and writes the manifest.",
       .details = "The first step of every cluster: one command, safe to repeat. The manifest is written once; a "
                  "repeat with other "
                  "values is refused.",
       .options = std::move(init),
       .examples = {{"escalonctl cluster init --kafka kafka:9092 --shards 8", "On one box."},
                    {"escalonctl cluster init --kafka 127.0.0.1:9092 --dev", "A cluster to try things on."}},
       .reach = kKafka,
       .run = InitCommand});
  out.commands.push_back({.path = "cluster show",
                          .summary = "Prints the manifest.",
                          .examples = {{"escalonctl cluster show --output json", "For scripts."}},
                          .reach = kKafka,
                          .run = ShowCommand});
  out.commands.push_back(
      {.path = "topics create",
       .summary = "Creates the topics that are missing, without a manifest.",
       .details = "Services also need the manifest, which `escalonctl cluster init` writes together with the topics.",
       .options = PlanOptions(),
       .examples = {{"escalonctl topics create --kafka kafka:9092 --shards 64", "Before `cluster init`."}},
       .reach = kKafka,
       .run = CreateCommand});
  out.commands.push_back(
      {.path = "topics check",
       .summary = "Compares the topics' settings with what the protocol needs.",
       .details = "Exit status 5 when a service would refuse to start; advice alone is exit status 0.",
       .options = PlanOptions(),
       .examples = {{"escalonctl topics check --kafka kafka:9092", "After somebody touched the brokers."}},
       .reach = kKafka,
       .run = CheckCommand});
  out.commands.push_back(
      {.path = "topics list",
       .summary = "The topics of the plan and how they stand.",
       .options = PlanOptions(),
       .examples = {{"escalonctl topics list --prefix test1.", "Of a cluster that shares its brokers."}},
       .reach = kKafka,
       .run = ListCommand});
  return out;
}

}  // namespace escalon::escalonctl
