#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "common/core/result.h"
#include "common/runtime/metrics.h"

namespace escalon::intake {

/// Through which protocol something came in.
enum class Protocol : uint8_t { kGrpc, kHttp, kWebhook, kLink, kKafka, kCanary };
inline constexpr size_t kProtocols = 6;

/// Which limit refused.
enum class Limit : uint8_t { kTenantRate, kAuthentication, kWatchers };

/// What the door counts, bound once; every label set exists at 0 from the start. Thread-safe.
class IntakeMetrics {
 public:
  explicit IntakeMetrics(runtime::Metrics& metrics);

  /// `error` null: it is safe.
  void Submitted(Protocol protocol, bool attached, const Error* error, std::chrono::steady_clock::duration took);
  void Commanded(uint32_t kind, const Error* error);
  void Limited(Limit limit) { limited_[static_cast<size_t>(limit)]->Increment(); }
  void Stale() { stale_->Increment(); }
  void FromOwner() { from_owner_->Increment(); }
  void Linked(uint8_t action, const Error* error);
  void Webhook(const Error* error) { webhooks_[ResultOf(error)]->Increment(); }
  void KafkaRecord(const Error* error) { kafka_[ResultOf(error)]->Increment(); }

  runtime::GaugeRef watchers;
  runtime::CounterRef watch_gaps;
  runtime::GaugeRef redis_connected;

 private:
  static size_t ResultOf(const Error* error);

  std::array<std::vector<runtime::CounterRef>, kProtocols> submissions_;
  std::vector<std::vector<runtime::CounterRef>> commands_;
  std::vector<std::vector<runtime::CounterRef>> links_;
  std::vector<runtime::CounterRef> limited_, webhooks_, kafka_;
  runtime::CounterRef stale_, from_owner_;
  runtime::HistogramRef accept_;
};

}  // namespace escalon::intake
