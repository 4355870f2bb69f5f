#include "tests/support/fault/mischief.h"

#include <algorithm>
#include <cstdio>
#include <thread>

namespace escalon::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestPause{3000};  ///< between two breaks
constexpr milliseconds kShortest{50};
constexpr milliseconds kDown{2000};  ///< what was killed is away for at most so long
constexpr milliseconds kHang{8000};  ///< longer than a session: others take over
constexpr size_t kBrokenAtOnce = 2;

template <typename T>
Status StatusOf(const Result<T>& result) {
  return result.ok() ? Status() : Status(result.error());
}

}  // namespace

Mischief::Mischief(Cluster& cluster, KafkaBroker& broker, uint64_t seed) : cluster_(cluster), random_(seed) {
  for (const std::string& name : cluster.names()) AddNode(name);
  RedisServer& redis = cluster.redis();
  victims_.push_back({"redis",
                      {{"kill -9", [&redis] { return redis.Kill9(); }, [&redis] { return redis.StartAgain(); }, kDown},
                       {"hang", [&redis] { return redis.Pause(); }, [&redis] { return redis.Resume(); }, kHang},
                       {"empty", [&redis] { return redis.FlushAll(); }, {}, {}},
                       {"forget scripts",
                        [&redis] {
                          return StatusOf(redis.Command({"SCRIPT", "FLUSH"}));
                        },
                        {},
                        {}}},
                      {},
                      {}});
  victims_.push_back(
      {"kafka",
       {{"kill -9", [&broker] { return broker.KillNode(); }, [&broker] { return broker.StartAgain(); }, kDown},
        {"hang", [&broker] { return broker.PauseNode(); }, [&broker] { return broker.ResumeNode(); }, kHang},
        {"stop", [&broker] { return broker.Stop(); }, [&broker] { return broker.StartAgain(); }, kDown}},
       {},
       {}});
}

void Mischief::AddNode(const std::string& name) {
  Node& node = cluster_.node(name);
  const auto start = [&node] { return node.Start(); };
  victims_.push_back({name,
                      {{"kill -9", [&node] { return node.Kill9(); }, start, kDown},
                       {"hang", [&node] { return node.Pause(); }, [&node] { return node.Resume(); }, kHang},
                       {"stop",
                        // However long a stop in good order waits for what is away, it ends.
                        [&node] { return StatusOf(node.Terminate(2 * kPatience)); }, start, kDown}},
                      {},
                      {}});
}

milliseconds Mischief::Within(milliseconds longest) {
  return kShortest + milliseconds(Below(static_cast<size_t>((longest - kShortest).count())));
}

void Mischief::Tell(const std::string& what) {
  const auto at = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began_);
  std::printf("%7.1f s  %s\n", static_cast<double>(at.count()) / 1000, what.c_str());
  std::fflush(stdout);
}

Status Mischief::Run(milliseconds time) {
  began_ = std::chrono::steady_clock::now();
  const Steady end = began_ + time;
  Steady next = began_;
  while (std::chrono::steady_clock::now() < end) {
    const Steady now = std::chrono::steady_clock::now();
    if (Status s = MendDue(now); !s.ok()) return s;
    if (now >= next) {
      if (Status s = Harm(now); !s.ok()) return s;
      next = std::chrono::steady_clock::now() + Within(kLongestPause);
    }
    Steady wake = std::min(next, end);
    for (const Victim& victim : victims_) {
      if (victim.mend) wake = std::min(wake, victim.mend_at);
    }
    std::this_thread::sleep_until(wake);
  }
  for (Victim& victim : victims_) {
    if (!victim.mend) continue;
    if (Status s = Mend(victim); !s.ok()) return s;
  }
  return AllAlive();
}

Status Mischief::Harm(Steady now) {
  // Everything is drawn whether it is used or not, so that a seed's choices do not depend on the machine's speed.
  Victim& victim = victims_[Below(victims_.size())];
  Trick& trick = victim.tricks[Below(victim.tricks.size())];
  const milliseconds span = trick.longest > kShortest ? Within(trick.longest) : milliseconds(0);
  const auto broken =
      std::count_if(victims_.begin(), victims_.end(), [](const Victim& one) { return one.mend != nullptr; });
  if (victim.mend || static_cast<size_t>(broken) >= kBrokenAtOnce) return {};
  if (Status s = AllAlive(); !s.ok()) return s;
  Tell(victim.name + ": " + trick.what + (trick.mend ? " for " + std::to_string(span.count()) + " ms" : std::string()));
  if (Status s = trick.harm(); !s.ok()) return Error{s.error().code, victim.name + ": " + s.error().message};
  ++done_;
  victim.mend = trick.mend;
  victim.mend_at = now + span;
  return {};
}

Status Mischief::MendDue(Steady now) {
  for (Victim& victim : victims_) {
    if (!victim.mend || victim.mend_at > now) continue;
    if (Status s = Mend(victim); !s.ok()) return s;
  }
  return {};
}

Status Mischief::Mend(Victim& victim) {
  const std::function<Status()> mend = std::exchange(victim.mend, {});
  if (Status s = mend(); !s.ok()) return Error{s.error().code, victim.name + ": " + s.error().message};
  Tell(victim.name + ": mended");
  return {};
}

Status Mischief::AllAlive() {
  for (const Victim& victim : victims_) {
    if (victim.mend || victim.name == "redis" || victim.name == "kafka") continue;
    if (!cluster_.node(victim.name).running())
      return Error{ErrorCode::kInternal,
                   victim.name + " has ended by itself:\n" + cluster_.node(victim.name).Log(4000)};
  }
  return {};
}

}  // namespace escalon::test
