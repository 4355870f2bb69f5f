#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "common/wire/delivery_codec.h"
#include "tests/support/cluster/cluster.h"

namespace escalon::test {

/// The delivery log of a cluster as it is now: what became of every intent, by (case, version, index).
class Deliveries {
 public:
  static Result<Deliveries> Read(Cluster& cluster);

  const std::vector<wire::DeliveryRecord>& Of(const CaseId& id, uint64_t version, uint32_t index) const;
  std::vector<wire::DeliveryRecord> Of(const CaseId& id) const;
  /// Whether one of the intent's records is its end: delivered, suppressed, dead.
  bool Ended(const CaseId& id, uint64_t version, uint32_t index) const;

 private:
  std::map<std::tuple<CaseId, uint64_t, uint32_t>, std::vector<wire::DeliveryRecord>> by_intent_;
};

}  // namespace escalon::test
