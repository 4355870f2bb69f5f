#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace escalon::http {

/// A plain TCP connection to 127.0.0.1, to send what no HTTP library would. Reads give up after 20 s.
class RawConnection {
 public:
  explicit RawConnection(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawConnection() { close(fd_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool connected() const { return connected_; }
  /// False when the peer has closed.
  bool Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  /// Up to and with `mark`; what came so far when the peer closes first.
  std::string ReadUntil(std::string_view mark) {
    while (read_.find(mark) == std::string::npos && Fill()) {
    }
    const size_t at = read_.find(mark);
    return Take(at == std::string::npos ? read_.size() : at + mark.size());
  }
  /// One response with Content-Length: head and body.
  std::string ReadResponse() {
    std::string head = ReadUntil("\r\n\r\n");
    const size_t at = head.find("Content-Length: ");
    const size_t length = at == std::string::npos ? 0 : static_cast<size_t>(std::atoi(head.c_str() + at + 16));
    while (read_.size() < length && Fill()) {
    }
    return head + Take(std::min(length, read_.size()));
  }
  std::string ReadAll() {
    while (Fill()) {
    }
    return Take(read_.size());
  }

 private:
  bool Fill() {
    char buffer[4096];
    const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
    if (got > 0) read_.append(buffer, static_cast<size_t>(got));
    return got > 0;
  }
  std::string Take(size_t count) {
    std::string out = read_.substr(0, count);
    read_.erase(0, count);
    return out;
  }

  const int fd_;
  bool connected_ = false;
  std::string read_;
};

}  // namespace escalon::http
