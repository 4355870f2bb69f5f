#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/log/reader.h"
#include "services/escalonctl/verify/fault.h"

namespace escalon::escalonctl {

/// An alarm of a running clock for which nobody has acted yet.
struct OpenAlarm {
  InstantMs at = 0;
  int shard = 0;
  CaseId case_id;
  uint64_t version = 0;
  std::string clock;  ///< name and generation, in words
};

/// What was found in some shards of the case log. A value; of several shards they are added with Add.
struct VerifyReport {
  static constexpr size_t kFaultsKept = 100;  ///< of each shard; all are counted
  static constexpr size_t kStates = 11;       ///< index: number of CaseState

  uint64_t shards = 0;
  uint64_t records = 0;  ///< read, whatever became of them
  log::ReaderStats verdicts;
  uint64_t versions = 0;   ///< counted records of cases
  uint64_t events = 0;     ///< in them
  uint64_t recovered = 0;  ///< of them taken back from the live view
  uint64_t bases = 0;      ///< complete ones

  uint64_t cases = 0;                     ///< ever opened, as far as the log goes back
  std::array<uint64_t, kStates> state{};  ///< cases by their present state, retired ones by their last
  uint64_t retired = 0;
  uint64_t aside = 0;        ///< cases that could not be folded to the end
  uint64_t ownerless = 0;    ///< cases that stand open now without an owner or a step that gives them one
  uint64_t escalations = 0;  ///< escalations that were counted, over all cases
  uint64_t breaches = 0;
  InstantMs last_at = 0;  ///< of the newest decision

  static constexpr size_t kOpenKept = 100;
  std::vector<OpenAlarm> open_alarms;  ///< of each shard at most the kOpenKept soonest; a heap, the last one first
  std::vector<int64_t> lateness_ms;    ///< of every alarm that a clock raised, in case time; unsorted
  uint64_t view_cases = 0;             ///< compared with the live view
  uint64_t view_shards = 0;

  FaultCounts faults{};
  std::vector<Fault> first_faults;

  void AddFault(Fault fault);
  void AddOpen(OpenAlarm alarm);
  void Add(const VerifyReport& other);
  /// Alarms that were due `after` before the newest decision, and are open, become faults. Once all shards were added:
  /// the time of a shard in which nothing happens stands still.
  void JudgeMissed(DurationMs after);
  void AddVerdicts(const log::ReaderStats& stats);
  uint64_t fault_count() const;
  bool ok() const { return fault_count() == 0; }
  uint64_t count(FaultKind kind) const { return faults[static_cast<size_t>(kind)]; }
  /// What was read and did not count: lost fences, deposed owners' records, repeats, voids.
  uint64_t skipped() const { return records - verdicts.counted; }
  /// Nearest rank; 0 without alarms. `share` 0..1.
  int64_t LatenessAt(double share) const;
};

}  // namespace escalon::escalonctl
