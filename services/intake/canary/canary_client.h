#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "common/log/plain_topic.h"
#include "common/runtime/executor.h"
#include "services/intake/application/case_gateway.h"
#include "services/intake/canary/canary.h"

namespace escalon::intake {

struct CanaryClientOptions {
  std::string tenant, kind;
  DurationMs patience_ms = 30 * kSecondMs;
  log::KafkaConfig kafka;
  std::string delivery_topic;
  int shards = 8;
};

/// A canary's steps at the door itself: the gateway that serves every protocol, the live view, and the delivery log,
/// whose partition of the case is read from the submission on. Thread-safe.
class CanaryClient final : public CanarySteps {
 public:
  CanaryClient(CanaryClientOptions options, CaseGateway& cases, LiveView& view, const Clock& clock,
               const Clock& machine_clock, runtime::Logger log);

  void Submit(Reply<CaseId> reply) override;
  void Look(const CaseId& id, uint64_t version, Reply<Seen> reply) override;
  void LookForDelivery(const CaseId& id, Reply<bool> reply) override;
  void Cancel(const CaseId& id, Reply<bool> reply) override;
  /// Ends a read under way.
  void Stop(DurationMs limit_ms);

 private:
  rpc::Caller Caller() const;
  Result<bool> ReadDeliveries(const CaseId& id);

  const CanaryClientOptions options_;
  CaseGateway& cases_;
  LiveView& view_;
  const Clock& clock_;
  const Clock& machine_clock_;
  std::atomic<InstantMs> submitted_{0};  ///< by the machine's clock
  std::atomic<bool> stopping_{false};
  std::unique_ptr<log::PlainReader> reader_;  ///< of the executor's thread
  runtime::Executor executor_;                ///< last: its task uses what is above
};

}  // namespace escalon::intake
