#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "services/notification/application/breaker.h"

namespace escalon::notification {

/// The receivers as they behave: how many sends are under way at each, who waits for a place there, and its breaker.
/// One thread.
class Sinks {
 public:
  Sinks(size_t most_at_once, const BreakerPolicy& policy) : most_at_once_(most_at_once), policy_(policy) {}

  enum class Entry : uint8_t { kGo, kFull, kOpen };
  /// kGo: take it back with Leave. kFull: `delivery` is parked until Leave gives it. kOpen: left alone until
  /// `*open_until`.
  Entry Enter(const std::string& name, uint64_t delivery, InstantMs now, InstantMs* open_until) {
    Sink& sink = sinks_.try_emplace(name, policy_).first->second;
    if (sink.at_once >= most_at_once_) {
      sink.parked.push_back(delivery);
      return Entry::kFull;
    }
    if (!sink.breaker.Admit(now)) {
      *open_until = sink.breaker.open_until() > now ? sink.breaker.open_until() : now + kProbeMs;
      return Entry::kOpen;
    }
    ++sink.at_once;
    return Entry::kGo;
  }

  /// A send has ended; the next that waited for the place, if any. `trouble`: the sink itself failed.
  std::optional<uint64_t> Leave(const std::string& name, bool trouble, InstantMs now) {
    Sink& sink = sinks_.at(name);
    --sink.at_once;
    if (trouble) {
      sink.breaker.Failed(now);
    } else {
      sink.breaker.Succeeded();
    }
    std::optional<uint64_t> next = NextParked(name);
    if (!next && sink.at_once == 0 && !sink.breaker.open() && sinks_.size() > kMostIdle) sinks_.erase(name);
    return next;
  }
  /// Another one, when the one before no longer wants the place.
  std::optional<uint64_t> NextParked(const std::string& name) {
    const auto found = sinks_.find(name);
    if (found == sinks_.end() || found->second.parked.empty()) return std::nullopt;
    const uint64_t next = found->second.parked.front();
    found->second.parked.pop_front();
    return next;
  }

  /// The wall clock was set back by so much: breakers wait no longer than before.
  void SetBack(DurationMs by) {
    for (auto& [name, sink] : sinks_) sink.breaker.SetBack(by);
  }

  /// Of a channel: sinks named so, or `channel:…`.
  size_t OpenBreakers(std::string_view channel) const {
    size_t count = 0;
    for (const auto& [name, sink] : sinks_) {
      if (sink.breaker.open() && name.substr(0, name.find(':')) == channel) ++count;
    }
    return count;
  }

 private:
  static constexpr size_t kMostIdle = 10'000;
  static constexpr DurationMs kProbeMs = 500;  ///< while somebody else's probe is under way
  struct Sink {
    explicit Sink(const BreakerPolicy& policy) : breaker(policy) {}
    Breaker breaker;
    size_t at_once = 0;
    std::deque<uint64_t> parked;
  };
  const size_t most_at_once_;
  const BreakerPolicy policy_;
  std::map<std::string, Sink> sinks_;
};

}  // namespace escalon::notification
