#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/core/clock.h"
#include "common/ports/command_gate.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"
#include "services/notification/application/attempts.h"
#include "services/notification/application/bundler.h"
#include "services/notification/application/dead_letters.h"
#include "services/notification/application/delivery.h"
#include "services/notification/application/fair_queue.h"
#include "services/notification/application/links.h"
#include "services/notification/application/notification_metrics.h"
#include "services/notification/application/ports.h"
#include "services/notification/application/recipients.h"
#include "services/notification/application/renderer.h"
#include "services/notification/application/restored_shard.h"
#include "services/notification/application/sinks.h"
#include "services/notification/channels/channel.h"

namespace escalon::notification {

struct DispatchOptions {
  size_t most_in_flight = 256;
  size_t most_per_sink = 16;
  DurationMs late_after_ms = kSecondMs;        ///< real time; a message queued for longer asks first
  DurationMs ask_patience_ms = 2 * kSecondMs;  ///< real time
  AttemptPolicy attempts;
  BundlePolicy bundles;
  BreakerPolicy breaker;
};

/// Everything that the dispatcher works with; outlives it.
struct DispatchParts {
  runtime::EventLoop& loop;
  const Clock& clock;
  const Rosters& rosters;
  CaseReader& cases;
  ports::CommandGate& gate;
  Recorder& recorder;
  Channels& channels;
  Renderer& renderer;
  const Links& links;
  OpenContact open_contact;
  NotificationMetrics& metrics;
  runtime::Logger logger;
};

/// Takes intents to people (DESIGN §5.8): queue, question whether still wanted, words, send, retry, next channel, dead
/// letter, and a line of the delivery log for every step. Everything happens in the loop's thread, tests drive it with
/// a manual clock.
class Dispatcher {
 public:
  Dispatcher(DispatchOptions options, DispatchParts parts);
  ~Dispatcher();

  /// A new intent of the case log. `origin->open` grows by its deliveries.
  void Accept(const std::shared_ptr<Origin>& origin, const NotifyIntended& told);
  /// The case has moved: what waits for it is asked about again at once.
  void Touched(const CaseId& id);
  /// What the delivery log says of a shard, before its first Accept.
  void Restore(int shard, RestoredShard restored);
  /// Everything that the delivery log knew has been read past: nothing older can come again.
  void CaughtUp(int shard);
  /// The shard is another's; sends under way are recorded when they end.
  void Drop(int shard);

  /// Sends a dead letter again, or gives it up. The answer: empty, or why not.
  void Resend(const std::string& tenant, const std::string& id, bool discard, const std::string& by,
              std::function<void(std::string)> done);
  const DeadLetters& dead_letters() const { return dead_; }

  /// Starts no further sends; `idle` is called when none is under way.
  void Close(std::function<void()> idle);
  size_t pending() const { return table_.size(); }

 private:
  using Outcome = wire::DeliveryOutcome;

  // dispatcher.cc: in and out of the table, time, questions.
  InstantMs Now() const { return parts_.clock.WallMs(); }
  bool IsLate(const Delivery& d, InstantMs now) const;
  Delivery* Find(uint64_t id);
  Delivery& Insert(std::unique_ptr<Delivery> d);
  void Erase(Delivery& d);
  std::shared_ptr<Intent> IntentOf(const Origin& origin, const NotifyIntended& told);
  bool IsKnown(const Origin& origin, const std::string& key) const;
  void Begin(std::unique_ptr<Delivery> d);
  void Enqueue(Delivery& d);
  void WaitUntil(Delivery& d, DeliveryState state, InstantMs at);
  void ReleaseSlot(Delivery& d);
  void Pump();
  void OnTurnEnd();
  /// Waits are spans (DESIGN §7.15): when the wall clock is set back, what waits by it comes as much sooner. Quiet
  /// hours end by the wall clock.
  void KeepWaits();
  void ArmTimer();
  void OnTimer();
  void Measure();
  void Ask(Delivery& leader);
  void FlushQuestions();
  void Answered(const std::vector<CaseId>& ids, const std::vector<Result<Case>>& cases);
  void AnsweredOne(const CaseId& id, const Result<Case>& answer);
  /// The log shows a record to everybody as soon as to its owner, who may not have counted it yet: such an answer says
  /// nothing of what the record tells, and is asked for again.
  bool OwnerIsBehind(const Delivery& d, const Result<Case>& answer) const;
  void Judge(Delivery& d, const Result<Case>& answer);
  bool LearnRecipient(Delivery& d);
  void ProceedIfAnswered(Delivery& leader);

  // dispatcher_send.cc: one attempt and what follows from it.
  void Send(Delivery& d);
  Message MessageOf(Delivery& d, const Channel& channel);
  void OnSent(uint64_t id, const std::string& sink, SendResult result);
  void Settle(Delivery& d, const SendResult& result);
  void ToNextContact(Delivery& d, const std::string& reason);
  void Exhausted(Delivery& d, const std::string& reason);
  void ExhaustedOne(Delivery& d, const std::string& reason);
  void Report(uint64_t id, const std::string& reason);
  void Reported(uint64_t id, const std::string& reason, const Result<ports::Answered>& answered);
  void Suppress(Delivery& d, const std::string& reason);
  void Conclude(Delivery& d, Outcome outcome, const std::string& reason, const std::string& provider_ref = {});
  void Record(Delivery& d, Outcome outcome, const std::string& reason, InstantMs next_at = 0,
              const std::string& provider_ref = {});
  wire::DeliveryRecord RecordOf(const Delivery& d, Outcome outcome, const std::string& reason) const;
  void RecordAll(Delivery& leader, Outcome outcome, const std::string& reason, InstantMs next_at = 0);
  Letter LetterOf(const Delivery& d, const Channel& channel) const;
  std::vector<Delivery*> Members(Delivery& leader);
  void Promote(Delivery& leader);

  const DispatchOptions options_;
  const DispatchParts parts_;
  runtime::EventLoop::HookId hook_ = 0;

  std::unordered_map<uint64_t, std::unique_ptr<Delivery>> table_;
  std::unordered_map<CaseId, std::vector<uint64_t>> by_case_;
  uint64_t last_id_ = 0;
  FairQueue queue_;
  Bundler bundler_;
  Sinks sinks_;
  DeadLetters dead_;
  std::map<int, std::unordered_set<std::string>> delivered_;  ///< by shard: what the log may give again, until CaughtUp
  std::multimap<InstantMs, uint64_t> due_;                    ///< kWaiting and kHeld; entries may be stale
  std::set<CaseId> questions_;                                ///< of this turn
  size_t in_flight_ = 0;
  size_t queued_ = 0;
  bool closing_ = false;
  std::function<void()> on_idle_;
  runtime::EventLoop::TimerId timer_ = 0;
  runtime::EventLoop::TimerId measure_timer_ = 0;
  InstantMs timer_at_ = kNever;
  InstantMs last_now_ = 0;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< what others' threads post may come too late
};

}  // namespace escalon::notification
