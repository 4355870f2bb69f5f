#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/core/clock.h"
#include "common/core/position.h"
#include "common/domain/decider.h"
#include "common/log/reader.h"
#include "common/ports/command_gate.h"
#include "common/rpc/shard_standing.h"
#include "common/runtime/event_loop.h"
#include "common/runtime/logging.h"
#include "services/routing/keeper/case_table.h"
#include "services/routing/keeper/keeper_metrics.h"
#include "services/routing/keeper/ports.h"
#include "services/routing/keeper/rebuilt_history.h"

namespace escalon::routing {

using Answer = std::function<void(Result<ports::Answered>)>;

/// Bounds and waits (protocol.md rules 9, 16, 21).
struct ShardOptions {
  std::string address;  ///< where this instance takes commands; goes into the fence
  std::string name;     ///< for people
  size_t most_pending = 2000;
  size_t most_pending_bytes = 8 << 20;
  DurationMs refuse_after_ms = 500;             ///< the oldest pending record is older: refuse before deciding
  DurationMs unknown_after_ms = 5 * kSecondMs;  ///< without an acknowledgement: answer unknown
  DurationMs rescue_after_ms = 2 * kSecondMs;   ///< the owner's sweep acts on what is so late (real time)
  DurationMs retake_most_ms = 200;              ///< jitter before taking over again
  size_t most_awake = 2000;                     ///< cases kept ready to decide on; more rest (CaseTable)
};

/// What a shard works with; all of it outlives the shard.
struct ShardParts {
  runtime::EventLoop& loop;
  const Clock& clock;
  CaseLog& log;
  CaseView& view;
  const RuleBook& rules;
  const LoadSnapshot& load;
  KeeperMetrics& metrics;
  runtime::Logger logger;
  ShardOptions options;
  /// A batch of a case counted: cross-case duties, load of people, openings.
  std::function<void(const Case* before, const std::shared_ptr<const Case>& after, const EventBatch&)> on_counted;
  /// Ownership began (a new owner resends what is owed to other cases) or ended.
  std::function<void(int shard, bool owned)> on_ownership;
  const OpeningsSnapshot* openings = nullptr;  ///< null: none are known, and there are no storms
  CaseTable::OnMoved on_moved = {};            ///< what the shard has counted, also while it takes over
};

/// What the view knows of a shard whose log is shorter, and where to say what became of it.
struct Recovery {
  struct Viewed {
    CaseId id;
    std::string tenant;
    uint64_t version = 0;
    std::vector<std::string> batches;  ///< the last ones, up to `version`, oldest first
  };
  std::vector<Viewed> cases;
  Position at;  ///< where the view stands: the new fence must be above its epoch too, or Redis takes the owner for a
                ///< deposed one
  bool dry_run = false;
  std::function<void(Result<rpc::Reconciled>)> done;
};

/// One shard under this instance: take-over, append, answer (DESIGN §4, protocol.md rules 1–9, 12–16, 20, 21). Three
/// heads: decided, counted, viewed. Loop thread only; nothing blocks. Every answer given is one that the log will bear
/// out.
class Shard {
 public:
  enum class State {
    kIdle,        ///< not ours, not wanted
    kLoading,     ///< asks the view, else the last base
    kFolding,     ///< reads to the end of the log
    kFencing,     ///< its fence is on the way; reads on to it
    kRecovering,  ///< owned; what only the view knew is being appended
    kServing,
    kDraining,  ///< revoked: no new commands, waits for what is pending
    kClosed,    ///< the log and the view contradict each other: a person must reconcile
  };

  Shard(int number, ShardParts parts);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// The group suggests this instance.
  void Want();
  /// The group takes it away in good order: pending records are waited for (bounded), the view is settled, then
  /// `released` is called.
  void Release(std::function<void()> released);
  /// The assignment was lost: another may own it already. Nothing more is answered.
  void Lose(const std::string& why);

  /// For a closed shard (rule 13): takes it over from the log alone, appends what only the view knew, marked as
  /// recovered, then writes the view anew and serves. A dry run says what would be appended and leaves the shard
  /// closed.
  void Reconcile(Recovery recovery);

  /// Decides and appends, or answers why not. `answer` is called exactly once.
  void Execute(Command command, Answer answer);
  /// Counted state; nullptr: unknown. Empty optional: not served here.
  std::optional<std::shared_ptr<const Case>> Read(const CaseId& id) const;
  /// A record that no command led to (base_writer.h): `head` says its type and whose it is, the shard the rest.
  Status AppendRaw(log::RecordHead head, std::string body, std::function<void(bool counted)> done);

  void OnReport(uint64_t token, const Result<int64_t>& offset);
  void OnRead(log::LogBatch&& batch);
  void OnReadError(uint64_t read, const Error& error);
  void OnElsewhere(std::optional<Position> actual);  ///< the view stands elsewhere
  /// Proof for what was refused this turn (rule 8).
  void EndOfTurn();
  /// Once a second: rescues late clocks, gives up on old pending records, forgets old keys.
  void Sweep();
  /// The producer was replaced: nothing that was pending will be reported.
  void OnProducerGone(const Error& why);

  State state() const { return state_; }
  bool owns() const { return state_ == State::kServing || state_ == State::kDraining || state_ == State::kRecovering; }
  /// Is to be served here and is not yet; a closed one waits for a person.
  bool coming() const {
    return (wanted_ || state_ == State::kRecovering) && state_ != State::kServing && state_ != State::kDraining &&
           state_ != State::kClosed;
  }
  /// Of the oldest pending record; 0: none.
  DurationMs oldest_pending_ms() const;
  const std::string& why_closed() const { return why_closed_; }
  const Position& counted() const { return reader_.position(); }
  size_t pending() const { return pending_.size(); }
  uint64_t decided_seq() const { return seq_; }
  const CaseTable& table() const { return table_; }
  int number() const { return number_; }

 private:
  struct Pending {
    uint64_t seq = 0;
    log::RecordType type = log::RecordType::kEvents;
    std::shared_ptr<const Case> after;  ///< null on ticks and bases
    std::shared_ptr<const EventBatch> batch;
    std::string body;  ///< for the history
    std::optional<LiveKey> key;
    std::chrono::steady_clock::time_point handed;
    std::vector<std::pair<Answer, Result<ports::Answered>>> answers;  ///< sent when it counts
    std::function<void(bool)> done;
  };
  struct Folded {  ///< during a take-over: what the view does not have yet
    std::shared_ptr<const Case> before, after;
    HistoryItem history;
    std::optional<LiveKey> key;
    Position at;
  };
  struct Report {
    uint64_t seq;
    Result<int64_t> offset;
  };

  // shard_take_over.cc
  void TakeOver();
  void Loaded(Result<std::optional<ViewedShard>> loaded);
  void FromBase(Result<Position> base);
  void BaseIsVoid(const std::string& why);
  void BeginsLater(int64_t low);
  void ReadFrom(const Position& at, bool verify);
  void FoldEntry(const log::LogEntry& entry);
  void Fold(int64_t offset, const log::Record& record);
  void FoldEvents(const log::Record& record, int64_t offset);
  void FoldBase(const log::Record& record);
  void WriteFence();
  void Owned();
  void Serve();
  void CloseBecause(const std::string& why);
  void Retake(const std::string& why);

  // shard_reconcile.cc
  std::vector<std::pair<const Recovery::Viewed*, size_t>> Missing(rpc::Reconciled* summary) const;
  void Recover();
  void FinishRecovery(Result<rpc::Reconciled> outcome);

  // shard_decide.cc
  void Open(Command command, Answer answer);
  void OnCase(Command command, Answer answer);
  void DecideAndAppend(const Case* current, const Command& command, Answer answer);
  static std::shared_ptr<Case> Fold(const Case* current, const CaseId& id, const std::string& tenant,
                                    const EventBatch& batch);
  /// `after`: the case with the batch folded in, but for its chain.
  void AppendBatch(const Case* current, std::shared_ptr<Case> after, EventBatch batch, const std::string& trace_parent,
                   Answer answer, bool recovered = false);
  void CommitAttached();
  /// Acts on late clocks for which nobody asked although the shard would have listened.
  void Rescue(InstantMs now, std::chrono::steady_clock::time_point now_steady);
  bool QueueIsFull() const;
  bool LogIsSlow() const;  ///< the oldest pending record is older than callers should wait for
  bool Repeated(const Case& c, const Command& command, Answer& answer);
  bool Refused(const Command& command, Answer& answer);

  // shard_append.cc
  Status Append(Pending pending, log::RecordHead head);
  /// Answers when everything decided so far, and one record handed over from now on, have counted (rule 8).
  void AnswerWithProof(Answer answer, Result<ports::Answered> outcome);
  void HandleReports();
  void CountFront(int64_t offset);
  void ReadGap(const log::LogBatch& batch);
  void ReadReplay(const log::LogBatch& batch);
  void StopReplay();
  void WriteViewWhole();
  /// Nothing more is answered or written; takes the shard over again when it is still, or again, wanted.
  void EndOwnership(const std::string& why);
  void FailPending(const Error& error);
  void MaybeReleased();
  Error Unknown(const std::string& why) const;

  const int number_;
  ShardParts parts_;
  runtime::Logger logger_;
  State state_ = State::kIdle;
  bool wanted_ = false;
  std::string why_closed_;
  std::function<void()> released_;

  CaseTable table_;
  log::Reader reader_;       ///< at the counted head
  bool view_valid_ = false;  ///< the view stands at view_at_ and folded_ leads on from there
  Position view_at_;
  std::vector<Folded> folded_;
  RebuiltHistory rebuilt_history_;

  // Take-over.
  uint64_t read_ = 0;               ///< number of the read under way; 0: none
  std::optional<Position> verify_;  ///< the record before this must bear its (epoch, owner, seq)
  enum class Base {
    kNone,  ///< the fold starts at the view or at the beginning of the log
    kOpen,  ///< between the floor and base_end: a case without a snapshot yet is skipped
    kComplete,
  };
  Base base_ = Base::kNone;
  Position base_floor_;
  int64_t void_base_ = -1;                    ///< floor of a base that this take-over has found to be void
  uint64_t base_cases_ = 0, base_pages_ = 0;  ///< seen since base_begin
  int64_t read_to_ = 0;                       ///< the end of the log when the take-over began
  std::chrono::steady_clock::time_point began_;

  std::unique_ptr<Recovery> recovery_;

  // Ownership.
  uint64_t ownership_ = 0;  ///< of this process's ownerships of the shard; upper bits of tokens
  uint64_t epoch_ = 0;
  Bytes16 owner_{};
  uint64_t seq_ = 0;  ///< of the last record handed over
  std::deque<Pending> pending_;
  size_t pending_bytes_ = 0;
  std::deque<Report> reports_;
  bool in_gap_ = false;
  log::Reader probe_;       ///< judges the gap; becomes reader_ when nothing in it counted
  Position owned_from_;     ///< right behind the own fence
  bool replaying_ = false;  ///< collects history for a view that fell back
  log::Reader replay_;
  std::optional<Position>
      history_follows_;  ///< where the view stands and its histories go on; nullopt: they begin anew
  std::vector<HistoryItem> counted_meanwhile_;  ///< while replaying
  struct Elsewhere {
    std::optional<Position> actual;
  };
  std::optional<Elsewhere> elsewhere_;  ///< the view's place, to be seen to when a gap has been read
  std::vector<std::pair<Answer, Result<ports::Answered>>> unproven_;  ///< wait for the next record handed over
  std::unordered_map<CaseId, uint32_t>
      attached_;  ///< cases reported again in the last second: reports not committed yet
  std::chrono::steady_clock::time_point able_since_;  ///< no command was refused for the shard's own sake
  runtime::EventLoop::TimerId retake_timer_ = 0;
  runtime::EventLoop::TimerId release_timer_ = 0;
};

const char* NameOf(Shard::State state);

}  // namespace escalon::routing
