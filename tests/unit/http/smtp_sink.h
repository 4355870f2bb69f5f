#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace escalon::http {

/// A small SMTP server on 127.0.0.1 for one connection: takes one mail and keeps it. `rcpt_answer` is what it says to
/// recipients.
class SmtpSink {
 public:
  explicit SmtpSink(std::string rcpt_answer = "250 ok")
      : rcpt_answer_(std::move(rcpt_answer)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    listen(listener_, 4);
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~SmtpSink() {
    shutdown(listener_, SHUT_RDWR);
    {
      const std::lock_guard lock(mutex_);
      if (connection_ >= 0) shutdown(connection_, SHUT_RDWR);  // the client keeps it open for the next mail
    }
    thread_.join();
    if (connection_ >= 0) close(connection_);
    close(listener_);
  }

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  std::string from() const { return Locked(from_); }
  std::vector<std::string> recipients() const { return Locked(recipients_); }
  std::string data() const { return Locked(data_); }

 private:
  template <typename T>
  T Locked(const T& value) const {
    const std::lock_guard lock(mutex_);
    return value;
  }

  void Serve() {
    const int fd = accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    {
      const std::lock_guard lock(mutex_);
      connection_ = fd;
    }
    std::string input;
    const auto say = [&](const std::string& line) {
      return send(fd, (line + "\r\n").data(), line.size() + 2, MSG_NOSIGNAL);
    };
    const auto line = [&](const std::string& end) {
      size_t at;
      while ((at = input.find(end)) == std::string::npos) {
        char buffer[4096];
        const ssize_t got = recv(fd, buffer, sizeof buffer, 0);
        if (got <= 0) return std::string();
        input.append(buffer, static_cast<size_t>(got));
      }
      std::string out = input.substr(0, at);
      input.erase(0, at + end.size());
      return out;
    };
    say("220 sink");
    while (true) {
      const std::string command = line("\r\n");
      if (command.empty()) break;
      if (command.starts_with("EHLO")) {
        say("250 sink");
      } else if (command.starts_with("MAIL FROM:")) {
        {
          const std::lock_guard lock(mutex_);
          from_ = command.substr(10);
        }
        say("250 ok");
      } else if (command.starts_with("RCPT TO:")) {
        {
          const std::lock_guard lock(mutex_);
          recipients_.push_back(command.substr(8));
        }
        say(rcpt_answer_);
      } else if (command == "DATA") {
        say("354 go");
        const std::string text = "\r\n" + line("\r\n.\r\n") + "\r\n";
        std::string plain;
        for (size_t i = 0; i < text.size(); ++i) {
          plain += text[i];
          if (text[i] == '\n' && i + 1 < text.size() && text[i + 1] == '.') ++i;  // the stuffed dot
        }
        {
          const std::lock_guard lock(mutex_);
          data_ = plain;
        }
        say("250 queued");
      } else if (command == "QUIT") {
        say("221 bye");
        break;
      } else {
        say("502 not known");
      }
    }
  }

  const std::string rcpt_answer_;
  const int listener_;
  uint16_t port_ = 0;
  int connection_ = -1;
  mutable std::mutex mutex_;
  std::string from_;
  std::vector<std::string> recipients_;
  std::string data_;
  std::thread thread_;
};

}  // namespace escalon::http
