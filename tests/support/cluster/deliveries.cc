#include "tests/support/cluster/deliveries.h"

#include <algorithm>

#include "common/log/plain_topic.h"

namespace escalon::test {
namespace {

constexpr int kTimeoutMs = 20'000;

}  // namespace

Result<Deliveries> Deliveries::Read(Cluster& cluster) {
  auto reader = log::PlainReader::Open(cluster.kafka(), cluster.topics().delivery);
  if (!reader.ok()) return reader.error();
  const Result<int> partitions = (*reader)->Partitions(kTimeoutMs);
  if (!partitions.ok()) return partitions.error();
  Deliveries out;
  for (int p = 0; p < *partitions; ++p) {
    const Status read = (*reader)->ReadToEnd(p, 0, kTimeoutMs, [&](const log::PlainMessage& message) {
      Result<wire::DeliveryRecord> record = wire::DecodeDelivery(message.value);
      if (!record.ok()) return true;  // poison that a scenario put there; the checker counts it
      out.by_intent_[{record->case_id, record->version, record->index}].push_back(std::move(*record));
      return true;
    });
    if (!read.ok()) return read.error();
  }
  return out;
}

const std::vector<wire::DeliveryRecord>& Deliveries::Of(const CaseId& id, uint64_t version, uint32_t index) const {
  static const std::vector<wire::DeliveryRecord> kNone;
  const auto found = by_intent_.find({id, version, index});
  return found == by_intent_.end() ? kNone : found->second;
}

std::vector<wire::DeliveryRecord> Deliveries::Of(const CaseId& id) const {
  std::vector<wire::DeliveryRecord> out;
  for (auto it = by_intent_.lower_bound({id, 0, 0}); it != by_intent_.end() && std::get<0>(it->first) == id; ++it) {
    out.insert(out.end(), it->second.begin(), it->second.end());
  }
  return out;
}

bool Deliveries::Ended(const CaseId& id, uint64_t version, uint32_t index) const {
  const auto& records = Of(id, version, index);
  return std::any_of(records.begin(), records.end(), [](const wire::DeliveryRecord& record) {
    return record.outcome == wire::DeliveryOutcome::kDelivered ||
           record.outcome == wire::DeliveryOutcome::kSuppressed || record.outcome == wire::DeliveryOutcome::kDead;
  });
}

}  // namespace escalon::test
