#include "tests/support/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

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
  std::random_device random;
  std::uniform_int_distribution<int> ports(20000, 31999);
  for (int i = 0; i < 500; ++i) {
    const auto port = static_cast<uint16_t>(ports(random));
    if (CanBind(port)) return port;
  }
  return 0;
}

}  // namespace escalon::test
