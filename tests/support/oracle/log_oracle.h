#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/domain/case.h"
#include "common/log/reader.h"

namespace escalon::test {

/// What really happened in one shard: folds its log by the one rule, on its own, and notes whatever the protocol
/// forbids. What it says of a prefix of the log stays true whatever follows. Feed it from offset 0, in order.
class LogOracle {
 public:
  /// A counted batch of a case.
  struct Step {
    int64_t offset = 0;
    uint64_t version = 0;
    std::string command_id;
    uint64_t command_hash = 0;
    uint64_t body_hash = 0;  ///< CommandHash of the stored bytes
    bool recovered = false;
    std::shared_ptr<const Case> after;
  };

  void Read(int64_t offset, const Result<log::Record>& record);

  int64_t next_offset() const { return reader_.next_offset(); }
  const log::Reader& reader() const { return reader_; }
  /// Version gaps, broken chains, undecodable bodies, commands with two effects, keys with two cases, clocks that fired
  /// twice or early: empty in a world that works.
  const std::vector<std::string>& faults() const { return faults_; }

  const std::map<CaseId, std::vector<Step>>& cases() const { return cases_; }
  /// nullptr: no counted record of that command on that case.
  const Step* Find(const CaseId& id, std::string_view command_id) const;
  /// The state of a case right behind `offset` records of the log; nullptr: not there yet, or retired.
  std::shared_ptr<const Case> At(const CaseId& id, int64_t offset) const;
  /// Every case that is live behind `offset` records.
  std::map<CaseId, std::shared_ptr<const Case>> LiveAt(int64_t offset) const;
  /// Cases opened under (source, idempotency key) of a tenant.
  std::vector<CaseId> OpenedUnder(const std::string& tenant, const std::string& source, const std::string& key) const;
  /// Every counted position so far, to judge a view's `at`. The start of the log is one.
  bool WasCounted(const Position& at) const;
  size_t counted_batches() const { return batches_; }
  /// Alarms that were acted on, and the latest of them: from its instant to the decision.
  size_t fired() const { return alarms_; }
  DurationMs worst_late_ms() const { return worst_late_ms_; }
  size_t recovered() const { return recovered_; }

 private:
  void Fold(int64_t offset, const log::Record& record);
  void JudgeClocks(const CaseId& id, const EventBatch& batch, const std::string& where);

  log::Reader reader_;
  std::map<CaseId, std::vector<Step>> cases_;
  std::map<CaseId, std::map<std::string, size_t, std::less<>>> commands_;  ///< index in the case's steps
  std::map<std::string, std::vector<CaseId>> keys_;
  std::map<int64_t, Position> positions_;
  std::map<CaseId, std::set<std::string>> fired_;  ///< clock, generation and alarm
  size_t batches_ = 0, recovered_ = 0, alarms_ = 0;
  DurationMs worst_late_ms_ = 0;
  std::vector<std::string> faults_;
};

}  // namespace escalon::test
