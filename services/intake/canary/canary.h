#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "common/core/clock.h"
#include "common/core/ids.h"
#include "common/core/result.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"
#include "services/intake/application/reply.h"
#include "services/intake/canary/canary_metrics.h"

namespace escalon::intake {

/// What a canary needs of the world. Answers come from any thread; none may block.
class CanarySteps {
 public:
  /// A case as it was found.
  struct Seen {
    uint64_t version = 0;
    bool assigned = false;
  };
  virtual ~CanarySteps() = default;
  virtual void Submit(Reply<CaseId> reply) = 0;
  /// The case, newer than `version` if that can be had soon.
  virtual void Look(const CaseId& id, uint64_t version, Reply<Seen> reply) = 0;
  /// Whether a page of the case has been delivered.
  virtual void LookForDelivery(const CaseId& id, Reply<bool> reply) = 0;
  /// Its end; the reply's value means nothing.
  virtual void Cancel(const CaseId& id, Reply<bool> reply) = 0;
};

struct CanaryOptions {
  DurationMs every_ms = 10 * kSecondMs;
  /// For each of: accepted, assigned, notified, cancelled.
  DurationMs patience_ms = 30 * kSecondMs;
  /// Between two looks; also how exact the measured times are.
  DurationMs look_again_ms = 20;
};

/// A case of Escalon's own every so often, by the way that everybody's cases go: submitted, seen assigned, seen
/// notified, cancelled. One at a time; one that is stuck delays the next. Steady time. All work on `loop`'s thread.
class Canary {
 public:
  /// All outlive it; the loop must have ended before it is destroyed.
  Canary(CanaryOptions options, CanarySteps& steps, CanaryMetrics& metrics, const Clock& clock,
         runtime::EventLoop& loop, runtime::Logger log);

  /// Any thread: the first flies at once.
  void Start();
  /// Any thread: no further one flies; the one in the air is forgotten.
  void Stop();

 private:
  struct Flight;
  using FlightPtr = std::shared_ptr<Flight>;
  void Fly();
  void OnSubmitted(const FlightPtr& flight, const Result<CaseId>& id);
  void AwaitAssignment(const FlightPtr& flight);
  void AwaitDelivery(const FlightPtr& flight);
  /// What was reached in time, and what not.
  void Reached(const FlightPtr& flight, CanaryStage stage);
  void Miss(const FlightPtr& flight, CanaryOutcome outcome, const std::optional<Error>& why);
  void Land(const FlightPtr& flight);
  void End(const FlightPtr& flight);

  bool Over(const Flight& flight) const;
  bool Late(const Flight& flight) const;
  /// Runs `then` on the loop with what came, unless the flight was forgotten.
  template <typename T>
  Reply<T> Back(FlightPtr flight, std::function<void(const Result<T>&)> then);

  const CanaryOptions options_;
  CanarySteps& steps_;
  CanaryMetrics& metrics_;
  const Clock& clock_;
  runtime::EventLoop& loop_;
  const runtime::Logger log_;
  FlightPtr flight_;  ///< in the air
  runtime::EventLoop::TimerId next_ = 0;
  bool stopped_ = false;
};

}  // namespace escalon::intake
