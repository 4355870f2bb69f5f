#include "tests/load/dashboard.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace escalon::load {
namespace {

constexpr DurationMs kScrapeMs = 900;
constexpr int kNextClocks = 4;
constexpr size_t kNotes = 3;
constexpr DurationMs kLineEveryMs = 5000;  ///< where nothing can be drawn in place

uint64_t Whole(double value) { return static_cast<uint64_t>(std::max(0.0, value)); }

const Exposition& PageOf(const std::map<std::string, Exposition>& pages, const char* service) {
  static const Exposition kEmpty;
  const auto found = pages.find(service);
  return found == pages.end() ? kEmpty : found->second;
}

std::map<std::string, uint64_t> Wholes(const std::map<std::string, double>& values) {
  std::map<std::string, uint64_t> out;
  for (const auto& [key, value] : values) out[key] = Whole(value);
  return out;
}

}  // namespace

Dashboard::Dashboard(DashboardOptions options, DashboardParts parts)
    : options_(std::move(options)), parts_(parts), questions_(options_.intake, options_.authorization) {}

Dashboard::~Dashboard() { Stop(); }

void Dashboard::Start() {
  started_ = last_at_ = parts_.machine_clock.Steady();
  thread_ = std::thread([this] { Run(); });
}

void Dashboard::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

ScreenModel Dashboard::Last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void Dashboard::Run() {
  Terminal terminal(STDOUT_FILENO);
  const DurationMs every = terminal.is_terminal() ? options_.every_ms : std::max(options_.every_ms, kLineEveryMs);
  SteadyTime next = started_ + std::chrono::milliseconds(every);
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_until(lock, next, [this] { return stopping_; })) return;
    }
    next += std::chrono::milliseconds(every);
    next = std::max(next, parts_.machine_clock.Steady());
    ScreenModel model = Gather();
    terminal.Show(model);
    const std::lock_guard lock(mutex_);
    last_ = std::move(model);
  }
}

ScreenModel Dashboard::Gather() {
  ScreenModel model;
  model.title = options_.title;
  model.to_try = options_.to_try;
  if (options_.status) model.notes.push_back(options_.status());
  model.case_time = parts_.case_clock.WallMs();
  model.factor = parts_.case_clock.Factor();
  const auto pages = ScrapeAll(parts_.client, options_.metrics, kScrapeMs);
  const SteadyTime now = parts_.machine_clock.Steady();
  model.running_s = std::chrono::duration<double>(now - started_).count();
  const double seconds = std::max(0.001, std::chrono::duration<double>(now - last_at_).count());
  TakeTally(&model);
  TakeMetrics(pages, &model);
  TakeAnswers(&model);
  model.rates.submitted = RateOf("submitted", static_cast<double>(model.submitted), seconds);
  model.rates.accepted = RateOf("accepted", static_cast<double>(model.opened + model.attached), seconds);
  model.rates.commands = RateOf("commands", static_cast<double>(model.commands), seconds);
  model.rates.records = RateOf("records", PageOf(pages, "routing").Sum("escalon_keeper_records_total"), seconds);
  double told = 0;
  for (const auto& [outcome, n] : model.notified) told += outcome == "delivered" ? static_cast<double>(n) : 0;
  model.rates.told = RateOf("told", told, seconds);
  last_at_ = now;
  for (const auto& [service, url] : options_.metrics) {
    if (!pages.contains(service)) model.notes.push_back(service + " does not answer at " + url);
  }
  return model;
}

double Dashboard::RateOf(const char* what, double total, double seconds) {
  double& last = last_totals_[what];
  const double rate = std::max(0.0, total - last) / seconds;
  last = total;
  return rate;
}

void Dashboard::TakeTally(ScreenModel* m) {
  const Tally::Numbers numbers = parts_.tally.Get();
  uint64_t heard = 0;
  for (size_t i = 0; i < kCallOutcomes; ++i) heard += numbers.submissions[i] + numbers.commands[i];
  const auto of = [](CallOutcome outcome) { return static_cast<size_t>(outcome); };
  m->submitted = numbers.submitted;
  m->opened = numbers.submissions[of(CallOutcome::kOpened)];
  m->attached = numbers.submissions[of(CallOutcome::kAttached)];
  m->commands = numbers.commanded;
  m->refused = numbers.submissions[of(CallOutcome::kRejected)] + numbers.commands[of(CallOutcome::kRejected)];
  m->unknown = numbers.submissions[of(CallOutcome::kUnknown)] + numbers.commands[of(CallOutcome::kUnknown)];
  m->in_flight = numbers.submitted + numbers.commanded - std::min(heard, numbers.submitted + numbers.commanded);
  m->accept_p50_ms = numbers.accept.AtMs(0.5);
  m->accept_p99_ms = numbers.accept.AtMs(0.99);
  m->accept_max_ms = numbers.accept.MaxMs();
  std::vector<std::pair<uint64_t, std::string>> reasons;
  for (const auto& [reason, n] : numbers.rejections) reasons.emplace_back(n, reason);
  std::sort(reasons.rbegin(), reasons.rend());
  for (size_t i = 0; i < reasons.size() && i < kNotes; ++i) {
    m->notes.push_back(reasons[i].second + " (" + std::to_string(reasons[i].first) + ")");
  }
  if (parts_.sink != nullptr) {
    const Sink::Numbers sink = parts_.sink->Get();
    m->sink_received = sink.received;
    m->links_used = sink.taken;
  }
  if (parts_.mails != nullptr) m->mails = parts_.mails->received();
}

void Dashboard::TakeMetrics(const std::map<std::string, Exposition>& pages, ScreenModel* m) {
  const Exposition& routing = PageOf(pages, "routing");
  const Exposition& notification = PageOf(pages, "notification");
  m->escalations = Whole(routing.Sum("escalon_case_events_total", {{"kind", "escalated"}}));
  m->notified = Wholes(notification.By("escalon_notification_outcomes_total", "outcome"));
  for (const auto& [channel, n] : notification.By("escalon_notification_attempts_total", "channel")) {
    m->by_channel[channel] =
        Whole(notification.Sum("escalon_notification_attempts_total", {{"channel", channel}, {"result", "delivered"}}));
  }
  uint64_t poison = 0;
  for (const char* name :
       {"escalon_notification_poison_total", "escalon_timer_poison_total", "escalon_triage_poison_total"}) {
    for (const auto& [service, page] : pages) poison += Whole(page.Sum(name));
  }
  m->invariants = {
      {"unknown", m->unknown},
      {"gaps", Whole(routing.Sum("escalon_keeper_gaps_total"))},
      {"skipped", Whole(routing.Sum("escalon_keeper_skipped_total"))},
      {"view refused", Whole(routing.Sum("escalon_view_refused_total"))},
      {"quarantined", Whole(routing.Sum("escalon_keeper_quarantined_total"))},
      {"rescued", Whole(routing.Sum("escalon_keeper_rescued_total"))},
      {"poison", poison},
      {"dead letters", Whole(notification.Sum("escalon_notification_dead_letters"))},
  };
}

void Dashboard::TakeAnswers(ScreenModel* m) {
  const auto note = [m](const Error& error) {
    if (m->notes.size() < kNotes + 2) m->notes.push_back(error.message);
  };
  if (auto states = questions_.CountByState(); states.ok()) {
    m->by_state = std::move(*states);
  } else {
    note(states.error());
  }
  if (auto levels = questions_.CountOpenByLevel(); levels.ok()) {
    m->open_by_level = std::move(*levels);
  } else {
    note(levels.error());
  }
  if (const auto timer = questions_.Timer(); timer.ok()) {
    m->armed = timer->armed;
    m->fired = timer->fired;
    m->late_p50_ms = timer->late_p50_ms;
    m->late_p99_ms = timer->late_p99_ms;
    m->late_max_ms = timer->late_max_ms;
  } else {
    note(timer.error());
  }
  if (const auto clocks = questions_.NextClocks(kNextClocks); clocks.ok()) {
    for (const auto& armed : *clocks) m->next_clocks.push_back({armed.at, armed.clock, armed.case_id});
  }
}

}  // namespace escalon::load
