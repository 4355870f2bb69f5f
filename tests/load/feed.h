#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "common/core/clock.h"
#include "tests/load/door.h"
#include "tests/load/generator.h"
#include "tests/load/history.h"
#include "tests/load/staff.h"
#include "tests/load/tally.h"

namespace escalon::load {

struct FeedParts {
  Door& door;
  Generator& generator;
  const Staff& staff;
  History& history;
  Tally& tally;
  const Clock& case_clock;     ///< of the cluster: a development clock, maybe
  const Clock& machine_clock;  ///< for pacing
};

struct FeedOptions {
  double rate = 10;  ///< submissions a second; open loop: they are due whether or not the cluster keeps up
  int batch = 1;     ///< submissions a call
  std::string run;   ///< part of every command id
  size_t most_in_flight =
      4096;  ///< a cluster that stands still must not fill our memory: beyond it nothing is sent, and counts as late
  uint64_t seed = 1;
};

/// Feeds a cluster with the generator's cases and acts for the people on them: one thread, everything asynchronous.
class Feed {
 public:
  Feed(FeedOptions options, FeedParts parts);

  /// Until `end` (steady) or `stop`.
  void Run(std::chrono::steady_clock::time_point end, const std::atomic<bool>& stop);
  /// No new acts; waits for the answers that are owed, for at most `limit_ms`. Whether all came.
  bool Drain(DurationMs limit_ms);
  uint64_t due() const { return due_; }

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct LiveCase {
    CaseId id;
    uint64_t version = 0;
    std::string source;
    std::vector<PlannedAct> plan;
    size_t next = 0;
    int postponed = 0;
  };
  using Live = std::shared_ptr<LiveCase>;
  struct Due {
    SteadyTime at;
    Live live;
    bool operator>(const Due& other) const { return at > other.at; }
  };

  SteadyTime Now() const { return parts_.machine_clock.Steady(); }
  int64_t MicrosSince(SteadyTime from) const;
  void SendDue(SteadyTime due_at);
  void SendOne(Arrival arrival, SteadyTime due_at);
  void FlushBatch();
  Door::Done OnSubmitted(size_t call, const std::string& source, std::vector<PlannedAct> plan, SteadyTime due_at);

  void ActDue();
  void Schedule(const Live& live);
  void Postpone(const Live& live);
  void Begin(const Live& live, Act act);
  void ActOn(const Live& live, Act act, const cases::v1::PublicCase& c);
  void Give(const Live& live, Act act, const std::string& subject, cases::v1::Command command);
  void Next(const Live& live);

  const FeedOptions options_;
  const FeedParts parts_;
  std::mt19937_64 random_;
  SteadyTime started_{};
  uint64_t due_ = 0;
  uint64_t commands_ = 0;
  bool draining_ = false;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> acts_;
  std::vector<submission::v1::Submission> batch_;
  std::vector<Door::Done> batch_done_;
  std::string batch_source_;
};

}  // namespace escalon::load
