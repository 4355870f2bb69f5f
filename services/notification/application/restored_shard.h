#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/wire/delivery_codec.h"
#include "services/notification/application/dead_letters.h"

namespace escalon::notification {

/// A delivery that was not over when the log was read.
struct PendingDelivery {
  wire::DeliveryRecord last;
  uint32_t attempts = 0;
  bool somebody_reached = false;  ///< another one of the same intent was delivered
};

/// The fold of one partition of the delivery log: what is over, what goes on, what is dead. Pure.
class RestoredShard {
 public:
  /// Outcomes of intents decided before `delivered_since` are not kept: the case log will not give those again.
  explicit RestoredShard(InstantMs delivered_since = kNever) : delivered_since_(delivered_since) {}

  void Add(const wire::DeliveryRecord& record);

  /// Keys (DeliveryKey) that are over.
  std::unordered_set<std::string> TakeDelivered() { return std::move(delivered_); }
  std::vector<PendingDelivery> TakePending();
  std::vector<DeadLetter> TakeDead(int shard);

 private:
  static constexpr size_t kMostReached = 500'000;
  void Reached(const wire::DeliveryRecord& record);
  bool WasReached(const wire::DeliveryRecord& record) const;

  const InstantMs delivered_since_;
  std::unordered_map<std::string, PendingDelivery> open_;  ///< dead ones too
  std::unordered_set<std::string> delivered_;
  std::unordered_set<size_t> reached_,
      reached_before_;  ///< hashes of pages that reached somebody: the last half million at least
};

}  // namespace escalon::notification
