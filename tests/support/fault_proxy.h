#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>

#include "common/core/result.h"

namespace escalon::test {

/// A TCP proxy on loopback between a client and a server, whose connections can be slowed, silenced and cut. It has a
/// thread of its own. Thread-safe.
class FaultProxy {
 public:
  /// Listens; leads nowhere until To was called.
  static Result<std::unique_ptr<FaultProxy>> Start();
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  uint16_t port() const { return port_; }
  /// The server's port on loopback, for connections from now on.
  void To(uint16_t port) { target_ = port; }
  /// Everything that passes, in both directions, is held so long.
  void Delay(std::chrono::milliseconds each) { delay_ms_ = each.count(); }
  /// What the server says is thrown away: requests arrive and have their effect, nobody hears of it.
  void LoseReplies(bool lose) { lose_replies_ = lose; }
  /// New connections are reset at once.
  void Refuse(bool refuse) { refuse_ = refuse; }
  /// Every present connection is reset, in the middle of whatever is under way.
  void Cut();
  /// Connections accepted so far.
  size_t accepted() const { return accepted_; }

 private:
  class Loop;
  FaultProxy() = default;
  void Wake();

  uint16_t port_ = 0;
  int listener_ = -1, wake_ = -1;
  std::atomic<uint16_t> target_{0};
  std::atomic<int64_t> delay_ms_{0};
  std::atomic<bool> lose_replies_{false}, refuse_{false}, cut_{false}, stop_{false};
  std::atomic<size_t> accepted_{0};
  std::thread thread_;
};

}  // namespace escalon::test
