#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/core/clock.h"
#include "common/core/position.h"
#include "common/core/result.h"
#include "common/log/kafka_config.h"
#include "common/log/reader.h"
#include "common/log/record.h"

namespace escalon::log {

struct FollowerConfig {
  KafkaConfig kafka;
  std::string topic;
  std::string group;       ///< `<prefix>escalon.triage`, ...
  std::string base_group;  ///< of the BaseIndex: `<prefix>escalon.base`
  std::string instance;    ///< group.instance.id; empty: dynamic membership
  int session_timeout_ms = 6000;
  int commit_interval_ms = 1000;
  int fetch_min_bytes = 256 * 1024;  ///< at the most a second the wait ends a fetch: a broker pays by the request
  int fetch_wait_ms = 10;
  /// Delivered and not yet done, per shard: above it the shard's fetching pauses until half of it is done.
  size_t max_outstanding = 50'000;
};

/// Why a shard starts where it does.
enum class StartReason : uint8_t {
  kCommitted,      ///< at the group's own saved position
  kBeginning,      ///< the log is whole and the group is new
  kBase,           ///< the group is new and the log begins later, or has a base: at the last complete base
  kBaseAfterLoss,  ///< rule 10: the saved position is out of range or unreadable. What lay between is only in the
                   ///< base's snapshots; on_alarm was called
};

struct FollowerStart {
  Position at;
  StartReason reason = StartReason::kCommitted;
};

/// What a service does with the case log. All calls come on the follower's own thread, in order within a shard.
class FollowerHandler {
 public:
  virtual ~FollowerHandler() = default;
  /// Records from `start.at` follow. A shard that is held already and is assigned again (kBaseAfterLoss) starts afresh;
  /// OnRevoked came before.
  virtual void OnAssigned(int shard, const FollowerStart& start) = 0;
  /// The shard is no longer ours; what was marked done has been committed unless `lost`.
  /// No MarkDone for it from here to the next OnAssigned: it would be taken for the next assignment's.
  virtual void OnRevoked(int shard, bool lost) = 0;
  /// A record that counts (fences, ticks and base records too), exactly in the log's order.
  virtual void OnRecord(int shard, int64_t offset, InstantMs broker_time_ms, const Record& record) = 0;
  /// Everything that had arrived was delivered: flush what the records caused.
  virtual void OnBatchEnd() = 0;
  /// The first time since OnAssigned that the end of the log was reached: `end` is one behind the last record then.
  virtual void OnCaughtUp(int /*shard*/, int64_t /*end*/) {}
  /// Bytes that are no record, for the dead-letter topic. They do not count: if the owner wrote them, the rest of its
  /// epoch is void until the next fence (see Reader). The shard goes on.
  virtual void OnPoison(int shard, int64_t offset, std::string_view raw, const Error& reason) = 0;
  /// A shard is in trouble that a person must know of: out of range, a hole in the log, no base to start from (then the
  /// shard stands still and is tried again every few seconds). -1: the whole follower (a lost
  /// group; a fatal client, which joins again by itself).
  virtual void OnAlarm(int shard, const Error& reason) = 0;
};

struct FollowerShardStats {
  ReaderStats reader;
  int64_t next_offset = 0;  ///< to be read
  int64_t committed_offset = -1;
  int64_t end = -1;          ///< of the log, as far as known; lag = end - next_offset
  uint64_t outstanding = 0;  ///< delivered and not done
};

struct FollowerStats {
  std::map<int, FollowerShardStats> shards;  ///< those assigned now
  ReaderStats total;                         ///< since the start, revoked shards included
  uint64_t poison = 0;
  uint64_t commits = 0;
  uint64_t commit_failures = 0;
  uint64_t restarts_at_base = 0;
};

/// How triage, sla-timer and notification read the case log: members of a consumer group, a Reader per shard, the whole
/// position committed with each offset, at least once (rules 5 and 10).
/// Thread rule: public methods from any thread, except Stop from the handler.
class Follower {
 public:
  /// `handler` and `clock` must outlive the follower. Fails only on a bad configuration.
  static Result<std::unique_ptr<Follower>> Open(FollowerConfig config, FollowerHandler* handler, const Clock* clock);
  /// Joins the group; the brokers may be away. No callback comes before. Once.
  void Start();
  /// Stop.
  ~Follower();

  /// Everything of this shard up to and including the record at `offset` is done with: it may be committed, at most
  /// once per commit_interval_ms and at a revocation. Cumulative: a handler that finishes out of order marks the
  /// contiguous part.
  void MarkDone(int shard, int64_t offset);
  FollowerStats stats() const;
  /// Commits what is done, revokes, leaves the group. Blocks, with the brokers away up to session_timeout_ms; no
  /// callback afterwards.
  void Stop();

 private:
  struct Impl;
  explicit Follower(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::log
