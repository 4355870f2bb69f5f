#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/wire/delivery_codec.h"

namespace escalon::notification {

struct DeadLetter {
  std::string id;  ///< names it for Resend: hex
  wire::DeliveryRecord last;
  uint32_t attempts = 0;
  int shard = -1;
};

/// What reached nobody in the shards of this instance, until somebody sends it again or gives it up. One thread.
class DeadLetters {
 public:
  void Add(DeadLetter letter);
  /// By its id; empty tenant: any. nullptr: none.
  const DeadLetter* Find(const std::string& tenant, const std::string& id) const;
  void Remove(const std::string& id);
  void Drop(int shard);
  size_t size() const { return by_id_.size(); }

  /// Newest first, strictly behind (before_at, before_id) when that is given. Empty tenant or case: any.
  std::vector<DeadLetter> List(const std::string& tenant, const CaseId& case_id, InstantMs before_at,
                               const std::string& before_id, size_t limit) const;

 private:
  static constexpr size_t kMost = 200'000;  ///< the oldest go first; the delivery log keeps them all
  using Place = std::pair<InstantMs, std::string>;
  std::map<std::string, DeadLetter> by_id_;
  std::map<Place, const DeadLetter*> by_time_;
};

}  // namespace escalon::notification
