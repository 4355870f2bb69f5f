#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/log/done_tracker.h"
#include "common/log/follower.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/executor.h"
#include "common/runtime/health.h"
#include "common/runtime/logging.h"
#include "services/notification/application/delivery_log.h"
#include "services/notification/application/dispatcher.h"
#include "services/notification/application/test_page.h"

namespace escalon::notification {

struct NotifierOptions {
  log::FollowerConfig follower;
  std::string delivery_topic;
  DurationMs restore_window_ms =
      72 * kHourMs;  ///< how far back the delivery log is read at an assignment; 0: all that is kept
  DispatchOptions dispatch;
};

/// What the notifier is given; outlives it.
struct NotifierParts {
  const Clock& clock;
  const Clock& machine_clock;
  const Rosters& rosters;
  CaseReader& cases;
  ports::CommandGate& gate;
  Channels& channels;
  Renderer& renderer;
  const Links& links;
  OpenContact open_contact;
  NotificationMetrics& metrics;
  runtime::Logger logger;
  runtime::Health& health;
};

/// Follows the case log, makes work of every intent and hands it to the dispatcher; a record is done with when the
/// delivery log knows all its deliveries. A shard is worked on only after its delivery log was read, so that what was
/// delivered is not sent again. Decoding happens on the follower's thread, everything else on one loop. Public methods
/// are thread-safe.
class Notifier final : public log::FollowerHandler {
 public:
  Notifier(NotifierOptions options, NotifierParts parts);
  ~Notifier() override;

  Status Start();
  /// Ends sends under way, flushes the delivery log, commits. Blocks up to `limit_ms`.
  void Stop(DurationMs limit_ms);

  using OnPage = std::function<void(std::vector<DeadLetter>)>;
  void ListDead(std::string tenant, CaseId case_id, InstantMs before_at, std::string before_id, size_t limit,
                OnPage done);
  /// One answer for each id, in order: empty, or why not.
  void Resend(std::string tenant, std::vector<std::string> ids, bool discard, std::string by,
              std::function<void(std::vector<std::string>)> done);
  void SendTestPage(TestPage page, std::function<void(Result<wire::DeliveryRecord>)> done);

  // From the follower's thread.
  void OnAssigned(int shard, const log::FollowerStart& start) override;
  void OnRevoked(int shard, bool lost) override;
  void OnRecord(int shard, int64_t offset, InstantMs broker_time_ms, const log::Record& record) override;
  void OnBatchEnd() override;
  void OnCaughtUp(int shard, int64_t end) override;
  void OnPoison(int shard, int64_t offset, std::string_view raw, const Error& reason) override;
  void OnAlarm(int shard, const Error& reason) override;

 private:
  /// A record as the loop needs it.
  struct Read {
    int shard = 0;
    CaseId id;
    std::shared_ptr<Origin> origin;  ///< null: the record has no intents
    std::vector<NotifyIntended> intents;
  };
  struct Shard {
    uint64_t assignment = 0;
    bool restored = false;
    bool restoring = false;
    bool caught_up = false;
    std::vector<Read> waiting;  ///< until the delivery log was read
  };
  void TakeIntents(int shard, int64_t offset, const log::Record& record);
  void TakeSnapshot(int shard, int64_t offset, const log::Record& record);
  void Handle(std::vector<Read>& reads);
  void HandleOne(Read& read);
  void Restore(int shard, InstantMs delivered_since);
  void Restored(int shard, uint64_t assignment, InstantMs delivered_since, Result<RestoredShard> restored);
  void TellHealth();

  const NotifierOptions options_;
  const NotifierParts parts_;

  // The follower's thread.
  std::vector<Read> batch_;
  std::set<int> from_base_;  ///< shards that lost their place: open intents come from the base's snapshots

  runtime::LoopThread thread_;
  runtime::EventLoop& loop_;
  std::unique_ptr<log::DoneTracker> done_;
  DeliveryLog delivery_log_;
  std::unique_ptr<Dispatcher> dispatcher_;
  TestPager test_pager_;
  std::map<int, Shard> shards_;  ///< the loop's
  uint64_t last_assignment_ = 0;
  std::atomic<bool> stopped_{false};
  std::unique_ptr<runtime::Executor> restorer_;
  std::unique_ptr<log::Follower> follower_;  ///< last: its thread calls this
};

}  // namespace escalon::notification
