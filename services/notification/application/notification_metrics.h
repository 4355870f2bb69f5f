#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "common/domain/vocabulary.h"
#include "common/runtime/metrics.h"
#include "common/wire/delivery_codec.h"
#include "services/notification/channels/channel.h"

namespace escalon::notification {

/// Every metric of this service, bound once; all label sets exist from the start. Thread-safe.
class NotificationMetrics {
 public:
  explicit NotificationMetrics(runtime::Metrics& metrics);

  void Intent(IntentPurpose purpose) { Of(intents_, purpose)->Increment(); }
  void Outcome(IntentPurpose purpose, wire::DeliveryOutcome outcome);
  void Attempt(std::string_view channel, SendResult::Kind result);
  void Delivered(IntentPurpose purpose, double seconds) { Of(seconds_, purpose)->Observe(seconds); }
  enum class Answer : uint8_t { kWanted, kUnwanted, kUnreachable };
  void Asked(Answer answer) { asked_[static_cast<size_t>(answer)]->Increment(); }
  void OpenBreakers(std::string_view channel, double count);

  runtime::GaugeRef queued, waiting, in_flight, oldest, dead_letters, shards;
  runtime::CounterRef bundles, bundled, reports, report_failures, poison, append_failures, restored,
      skipped_by_retention;

 private:
  template <typename T>
  static T& Of(std::array<T, 2>& pair, IntentPurpose purpose) {
    return pair[purpose == IntentPurpose::kPage ? 0 : 1];
  }
  struct OfChannel {
    std::array<runtime::CounterRef, 3> attempts;
    runtime::GaugeRef open_breakers;
  };
  const OfChannel& Channel(std::string_view name) const;

  std::array<runtime::CounterRef, 2> intents_;
  std::array<std::array<runtime::CounterRef, 8>, 2> outcomes_;  ///< by DeliveryOutcome - 1
  std::array<runtime::HistogramRef, 2> seconds_;
  std::array<runtime::CounterRef, 3> asked_;
  std::map<std::string, OfChannel, std::less<>> channels_;
};

}  // namespace escalon::notification
