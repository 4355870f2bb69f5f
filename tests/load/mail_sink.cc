#include "tests/load/mail_sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string_view>

namespace escalon::load {
namespace {

constexpr size_t kMostInput = 1 << 20;

bool Say(int fd, std::string_view line) {
  const std::string text = std::string(line) + "\r\n";
  return send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

}  // namespace

Result<std::unique_ptr<MailSink>> MailSink::Start(uint16_t port, runtime::EventLoop& loop) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(fd, 64) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    close(fd);
    return Error{ErrorCode::kUnavailable, "port " + std::to_string(port) + " cannot be had for mail"};
  }
  std::unique_ptr<MailSink> sink(new MailSink(fd, ntohs(address.sin_port), loop));
  loop.Post([sink = sink.get()] {
    sink->loop_.Watch(sink->listener_, runtime::EventLoop::kReadable, [sink](uint32_t) { sink->Accept(); });
  });
  return sink;
}

MailSink::~MailSink() {
  for (const auto& [fd, peer] : peers_) close(fd);
  close(listener_);
}

void MailSink::Accept() {
  const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  peers_[fd];
  loop_.Watch(fd, runtime::EventLoop::kReadable, [this, fd](uint32_t) { Read(fd); });
  Say(fd, "220 sink");
}

void MailSink::Drop(int fd) {
  loop_.Unwatch(fd);
  peers_.erase(fd);
  close(fd);
}

void MailSink::Read(int fd) {
  char buffer[8192];
  const ssize_t got = recv(fd, buffer, sizeof buffer, 0);
  if (got <= 0) return Drop(fd);
  Peer& peer = peers_[fd];
  peer.input.append(buffer, static_cast<size_t>(got));
  if (peer.input.size() > kMostInput || !Take(fd, &peer)) Drop(fd);
}

bool MailSink::Take(int fd, Peer* peer) {
  while (true) {
    const std::string_view mark = peer->in_data ? "\r\n.\r\n" : "\r\n";
    const size_t at = peer->input.find(mark);
    if (at == std::string::npos) return true;
    const std::string line = peer->input.substr(0, at);
    peer->input.erase(0, at + mark.size());
    if (peer->in_data) {
      peer->in_data = false;
      received_.fetch_add(1, std::memory_order_relaxed);
      if (!Say(fd, "250 taken")) return false;
    } else if (line == "DATA") {
      peer->in_data = true;
      if (!Say(fd, "354 go on")) return false;
    } else if (line == "QUIT") {
      Say(fd, "221 bye");
      return false;
    } else if (!Say(fd, "250 ok")) {
      return false;
    }
  }
}

}  // namespace escalon::load
