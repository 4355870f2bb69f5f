#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/domain/case.h"
#include "common/log/reader.h"
#include "common/log/shard_source.h"
#include "common/wire/delivery_codec.h"
#include "tests/load/histogram.h"

namespace escalon::load {

/// A command's effect in the log.
struct Applied {
  CaseId case_id;
  uint64_t version = 0;
  bool operator==(const Applied&) const = default;
};

/// Somebody was to be told.
struct IntentSeen {
  CaseId case_id;
  uint64_t version = 0;
  uint32_t index = 0;
  IntentPurpose purpose = IntentPurpose::kInform;
  std::vector<std::string> people;  ///< as named; empty: a team, a role or the requester
  InstantMs at = 0;
};

/// How a case stands at the end of the log.
struct CaseEnd {
  CaseId id;
  std::string external_ref;
  CaseState state = CaseState::kNew;
  Priority priority = Priority::kUnset;
  uint64_t version = 0;
  uint32_t escalations = 0, reports = 0, reassignments = 0;
  std::vector<std::string> broken;  ///< promises, by the name of their clock
  InstantMs next_alarm_at = kNever;
  std::string next_alarm;  ///< the name of its clock
};

/// A clock that was handled late.
struct LateClock {
  int64_t late_us = 0;  ///< real time
  CaseId case_id;
  uint64_t version = 0;
  std::string clock;
  std::string by;  ///< who or what decided: `sla-timer`, `routing`, a person
};

/// What the logs of a cluster say, as far as a history is compared with it.
struct LogFacts {
  std::unordered_map<std::string, std::vector<Applied>> by_command;
  /// By SourceAndKey; the cases that were opened with it.
  std::unordered_map<std::string, std::vector<CaseId>> opened;
  std::vector<CaseEnd> cases;
  std::unordered_map<CaseId, uint64_t> versions;  ///< the last one of each case
  std::vector<IntentSeen> intents;
  std::vector<wire::DeliveryRecord> deliveries;  ///< in the order of their log
  uint64_t records = 0, events = 0, fired = 0, breached = 0, not_counted = 0;
  /// Of every alarm that fired and every breach: from its instant (or its arming, when that was later) to the decision,
  /// in real time.
  Histogram lateness;
  static constexpr size_t kLatest = 5;
  std::vector<LateClock> latest;        ///< the worst ones, worst first
  uint64_t version_gaps = 0;            ///< versions that are not the one before + 1
  std::vector<std::string> unreadable;  ///< records that could not be read, in words
};

std::string SourceAndKey(const std::string& source, const std::string& idempotency_key);

/// Folds the case log, shard by shard, into facts. One thread.
class LogCollector {
 public:
  /// `factor`: case time that passes in one unit of real time. `since`: from this case time on the cluster is judged;
  /// what came due while nothing ran is not its fault.
  LogCollector(double factor, LogFacts* facts, InstantMs since = 0) : factor_(factor), since_(since), facts_(*facts) {}

  /// Entries of one shard, in order; EndShard before the next one.
  void Take(const log::LogEntry& entry);
  /// A record that counts.
  void TakeCounted(const log::Record& record);
  void EndShard();
  void TakeDelivery(wire::DeliveryRecord record) { facts_.deliveries.push_back(std::move(record)); }

 private:
  struct Open {
    Case c;
    /// By clock and generation: when it was armed or resumed.
    std::vector<std::pair<std::pair<std::string, uint32_t>, InstantMs>> armed;
  };
  void TakeBatch(const log::RecordHead& head, const EventBatch& batch);
  void TakeEvent(Open* open, const Event& event, const log::RecordHead& head, const EventBatch& batch);
  void AddLateness(const Open& open, const std::string& clock, uint32_t generation, InstantMs due_at,
                   const log::RecordHead& head, const EventBatch& batch);

  const double factor_;
  const InstantMs since_;
  LogFacts& facts_;
  log::Reader reader_;
  std::unordered_map<CaseId, Open> cases_;
};

}  // namespace escalon::load
