#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "common/core/result.h"
#include "common/runtime/event_loop.h"

namespace escalon::load {

/// A relay on 127.0.0.1 that takes every mail and throws it away: requesters of a demonstration are told by mail. SMTP
/// as far as a client needs it to hand mail in. Everything but `received` and `port` belongs to the loop's thread; the
/// loop is stopped before the sink goes.
class MailSink {
 public:
  /// kUnavailable: the port is taken. `port` 0: any free one.
  static Result<std::unique_ptr<MailSink>> Start(uint16_t port, runtime::EventLoop& loop);
  ~MailSink();
  uint16_t port() const { return port_; }
  uint64_t received() const { return received_.load(std::memory_order_relaxed); }

 private:
  struct Peer {
    std::string input;
    bool in_data = false;
  };
  MailSink(int listener, uint16_t port, runtime::EventLoop& loop) : listener_(listener), port_(port), loop_(loop) {}
  void Accept();
  void Read(int fd);
  /// False: the peer is done.
  bool Take(int fd, Peer* peer);
  void Drop(int fd);

  const int listener_;
  const uint16_t port_;
  runtime::EventLoop& loop_;
  std::map<int, Peer> peers_;
  std::atomic<uint64_t> received_{0};
};

}  // namespace escalon::load
