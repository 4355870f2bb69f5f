#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/core/position.h"
#include "common/domain/case.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/metrics.h"
#include "common/view/keys.h"
#include "common/view/redis.h"

namespace escalon::view {

/// A live idempotency key as the view keeps it: an opaque value under its fingerprint, until it expires.
struct KeyEntry {
  Bytes16 fingerprint{};
  std::string value;
  InstantMs expires_at = 0;
};

/// One batch of a case for `h:<id>`.
struct HistoryEntry {
  CaseId id;
  std::string bytes;
};

struct WriterOptions {
  int generation = 1;
  int shards = 8;
  DurationMs round_ms = 4;  ///< of a shard, at most one script so often: a round gathers what came meanwhile
  size_t most_cases = 500;  ///< per script (Lua's unpack takes about 8,000 values)
  int history = 200;        ///< batches kept per case
  DurationMs keep_history_ms = 30 * kDayMs;  ///< after the case is retired
};

/// Writes the live view (DESIGN §4): per shard one script a round, which checks the epoch and that `at` is where this
/// owner left it, and writes everything or nothing, `at` last. Loop thread only.
///
/// A write whose answer is lost is settled by reading `at`. If Redis stands anywhere else (it fell back, was emptied,
/// another owner wrote), nothing more is written until `Reset`, which clears the shard and writes it whole; meanwhile
/// `at` bears a mark, and readers answer unavailable.
class Writer {
 public:
  using Encode = std::function<std::string(const Case&)>;
  /// A counted case as it is now; null: there is none.
  using Fetch = std::function<std::shared_ptr<const Case>(const CaseId&)>;
  struct Listener {
    /// The view is the fold of the log up to `at`.
    std::function<void(int shard, const Position& at)> viewed;
    /// Redis stands elsewhere: at `actual`, or nowhere (empty or marked).
    std::function<void(int shard, std::optional<Position> actual)> elsewhere;
    /// Redis has seen a newer epoch: this owner is deposed.
    std::function<void(int shard)> deposed;
  };

  Writer(runtime::EventLoop& loop, const Clock& clock, Redis& redis, WriterOptions options, Encode encode,
         Listener listener, runtime::Metrics& metrics);
  ~Writer();

  /// This owner writes from here on; Redis is believed to stand at `at`. `epoch` is the owner's.
  void Open(int shard, const Position& at, uint64_t epoch);
  /// As Open, but the shard is cleared and written whole first: those of the cases that `fetch` knows when their turn
  /// comes, so that only a script's worth of them is held; it must do until Close. The history follows on what Redis
  /// has at `follows`, and must then stand there; nullopt: it takes the place of what is there.
  void Reset(int shard, const Position& at, uint64_t epoch, std::vector<CaseId> cases, Fetch fetch,
             std::vector<KeyEntry> keys, std::vector<HistoryEntry> history,
             const std::optional<Position>& follows = std::nullopt);
  /// `before` is the case as last touched (nullptr: new). `at` is the position behind the record.
  void Touch(int shard, std::shared_ptr<const Case> before, std::shared_ptr<const Case> after, HistoryEntry history,
             const Position& at);
  /// Counted records that change no case (ticks, fences, bases) move `at` too.
  void Move(int shard, const Position& at);
  void AddKey(int shard, KeyEntry key);
  /// Forgets the shard; what is under way may still land.
  void Close(int shard);
  /// Nothing to write and nothing under way.
  bool Settled(int shard) const;
  /// Cases waiting to be written, over all shards.
  size_t backlog() const;
  /// To be told of the connection's changes.
  void OnConnection(bool connected);

 private:
  struct Change {
    std::shared_ptr<const Case> before, after;
    std::vector<std::string> history;
    bool anew = false;  ///< nothing of it is in the view; without `after` it is fetched
  };
  struct Changes {
    std::unordered_map<CaseId, Change> cases;
    std::vector<KeyEntry> keys;
    Position at;
    bool any = false;
    std::chrono::steady_clock::time_point since{};
    bool empty() const { return !any; }
  };
  enum class State { kIdle, kWriting, kUnsure, kAsking, kElsewhere };
  struct Shard {
    explicit Shard(ShardKeys k) : keys(std::move(k)) {}
    ShardKeys keys;
    uint64_t epoch = 0;
    uint64_t session = 0;  ///< answers to an earlier one are ignored
    State state = State::kIdle;
    std::string written;  ///< `pos` as this owner left it in Redis
    Changes pending, under_way;
    std::string next;  ///< `pos` that the script under way leaves
    std::chrono::steady_clock::time_point round_started{};
    bool resetting = false;
    Fetch fetch;          ///< when resetting
    std::string follows;  ///< when resetting: `pos` that the histories go on from; empty: they begin anew
    std::unordered_set<std::string> names;  ///< index keys that `names` in Redis has, as far as this owner wrote them
    runtime::EventLoop::TimerId timer = 0;
  };

  void TurnAt(int number, std::chrono::steady_clock::time_point when);
  void Turn(int number);
  bool WritesAWholeShard() const;
  void Send(int number);
  void SendWhole(int number);
  void SendChunk(int number, std::vector<std::pair<CaseId, Change>> chunk, std::vector<KeyEntry> keys, std::string next,
                 bool last);
  void Answered(int number, uint64_t session, bool last, Result<Reply> reply);
  /// Redis answered with an error: asks again in a while, or has the shard written whole.
  void Refused(int number, const std::string& why);
  void Ask(int number);
  void Settle(int number, const std::string& position);
  void Merge(Shard& shard);
  void Elsewhere(int number, const std::string& position);
  void Touched(Shard& shard, int number);

  runtime::EventLoop& loop_;
  const Clock& clock_;
  Redis& redis_;
  const WriterOptions options_;
  const Encode encode_;
  const Listener listener_;
  std::map<int, Shard> shards_;
  std::set<int> damaged_;  ///< have keys that are not what was written there, until they were written whole
  uint64_t sessions_ = 0;
  runtime::HistogramRef lag_;
  runtime::CounterRef scripts_, cases_, refused_, resets_;
};

/// `offset:epoch:owner:seq`; empty and marked positions give nullopt.
std::optional<Position> ParseViewPosition(std::string_view text);
std::string FormatViewPosition(const Position& at);

}  // namespace escalon::view
