#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/position.h"
#include "common/view/keys.h"
#include "common/view/redis.h"
#include "common/view/writer.h"

namespace escalon::view {

/// Where a page ends: the next one starts behind (score, member).
struct Cursor {
  InstantMs score = 0;
  std::string member;  ///< hex case id; empty: from the score on
  auto operator<=>(const Cursor&) const = default;
};

struct Listed {
  CaseId id;
  InstantMs score = 0;
  std::string snapshot;  ///< bytes of the case; empty when the index was ahead of it (never within one script)
};

/// A whole shard as the view has it.
struct LoadedShard {
  Position at;
  std::vector<std::string> snapshots;
  std::vector<std::pair<Bytes16, std::string>> keys;  ///< live idempotency keys: fingerprint, value
};

/// Reads of the live view. Every answer was read together with `at`, so it is the fold of the log up to there; a shard
/// without a valid `at` (empty, or being written whole) answers kUnavailable, never a guess. Loop thread only.
class Queries {
 public:
  Queries(Redis& redis, int generation, int shards);

  /// nullopt: no such case in the view.
  using OnCase = runtime::MoveFunction<void(Result<std::optional<std::string>>, const Position& at)>;
  void ReadCase(const CaseId& id, OnCase done);
  /// In the order asked. All ids must be of one shard.
  void ReadCases(int shard, const std::vector<CaseId>& ids,
                 runtime::MoveFunction<void(Result<std::vector<std::optional<std::string>>>)> done);

  /// One page of an index of one shard: key suffix as IndexKey gives it, or "all", "due". Ascending from the cursor, or
  /// descending.
  void List(int shard, std::string_view index, const Cursor& from, int limit, bool descending,
            runtime::MoveFunction<void(Result<std::vector<Listed>>)> done);
  /// How many cases an index has in one shard.
  void Count(int shard, std::string_view index, runtime::MoveFunction<void(Result<int64_t>)> done);
  /// The last batches of a case, oldest first: bytes as the writer got them.
  void History(const CaseId& id, runtime::MoveFunction<void(Result<std::vector<std::string>>)> done);
  /// nullopt: empty, or being written whole.
  void At(int shard, runtime::MoveFunction<void(Result<std::optional<Position>>)> done);
  /// Every case and key of a shard, page by page, all of one position; tried a few times when an owner writes
  /// meanwhile. nullopt: the view has nothing valid. `now` chooses the hours of live keys.
  void Load(int shard, InstantMs now, runtime::MoveFunction<void(Result<std::optional<LoadedShard>>)> done);

  int shards() const { return shards_; }
  int ShardOfCase(const CaseId& id) const { return ShardOf(id.bucket(), shards_); }

 private:
  struct Loading;
  void LoadPage(std::shared_ptr<Loading> loading);
  void LoadKeys(std::shared_ptr<Loading> loading);
  const ShardKeys& keys(int shard) const { return keys_[static_cast<size_t>(shard)]; }

  Redis& redis_;
  const int shards_;
  std::vector<ShardKeys> keys_;
};

/// What start-up demands of the server (DESIGN §9, protocol.md rule 19): `maxmemory-policy noeviction` and persistence.
/// Findings in words; empty: fine. An unreachable server is an Error.
void CheckServer(Redis& redis, runtime::MoveFunction<void(Result<std::vector<std::string>>)> done);

}  // namespace escalon::view
