#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/support/cluster/cluster.h"

namespace escalon::test {

/// Breaks and mends the processes of a cluster at random: kill -9, SIGSTOP for a while, an end in good order, a Redis
/// that is emptied. What is done, to whom, and for how long is decided by the seed alone. Thread rule: the cluster's
/// thread.
class Mischief {
 public:
  /// `broker` serves this cluster alone.
  Mischief(Cluster& cluster, KafkaBroker& broker, uint64_t seed);

  /// Until `time` is over; then everything is mended. An error: something could not be broken or mended, or ended by
  /// itself. Tells on stdout what it does.
  Status Run(std::chrono::milliseconds time);
  size_t done() const { return done_; }

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Trick {
    std::string what;
    std::function<Status()> harm;
    std::function<Status()> mend;  ///< empty: nothing has to be mended
    std::chrono::milliseconds longest;
  };
  struct Victim {
    std::string name;
    std::vector<Trick> tricks;
    std::function<Status()> mend;  ///< set while it is broken
    Steady mend_at{};
  };

  void AddNode(const std::string& name);
  Status Harm(Steady now);
  Status MendDue(Steady now);
  Status Mend(Victim& victim);
  Status AllAlive();
  void Tell(const std::string& what);
  size_t Below(size_t n) { return static_cast<size_t>(random_() % n); }
  std::chrono::milliseconds Within(std::chrono::milliseconds longest);

  Cluster& cluster_;
  std::mt19937_64 random_;
  std::vector<Victim> victims_;
  Steady began_{};
  size_t done_ = 0;
};

}  // namespace escalon::test
