#include "tests/support/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <random>
#include <set>

namespace escalon::test {
namespace {

bool CanBind(uint16_t port) {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = bind(s, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(s);
  return bound;
}

}  // namespace

uint16_t FreePort() {
  // What was given is free until its server listens: the same number twice would be two servers' port.
  static std::mutex mutex;
  static std::set<uint16_t> given;
  const std::lock_guard lock(mutex);
  std::random_device random;
  std::uniform_int_distribution<int> ports(20000, 31999);
  for (int i = 0; i < 500; ++i) {
    const auto port = static_cast<uint16_t>(ports(random));
    if (!given.contains(port) && CanBind(port)) return *given.insert(port).first;
  }
  return 0;
}

}  // namespace escalon::test
