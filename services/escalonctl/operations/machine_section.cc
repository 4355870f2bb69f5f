#include <nlohmann/json.hpp>
#include <utility>

#include "services/escalonctl/cases/paging.h"
#include "services/escalonctl/cases/request.h"
#include "services/escalonctl/operations/operation_sections.h"

// The wheel of the clocks, and the shards of the case log at their owners.

namespace escalon::escalonctl {
namespace {

CommandSpec ClocksListCommand() {
  std::vector<Option> options{
      TextOption("--clock", "Name of the clock: response, step.functional, ...", "clock", "NAME"),
      {.name = "--before", .kind = ValueKind::kInstant, .help = "Only alarms before this instant."}};
  for (Option& option : PageOptions()) options.push_back(std::move(option));
  CommandSpec out;
  out.path = "clocks list";
  out.summary = "The next alarms, soonest first.";
  out.options = options;
  out.options.insert(out.options.begin(), {.name = "CASE", .help = "Of this case only, by UUID or SOURCE/NUMBER."});
  out.examples = {{"escalonctl clocks list --before +1h", "What fires within an hour."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    Json request = RequestFrom(options, arguments);
    if (arguments.Has("before")) request["before_ms"] = ParseInstant(arguments.Text("before")).value();
    if (arguments.Has("CASE")) {
      const Result<std::string> id = ResolveCase(session, arguments.Text("CASE"));
      if (!id) return session.Fail(id.error());
      request["case_id"] = *id;
    }
    const Result<Json> answer =
        GatherPages(session, "ClockService/ListClocks", std::move(request), arguments, "clocks", arguments.Has("all"));
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    session.printer().Table((*answer)["clocks"], {{"AT", "/at_ms", Format::kMillis},
                                                  {"CLOCK", "/clock"},
                                                  {"GEN", "/generation", Format::kNumber},
                                                  {"CASE", "/case_id"}});
    HintMore(session, *answer);
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec ClocksStatsCommand() {
  CommandSpec out;
  out.path = "clocks stats";
  out.summary = "How full the wheel is, and how late it was.";
  out.examples = {{"escalonctl clocks stats", "Of the instance that intake asks, since its start."}};
  out.run = [](Session& session, const Arguments&) {
    const Result<Json> answer = session.Call("ClockService/Stats", Json::object());
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    session.printer().Fields(*answer, {{"alarms waited for", "/armed"},
                                       {"sent to owners", "/fired"},
                                       {"not due or not wanted any more", "/refused"},
                                       {"next alarm", "/next_at_ms", Format::kMillis},
                                       {"late by ms, median", "/late_p50_ms"},
                                       {"  99th percentile", "/late_p99_ms"},
                                       {"  at most", "/late_max_ms"},
                                       {"the whole live view was read", "/warm", Format::kMark}});
    return ExitCode::kOk;
  };
  return out;
}

Option ShardArgument() {
  return {.name = "SHARD",
          .kind = ValueKind::kNumber,
          .help = "Number of the shard, from 0.",
          .field = "shard",
          .required = true,
          .least = 0,
          .most = 4095};
}

CommandSpec ShardStatusCommand() {
  std::vector<Option> options{{.name = "SHARD",
                               .kind = ValueKind::kNumber,
                               .help = "Only these.",
                               .field = "shards",
                               .repeated = true,
                               .least = 0,
                               .most = 4095}};
  CommandSpec out;
  out.path = "shard status";
  out.summary = "How the shards stand at an instance of routing.";
  out.details = "Exit status 5 when a shard is closed or has cases that could not be folded.";
  out.reach = kRouting;
  out.options = options;
  out.examples = {{"escalonctl shard status --routing routing-0:7003", "All shards as this instance sees them."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<Json> answer = session.CallRouting("KeeperService/ShardStatus", RequestFrom(options, arguments));
    if (!answer) return session.Fail(answer.error());
    Json shards = answer->value("shards", Json::array());
    bool well = true;
    for (Json& shard : shards) {
      if (!shard.contains("shard")) shard["shard"] = 0;
      well =
          well && shard.value("state", "") != "SHARD_STATE_CLOSED" && shard.value("quarantined", Json::array()).empty();
    }
    Printer& printer = session.printer();
    if (printer.json()) {
      printer.Value({{"instance", answer->value("instance", "")}, {"shards", shards}});
    } else {
      printer.Text("instance " + answer->value("instance", ""));
      printer.Table(shards, {{"SHARD", "/shard", Format::kNumber},
                             {"STATE", "/state", Format::kEnum},
                             {"OWNER", "/owner_address"},
                             {"EPOCH", "/counted/epoch", Format::kNumber},
                             {"COUNTED", "/counted/offset", Format::kNumber},
                             {"VIEWED", "/viewed/offset", Format::kNumber},
                             {"PENDING", "/pending_records", Format::kNumber},
                             {"OLDEST MS", "/oldest_pending_ms", Format::kNumber},
                             {"CASES", "/cases", Format::kNumber},
                             {"BASE", "/base_at_ms", Format::kMillis},
                             {"QUARANTINED", "/quarantined", Format::kList},
                             {"REASON", "/reason"}});
    }
    return well ? ExitCode::kOk : ExitCode::kFindings;
  };
  return out;
}

CommandSpec ReconcileCommand() {
  std::vector<Option> options{ShardArgument(),
                              FlagOption("--dry-run", "Say what would be done, do nothing.", "dry_run")};
  CommandSpec out;
  out.path = "shard reconcile";
  out.summary = "Opens a shard whose log is shorter than its live view.";
  out.details =
      "When Kafka has lost acknowledged records, the shard stays closed. This appends what only the live view knows, "
      "marked as "
      "recovered, under a new fence, and opens the shard. Look at what --dry-run says first.";
  out.reach = kRouting;
  out.options = options;
  out.examples = {{"escalonctl shard reconcile 3 --dry-run", "What would be recovered."},
                  {"escalonctl shard reconcile 3 --timeout 5m", "Does it."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<Json> answer = session.CallRouting("KeeperService/Reconcile", RequestFrom(options, arguments));
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    session.printer().Text(answer->value("summary", "") + (arguments.Has("dry-run") ? " (nothing was done)" : ""));
    for (const Json& id : answer->value("cases", Json::array())) session.printer().Text("    " + id.get<std::string>());
    return ExitCode::kOk;
  };
  return out;
}

CommandSpec BaseCommand() {
  std::vector<Option> options{ShardArgument()};
  CommandSpec out;
  out.path = "shard base";
  out.summary = "Writes a base of a shard now: a rebuild starts from there.";
  out.reach = kRouting;
  out.options = options;
  out.examples = {{"escalonctl shard base 3 --timeout 5m", "At the instance that owns it."}};
  out.run = [options](Session& session, const Arguments& arguments) {
    const Result<Json> answer = session.CallRouting("KeeperService/WriteBase", RequestFrom(options, arguments));
    if (!answer) return session.Fail(answer.error());
    if (session.printer().json()) {
      session.printer().Value(*answer);
      return ExitCode::kOk;
    }
    session.printer().Fields(
        *answer,
        {{"floor", "/floor/offset"}, {"epoch", "/floor/epoch"}, {"cases", "/cases"}, {"pages of keys", "/key_pages"}});
    return ExitCode::kOk;
  };
  return out;
}

}  // namespace

CommandSection MachineSection() {
  CommandSection out{.title = "Clocks and shards"};
  out.groups = {{"clocks", "The wheel of the clocks."},
                {"shard", "The shards of the case log at their owners, asked at routing."}};
  out.commands = {ClocksListCommand(), ClocksStatsCommand(), ShardStatusCommand(), ReconcileCommand(), BaseCommand()};
  return out;
}

}  // namespace escalon::escalonctl
