#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/core/clock.h"
#include "common/http/client.h"
#include "tests/load/exposition.h"
#include "tests/load/mail_sink.h"
#include "tests/load/questions.h"
#include "tests/load/scraper.h"
#include "tests/load/screen.h"
#include "tests/load/sink.h"
#include "tests/load/tally.h"

namespace escalon::load {

struct DashboardParts {
  const Tally& tally;
  const Sink* sink = nullptr;       ///< may be missing
  const MailSink* mails = nullptr;  ///< may be missing
  http::Client& client;
  const Clock& case_clock;
  const Clock& machine_clock;
};

struct DashboardOptions {
  std::string title = "Escalon";
  std::map<std::string, std::string> metrics;  ///< service to URL of its /metrics
  std::string intake;                          ///< `host:port` of gRPC
  std::string authorization;                   ///< of an operator: the wheel's numbers are not for everybody
  std::vector<std::string> to_try;
  std::function<std::string()> status;  ///< a line of the caller's own; empty: none
  DurationMs every_ms = 1000;
};

/// Gathers once a second what the services say and what the load has heard, and shows it. A thread of its own.
class Dashboard {
 public:
  Dashboard(DashboardOptions options, DashboardParts parts);
  ~Dashboard();  ///< stops
  void Start();
  void Stop();
  /// As gathered last. Thread-safe.
  ScreenModel Last() const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  void Run();
  ScreenModel Gather();
  void TakeTally(ScreenModel* model);
  void TakeMetrics(const std::map<std::string, Exposition>& pages, ScreenModel* model);
  void TakeAnswers(ScreenModel* model);
  double RateOf(const char* what, double total, double seconds);

  const DashboardOptions options_;
  const DashboardParts parts_;
  Questions questions_;
  SteadyTime started_{};
  SteadyTime last_at_{};
  std::map<std::string, double> last_totals_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  ScreenModel last_;
  std::thread thread_;
};

}  // namespace escalon::load
