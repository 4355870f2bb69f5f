#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "services/routing/keeper/base_writer.h"
#include "tests/contract/keeper/world.h"
#include "tests/support/oracle/log_oracle.h"

namespace escalon::routing::testing {

/// Two instances, one shard, and everything that can go wrong between them, in an order that a seed chooses: records,
/// reports, reads and scripts that come late, never or to nobody; pauses, crashes, producers that die, a view that
/// falls back or is emptied, retention, bases, clocks that step; and callers who repeat. What an oracle makes of the
/// log alone decides whether every answer was true.
class Storm {
 public:
  explicit Storm(uint64_t seed);
  ~Storm();

  void Rage(int steps);
  /// Percent of steps after which the view is compared with the log.
  void CheckOften() { check_every_ = 100; }
  /// All is well again: one instance takes over, callers repeat what they never heard the end of, everything settles.
  void Calm();

  /// What should never be; empty: the protocol held.
  const std::vector<std::string>& faults() const { return faults_; }
  /// The last things that happened, for whoever must understand a fault.
  std::string Story() const;

  struct Counts {
    int answered = 0, rejected = 0, unknown = 0, take_overs = 0, crashes = 0, rollbacks = 0, bases = 0, batches = 0,
        repeats = 0, retired = 0, view_resets = 0;
  };
  Counts counts() const;

 private:
  /// A command, and what its caller heard of it.
  struct Asked {
    Command command;
    std::string key;  ///< idempotency key of an opening
    bool opens = false;
    std::optional<ports::Answered> first;
    bool rejected = false;  ///< for good
    bool maybe = false;     ///< some call may have had an effect
    int waiting = 0;        ///< calls without an answer
  };
  struct Slot {
    std::unique_ptr<Instance> instance;
    std::unique_ptr<BaseWriter> base;
    bool base_done = false;
    bool paused = false;
  };

  uint64_t Below(uint64_t n) { return random_() % n; }
  bool Chance(int percent) { return Below(100) < static_cast<uint64_t>(percent); }
  void Note(std::string what);
  void Fault(std::string what);

  void Start(size_t slot);
  void Crash(size_t slot);
  void Act();
  void Network(Slot& slot);
  void Suggest(size_t slot);
  void Redis();
  void Ask();
  void AskAgain();
  void Send(size_t slot, size_t asked);
  void Heard(size_t asked, int64_t log_end_then, Result<ports::Answered> answer);
  void Judge(Asked& asked, const ports::Answered& answered);
  void Base(Slot& slot);
  void CatchUp();
  void CheckView(bool whole);
  bool HistoryFits(const CaseId& id, int64_t offset) const;
  void CheckShard(const Slot& slot);
  void CheckEnd();
  std::map<Bytes16, CaseId> KeysAt(int64_t offset) const;

  std::mt19937_64 random_;
  SharedLog log_;
  SharedView view_;
  TestClock clock_;
  std::array<Slot, 2> slots_;
  std::deque<std::deque<log::Record>> adrift_;  ///< records of the dead on their way
  std::deque<std::deque<FakeView::Script>> scripts_adrift_;
  std::deque<Asked> asked_;
  std::vector<CaseId> known_;
  test::LogOracle oracle_;
  size_t oracle_faults_ = 0, view_faults_ = 0;
  int names_ = 0, check_every_ = 5;
  bool over_ = false;
  Counts counts_;
  std::vector<std::string> faults_;
  std::deque<std::string> story_;
};

}  // namespace escalon::routing::testing
