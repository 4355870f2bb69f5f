#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/core/position.h"
#include "common/log/kafka_client.h"
#include "common/log/wakeup.h"

namespace escalon::log {

/// Membership in a classic consumer group over one topic, range assignor, that fetches nothing: it answers every
/// assignment with an empty one, so librdkafka opens no fetch, while the group's own view of who holds what stays. Data
/// is read by a PartitionConsumer. Inside this room only. Thread rule: one thread, the one that waits on the Wakeup.
/// Events are called inside Serve and Leave.
class GroupMember {
 public:
  struct Settings {
    std::string topic;
    std::string group;
    std::string instance;  ///< empty: dynamic
    int session_timeout_ms = 6000;
  };
  struct Events {
    std::function<void(const std::vector<int>& partitions)> on_assigned;
    /// Must return only when the partitions are let go; the next owner waits for it.
    std::function<void(const std::vector<int>& partitions, bool lost)> on_revoked;
    std::function<void(const Error&)> on_fatal;
    std::function<void(const Error&)> on_trouble;
    /// After Commit: how each partition fared.
    std::function<void(int partition, int64_t offset, bool ok)> on_committed;
  };
  static Result<std::unique_ptr<GroupMember>> Join(const KafkaConfig& kafka, Settings settings, Events events,
                                                   Wakeup* wakeup);
  ~GroupMember();

  /// Handles all that is there. Must be called at least every few minutes, or the group gives the partitions to others.
  void Serve();
  void Leave();
  const std::set<int>& held() const { return held_; }

  struct Place {
    int partition = 0;
    Position position;
  };
  /// Asynchronous; on_committed tells. False: could not even be sent.
  bool Commit(const std::vector<Place>& places);
  /// Waits for the answer, at most two seconds.
  Status CommitNow(const std::vector<Place>& places);

  struct Committed {
    int64_t offset = -1;  ///< -1: nothing committed
    std::string metadata;
  };
  Result<Committed> ReadCommitted(int partition, int timeout_ms);

 private:
  GroupMember(Settings settings, Events events) : settings_(std::move(settings)), events_(std::move(events)) {}
  void Rebalanced(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions);
  void Revoke(const std::vector<int>& partitions, bool lost);
  void Handle(const rd_kafka_message_t& message);

  const Settings settings_;
  const Events events_;
  Client client_;
  QueuePtr queue_;
  std::set<int> held_;
  bool fatal_ = false;
  bool left_ = false;
};

/// Commit list with the positions as metadata.
PartitionsPtr CommitList(const std::string& topic, const std::vector<GroupMember::Place>& places);
/// Commits in the handle's group and waits for the answer.
Status CommitAndWait(rd_kafka_t* handle, const rd_kafka_topic_partition_list_t& places, int timeout_ms);

}  // namespace escalon::log
