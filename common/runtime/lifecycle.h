#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/runtime/logging.h"

namespace escalon::runtime {

/// The components of a process: started in the order added, stopped in reverse, each step logged with how long it took.
/// Used by one thread.
class Lifecycle {
 public:
  struct Step {
    std::string name;
    /// May wait (see WaitForDependency); empty: nothing to start.
    std::function<Status()> start = {};
    /// Gets the time it has in steady ms, and should give up by itself then; empty: nothing to stop.
    std::function<void(DurationMs limit_ms)> stop = {};
    DurationMs stop_limit_ms = 5 * kSecondMs;
  };

  Lifecycle(Logger log, const Clock& clock) : log_(std::move(log)), clock_(clock) {}
  void Add(Step step) { steps_.push_back(std::move(step)); }
  /// The first error ends it; Stop then stops what was started, the failed step too.
  Status Start();
  /// True when every step stopped in time. A step that does not is left running in its thread and logged; the process
  /// must then end without destroying anything (std::_Exit). Idempotent.
  bool Stop();

 private:
  bool StopOne(const Step& step);

  Logger log_;
  const Clock& clock_;
  std::vector<Step> steps_;
  size_t started_ = 0;
};

}  // namespace escalon::runtime
