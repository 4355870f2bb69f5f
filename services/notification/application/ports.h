#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "common/domain/case.h"
#include "common/domain/roster.h"
#include "common/wire/delivery_codec.h"

/// What the dispatcher needs of the world.
namespace escalon::notification {

struct Origin;

/// The rosters in force.
class Rosters {
 public:
  virtual ~Rosters() = default;
  /// Never null. Thread-safe.
  virtual std::shared_ptr<const Roster> Of(std::string_view tenant) const = 0;
};

/// Cases as their owners have them now.
class CaseReader {
 public:
  virtual ~CaseReader() = default;
  /// In the order of the ids, once, from any thread. kNotFound: the case is no longer live.
  virtual void Read(std::vector<CaseId> ids, std::function<void(std::vector<Result<Case>>)> done) = 0;
};

/// The delivery log.
class Recorder {
 public:
  virtual ~Recorder() = default;
  /// Kept until it is durable. `first`: its `open` is lowered then; null: nobody waits for it. `shard` -1: any
  /// partition.
  virtual void Append(int shard, const wire::DeliveryRecord& record, std::shared_ptr<Origin> first) = 0;
};

}  // namespace escalon::notification
