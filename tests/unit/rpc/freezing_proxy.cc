#include "tests/unit/rpc/freezing_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <vector>

namespace escalon::rpc::test {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

sockaddr* Plain(sockaddr_in* address) { return reinterpret_cast<sockaddr*>(address); }

}  // namespace

FreezingProxy::FreezingProxy(int target_port)
    : target_port_(target_port), listener_(socket(AF_INET, SOCK_STREAM, 0)), wake_(eventfd(0, 0)) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  (void)bind(listener_, Plain(&address), size);
  (void)listen(listener_, 16);
  (void)getsockname(listener_, Plain(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

FreezingProxy::~FreezingProxy() {
  ending_ = true;
  Wake();
  thread_.join();
  close(listener_);
  close(wake_);
}

void FreezingProxy::Freeze() {
  frozen_ = true;
  Wake();
}
void FreezingProxy::Thaw() {
  frozen_ = false;
  Wake();
}

void FreezingProxy::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_, &one, sizeof one);
}

void FreezingProxy::Run() {
  std::map<int, int> peers;
  while (!ending_) {
    std::vector<pollfd> fds{{wake_, POLLIN, 0}};
    if (!frozen_) {
      fds.push_back({listener_, POLLIN, 0});
      for (const auto& [fd, peer] : peers) fds.push_back({fd, POLLIN, 0});
    }
    poll(fds.data(), fds.size(), -1);
    for (const pollfd& ready : fds) {
      if (ready.revents == 0) continue;
      if (ready.fd == wake_) {
        uint64_t count;
        (void)!read(wake_, &count, sizeof count);
      } else if (ready.fd == listener_) {
        const int from = accept(listener_, nullptr, nullptr), to = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = Loopback(target_port_);
        (void)connect(to, Plain(&address), sizeof address);
        peers[from] = to;
        peers[to] = from;
      } else if (const auto found = peers.find(ready.fd); found != peers.end()) {
        char buffer[16384];
        const ssize_t n = read(ready.fd, buffer, sizeof buffer);
        if (n > 0 && send(found->second, buffer, static_cast<size_t>(n), MSG_NOSIGNAL) == n) continue;
        const int other = found->second;
        close(ready.fd);
        close(other);
        peers.erase(ready.fd);
        peers.erase(other);
      }
    }
  }
  for (const auto& [fd, peer] : peers) close(fd);
}

}  // namespace escalon::rpc::test
