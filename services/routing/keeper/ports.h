#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/position.h"
#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/domain/policy.h"
#include "common/domain/roster.h"
#include "common/log/record.h"
#include "common/log/shard_source.h"

namespace escalon::routing {

/// The case log as the keeper uses it. Every answer comes on the keeper's loop, later (never inside the call).
class CaseLog {
 public:
  virtual ~CaseLog() = default;
  /// Hands a record over; its report comes as Shard::OnReport with `token`. An error: nothing was handed over.
  virtual Status Append(int shard, const log::RecordHead& head, std::string_view body, uint64_t token) = 0;
  /// Reads from `from` on, up to `to` or on and on (ShardSource::kFollow); batches come as Shard::OnRead with this
  /// number.
  virtual uint64_t Read(int shard, int64_t from, int64_t to) = 0;
  virtual void StopReading(int shard) = 0;
  /// Both ends of the shard's log.
  virtual void Ends(int shard, std::function<void(Result<log::Watermarks>)> done) = 0;
  /// The floor of the last complete base; kNotFound: none yet.
  virtual void LastBase(int shard, std::function<void(Result<Position>)> done) = 0;
  virtual void SaveBase(int shard, const Position& floor) = 0;
};

/// A live idempotency key: the first use of it opened this case.
struct LiveKey {
  Bytes16 fingerprint{};
  CaseId case_id;
  uint64_t body_hash = 0;
  InstantMs expires_at = 0;
};

/// A shard as the live view has it.
struct ViewedShard {
  Position at;
  std::vector<std::string> snapshots;  ///< of its cases
  std::vector<LiveKey> keys;
};

/// One batch of a case, as its history keeps it.
struct HistoryItem {
  CaseId id;
  std::string bytes;
};

/// The live view as the keeper uses it; answers come on the keeper's loop.
class CaseView {
 public:
  virtual ~CaseView() = default;
  /// nullopt: the view has nothing valid for the shard. kUnavailable: Redis is away.
  virtual void Load(int shard, std::function<void(Result<std::optional<ViewedShard>>)> done) = 0;
  /// This owner writes from `at` on, where the view stands.
  virtual void Open(int shard, const Position& at, uint64_t epoch) = 0;
  /// A counted case as it is now; null: there is none.
  using Fetch = std::function<std::shared_ptr<const Case>(const CaseId&)>;
  /// The shard is written whole: those of the cases that `fetch` knows when their turn comes; it is asked until Close.
  /// The history follows on what the view has at `follows`; nullopt: it takes its place.
  virtual void Reset(int shard, const Position& at, uint64_t epoch, std::vector<CaseId> cases, Fetch fetch,
                     std::vector<LiveKey> keys, std::vector<HistoryItem> history,
                     const std::optional<Position>& follows) = 0;
  virtual void Touch(int shard, std::shared_ptr<const Case> before, std::shared_ptr<const Case> after,
                     HistoryItem history, const Position& at) = 0;
  virtual void Move(int shard, const Position& at) = 0;
  virtual void AddKey(int shard, const LiveKey& key) = 0;
  virtual void Close(int shard) = 0;
  virtual bool Settled(int shard) const = 0;
};

/// The rules and people that decisions are made with. Loop thread only.
class RuleBook {
 public:
  virtual ~RuleBook() = default;
  /// The one that new cases are opened under; nullptr: the tenant has none.
  virtual const Policy* Active(std::string_view tenant) const = 0;
  /// The one that a case is pinned to, `id@version`.
  virtual const Policy* Pinned(std::string_view tenant, std::string_view name) const = 0;
  virtual const Roster& People(std::string_view tenant) const = 0;
};

}  // namespace escalon::routing
