#include "tests/support/fault_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <list>
#include <string>
#include <vector>

namespace escalon::test {
namespace {

using Steady = std::chrono::steady_clock::time_point;

constexpr size_t kMostHeld = 4 << 20;  ///< bytes in one direction; then the sender waits

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void Reset(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(fd);
}

/// Bytes on their way in one direction.
struct Way {
  int from = -1, to = -1;
  bool replies = false;
  struct Piece {
    Steady at;
    std::string bytes;
  };
  std::deque<Piece> pieces;
  size_t held = 0;
};

struct Pair {
  int client = -1, server = -1;
  std::array<Way, 2> ways;
  bool over = false;
};

}  // namespace

class FaultProxy::Loop {
 public:
  explicit Loop(FaultProxy& proxy) : proxy_(proxy) {}

  void Run() {
    while (!proxy_.stop_) {
      if (proxy_.cut_.exchange(false)) CutAll();
      Wait();
    }
    CutAll();
  }

 private:
  void Wait() {
    std::vector<pollfd> polled{{proxy_.wake_, POLLIN, 0}, {proxy_.listener_, POLLIN, 0}};
    const Steady now = std::chrono::steady_clock::now();
    auto next = now + std::chrono::seconds(1);
    for (Pair& pair : pairs_) {
      for (Way& way : pair.ways) {
        if (!way.pieces.empty()) next = std::min(next, way.pieces.front().at);
        if (way.held < kMostHeld) polled.push_back({way.from, POLLIN, 0});
      }
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now);
    poll(polled.data(), polled.size(), static_cast<int>(std::max<int64_t>(0, left.count())));
    uint64_t woken = 0;
    if ((polled[0].revents & POLLIN) != 0) (void)!read(proxy_.wake_, &woken, sizeof woken);
    if ((polled[1].revents & POLLIN) != 0) Accept();
    for (Pair& pair : pairs_) {
      for (Way& way : pair.ways) Move(pair, way);
    }
    pairs_.remove_if([](const Pair& pair) {
      if (pair.over) End(pair);
      return pair.over;
    });
  }

  void Accept() {
    const int client = accept4(proxy_.listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return;
    ++proxy_.accepted_;
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in to = Loopback(proxy_.target_);
    if (proxy_.refuse_ || proxy_.target_ == 0 ||
        connect(server, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      Reset(client);
      close(server);
      return;
    }
    fcntl(server, F_SETFL, O_NONBLOCK);
    const int on = 1;
    for (const int fd : {client, server}) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Pair pair;
    pair.client = client;
    pair.server = server;
    pair.ways = {Way{client, server, false, {}, 0}, Way{server, client, true, {}, 0}};
    pairs_.push_back(std::move(pair));
  }

  void Move(Pair& pair, Way& way) {
    std::array<char, 1 << 16> buffer;
    while (!pair.over && way.held < kMostHeld) {
      const ssize_t got = read(way.from, buffer.data(), buffer.size());
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) break;
      if (got <= 0) {
        pair.over = true;
        break;
      }
      if (way.replies && proxy_.lose_replies_) continue;
      way.pieces.push_back({std::chrono::steady_clock::now() + std::chrono::milliseconds(proxy_.delay_ms_),
                            std::string(buffer.data(), static_cast<size_t>(got))});
      way.held += static_cast<size_t>(got);
    }
    while (!way.pieces.empty() && way.pieces.front().at <= std::chrono::steady_clock::now()) {
      Way::Piece& piece = way.pieces.front();
      const ssize_t put = send(way.to, piece.bytes.data(), piece.bytes.size(), MSG_NOSIGNAL);
      if (put < 0 && (errno == EAGAIN || errno == EINTR)) {
        piece.at = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
        return;
      }
      if (put < 0) {
        pair.over = true;
        return;
      }
      way.held -= static_cast<size_t>(put);
      piece.bytes.erase(0, static_cast<size_t>(put));
      if (piece.bytes.empty()) way.pieces.pop_front();
    }
  }

  static void End(const Pair& pair) {
    Reset(pair.client);
    Reset(pair.server);
  }

  void CutAll() {
    for (const Pair& pair : pairs_) End(pair);
    pairs_.clear();
  }

  FaultProxy& proxy_;
  std::list<Pair> pairs_;
};

Result<std::unique_ptr<FaultProxy>> FaultProxy::Start() {
  std::unique_ptr<FaultProxy> proxy(new FaultProxy);
  proxy->wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  proxy->listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  if (proxy->wake_ < 0 || proxy->listener_ < 0 ||
      bind(proxy->listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(proxy->listener_, 128) != 0 ||
      getsockname(proxy->listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return Error{ErrorCode::kInternal, "a proxy cannot listen on loopback"};
  }
  proxy->port_ = ntohs(address.sin_port);
  proxy->thread_ = std::thread([self = proxy.get()] { Loop(*self).Run(); });
  return proxy;
}

FaultProxy::~FaultProxy() {
  stop_ = true;
  Wake();
  if (thread_.joinable()) thread_.join();
  if (listener_ >= 0) close(listener_);
  if (wake_ >= 0) close(wake_);
}

void FaultProxy::Cut() {
  cut_ = true;
  Wake();
}

void FaultProxy::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_, &one, sizeof one);
}

}  // namespace escalon::test
