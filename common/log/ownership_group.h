#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/log/kafka_config.h"

namespace escalon::log {

struct OwnershipConfig {
  KafkaConfig kafka;
  std::string topic;
  std::string group;     ///< `<prefix>escalon.routing`
  std::string instance;  ///< group.instance.id: the StatefulSet ordinal; empty: dynamic membership
  int session_timeout_ms = 6000;
  int release_timeout_ms = 3000;  ///< how long a revocation waits for Released
};

/// Routing's membership in the consumer group over the case log. It only *suggests* who owns a shard; the log decides
/// (DESIGN §4). It carries no data: its partitions are paused (rule 16).
/// Thread rule: methods from any thread; callbacks on the group's own thread, one at a time. on_revoked may return at
/// once: the group then waits until Released was called for each of its shards, or release_timeout_ms.
class OwnershipGroup {
 public:
  struct Events {
    std::function<void(std::vector<int> shards)> on_assigned;
    /// `lost`: another may own them already: stop answering at once; nothing waits for Released.
    std::function<void(std::vector<int> shards, bool lost)> on_revoked;
    /// Membership has ended (FENCED_INSTANCE_ID: another process bears our instance id, or the brokers came back
    /// without this member; authorisation). All shards were reported as lost before. The group is joined again after a
    /// pause, 1 s at first, at most 30 s.
    std::function<void(const Error&)> on_fatal;
    std::function<void(const Error&)> on_trouble;
  };
  /// Joins in the background; the brokers may be away.
  static Result<std::unique_ptr<OwnershipGroup>> Start(OwnershipConfig config, Events events, const Clock& clock);
  /// Leave, if Leave was not called.
  ~OwnershipGroup();

  /// A shard that on_revoked named is no longer served.
  void Released(int shard);
  /// Revokes what is held (on_revoked, Released as ever), then leaves the group; blocks until done. A member with an
  /// instance id keeps its place for session_timeout_ms, so that a restart moves nothing. Not from a callback.
  void Leave();

 private:
  struct Impl;
  explicit OwnershipGroup(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::log
