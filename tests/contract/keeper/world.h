#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/random.h"
#include "common/runtime/event_loop.h"
#include "services/routing/keeper/shard.h"

// A whole small world for one shard, in one thread and without time: a log that several owners append to, a view that can fall back, and
// callers. Nothing happens until the test lets it happen.
namespace escalon::routing::testing {

/// Both times stand still until moved.
class TestClock final : public Clock {
 public:
  InstantMs WallMs() const override { return wall; }
  std::chrono::steady_clock::time_point Steady() const override { return steady; }
  void Advance(DurationMs ms) {
    wall += ms;
    steady += std::chrono::milliseconds(ms);
  }
  InstantMs wall = 1'800'000'000'000;
  std::chrono::steady_clock::time_point steady{std::chrono::seconds(1000)};
};

/// What is in the log, for everybody.
struct SharedLog {
  std::vector<log::Record> records;  ///< by offset
  std::vector<InstantMs> times;
  int64_t low = 0;
  std::map<int, Position> bases;
};

/// One owner's way to the log: a FIFO of what it handed over, which the test lands, drops or reports at will.
class FakeLog final : public CaseLog {
 public:
  explicit FakeLog(SharedLog& shared) : shared_(shared) {}

  Status Append(int shard, const log::RecordHead& head, std::string_view body, uint64_t token) override;
  uint64_t Read(int shard, int64_t from, int64_t to) override;
  void StopReading(int shard) override;
  void Ends(int shard, std::function<void(Result<log::Watermarks>)> done) override;
  void LastBase(int shard, std::function<void(Result<Position>)> done) override;
  void SaveBase(int, const Position& floor) override { shared_.bases[0] = floor; }

  /// Moves the first handed-over record into the log; its report waits.
  void Land();
  /// The first handed-over record never arrives; its report is an error.
  void Drop();
  /// Gives the first waiting report to the shard.
  void Report();
  /// The first waiting report says success without an offset.
  void ReportWithoutOffset();
  /// Brings the reader up to the end and answers questions; true when anything happened.
  bool Serve();
  bool Idle() const { return handed_.empty() && reports_.empty() && questions_.empty(); }

  Shard* shard = nullptr;
  bool hold = false;         ///< nothing lands or is reported by itself
  bool refuse = false;       ///< Append fails
  size_t handed() const { return handed_.size(); }
  size_t reports() const { return reports_.size(); }

 private:
  struct Handed {
    log::Record record;
    uint64_t token;
  };
  struct Waiting {
    uint64_t token;
    Result<int64_t> offset;
  };
  SharedLog& shared_;
  std::deque<Handed> handed_;
  std::deque<Waiting> reports_;
  std::deque<std::function<void()>> questions_;
  uint64_t reads_ = 0, read_ = 0;
  int64_t next_ = 0, to_ = 0;
  bool reading_ = false, told_end_ = false;
};

/// The live view of a shard as the fold up to `at`; keeps every state that it was in, so that it can fall back.
struct SharedView {
  struct State {
    std::optional<Position> at;
    std::map<CaseId, std::shared_ptr<const Case>> cases;
    std::map<Bytes16, LiveKey> keys;
    uint64_t epoch = 0;
  };
  State now;
  std::vector<State> past;
  bool away = false;
};

class FakeView final : public CaseView {
 public:
  explicit FakeView(SharedView& shared) : shared_(shared) {}
  void Load(int shard, std::function<void(Result<std::optional<ViewedShard>>)> done) override;
  void Open(int shard, const Position& at, uint64_t epoch) override;
  void Reset(int shard, const Position& at, uint64_t epoch, std::vector<std::shared_ptr<const Case>> cases, std::vector<LiveKey> keys,
             std::vector<HistoryItem> history) override;
  void Touch(int shard, std::shared_ptr<const Case> before, std::shared_ptr<const Case> after, HistoryItem history,
             const Position& at) override;
  void Move(int shard, const Position& at) override;
  void AddKey(int shard, const LiveKey& key) override;
  void Close(int) override { open_ = false; }
  bool Settled(int) const override { return true; }

  bool Serve();
  Shard* shard = nullptr;
  int resets = 0;
  int refused = 0;

 private:
  /// What the script checks; false: refused, nothing written.
  bool Allowed();
  SharedView& shared_;
  bool open_ = false;
  uint64_t epoch_ = 0;
  Position at_;
  std::deque<std::function<void()>> later_;
};

class NoLoad final : public LoadSnapshot {
 public:
  double WorkOf(std::string_view) const override { return 0; }
  InstantMs IdleSince(std::string_view) const override { return 0; }
};

class OneRuleBook final : public RuleBook {
 public:
  OneRuleBook();
  const Policy* Active(std::string_view) const override { return &policy; }
  const Policy* Pinned(std::string_view, std::string_view) const override { return &policy; }
  const Roster& People(std::string_view) const override { return *roster; }
  Policy policy;
  std::shared_ptr<const Roster> roster;
};

/// One instance that may own the shard.
class Instance {
 public:
  Instance(SharedLog& log, SharedView& view, TestClock& clock, std::string name);
  ~Instance();

  struct Call {
    std::optional<Result<ports::Answered>> answer;
    int answers = 0;
    bool ok() const { return answer && answer->ok(); }
    ErrorCode code() const { return answer && !answer->ok() ? answer->error().code : ErrorCode::kInternal; }
  };
  std::shared_ptr<Call> Execute(Command command);
  /// Runs posted work, the end of the turn, and what log and view have to say, until nothing happens any more.
  void Settle();
  /// One round of the same.
  bool Step();
  void TakeOver() {
    shard->Want();
    Settle();
  }

  TestClock& clock;
  runtime::EventLoop loop;
  runtime::Metrics registry;
  KeeperMetrics metrics{registry};
  OneRuleBook rules;
  NoLoad load;
  FakeLog log;
  FakeView view;
  std::unique_ptr<Shard> shard;
};

inline constexpr char kTenant[] = "acme";
Command Open(std::string idempotency_key, std::string dedup_key = {}, std::string title = "printer on fire");
Command On(const CaseId& id, CommandBody body, std::string command_id);

}  // namespace escalon::routing::testing
