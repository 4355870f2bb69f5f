#include "tests/load/replay.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <unordered_map>

#include "common/runtime/shutdown.h"
#include "common/runtime/system_clock.h"
#include "tests/load/cluster_log.h"
#include "tests/load/dashboard.h"
#include "tests/load/installation.h"
#include "tests/load/log_roster.h"
#include "tests/load/replay_driver.h"
#include "tests/load/scraper.h"
#include "tests/load/summary.h"

namespace escalon::load {
namespace {

constexpr int kWell = 0, kBroken = 1, kUsage = 2;
constexpr DurationMs kQuietMs = 30 * kSecondMs;
constexpr DurationMs kShortQuietMs = 3 * kSecondMs;
constexpr const char* kPromise = "closing";  ///< of the policy: what the log's made_sla is compared with

int Fail(const Error& error) {
  std::fprintf(stderr, "escalon-load: %s\n", error.message.c_str());
  return kUsage;
}

Result<std::vector<LogCase>> Read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, file + " cannot be read"};
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  Result<std::vector<LogCase>> cases = history::ReadEventLog(text);
  if (!cases.ok()) return Error{cases.error().code, file + ": " + cases.error().message};
  return cases;
}

/// How often Escalon's promise and the log's own word agree, by priority at the end.
struct Agreement {
  uint64_t same = 0, all = 0;
};

std::unordered_map<int, Agreement> Compare(const std::vector<LogCase>& cases, const LogFacts& facts) {
  std::unordered_map<std::string, const CaseEnd*> by_ref;
  for (const CaseEnd& end : facts.cases) by_ref[end.external_ref] = &end;
  std::unordered_map<int, Agreement> out;
  for (const LogCase& c : cases) {
    const auto found = by_ref.find(c.number);
    if (found == by_ref.end()) continue;
    Agreement& agreement = out[static_cast<int>(c.last_priority)];
    ++agreement.all;
    const auto& broken = found->second->broken;
    const bool kept = std::find(broken.begin(), broken.end(), kPromise) == broken.end();
    if (kept == c.made_sla) ++agreement.same;
  }
  return out;
}

int Judge(const ReplayOptions& options, const std::vector<LogCase>& cases, const ReplayDriver& driver,
          const History& history, const Tally& tally, const Clock& case_clock, double seconds) {
  if (const Status saved = history.Save(options.place.dir + "/history.tsv"); !saved.ok()) return Fail(saved.error());
  ClusterLogPlace place;
  place.kafka.brokers = options.place.brokers;
  place.kafka.client_id = "escalon-load";
  place.prefix = options.place.prefix;
  place.factor = case_clock.Factor();
  // Before the log is read: what became due meanwhile is in no record of it.
  const InstantMs ended_at = case_clock.WallMs();
  const Result<LogFacts> facts = ReadClusterLog(place);
  if (!facts.ok()) return Fail(facts.error());
  CheckOptions check;
  check.late_bound_ms = options.late_bound_ms;
  check.ended_at = ended_at;
  check.settle_ms = static_cast<DurationMs>(2000 * case_clock.Factor());
  const CheckReport report = CheckHistory(history, *facts, check);
  const Tally::Numbers numbers = tally.Get();
  std::printf("\nSummary\n%s", SummaryOf(numbers, seconds, *facts, report, check).c_str());
  if (!options.json_file.empty())
    std::ofstream(options.json_file) << SummaryJson(numbers, seconds, *facts, report) << "\n";
  const auto closed = static_cast<size_t>(std::count_if(
      facts->cases.begin(), facts->cases.end(), [](const CaseEnd& end) { return end.state == CaseState::kClosed; }));
  std::printf("  replayed     %llu rows; begun behind the log's clock by p50 %.0f ms, p99 %.0f ms, at most %.0f ms\n",
              static_cast<unsigned long long>(driver.rows_told()), driver.behind().AtMs(0.5),
              driver.behind().AtMs(0.99), driver.behind().MaxMs());
  for (const auto& [priority, agreement] : Compare(cases, *facts)) {
    std::printf("  promise      P%d: broken or kept as the log says for %llu of %llu cases\n", priority,
                static_cast<unsigned long long>(agreement.same), static_cast<unsigned long long>(agreement.all));
  }
  std::printf("  cases        %zu in the log, %zu here, %zu closed\n", cases.size(), facts->cases.size(), closed);
  return report.ok() && facts->cases.size() == cases.size() && closed == cases.size() ? kWell : kBroken;
}

}  // namespace

Result<ReplayPlan> PlanReplay(const std::string& log_file, double seconds, const std::string& roster_file) {
  const Result<std::vector<LogCase>> cases = Read(log_file);
  if (!cases.ok()) return cases.error();
  ReplayPlan plan;
  plan.first = kNever;
  for (const LogCase& c : *cases) {
    ++plan.cases;
    for (const LogRow& row : c.rows) {
      ++plan.rows;
      plan.first = std::min(plan.first, row.at);
      plan.last = std::max(plan.last, row.at);
    }
  }
  if (plan.rows == 0) return Error{ErrorCode::kInvalidArgument, log_file + " holds no row"};
  plan.factor = std::max(1.0, static_cast<double>(plan.last - plan.first) / 1000 / seconds);
  if (!roster_file.empty()) {
    std::ofstream out(roster_file);
    out << RosterOfLog(*cases);
    out.close();
    if (!out) return Error{ErrorCode::kInternal, "cannot write " + roster_file};
  }
  return plan;
}

int RunReplay(const ReplayOptions& options) {
  runtime::ShutdownRequest shutdown;
  const runtime::SignalListener signals(shutdown);
  const runtime::SystemClock machine_clock;
  const Result<std::unique_ptr<Clock>> case_clock = runtime::MakeClock(options.place.dev_clock);
  if (!case_clock.ok()) return Fail(case_clock.error());
  const Result<Tokens> tokens = Tokens::Load(options.place.dir + "/tokens");
  if (!tokens.ok()) return Fail(tokens.error());
  const std::string* source = tokens->Of("servicenow");
  const std::string* reader = tokens->Of("operator");
  if (source == nullptr || reader == nullptr)
    return Fail(Error{ErrorCode::kNotFound, "no keys of servicenow and operator in " + options.place.dir});
  const Result<std::vector<LogCase>> cases = Read(options.log_file);
  if (!cases.ok()) return Fail(cases.error());

  const runtime::Logger log = runtime::Logger::ToStderr(
      {.level = runtime::LogLevel::kWarn, .format = runtime::LogFormat::kText, .service = "load", .instance = ""},
      machine_clock);
  const std::unique_ptr<http::Client> client = LoopbackClient(machine_clock, log);
  History history;
  Tally tally;
  Door door({.address = options.place.intake}, machine_clock);
  ReplayDriver driver(*cases, options.most_in_flight, {door, history, tally, *source, **case_clock, machine_clock});

  DashboardOptions screen;
  screen.title = "Escalon, replaying " + options.log_file.substr(options.log_file.rfind('/') + 1);
  screen.metrics = options.place.metrics;
  screen.intake = options.place.intake;
  screen.authorization = *reader;
  screen.to_try = options.to_try;
  screen.status = [&driver, &cases] {
    return std::to_string(driver.cases_over()) + " of " + std::to_string(cases->size()) + " cases told to their end, " +
           std::to_string(driver.rows_told()) + " rows";
  };
  Dashboard dashboard(screen, {tally, nullptr, nullptr, *client, **case_clock, machine_clock});
  dashboard.Start();
  std::atomic<bool> stop{false};
  shutdown.OnRequest([&stop] { stop.store(true); });
  const auto start = machine_clock.Steady();
  const bool whole = driver.Run(stop, options.give_up_ms);
  const double seconds = std::chrono::duration<double>(machine_clock.Steady() - start).count();
  // Asked to end: clocks fire on and on at such a speed, so it will not be quiet.
  AwaitQuiet(*client, options.place.metrics, stop.load() ? kShortQuietMs : kQuietMs);
  dashboard.Stop();
  if (!whole)
    std::fprintf(stderr, "escalon-load: no answer for %lld s; given up\n",
                 static_cast<long long>(options.give_up_ms / kSecondMs));
  return Judge(options, *cases, driver, history, tally, **case_clock, seconds);
}

}  // namespace escalon::load
