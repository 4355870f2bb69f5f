#include "services/intake/canary/canary_metrics.h"

namespace escalon::intake {
namespace {

constexpr std::array<const char*, kCanaryStages> kStageNames{"accepted", "assigned", "notified"};
constexpr std::array<const char*, kCanaryOutcomes> kOutcomeNames{"done", "not_accepted", "not_assigned", "not_notified",
                                                                 "not_cancelled"};

double Seconds(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

CanaryMetrics::CanaryMetrics(runtime::Metrics& metrics, const Clock& clock)
    : metrics_(metrics),
      clock_(clock),
      age_(metrics.AddGauge("escalon_canary_age_seconds",
                            "Since the last canary that came through; since the start if none did.")),
      last_success_(clock.Steady()) {
  for (size_t i = 0; i < kCanaryStages; ++i) {
    seconds_[i] = metrics.AddHistogram("escalon_canary_seconds",
                                       "From a canary's submission to each stage: accepted, assigned, notified.",
                                       runtime::kLatenessBuckets, {{"stage", kStageNames[i]}});
  }
  for (size_t i = 0; i < kCanaryOutcomes; ++i) {
    ended_[i] = metrics.AddCounter("escalon_canary_total", "Canaries by outcome: done, or what did not happen in time.",
                                   {{"outcome", kOutcomeNames[i]}});
  }
  on_scrape_ = metrics.OnScrape([this] { age_->Set(Seconds(clock_.Steady() - last_success_.load())); });
}

CanaryMetrics::~CanaryMetrics() { metrics_.RemoveOnScrape(on_scrape_); }

void CanaryMetrics::Stage(CanaryStage stage, std::chrono::steady_clock::duration since_submission) {
  seconds_[static_cast<size_t>(stage)]->Observe(Seconds(since_submission));
}

void CanaryMetrics::Ended(CanaryOutcome outcome) {
  if (outcome == CanaryOutcome::kDone) last_success_ = clock_.Steady();
  ended_[static_cast<size_t>(outcome)]->Increment();
}

}  // namespace escalon::intake
