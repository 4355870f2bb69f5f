#include "tests/load/live.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "common/runtime/event_loop.h"
#include "common/runtime/shutdown.h"
#include "common/runtime/system_clock.h"
#include "tests/load/cluster_log.h"
#include "tests/load/dashboard.h"
#include "tests/load/feed.h"
#include "tests/load/scraper.h"
#include "tests/load/summary.h"

namespace escalon::load {
namespace {

constexpr int kWell = 0, kBroken = 1, kUsage = 2;
constexpr DurationMs kDrainMs = 20 * kSecondMs;
constexpr DurationMs kQuietMs = 20 * kSecondMs;  ///< for the notifier to become idle
constexpr DurationMs kSettleRealMs = 2 * kSecondMs;

int Fail(const Error& error) {
  std::fprintf(stderr, "escalon-load: %s\n", error.message.c_str());
  return kUsage;
}

/// One run has one name, so that ids of several runs on one cluster do not meet.
std::string RunName(InstantMs now) { return std::to_string(now / 1000 % 1'000'000); }

/// Everything that a live run is made of, in the order of need.
class Live {
 public:
  Live(const LiveOptions& options, Staff staff, std::unique_ptr<Clock> case_clock)
      : options_(options),
        staff_(std::move(staff)),
        case_clock_(std::move(case_clock)),
        run_(RunName(machine_clock_.WallMs())),
        log_(runtime::Logger::ToStderr(
            {.level = runtime::LogLevel::kWarn, .format = runtime::LogFormat::kText, .service = "load", .instance = ""},
            machine_clock_)),
        client_(LoopbackClient(machine_clock_, log_)) {}

  Status StartSinks() {
    loop_.Start();
    SinkOptions options;
    options.port = static_cast<uint16_t>(options_.sink_port);
    options.click_share = options_.click_share;
    options.links_base = options_.place.http;
    options.seed = options_.seed;
    auto sink = Sink::Start(options, loop_.loop(), *client_, log_);
    if (!sink.ok()) return sink.error();
    sink_ = std::move(*sink);
    auto mails = MailSink::Start(static_cast<uint16_t>(options_.mail_port), loop_.loop());
    if (!mails.ok()) return mails.error();
    mails_ = std::move(*mails);
    return {};
  }

  int Run() {
    DashboardOptions screen;
    screen.title = "Escalon";
    screen.metrics = options_.place.metrics;
    screen.intake = options_.place.intake;
    screen.authorization = *staff_.KeyOf("operator");
    screen.to_try = options_.to_try;
    Dashboard dashboard(screen, {tally_, sink_.get(), mails_.get(), *client_, *case_clock_, machine_clock_});
    dashboard.Start();

    Door door({.address = options_.place.intake}, machine_clock_);
    Generator generator(
        {.seed = options_.seed, .run = run_, .patience = options_.patience, .unanswered = options_.unanswered});
    Feed feed({.rate = options_.rate, .batch = options_.batch, .run = run_, .seed = options_.seed},
              {door, generator, staff_, history_, tally_, *case_clock_, machine_clock_});
    const auto start = machine_clock_.Steady();
    began_at_ = case_clock_->WallMs();
    shutdown_.OnRequest([this] { stop_.store(true); });
    const auto end = options_.run_for_ms > 0 ? start + std::chrono::milliseconds(options_.run_for_ms)
                                             : start + std::chrono::hours(24 * 365);
    if (options_.feed) {
      feed.Run(end, stop_);
    } else {
      static_cast<void>(shutdown_.WaitFor(options_.run_for_ms > 0 ? options_.run_for_ms : kDayMs * 365));
    }
    const double seconds = std::chrono::duration<double>(machine_clock_.Steady() - start).count();
    sink_->StopClicking();
    feed.Drain(kDrainMs);
    AwaitQuiet(*client_, options_.place.metrics, kQuietMs);
    dashboard.Stop();
    return Judge(seconds);
  }

 private:
  int Judge(double seconds) {
    CheckOptions options;
    options.late_bound_ms = options_.late_bound_ms;
    options.ended_at = case_clock_->WallMs();
    options.settle_ms = static_cast<DurationMs>(static_cast<double>(kSettleRealMs) * case_clock_->Factor());
    if (const Status saved = history_.Save(options_.place.dir + "/history.tsv"); !saved.ok())
      return Fail(saved.error());
    ClusterLogPlace place;
    place.kafka.brokers = options_.place.brokers;
    place.kafka.client_id = "escalon-load";
    place.prefix = options_.place.prefix;
    place.factor = case_clock_->Factor();
    place.since = began_at_;
    const Result<LogFacts> facts = ReadClusterLog(place);
    if (!facts.ok()) return Fail(facts.error());
    const CheckReport report = CheckHistory(history_, *facts, options);
    const Tally::Numbers numbers = tally_.Get();
    if (shutdown_.requested()) std::printf("\nended before its time: %s\n", shutdown_.reason().c_str());
    std::printf("\nSummary\n%s", SummaryOf(numbers, seconds, *facts, report, options).c_str());
    if (!options_.json_file.empty())
      std::ofstream(options_.json_file) << SummaryJson(numbers, seconds, *facts, report) << "\n";
    return report.ok() ? kWell : kBroken;
  }

  const LiveOptions& options_;
  runtime::ShutdownRequest shutdown_;
  runtime::SignalListener signals_{shutdown_};  ///< before anything that starts a thread
  runtime::SystemClock machine_clock_;
  const Staff staff_;
  const std::unique_ptr<Clock> case_clock_;
  const std::string run_;
  const runtime::Logger log_;
  std::unique_ptr<http::Client> client_;
  History history_;
  Tally tally_;
  std::atomic<bool> stop_{false};
  InstantMs began_at_ = 0;
  std::unique_ptr<MailSink> mails_;
  std::unique_ptr<Sink> sink_;
  runtime::LoopThread loop_{"sinks", machine_clock_};  ///< last: it stops before what it calls goes
};

}  // namespace

int RunLive(const LiveOptions& options) {
  Result<Staff> staff = Staff::Load(options.place.dir + "/roster.yaml", options.place.dir + "/tokens");
  if (!staff.ok()) return Fail(staff.error());
  Result<std::unique_ptr<Clock>> clock = runtime::MakeClock(options.place.dev_clock);
  if (!clock.ok()) return Fail(clock.error());
  Live live(options, std::move(*staff), std::move(*clock));
  if (const Status started = live.StartSinks(); !started.ok()) return Fail(started.error());
  return live.Run();
}

int RunCheck(const std::string& history_file, const ClusterPlace& place, DurationMs late_bound_ms) {
  const Result<History> history = History::Load(history_file);
  if (!history.ok()) return Fail(history.error());
  const Result<std::unique_ptr<Clock>> clock = runtime::MakeClock(place.dev_clock);
  if (!clock.ok()) return Fail(clock.error());
  ClusterLogPlace log;
  log.kafka.brokers = place.brokers;
  log.kafka.client_id = "escalon-load";
  log.prefix = place.prefix;
  log.factor = (*clock)->Factor();
  const Result<LogFacts> facts = ReadClusterLog(log);
  if (!facts.ok()) return Fail(facts.error());
  CheckOptions options;
  options.late_bound_ms = late_bound_ms;
  options.ended_at = (*clock)->WallMs();
  options.settle_ms = static_cast<DurationMs>(static_cast<double>(kSettleRealMs) * (*clock)->Factor());
  const CheckReport report = CheckHistory(*history, *facts, options);
  Tally::Numbers numbers;
  std::printf("%s", SummaryOf(numbers, 1, *facts, report, options).c_str());
  return report.ok() ? kWell : kBroken;
}

}  // namespace escalon::load
