#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/domain/case.h"
#include "common/rpc/keeper_client.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/health.h"
#include "common/runtime/logging.h"
#include "common/view/queries.h"
#include "services/intake/application/intake_metrics.h"

namespace escalon::intake {

/// A case as it was found.
struct FoundCase {
  std::shared_ptr<const Case> c;
  bool stale = false;  ///< it may have moved on: no owner can be reached
};

/// A case with the batches that led to it, oldest first: `batches[i]` made version `first_version + i`.
struct FoundHistory {
  std::shared_ptr<const Case> c;
  std::vector<std::string> batches;  ///< encoded EventBatch
  uint64_t first_version = 1;
};

/// Which case, as of when, until when.
struct CaseQuestion {
  CaseId id;
  std::string tenant;        ///< kAllTenants: any
  uint64_t min_version = 0;  ///< waits up to 100 ms for it, then asks the owner
  InstantMs deadline = kNever;
};

/// The live view with an event loop and a connection of its own, and the cases' owners behind it: what the view does
/// not have yet, or cannot say, the owner is asked for.
class LiveView {
 public:
  struct Options {
    view::RedisOptions redis;
    int generation = 1;
    int shards = 8;
  };
  /// `owners` and all else outlive it.
  LiveView(Options options, rpc::KeeperClient& owners, const Clock& clock, IntakeMetrics& metrics, runtime::Logger log,
           runtime::Health& health);
  ~LiveView();

  void Start();
  /// What is under way is dropped: their callers hear kInternal from the call itself.
  void Stop();

  /// Any thread; `done` on the loop's or the keeper client's thread, must not block. kNotFound for another tenant's
  /// too.
  void Find(CaseQuestion question, std::function<void(Result<FoundCase>)> done);
  void FindHistory(CaseQuestion question, std::function<void(Result<FoundHistory>)> done);
  /// Whether some owner can be reached: if not, what the view says may be behind.
  bool OwnersReachable() const { return owners_.Connected(); }

  /// For whoever works on the loop itself.
  runtime::EventLoop& loop() { return thread_.loop(); }
  view::Queries& queries() { return queries_; }
  bool connected() const { return redis_.connected(); }

 private:
  struct Finding;
  void Look(std::shared_ptr<Finding> finding);
  void AskOwner(std::shared_ptr<Finding> finding);
  void ReadHistory(std::shared_ptr<const Case> c, int tries, std::function<void(Result<FoundHistory>)> done);

  const Clock& clock_;
  rpc::KeeperClient& owners_;
  IntakeMetrics& metrics_;
  runtime::Health& health_;
  runtime::LoopThread thread_;
  view::Redis redis_;
  view::Queries queries_;
};

}  // namespace escalon::intake
