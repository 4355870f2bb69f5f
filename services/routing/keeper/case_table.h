#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/domain/case.h"
#include "common/domain/decider.h"
#include "services/routing/keeper/ports.h"

namespace escalon::routing {

inline constexpr DurationMs kKeyLifeMs = 72 * kHourMs;  ///< of an idempotency key (DESIGN §4)

/// First 16 bytes of SHA-256 over the length-prefixed tenant, source and key: the scope of an idempotency key.
Bytes16 KeyFingerprint(std::string_view tenant, std::string_view source, std::string_view key);

/// Every live case and key of one shard, with two of the keeper's heads: *decided* (what the next decision stands on)
/// and *counted* (what the log says, and callers and the view may see). Loop thread only.
class CaseTable {
 public:
  struct Entry {
    std::shared_ptr<const Case> decided, counted;  ///< counted is null until its first record counts
    bool quarantined() const { return counted != nullptr && !counted->quarantined.empty(); }
  };

  const Entry* Find(const CaseId& id) const;
  const LiveKey* FindKey(const Bytes16& fingerprint) const;
  /// The case that holds a dedup key: open, resolved or in monitoring; empty id: none.
  CaseId FindOpen(std::string_view tenant, std::string_view dedup_key) const;

  /// The decided head moves; `key` when the case was opened under one.
  void Decided(std::shared_ptr<const Case> after, const LiveKey* key);
  /// The counted head moves to what a pending record led to. Returns what it was.
  std::shared_ptr<const Case> Counted(std::shared_ptr<const Case> after);
  /// Ownership ended: what was decided and did not count is forgotten.
  void ForgetDecided();
  /// A case as the view or a base gives it: both heads.
  void Put(std::shared_ptr<const Case> c);
  void PutKey(const LiveKey& key);
  /// Puts and returns the case as it is before the record that could not be folded, marked.
  std::shared_ptr<const Case> Quarantine(const CaseId& id, const std::string& tenant, std::string why);
  void Clear();

  /// Counted cases whose next alarm is at or before `until`, soonest first, at most `limit`.
  std::vector<std::shared_ptr<const Case>> Due(InstantMs until, size_t limit) const;
  std::vector<std::shared_ptr<const Case>> AllCounted() const;
  std::vector<std::shared_ptr<const Case>> AllDecided() const;
  /// Of cases whose opening has counted: one that has not may never be.
  std::vector<LiveKey> Keys(InstantMs now) const;
  void ExpireKeys(InstantMs now);
  std::vector<CaseId> Quarantined() const;
  size_t size() const { return cases_.size(); }
  size_t keys() const { return keys_.size(); }
  void ForEachCounted(const std::function<void(const Case&)>& each) const;

 private:
  struct KeyHash {
    size_t operator()(const Bytes16& b) const;
  };
  void Reindex(const Case* before, const Case* after);
  void ReindexOpen(const Case* before, const Case* after);

  std::unordered_map<CaseId, Entry> cases_;
  std::unordered_map<Bytes16, LiveKey, KeyHash> keys_;
  std::multimap<InstantMs, Bytes16> key_expiry_;
  std::unordered_map<std::string, CaseId> open_;  ///< by tenant and dedup key, of the decided head
  std::set<std::pair<InstantMs, CaseId>> due_;    ///< of the counted head
};

}  // namespace escalon::routing
