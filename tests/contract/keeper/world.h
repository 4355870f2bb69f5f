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

// A whole small world for shards, in one thread and without time: a log that several owners append to, a view that can
// fall back, and callers. Nothing happens until the test lets it happen.
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

/// What is in the log of one shard, for everybody.
struct SharedLog {
  std::vector<log::Record> records;  ///< by offset
  int64_t low = 0;                   ///< what is before was deleted by retention
  std::optional<Position> base;      ///< floor of the last complete one
  int64_t end() const { return static_cast<int64_t>(records.size()); }
};

/// One process's way to the log: for each shard a FIFO of what it handed over, which the test lands, drops or reports
/// at will. Methods without a shard are about shard 0.
class FakeLog final : public CaseLog {
 public:
  explicit FakeLog(SharedLog& shared) { AddPartition(0, shared); }
  void AddPartition(int shard, SharedLog& shared) { lanes_[shard].shared = &shared; }
  void Attach(int shard, Shard* target) { lanes_.at(shard).shard = target; }

  Status Append(int shard, const log::RecordHead& head, std::string_view body, uint64_t token) override;
  uint64_t Read(int shard, int64_t from, int64_t to) override;
  void StopReading(int shard) override;
  void Ends(int shard, std::function<void(Result<log::Watermarks>)> done) override;
  void LastBase(int shard, std::function<void(Result<Position>)> done) override;
  void SaveBase(int shard, const Position& floor) override;

  /// Moves the first handed-over record into the log; its report waits.
  void Land(int shard = 0);
  /// The first handed-over record never arrives; its report is an error.
  void Drop(int shard = 0);
  /// Gives the first waiting report to the shard.
  void Report(int shard = 0);
  /// The first waiting report says success without an offset.
  void ReportWithoutOffset(int shard = 0);
  /// Answers the first waiting question.
  bool AnswerQuestion();
  /// Fetches up to `most` records of the read under way; they arrive with Deliver.
  bool Fetch(size_t most, int shard = 0);
  bool Deliver(int shard = 0);
  /// The process or its producer is gone: what it had handed over may still arrive.
  std::deque<log::Record> TakeHanded(int shard = 0);
  /// Brings every reader up to the end, answers questions, and lands and reports all that is not held; true when
  /// anything happened.
  bool Serve();

  bool hold = false;          ///< nothing lands or is reported by itself
  bool hold_reads = false;    ///< nothing is read or answered by itself
  bool refuse = false;        ///< Append fails
  std::map<int, bool> stuck;  ///< this partition takes nothing
  size_t handed(int shard = 0) const { return lanes_.at(shard).handed.size(); }
  size_t reports(int shard = 0) const { return lanes_.at(shard).reports.size(); }
  size_t questions() const { return questions_.size(); }
  uint64_t last_token() const { return last_token_; }  ///< of the record handed over last

 private:
  struct Handed {
    log::Record record;
    uint64_t token;
  };
  struct Waiting {
    uint64_t token;
    Result<int64_t> offset;
  };
  struct Lane {
    SharedLog* shared = nullptr;
    Shard* shard = nullptr;
    std::deque<Handed> handed;
    std::deque<Waiting> reports;
    std::deque<log::LogBatch> batches;
    uint64_t read = 0;
    int64_t next = 0, to = 0;
    bool reading = false, told_end = false;
  };
  std::map<int, Lane> lanes_;
  std::deque<std::function<void()>> questions_;
  uint64_t reads_ = 0, last_token_ = 0;
};

/// The live view of a shard as the fold up to `at`; keeps every state that it was in, so that it can fall back.
struct SharedView {
  struct State {
    std::optional<Position> at;
    uint64_t mark = 0;  ///< not 0: being written whole
    uint64_t epoch = 0;
    std::map<CaseId, std::shared_ptr<const Case>> cases;
    std::map<Bytes16, LiveKey> keys;
    std::map<CaseId, std::vector<std::string>> histories;
  };
  State now;
  std::vector<State> past;
  bool away = false;
  uint64_t marks = 0;
  std::vector<std::string> faults;  ///< writes that do not fit what is there
};

/// An owner's way to the view. Scripts are judged when they land, as Redis does; held ones land when the test says.
class FakeView final : public CaseView {
 public:
  explicit FakeView(SharedView& shared) : shared_(shared) {}
  void Load(int shard, std::function<void(Result<std::optional<ViewedShard>>)> done) override;
  void Open(int shard, const Position& at, uint64_t epoch) override;
  void Reset(int shard, const Position& at, uint64_t epoch, std::vector<CaseId> cases, Fetch fetch,
             std::vector<LiveKey> keys, std::vector<HistoryItem> history,
             const std::optional<Position>& follows) override;
  void Touch(int shard, std::shared_ptr<const Case> before, std::shared_ptr<const Case> after, HistoryItem history,
             const Position& at) override;
  void Move(int shard, const Position& at) override;
  void AddKey(int shard, const LiveKey& key) override;
  void Close(int) override { open_ = false; }
  bool Settled(int) const override { return scripts_.empty() || !open_; }

  /// The first script under way reaches Redis.
  void Land();
  /// The answer to the first question (a load, "you are elsewhere").
  bool Answer();
  bool Serve();
  using Script = std::function<void(SharedView&)>;
  /// The process is gone: what is under way may still arrive.
  std::deque<Script> TakeScripts() { return std::move(scripts_); }
  size_t scripts() const { return scripts_.size(); }

  /// As Keeper gathers it for a reconciliation.
  Recovery Viewed() const;

  Shard* shard = nullptr;
  bool hold = false;
  int resets = 0;

 private:
  struct Session {  ///< of one Open: what the next script expects
    uint64_t epoch = 0;
    std::optional<Position> at;
    uint64_t mark = 0;
    bool broken = false;
  };
  /// What a script does when the checks have passed.
  void Send(Script write, std::optional<Position> next, uint64_t next_mark, bool checks_at);
  SharedView& shared_;
  bool open_ = false;
  std::shared_ptr<Session> session_;
  std::deque<Script> scripts_;
  std::shared_ptr<std::deque<std::function<void()>>> later_ = std::make_shared<std::deque<std::function<void()>>>();
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

/// A caller's memory of what it asked and heard.
struct Call {
  std::optional<Result<ports::Answered>> answer;
  int answers = 0;
  bool ok() const { return answer && answer->ok(); }
  ErrorCode code() const { return answer && !answer->ok() ? answer->error().code : ErrorCode::kInternal; }
};

/// One instance that may own the shard.
class Instance {
 public:
  Instance(SharedLog& log, SharedView& view, TestClock& clock, std::string name, ShardOptions options = {});
  ~Instance();

  using Call = testing::Call;
  std::shared_ptr<Call> Execute(Command command);
  /// Runs posted work, the end of the turn, and what log and view have to say, until nothing happens any more.
  void Settle();
  /// One round of the same.
  bool Step();
  /// A turn of the loop alone.
  bool Turn();
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
  std::function<void(const std::shared_ptr<const Case>&)> on_counted;
  std::unique_ptr<Shard> shard;
};

inline constexpr char kTenant[] = "acme";
Command Open(std::string idempotency_key, std::string dedup_key = {}, std::string title = "printer on fire");
Command On(const CaseId& id, CommandBody body, std::string command_id);

}  // namespace escalon::routing::testing
