#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/domain/case.h"
#include "common/log/reader.h"
#include "common/log/shard_source.h"
#include "services/escalonctl/verify/case_ledger.h"
#include "services/escalonctl/verify/verify_report.h"

namespace escalon::escalonctl {

/// Where and how a shard's log is verified.
struct VerifyOptions {
  int shard = 0;
  int shards = 8;  ///< of the cluster
  /// Where the reading starts: the log's beginning, or the floor of its last complete base.
  Position from;
  /// `from` is a base's floor: the cases come from the base's snapshots.
  bool from_base = false;
};

/// Verifies one shard of the case log, record by record: what counts (log::Reader), versions 1..n without gap, the hash
/// chain, that every batch folds, and what CaseLedger and keys demand. It reads bytes alone: no policy, no clock, no
/// network. One thread.
///
/// After a gap or a body that cannot be read, the case is left aside: one fault, not one per later record.
class LogVerifier {
 public:
  explicit LogVerifier(VerifyOptions options);

  /// Every entry of the shard from `from` on, in order.
  void Take(const log::LogEntry& entry);
  /// The live view stood at `at` and held these snapshots: to be called when the log was taken exactly up to at.offset.
  void CompareView(const Position& at, const std::vector<std::string>& snapshots);
  /// A fault that the caller found: `at` beyond the end of the log.
  void AddFault(FaultKind kind, std::string what);

  /// False: started from a base whose end did not come yet, so cases may be missing.
  bool complete() const { return !snapshots_due_; }
  /// Up to what was taken.
  VerifyReport Report() const;
  /// As folded so far; nullptr: unknown, retired or left aside.
  const Case* Find(const CaseId& id) const;
  const log::Reader& reader() const { return reader_; }

 private:
  struct Entry {
    Case c;
    CaseLedger ledger;
    bool aside = false;
  };
  struct Base {
    bool open = false;
    uint64_t cases = 0, pages = 0;
  };

  log::Verdict Judge(const log::LogEntry& entry);
  void Fold(int64_t offset, const log::Record& record);
  void FoldEvents(int64_t offset, const log::Record& record);
  void FoldBase(int64_t offset, const log::Record& record);
  void TakeSnapshot(int64_t offset, const log::Record& record);
  void Opening(int64_t offset, const Case& c, const EventBatch& batch);
  void Count(const EventBatch& batch);
  void Tell(FaultKind kind, int64_t offset, const CaseId& id, uint64_t version, std::string what);
  void Aside(FaultKind kind, int64_t offset, const log::RecordHead& head, std::string what);

  const VerifyOptions options_;
  log::Reader reader_;
  VerifyReport report_;
  std::unordered_map<CaseId, Entry> cases_;
  std::unordered_map<CaseId, uint64_t> retired_;  ///< last version
  struct Opened {
    CaseId id;
    InstantMs at = 0;
  };
  std::map<std::string, Opened, std::less<>> by_key_;    ///< tenant, source, idempotency key
  std::map<std::string, CaseId, std::less<>> by_dedup_;  ///< tenant, dedup key: the last case opened with it
  Base base_;
  bool snapshots_due_ = false;  ///< started from a base that is not complete yet
};

}  // namespace escalon::escalonctl
