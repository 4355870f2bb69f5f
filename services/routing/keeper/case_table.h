#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/domain/decider.h"
#include "services/routing/keeper/ports.h"
#include "services/routing/keeper/snapshot_press.h"

namespace escalon::routing {

inline constexpr DurationMs kKeyLifeMs = 72 * kHourMs;  ///< of an idempotency key (DESIGN §4)

/// First 16 bytes of SHA-256 over the length-prefixed tenant, source and key: the scope of an idempotency key.
Bytes16 KeyFingerprint(std::string_view tenant, std::string_view source, std::string_view key);

/// Every live case and key of one shard, with two of the keeper's heads: *decided* (what the next decision stands on)
/// and *counted* (what the log says, and callers and the view may see). A case that nobody asks for rests: it is kept
/// as the compressed bytes of its snapshot, a tenth of its size, until it is found again. Loop thread only.
class CaseTable {
 public:
  struct Entry {
    std::shared_ptr<const Case> decided, counted;  ///< counted is null until its first record counts
    bool quarantined() const { return counted != nullptr && !counted->quarantined.empty(); }
  };
  /// A counted head moved; `before` is null when the case is new here, both are null when all of them are forgotten.
  using OnMoved = std::function<void(const Case* before, const Case* after)>;

  explicit CaseTable(OnMoved on_moved = {}) : on_moved_(std::move(on_moved)) {}

  /// Wakes a case that rests. Good until the case is put, decided or counted, or `Rest` is called.
  const Entry* Find(const CaseId& id) const;
  /// The counted head without waking it; null: unknown, or nothing has counted.
  std::shared_ptr<const Case> Peek(const CaseId& id) const;
  struct Snapshot {
    std::string tenant;
    uint64_t version = 0;
    std::string bytes;
  };
  /// The decided head as a base takes it, without waking it; nullopt: unknown, or retired.
  std::optional<Snapshot> SnapshotOf(const CaseId& id) const;
  const LiveKey* FindKey(const Bytes16& fingerprint) const;
  /// The case that holds a dedup key: open, resolved or in monitoring; empty id: none.
  CaseId FindOpen(std::string_view tenant, std::string_view dedup_key) const;

  /// The decided head moves; `key` when the case was opened under one.
  void Decided(std::shared_ptr<const Case> after, const LiveKey* key);
  /// The counted head moves to what a pending record led to. Returns what it was.
  std::shared_ptr<const Case> Counted(std::shared_ptr<const Case> after);
  /// A case as a base or the fold of the log gives it: both heads.
  void Put(std::shared_ptr<const Case> c);
  /// A case as the view gives it; it rests. An error: the bytes are no snapshot, and nothing has changed.
  Status PutSnapshot(std::string_view snapshot);
  void PutKey(const LiveKey& key);
  /// Puts and returns the case as it is before the record that could not be folded, marked.
  std::shared_ptr<const Case> Quarantine(const CaseId& id, const std::string& tenant, std::string why);
  void Clear();
  /// Lays to rest what was not used for longest, until at most so many are awake. What is decided and has not counted
  /// stays awake.
  void Rest(size_t most_awake);
  /// Wakes at most `most` resting cases whose next alarm is at or before `until`, soonest first, and counts those that
  /// are awake as used: many alarms at one instant then find their cases ready.
  void WakeDue(InstantMs until, size_t most);

  /// Counted cases whose next alarm is at or before `until`, soonest first, at most `limit`.
  std::vector<std::shared_ptr<const Case>> Due(InstantMs until, size_t limit) const;
  std::vector<CaseId> Ids() const;
  /// Of cases whose opening has counted: one that has not may never be.
  std::vector<LiveKey> Keys(InstantMs now) const;
  void ExpireKeys(InstantMs now);
  const std::set<CaseId>& quarantined() const { return quarantined_; }
  /// Counted cases that owe other cases a command.
  const std::set<CaseId>& owing() const { return owing_; }
  size_t size() const { return slots_.size(); }
  size_t awake() const { return awake_.size(); }
  size_t keys() const { return keys_.size(); }

 private:
  struct KeyHash {
    size_t operator()(const Bytes16& b) const;
  };
  struct Slot {
    Entry entry;                        ///< empty while it rests
    std::string packed;                 ///< its snapshot; empty while it is awake
    std::list<CaseId>::iterator place;  ///< in awake_
  };
  Slot& Awake(const CaseId& id, Slot& slot) const;
  void Erase(std::unordered_map<CaseId, Slot>::iterator at);
  void Reindex(const Case* before, const Case* after);
  void ReindexOpen(const Case* before, const Case* after);

  OnMoved on_moved_;
  SnapshotPress press_;
  mutable std::unordered_map<CaseId, Slot> slots_;
  mutable std::list<CaseId> awake_;  ///< the last used at the end
  std::set<CaseId> quarantined_, owing_;
  std::unordered_map<Bytes16, LiveKey, KeyHash> keys_;
  std::multimap<InstantMs, Bytes16> key_expiry_;
  std::unordered_map<std::string, CaseId> open_;  ///< by tenant and dedup key, of the decided head
  std::set<std::pair<InstantMs, CaseId>> due_;    ///< of the counted head
};

}  // namespace escalon::routing
