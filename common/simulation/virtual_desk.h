#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/domain/decider.h"
#include "common/simulation/historic_case.h"
#include "common/simulation/virtual_case.h"

namespace escalon::simulation {

/// What became of the deeds of one kind.
struct DeedCount {
  uint64_t done = 0;
  uint64_t needless = 0;  ///< it was so already
  uint64_t refused = 0;   ///< by the decider
  uint64_t unknown = 0;   ///< names nobody whom the roster knows
  std::string first_refusal;
};

/// What a run was made of.
struct DeskRun {
  uint64_t cases = 0;
  uint64_t unopened = 0;    ///< refused by the decider
  uint64_t still_open = 0;  ///< at the end
  uint64_t decisions = 0;   ///< batches
  uint64_t alarms = 0;      ///< of them by clocks
  uint64_t endless = 0;     ///< cases whose clocks did not come to an end at one instant: they stop there
  std::array<DeedCount, kDeedKinds> deeds;
};

/// A whole desk in virtual time: the cases of a history, side by side in the order of instants, so that each decision
/// sees the work that people had then. People do what they did; whatever clocks, rules and paths do is the policy's.
/// What is assumed:
///   - an acknowledgement is of the person whom the history names, if the roster knows and has them, else of the first
///     of those told last, else of a member of the team that has the case;
///   - deeds come with a manager's right, since they happened;
///   - where the policy has storms, cases join and leave each other at the instant at which one decides it;
///   - a deed that is so already changes nothing; one that the decider refuses, or that names nobody known, is counted.
/// Pure; one thread; two runs are the same.
class VirtualDesk {
 public:
  /// Hears of every batch, after it was folded in; `index` is that of the case in the history. In the order of
  /// instants; over the cases only where anything is decided by the work that people have or by other cases, else case
  /// after case.
  using Listener = std::function<void(size_t index, const Case& after, const EventBatch& batch)>;

  VirtualDesk(const Policy& policy, const Roster& roster, uint64_t seed = 1)
      : policy_(policy), roster_(roster), seed_(seed) {}

  /// Until `until`, or for kNever until the last instant of the history. Clocks of a case that has ended are not
  /// awaited.
  DeskRun Run(const std::vector<HistoricCase>& history, InstantMs until, const Listener& listener) const;

 private:
  const Policy& policy_;
  const Roster& roster_;
  const uint64_t seed_;
};

/// The last instant of a history; 0: it is empty.
InstantMs EndOf(const std::vector<HistoricCase>& history);

}  // namespace escalon::simulation
