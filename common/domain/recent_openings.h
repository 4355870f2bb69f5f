#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/domain/openings.h"
#include "common/domain/vocabulary.h"

namespace escalon {

/// The openings of the last hour by what they have in common, and the cases that others rest under. Bounded: a thousand
/// of one key, fifty thousand in all; the oldest go first. Imported and restricted cases are not among them. One
/// thread.
class RecentOpenings final : public OpeningsSnapshot {
 public:
  static constexpr DurationMs kKept = kHourMs;
  static constexpr size_t kMostOfOneKey = 1000;
  static constexpr size_t kMost = 50'000;
  /// So many may rest under one case, which has 500 links; what comes then rests under the next.
  static constexpr size_t kMostChildren = 450;

  /// A counted change, with the facts before it; null: the case is new, or found at a take-over.
  void Changed(const Facts* before, const Case& after);
  /// The cases of a shard that was lost.
  void ForgetIf(const std::function<bool(const CaseId&)>& lost);

  Gathering GatheredWith(const Case& c, std::string_view link_key, InstantMs since) const override;
  size_t size() const { return cases_.size(); }

 private:
  using ByAge = std::set<std::pair<InstantMs, CaseId>>;
  struct Opening {
    InstantMs opened_at = 0;
    InstantMs fresh_at = 0;  ///< opened, or took in another, for the last time
    Priority priority = Priority::kUnset;
    bool stands = false;  ///< open, judged, and no child itself
    size_t children = 0;
    std::vector<std::string> keys;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  void Add(const Case& c);
  void Update(Opening& opening, const Case& c);
  void Forget(const CaseId& id);
  void BoundKey(const std::string& key);
  void Bound();

  std::unordered_map<CaseId, Opening> cases_;
  std::unordered_map<std::string, ByAge, Hash, std::equal_to<>> by_key_;  ///< by opening
  ByAge by_freshness_;
};

}  // namespace escalon
