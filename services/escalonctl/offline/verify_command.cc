#include "services/escalonctl/offline/verify_command.h"

#include <nlohmann/json.hpp>
#include <numeric>
#include <ostream>

#include "common/domain/vocabulary.h"
#include "services/escalonctl/cli/session.h"
#include "services/escalonctl/offline/log_place.h"
#include "services/escalonctl/offline/view_loader.h"
#include "services/escalonctl/verify/log_verifier.h"

namespace escalon::escalonctl {
namespace {

constexpr DurationMs kMissedAfterMs = 10 * kMinuteMs;

/// Where the reading of a shard starts. The log of a shard whose head retention took begins at its last base.
Result<VerifyOptions> StartOf(LogPlace& place, int shard, const log::Watermarks& ends) {
  VerifyOptions options{.shard = shard, .shards = place.shards(), .from = {}, .from_base = false};
  if (ends.low == 0) return options;
  const Result<Position> base = place.LastBase(shard);
  if (!base) return base.error();
  if (base->offset < ends.low) {
    return Error{ErrorCode::kWrongState, "shard " + std::to_string(shard) + " begins at offset " +
                                             std::to_string(ends.low) + ", behind its last base at " +
                                             std::to_string(base->offset) +
                                             ": nothing can be rebuilt from it; lengthen the topic's retention"};
  }
  options.from = *base;
  options.from_base = true;
  return options;
}

Result<VerifyReport> VerifyShard(LogPlace& place, ViewLoader* view, int shard) {
  Result<log::Watermarks> ends = place.Ends(shard);
  if (!ends) return ends.error();
  std::optional<view::LoadedShard> viewed;
  bool empty_view = false;
  if (view != nullptr) {
    ViewLoader::Loaded loaded = view->Load(shard, ends->high > 0);
    if (!loaded) return loaded.error();
    viewed = std::move(*loaded);
    empty_view = !viewed.has_value();
    ends = place.Ends(shard);  // what the view stands at is then in the log
    if (!ends) return ends.error();
  }
  const Result<VerifyOptions> start = StartOf(place, shard, *ends);
  if (!start) return start.error();
  LogVerifier verifier(*start);
  if (empty_view && ends->high > 0)
    verifier.AddFault(FaultKind::kView, "the live view of the shard is empty or half written");
  if (viewed && viewed->at.offset > ends->high) {
    verifier.AddFault(FaultKind::kView, "the live view stands at offset " + std::to_string(viewed->at.offset) +
                                            ", but the log ends at " + std::to_string(ends->high));
    viewed.reset();
  }
  if (viewed && viewed->at.offset < start->from.offset) {
    verifier.AddFault(FaultKind::kView, "the live view stands at offset " + std::to_string(viewed->at.offset) +
                                            ", which the log does not have any more");
    viewed.reset();
  }
  const auto take = [&](const log::LogEntry& entry) {
    verifier.Take(entry);
    return true;
  };
  int64_t from = start->from.offset;
  if (viewed) {
    if (const Status read = place.Read(shard, from, viewed->at.offset, take); !read) return read.error();
    from = viewed->at.offset;
    if (verifier.complete()) verifier.CompareView(viewed->at, viewed->snapshots);
  }
  if (const Status read = place.Read(shard, from, ends->high, take); !read) return read.error();
  return verifier.Report();
}

Json FaultJson(const Fault& fault) {
  Json out{{"fault", std::string(NameOf(fault.kind))}, {"shard", fault.shard}, {"what", fault.what}};
  if (InvariantOf(fault.kind) != 0) out["invariant"] = InvariantOf(fault.kind);
  if (fault.offset >= 0) out["offset"] = fault.offset;
  if (!fault.case_id.empty()) out["case"] = fault.case_id.ToString();
  if (fault.version != 0) out["version"] = fault.version;
  return out;
}

Json ReportJson(const VerifyReport& report, bool with_view) {
  Json states = Json::object();
  for (size_t i = 1; i < report.state.size(); ++i)
    states[std::string(Name(static_cast<CaseState>(i)))] = report.state[i];
  Json faults = Json::object();
  for (size_t i = 0; i < kFaultKinds; ++i) faults[std::string(NameOf(static_cast<FaultKind>(i)))] = report.faults[i];
  Json first = Json::array();
  for (const Fault& fault : report.first_faults) first.push_back(FaultJson(fault));
  Json out{{"ok", report.ok()},
           {"shards", report.shards},
           {"records", report.records},
           {"counted", report.verdicts.counted},
           {"skipped", report.skipped()},
           {"skipped_by",
            {{"foreign", report.verdicts.foreign},
             {"fence_lost", report.verdicts.fences_lost},
             {"lower", report.verdicts.lower},
             {"void", report.verdicts.voided},
             {"undecodable", report.verdicts.undecodable},
             {"repeated", report.verdicts.repeated}}},
           {"fences", report.verdicts.fences},
           {"bases", report.bases},
           {"versions", report.versions},
           {"events", report.events},
           {"recovered", report.recovered},
           {"cases", report.cases},
           {"cases_by_state", std::move(states)},
           {"retired", report.retired},
           {"left_aside", report.aside},
           {"ownerless", report.ownerless},
           {"escalations", report.escalations},
           {"breaches", report.breaches},
           {"alarms", report.lateness_ms.size()},
           {"lateness_ms",
            {{"p50", report.LatenessAt(0.5)}, {"p99", report.LatenessAt(0.99)}, {"max", report.LatenessAt(1.0)}}},
           {"fault_count", report.fault_count()},
           {"faults", std::move(faults)},
           {"first_faults", std::move(first)}};
  if (report.last_at != 0) out["last_decision_at"] = FormatInstant(report.last_at);
  if (with_view) out["view"] = {{"shards", report.view_shards}, {"cases", report.view_cases}};
  return out;
}

void PrintReport(Printer& printer, const VerifyReport& report, bool with_view) {
  const Json json = ReportJson(report, with_view);
  if (printer.json()) return printer.Value(json);
  printer.Fields(json, {{"shards", "/shards"},
                        {"records", "/records"},
                        {"  that count", "/counted"},
                        {"  skipped", "/skipped"},
                        {"  fences", "/fences"},
                        {"complete bases", "/bases"},
                        {"versions of cases", "/versions"},
                        {"events", "/events"},
                        {"recovered from the view", "/recovered"},
                        {"cases", "/cases"},
                        {"  retired", "/retired"},
                        {"  left aside", "/left_aside"},
                        {"  open without a way on", "/ownerless"},
                        {"escalations", "/escalations"},
                        {"breaches", "/breaches"},
                        {"alarms raised by clocks", "/alarms"},
                        {"  late by ms, median", "/lateness_ms/p50"},
                        {"  99th percentile", "/lateness_ms/p99"},
                        {"  at most", "/lateness_ms/max"},
                        {"last decision", "/last_decision_at"},
                        {"cases in the live view", "/view/cases"},
                        {"faults", "/fault_count"}});
  Json states = Json::array();
  for (size_t i = 1; i < report.state.size(); ++i) {
    if (report.state[i] != 0)
      states.push_back({{"state", std::string(Name(static_cast<CaseState>(i)))}, {"cases", report.state[i]}});
  }
  if (!states.empty()) printer.Text("");
  printer.Table(states, {{"STATE", "/state", Format::kState}, {"CASES", "/cases", Format::kNumber}});
  if (report.ok()) {
    printer.Text("\nNo faults: versions without gap, chain verified, every batch folded" +
                 std::string(with_view ? ", and the live view is the fold of the log." : "."));
    return;
  }
  Json counts = Json::array();
  for (size_t i = 0; i < kFaultKinds; ++i) {
    if (report.faults[i] == 0) continue;
    const auto kind = static_cast<FaultKind>(i);
    Json row{{"fault", std::string(NameOf(kind))}, {"count", report.faults[i]}};
    if (InvariantOf(kind) != 0) row["invariant"] = InvariantOf(kind);
    counts.push_back(std::move(row));
  }
  printer.Text("");
  printer.Table(
      counts,
      {{"FAULT", "/fault"}, {"COUNT", "/count", Format::kNumber}, {"INVARIANT", "/invariant", Format::kNumber}});
  printer.Text("");
  printer.Table(json["first_faults"], {{"FAULT", "/fault"},
                                       {"SHARD", "/shard", Format::kNumber},
                                       {"OFFSET", "/offset", Format::kNumber},
                                       {"CASE", "/case"},
                                       {"VERSION", "/version", Format::kNumber},
                                       {"WHAT", "/what"}});
}

ExitCode Verify(Session& session, const Arguments& arguments) {
  Result<std::unique_ptr<LogPlace>> place = LogPlace::Open(session);
  if (!place) return session.Fail(place.error());
  const int shards = (*place)->shards();
  std::vector<int> wanted;
  for (const std::string& text : arguments.List("shard")) wanted.push_back(std::stoi(text));
  for (const int shard : wanted) {
    if (shard >= shards) {
      session.Fail(InvalidField(
          "--shard", std::to_string(shard) + ": the cluster has the shards 0 to " + std::to_string(shards - 1)));
      return ExitCode::kUsage;
    }
  }
  if (wanted.empty()) {
    wanted.resize(static_cast<size_t>(shards));
    std::iota(wanted.begin(), wanted.end(), 0);
  }
  std::unique_ptr<ViewLoader> view;
  if (!session.settings().redis.empty()) {
    Result<std::unique_ptr<ViewLoader>> opened =
        ViewLoader::Open(session.settings(), (*place)->manifest().generation, shards, session.clock());
    if (!opened) return session.Fail(opened.error());
    view = std::move(*opened);
  }
  VerifyReport total;
  for (const int shard : wanted) {
    const Result<VerifyReport> report = VerifyShard(**place, view.get(), shard);
    if (!report) return session.Fail(report.error());
    total.Add(*report);
  }
  // A development clock runs at any speed: only its user knows what is late there.
  if (arguments.Has("missed-after")) {
    total.JudgeMissed(*ParseDuration(arguments.Text("missed-after")));
  } else if (!(*place)->manifest().dev) {
    total.JudgeMissed(kMissedAfterMs);
  }
  PrintReport(session.printer(), total, view != nullptr);
  return total.ok() ? ExitCode::kOk : ExitCode::kFindings;
}

}  // namespace

CommandSpec VerifyCommand() {
  return {
      .path = "verify",
      .summary = "Reads the whole case log and proves it: sequence, chain, fold, clocks.",
      .details =
          "Per shard, by the one rule of every reader: versions 1..n of each case without gap, the hash chain, that "
          "every batch "
          "folds, that no command or key had two effects, that no alarm of a generation fired twice or early or "
          "was missed, that every open "
          "case has an owner or a step that gives it one, and that automatic decisions say why. With --redis it also "
          "compares every case of the live view with the fold of the log at the view's position; that is sound while "
          "the "
          "cluster runs. It needs no running service.\n"
          "Exit status 5 when anything is wrong; the first 100 faults of each shard are shown, all are counted.",
      .options = {{.name = "--shard",
                   .kind = ValueKind::kNumber,
                   .help = "Only this one.",
                   .repeated = true,
                   .least = 0,
                   .most = 4095,
                   .fallback = "all"},
                  {.name = "--missed-after",
                   .kind = ValueKind::kDuration,
                   .help = "A clock that was due so long before the log's newest decision, and on which nobody acted, "
                           "is a fault. In case time.",
                   .fallback = "10m; in a development cluster nothing is"}},
      .examples = {{"escalonctl verify --kafka 127.0.0.1:9092", "The log alone."},
                   {"escalonctl verify --kafka kafka:9092 --redis redis:6379 --output json",
                    "The log and the live view."}},
      .reach = kKafka | kRedis,
      .run = Verify};
}

}  // namespace escalon::escalonctl
