#include "services/notification/application/restored_shard.h"

#include <functional>

#include "common/core/digest.h"
#include "services/notification/application/delivery.h"

namespace escalon::notification {
namespace {

using wire::DeliveryOutcome;

size_t IntentHash(const wire::DeliveryRecord& record) {
  return std::hash<std::string>{}(DeliveryKey(record.case_id, record.version, record.index, ""));
}

bool IsOver(DeliveryOutcome outcome) {
  return outcome == DeliveryOutcome::kDelivered || outcome == DeliveryOutcome::kSuppressed ||
         outcome == DeliveryOutcome::kSkippedByRetention || outcome == DeliveryOutcome::kDiscarded;
}

}  // namespace

void RestoredShard::Reached(const wire::DeliveryRecord& record) {
  if (reached_.size() >= kMostReached) {
    reached_before_ = std::move(reached_);
    reached_.clear();
  }
  reached_.insert(IntentHash(record));
}

bool RestoredShard::WasReached(const wire::DeliveryRecord& record) const {
  const size_t hash = IntentHash(record);
  return reached_.contains(hash) || reached_before_.contains(hash);
}

void RestoredShard::Add(const wire::DeliveryRecord& record) {
  if (record.case_id.empty()) return;  // a test page
  std::string key = DeliveryKey(record);
  if (record.outcome == DeliveryOutcome::kDelivered && record.purpose == IntentPurpose::kPage) Reached(record);
  if (record.intended_at >= delivered_since_) delivered_.insert(key);
  if (IsOver(record.outcome)) {
    open_.erase(key);
    return;
  }
  PendingDelivery& open = open_[std::move(key)];
  const bool tried = record.outcome == DeliveryOutcome::kRetrying || record.outcome == DeliveryOutcome::kChannelFailed;
  if (tried && record.attempt > 0) ++open.attempts;
  open.last = record;
}

std::vector<PendingDelivery> RestoredShard::TakePending() {
  std::vector<PendingDelivery> out;
  for (auto& [key, open] : open_) {
    if (open.last.outcome == DeliveryOutcome::kDead) continue;
    open.somebody_reached = WasReached(open.last);
    out.push_back(std::move(open));
  }
  std::erase_if(open_, [](const auto& item) { return item.second.last.outcome != DeliveryOutcome::kDead; });
  return out;
}

std::vector<DeadLetter> RestoredShard::TakeDead(int shard) {
  std::vector<DeadLetter> out;
  for (auto& [key, open] : open_) {
    if (open.last.outcome == DeliveryOutcome::kDead)
      out.push_back({ToHex(key), std::move(open.last), open.attempts, shard});
  }
  return out;
}

}  // namespace escalon::notification
