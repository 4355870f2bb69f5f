#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "common/core/clock.h"
#include "common/runtime/metrics.h"

namespace escalon::intake {

/// How far a canary came, in this order.
enum class CanaryStage : uint8_t {
  kAccepted,  ///< the door's answer: the case is safe
  kAssigned,  ///< the live view, or the owner, shows it triaged and with an owner
  kNotified,  ///< the delivery log says that its page was delivered
};
inline constexpr size_t kCanaryStages = 3;

/// How a canary ended: by the first thing that did not happen in time.
enum class CanaryOutcome : uint8_t { kDone, kNotAccepted, kNotAssigned, kNotNotified, kNotCancelled };
inline constexpr size_t kCanaryOutcomes = 5;

/// Declared only where canaries fly. Stage and Ended on one thread, the age is read on the scraping one.
class CanaryMetrics {
 public:
  /// The age of the last success counts from `now`, until there is one.
  CanaryMetrics(runtime::Metrics& metrics, const Clock& clock);
  ~CanaryMetrics();
  CanaryMetrics(const CanaryMetrics&) = delete;
  CanaryMetrics& operator=(const CanaryMetrics&) = delete;

  void Stage(CanaryStage stage, std::chrono::steady_clock::duration since_submission);
  void Ended(CanaryOutcome outcome);

 private:
  runtime::Metrics& metrics_;
  const Clock& clock_;
  std::array<runtime::HistogramRef, kCanaryStages> seconds_{};
  std::array<runtime::CounterRef, kCanaryOutcomes> ended_{};
  runtime::GaugeRef age_;
  std::atomic<std::chrono::steady_clock::time_point> last_success_;
  int on_scrape_ = 0;
};

}  // namespace escalon::intake
