#pragma once

#include <memory>
#include <string>

#include "common/core/position.h"
#include "common/core/result.h"
#include "common/log/kafka_config.h"

namespace escalon::log {

/// Where each shard's last complete base begins: the floor that its base_begin and base_end carry, kept as the
/// committed offset (with the position as metadata) of a group that never has members. A hint, never an authority:
/// whoever starts there still needs the base_end in the log (rule 12). Thread rule: any thread, one call at a time
/// inside; both calls block up to `timeout_ms`, so not on an event loop.
class BaseIndex {
 public:
  static Result<std::unique_ptr<BaseIndex>> Open(KafkaConfig kafka, std::string topic, std::string group);
  ~BaseIndex();

  /// By the owner, after its base_end counted.
  Status Commit(int shard, const Position& floor, int timeout_ms);
  /// kNotFound: no base yet. kInvalidArgument: somebody else's metadata.
  Result<Position> LastBase(int shard, int timeout_ms);

 private:
  struct Impl;
  explicit BaseIndex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::log
