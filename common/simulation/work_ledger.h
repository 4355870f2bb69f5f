#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/domain/case.h"
#include "common/domain/decider.h"

namespace escalon::simulation {

/// Who has how many open cases in the simulated desk, exact at every instant. One thread.
class WorkLedger final : public LoadSnapshot {
 public:
  double WorkOf(std::string_view person) const override;
  InstantMs IdleSince(std::string_view person) const override;

  /// The work of a case moves. Empty: nobody.
  void Move(const std::string& from, const std::string& to, InstantMs at);

 private:
  struct Work {
    int cases = 0;
    InstantMs taken_at = 0;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, Work, Hash, std::equal_to<>> people_;
};

}  // namespace escalon::simulation
