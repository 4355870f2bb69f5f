#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "common/domain/case.h"
#include "common/domain/decider.h"

namespace escalon::routing {

/// Weighted open work per person over the shards that this instance owns: advisory, for choosing among several (DESIGN
/// §6). A P1 weighs 4, a P2 3, a P3 2, a P4 1; half of it while pending. Loop thread only.
class LoadTracker final : public LoadSnapshot {
 public:
  /// A counted change; `before` is null when the case is new here.
  void Changed(int shard, const Case* before, const Case* after);
  /// The shard's cases go on elsewhere.
  void Forget(int shard);
  double WorkOf(std::string_view person) const override;
  InstantMs IdleSince(std::string_view person) const override;

 private:
  struct Work {
    double weight = 0;
    InstantMs last_taken = 0;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  void Add(int shard, const std::string& person, double weight);

  std::unordered_map<std::string, Work, Hash, std::equal_to<>> people_;
  std::unordered_map<int, std::unordered_map<std::string, double>> shares_;  ///< of each shard in their weight
};

}  // namespace escalon::routing
