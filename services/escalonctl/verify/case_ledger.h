#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "common/domain/case.h"
#include "services/escalonctl/verify/fault.h"

namespace escalon::escalonctl {

/// What one case's batches have to hold among themselves, beyond what folding needs: clocks, commands, time, traces and
/// a way on (invariants 2, 4, 7 and 9 of DESIGN §5). One per case, fed in the order of versions. Pure.
class CaseLedger {
 public:
  using Tell = std::function<void(FaultKind kind, std::string what)>;

  /// Before the fold: `before` is the case that the batch was decided on.
  void Before(const Case& before, const EventBatch& batch, const Tell& tell);
  /// After it.
  static void After(const Case& after, const Tell& tell);

 private:
  using FiredAlarm = std::tuple<std::string, uint32_t, AlarmKind, WarningRule, std::string>;

  std::set<FiredAlarm> fired_;
  std::set<std::pair<std::string, uint32_t>> broken_;
};

/// Open, and neither an owner nor a running step that leads to one; also what is paused, resolved or ended and would
/// stay so for ever. Empty: it has a way on. `*kind` is set when not.
std::string_view WithoutAWayOn(const Case& c, FaultKind* kind);

}  // namespace escalon::escalonctl
