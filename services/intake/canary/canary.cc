#include "services/intake/canary/canary.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace escalon::intake {
namespace {

using Steady = std::chrono::steady_clock::time_point;

constexpr uint64_t kOpened = 1;  ///< the version that the door's answer is about

DurationMs Between(Steady from, Steady to) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

}  // namespace

struct Canary::Flight {
  Steady started{}, stage_began{};
  CaseId id;
  uint64_t version = 0;
  CanaryOutcome outcome = CanaryOutcome::kDone;
  /// Of the step that is waited for: an answer to one that was given up, or a second one, is nobody's.
  uint64_t waits_for = 0;
  std::optional<Error> trouble;              ///< of the last look
  runtime::EventLoop::TimerId patience = 0;  ///< of the step that is waited for
};

Canary::Canary(CanaryOptions options, CanarySteps& steps, CanaryMetrics& metrics, const Clock& clock,
               runtime::EventLoop& loop, runtime::Logger log)
    : options_(options), steps_(steps), metrics_(metrics), clock_(clock), loop_(loop), log_(std::move(log)) {}

void Canary::Start() {
  loop_.Post([this] {
    if (!stopped_) Fly();
  });
}

void Canary::Stop() {
  loop_.Post([this] {
    stopped_ = true;
    loop_.Cancel(std::exchange(next_, 0));
    if (flight_ != nullptr) loop_.Cancel(flight_->patience);
    flight_.reset();
  });
}

bool Canary::Over(const Flight& flight) const { return flight_.get() != &flight; }
bool Canary::Late(const Flight& flight) const {
  return Between(flight.stage_began, clock_.Steady()) >= options_.patience_ms;
}

template <typename T>
Reply<T> Canary::Back(FlightPtr flight, std::function<void(const Result<T>&)> then) {
  const uint64_t number = ++flight->waits_for;
  const auto settle = [this, flight, number, then = std::move(then)](const Result<T>& result) {
    if (Over(*flight) || flight->waits_for != number) return;
    ++flight->waits_for;
    loop_.Cancel(std::exchange(flight->patience, 0));
    then(result);
  };
  // Whoever never answers would keep the next canary on the ground for ever.
  flight->patience = loop_.After(options_.patience_ms, [settle] {
    settle(Error{ErrorCode::kDeadlineExceeded, "no answer in time"});
  });
  return [this, settle](Result<T> result) {
    loop_.Post([settle, result = std::make_shared<const Result<T>>(std::move(result))] { settle(*result); });
  };
}

void Canary::Fly() {
  next_ = 0;
  flight_ = std::make_shared<Flight>();
  flight_->started = flight_->stage_began = clock_.Steady();
  steps_.Submit(Back<CaseId>(flight_, [this, flight = flight_](const Result<CaseId>& id) { OnSubmitted(flight, id); }));
}

void Canary::OnSubmitted(const FlightPtr& flight, const Result<CaseId>& id) {
  if (!id.ok()) {
    flight->outcome = CanaryOutcome::kNotAccepted;
    log_.Warn("the canary was not accepted", {runtime::ErrorField(id.error())});
    return End(flight);
  }
  flight->id = *id;
  flight->version = kOpened;
  Reached(flight, CanaryStage::kAccepted);
  AwaitAssignment(flight);
}

void Canary::AwaitAssignment(const FlightPtr& flight) {
  steps_.Look(flight->id, flight->version,
              Back<CanarySteps::Seen>(flight, [this, flight](const Result<CanarySteps::Seen>& seen) {
                if (seen.ok() && seen->assigned) {
                  Reached(flight, CanaryStage::kAssigned);
                  return AwaitDelivery(flight);
                }
                if (seen.ok()) flight->version = std::max(flight->version, seen->version);
                if (!seen.ok()) flight->trouble = seen.error();
                if (Late(*flight)) return Miss(flight, CanaryOutcome::kNotAssigned, flight->trouble);
                loop_.After(options_.look_again_ms, [this, flight] {
                  if (!Over(*flight)) AwaitAssignment(flight);
                });
              }));
}

void Canary::AwaitDelivery(const FlightPtr& flight) {
  steps_.LookForDelivery(flight->id, Back<bool>(flight, [this, flight](const Result<bool>& delivered) {
                           if (delivered.ok() && *delivered) {
                             Reached(flight, CanaryStage::kNotified);
                             return Land(flight);
                           }
                           if (!delivered.ok()) flight->trouble = delivered.error();
                           if (Late(*flight)) return Miss(flight, CanaryOutcome::kNotNotified, flight->trouble);
                           loop_.After(options_.look_again_ms, [this, flight] {
                             if (!Over(*flight)) AwaitDelivery(flight);
                           });
                         }));
}

void Canary::Reached(const FlightPtr& flight, CanaryStage stage) {
  metrics_.Stage(stage, clock_.Steady() - flight->started);
  flight->stage_began = clock_.Steady();
  flight->trouble.reset();
}

void Canary::Miss(const FlightPtr& flight, CanaryOutcome outcome, const std::optional<Error>& why) {
  flight->outcome = outcome;
  log_.Warn(outcome == CanaryOutcome::kNotAssigned ? "the canary has no owner" : "the canary's page was not delivered",
            {{"case", flight->id.ToString()},
             runtime::ErrorField(why.value_or(Error{ErrorCode::kDeadlineExceeded, "nothing came in time"}))});
  Land(flight);
}

void Canary::Land(const FlightPtr& flight) {
  steps_.Cancel(flight->id, Back<bool>(flight, [this, flight](const Result<bool>& cancelled) {
                  if (!cancelled.ok()) {
                    log_.Warn("the canary could not be cancelled",
                              {{"case", flight->id.ToString()}, runtime::ErrorField(cancelled.error())});
                    if (flight->outcome == CanaryOutcome::kDone) flight->outcome = CanaryOutcome::kNotCancelled;
                  }
                  End(flight);
                }));
}

void Canary::End(const FlightPtr& flight) {
  metrics_.Ended(flight->outcome);
  const DurationMs took = Between(flight->started, clock_.Steady());
  flight_.reset();
  next_ = loop_.After(std::max<DurationMs>(options_.every_ms - took, options_.look_again_ms), [this] { Fly(); });
}

}  // namespace escalon::intake
