#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"

namespace escalon::load {

/// What the screen asks intake's query services. Blocks; one thread.
class Questions {
 public:
  /// `authorization` of an operator.
  Questions(const std::string& address, std::string authorization);
  ~Questions();

  Result<std::map<std::string, uint64_t>> CountByState();
  Result<std::map<std::string, uint64_t>> CountOpenByLevel();

  struct TimerStats {
    uint64_t armed = 0, fired = 0, refused = 0;
    double late_p50_ms = 0, late_p99_ms = 0, late_max_ms = 0;
    bool warm = false;
  };
  Result<TimerStats> Timer();

  struct Armed {
    std::string case_id, clock;
    InstantMs at = 0;
  };
  Result<std::vector<Armed>> NextClocks(int most);

 private:
  struct Stubs;
  const std::string authorization_;
  const std::unique_ptr<Stubs> stubs_;
};

}  // namespace escalon::load
