#include "tests/load/commands.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "common/core/instant.h"
#include "tests/load/bench.h"
#include "tests/load/live.h"
#include "tests/load/prepare.h"
#include "tests/load/replay.h"

namespace escalon::load {
namespace {

constexpr int kUsage = 2;

int Told(const Error& error) {
  std::fprintf(stderr, "escalon-load: %s\n", error.message.c_str());
  return kUsage;
}
int Told(const Status& status) { return status.ok() ? 0 : Told(status.error()); }

DurationMs DurationOf(const std::string& text, const char* option) {
  if (text.empty()) return 0;
  const Result<DurationMs> parsed = ParseDuration(text);
  if (!parsed.ok()) throw CLI::ValidationError(option, parsed.error().message);
  return *parsed;
}

/// A place as the command line gives it.
struct PlaceOptions {
  ClusterPlace place;
  std::vector<std::string> metrics;

  ClusterPlace Get() const {
    ClusterPlace out = place;
    for (const std::string& item : metrics) {
      const size_t equals = item.find('=');
      if (equals == std::string::npos) throw CLI::ValidationError("--metrics", "'" + item + "' must be service=URL");
      out.metrics[item.substr(0, equals)] = item.substr(equals + 1);
    }
    return out;
  }
};

void AddPlace(CLI::App* app, PlaceOptions* options) {
  app->add_option("--dir", options->place.dir, "Private folder with tokens and roster.yaml (escalon-load prepare)")
      ->required();
  app->add_option("--intake", options->place.intake, "intake's gRPC, host:port")->required();
  app->add_option("--http", options->place.http, "intake's HTTP, http://host:port");
  app->add_option("--brokers", options->place.brokers, "Kafka, host:port,...")->required();
  app->add_option("--prefix", options->place.prefix, "Before the names of topics");
  app->add_option("--metrics", options->metrics, "service=URL of its /metrics; once for each service");
  app->add_option("--dev-clock", options->place.dev_clock,
                  "EPOCH,FACTOR,REALSTART, as the services have it; empty: the machine's clock");
}

void AddPlanCommand(CLI::App* app, int* exit_code) {
  struct Options {
    std::string log, roster;
    double seconds = 180;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app->add_subcommand("replay-plan", "Prints first instant, factor, cases and rows of an event log");
  command->add_option("--log", options->log, "CSV, one row a change")->required();
  command->add_option("--seconds", options->seconds, "How long the replay shall take")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--roster", options->roster, "File for the roster of the log's people");
  command->callback([options, exit_code] {
    const Result<ReplayPlan> plan = PlanReplay(options->log, options->seconds, options->roster);
    if (!plan.ok()) {
      *exit_code = Told(plan.error());
      return;
    }
    std::printf("%s %.0f %zu %zu\n", FormatInstant(plan->first).c_str(), plan->factor, plan->cases, plan->rows);
  });
}

}  // namespace

void AddPrepareCommand(CLI::App* app, int* exit_code) {
  const auto options = std::make_shared<PrepareOptions>();
  CLI::App* command = app->add_subcommand("prepare", "Writes secrets and the roster of a private installation");
  command->add_option("--dir", options->dir, "Folder; has to exist")->required();
  command->add_option("--tenant", options->tenant, "Whose keys these are")->required();
  command->add_option("--roster", options->roster, "Roster to start from")->required();
  command->add_option("--sink", options->sink, "Where its webhooks go, http://host:port/")->required();
  command->add_flag("--uncapped", options->uncapped, "Without the people's caps of open cases");
  command->callback([options, exit_code] { *exit_code = Told(Prepare(*options)); });
}

void AddLiveCommand(CLI::App* app, int* exit_code) {
  struct Options {
    LiveOptions live;
    PlaceOptions place;
    std::string run_for, late_bound = "1s";
  };
  const auto options = std::make_shared<Options>();
  LiveOptions& live = options->live;
  CLI::App* command = app->add_subcommand("live", "Feeds cases, plays the people, shows a screen, checks at the end");
  AddPlace(command, &options->place);
  command->add_option("--rate", live.rate, "Submissions a second")->check(CLI::PositiveNumber)->capture_default_str();
  command->add_option("--batch", live.batch, "Submissions a call")->check(CLI::Range(1, 1000))->capture_default_str();
  command->add_option("--seed", live.seed, "The same seed gives the same cases")->capture_default_str();
  command->add_option("--for", options->run_for, "End by itself after so long, such as 60s; else at a signal");
  command->add_option("--sink-port", live.sink_port, "Where webhooks come in; 0: any");
  command->add_option("--mail-port", live.mail_port, "Where mail comes in; 0: any");
  command->add_option("--click-share", live.click_share, "Of pages, that are acknowledged by their link")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--unanswered", live.unanswered, "Of cases, that nobody answers for long")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--patience", live.patience, "Of the people: 2 takes them twice as long")
      ->check(CLI::PositiveNumber);
  command->add_option("--late-bound", options->late_bound, "A clock that is handled later is a fault")
      ->capture_default_str();
  command->add_flag("!--no-feed", live.feed, "Only show what others do");
  command->add_option("--try", live.to_try, "Lines below the screen");
  command->add_option("--json", live.json_file, "File for the summary as JSON");
  command->callback([options, exit_code] {
    options->live.place = options->place.Get();
    options->live.run_for_ms = DurationOf(options->run_for, "--for");
    options->live.late_bound_ms = DurationOf(options->late_bound, "--late-bound");
    *exit_code = RunLive(options->live);
  });
}

void AddCheckCommand(CLI::App* app, int* exit_code) {
  struct Options {
    PlaceOptions place;
    std::string history, late_bound = "1s";
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app->add_subcommand("check", "Compares a saved history with the cluster's log");
  AddPlace(command, &options->place);
  command->add_option("--history", options->history, "history.tsv of a run")->required();
  command->add_option("--late-bound", options->late_bound, "A clock that is handled later is a fault")
      ->capture_default_str();
  command->callback([options, exit_code] {
    *exit_code = RunCheck(options->history, options->place.Get(), DurationOf(options->late_bound, "--late-bound"));
  });
}

void AddReplayCommands(CLI::App* app, int* exit_code) {
  AddPlanCommand(app, exit_code);
  struct Options {
    ReplayOptions replay;
    PlaceOptions place;
    std::string late_bound = "10s";
  };
  const auto options = std::make_shared<Options>();
  ReplayOptions& replay = options->replay;
  CLI::App* command =
      app->add_subcommand("replay", "Replays an ITSM's event log through the cluster's development clock");
  AddPlace(command, &options->place);
  command->add_option("--log", replay.log_file, "CSV, one row a change")->required();
  command->add_option("--late-bound", options->late_bound, "A clock that is handled later is a fault")
      ->capture_default_str();
  command->add_option("--most-in-flight", replay.most_in_flight, "Cases under way at once")->capture_default_str();
  command->add_option("--try", replay.to_try, "Lines below the screen");
  command->add_option("--json", replay.json_file, "File for the summary as JSON");
  command->callback([options, exit_code] {
    options->replay.place = options->place.Get();
    options->replay.late_bound_ms = DurationOf(options->late_bound, "--late-bound");
    *exit_code = RunReplay(options->replay);
  });
}

void AddBenchCommands(CLI::App* app, int* exit_code) {
  struct Options {
    BenchOptions load;
    ClockBenchOptions clocks;
    QueryBenchOptions queries;
    PlaceOptions load_place, clocks_place, queries_place;
    std::string product, floor;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* load =
      app->add_subcommand("bench", "Measures accept, assign and notify at a rate or at most; prints a line of JSON");
  AddPlace(load, &options->load_place);
  load->add_option("--name", options->load.name, "Of the line")->capture_default_str();
  load->add_option("--rate", options->load.rate, "Cases a second; 0: as many as every stage sustains")
      ->capture_default_str();
  load->add_option("--window", options->load.window, "Without a rate: cases under way at once")->capture_default_str();
  load->add_option("--many", options->load.many, "Cases a call")->check(CLI::Range(1, 1000))->capture_default_str();
  load->add_option("--warm", options->load.warm_s, "Seconds before it measures")->capture_default_str();
  load->add_option("--seconds", options->load.measure_s, "Seconds that it measures")->capture_default_str();
  load->add_option("--process", options->load.processes, "name=pid of a process whose CPU counts; once for each");
  load->callback([options, exit_code] {
    options->load.place = options->load_place.Get();
    *exit_code = RunThroughputBench(options->load);
  });

  CLI::App* clocks = app->add_subcommand("bench-clocks", "Measures how late clocks are handled; prints a line of JSON");
  AddPlace(clocks, &options->clocks_place);
  clocks->add_option("--name", options->clocks.name, "Of the line")->capture_default_str();
  clocks->add_option("--cases", options->clocks.armed_cases, "Cases with armed clocks")->capture_default_str();
  clocks->add_option("--due", options->clocks.due, "Clocks that come due")->capture_default_str();
  clocks->add_option("--due-rate", options->clocks.due_per_s, "How many of them a second; 0: all at one instant")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  clocks->add_option("--process", options->clocks.processes, "name=pid of a process whose CPU counts; once for each");
  clocks->callback([options, exit_code] {
    options->clocks.place = options->clocks_place.Get();
    *exit_code = RunClockBench(options->clocks);
  });

  CLI::App* queries = app->add_subcommand(
      "bench-queries", "Measures questions while something else loads the cluster; prints a line of JSON");
  AddPlace(queries, &options->queries_place);
  queries->add_option("--rate", options->queries.rate, "Questions a second")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  queries->add_option("--seconds", options->queries.seconds, "How long")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  queries->callback([options, exit_code] {
    options->queries.place = options->queries_place.Get();
    *exit_code = RunQueryBench(options->queries);
  });

  CLI::App* table = app->add_subcommand("bench-table", "Prints a table of saved lines");
  table->add_option("--product", options->product, "Lines of bench, bench-clocks and bench-queries")->required();
  table->add_option("--floor", options->floor, "Lines of the bare floor's harness");
  table->callback([options, exit_code] { *exit_code = PrintBenchTable(options->product, options->floor); });
}

}  // namespace escalon::load
