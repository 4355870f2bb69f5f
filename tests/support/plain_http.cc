#include "tests/support/plain_http.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

namespace escalon::test {
namespace {

constexpr int kPatienceMs = 30'000;

/// A connected socket that closes itself.
class Connection {
 public:
  explicit Connection(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Connection() { close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  bool connected() const { return connected_; }

  /// Sends and reads at once, because a server that refuses a long body answers before it has read it. Until the server
  /// closes; false when nothing happens any more.
  bool Exchange(const std::string& request, std::string* reply) const {
    char buffer[16 * 1024];
    size_t sent = 0;
    while (true) {
      pollfd look{fd_, static_cast<short>(sent < request.size() ? POLLIN | POLLOUT : POLLIN), 0};
      if (poll(&look, 1, kPatienceMs) <= 0) return false;
      if ((look.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
        if (n <= 0) return true;
        reply->append(buffer, static_cast<size_t>(n));
      } else if ((look.revents & POLLOUT) != 0) {
        const ssize_t n = send(fd_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN) return true;
        if (n > 0) sent += static_cast<size_t>(n);
      }
    }
  }

 private:
  const int fd_;
  bool connected_ = false;
};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string Unchunked(const std::string& body) {
  std::string out;
  for (size_t at = 0; at < body.size();) {
    const size_t line = body.find("\r\n", at);
    if (line == std::string::npos) break;
    const size_t size = std::stoul(body.substr(at, line - at), nullptr, 16);
    if (size == 0) break;
    out.append(body, line + 2, size);
    at = line + 2 + size + 2;
  }
  return out;
}

}  // namespace

Result<HttpAnswer> HttpCall(uint16_t port, const std::string& method, const std::string& target,
                            const std::string& body, const std::vector<std::string>& headers) {
  const Connection connection(port);
  if (!connection.connected()) return Error{ErrorCode::kUnavailable, "nobody listens on port " + std::to_string(port)};
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
  for (const std::string& header : headers) request += header + "\r\n";
  if (!body.empty() || method == "POST" || method == "PUT") {
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  std::string reply;
  if (!connection.Exchange(request + "\r\n" + body, &reply)) {
    return Error{ErrorCode::kDeadlineExceeded, "no answer to " + method + " " + target};
  }
  const size_t end = reply.find("\r\n\r\n");
  if (!reply.starts_with("HTTP/1.1 ") || end == std::string::npos) {
    return Error{ErrorCode::kUnavailable, "no HTTP answer to " + method + " " + target + ": " + reply.substr(0, 200)};
  }
  HttpAnswer answer;
  answer.status = std::stoi(reply.substr(9, 3));
  for (size_t at = reply.find("\r\n") + 2; at < end;) {
    const size_t line = reply.find("\r\n", at), colon = reply.find(':', at);
    if (colon < line) {
      const size_t value = reply.find_first_not_of(' ', colon + 1);
      answer.headers[Lower(reply.substr(at, colon - at))] = reply.substr(value, line - value);
    }
    at = line + 2;
  }
  answer.body = reply.substr(end + 4);
  if (answer.headers["transfer-encoding"] == "chunked") answer.body = Unchunked(answer.body);
  return answer;
}

}  // namespace escalon::test
