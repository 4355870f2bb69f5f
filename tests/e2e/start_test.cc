// What a service does that cannot start.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/end_to_end.h"

namespace escalon::test {
namespace {

/// Listens on a port of this machine until it goes out of scope.
class Occupied {
 public:
  explicit Occupied(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);  // over connections of the killed process
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    taken_ = bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && listen(socket_, 1) == 0;
  }
  ~Occupied() { close(socket_); }
  Occupied(const Occupied&) = delete;
  Occupied& operator=(const Occupied&) = delete;
  bool taken() const { return taken_; }

 private:
  const int socket_;
  bool taken_ = false;
};

TEST_F(EndToEnd, a_door_whose_port_is_taken_says_so_and_ends_in_good_order) {
  Node& intake = cluster().node("intake");
  ASSERT_TRUE(intake.Kill9().ok());
  {
    const Occupied port(intake.http_port());
    ASSERT_TRUE(port.taken());
    ASSERT_TRUE(intake.Start().ok());
    EXPECT_FALSE(intake.WaitReady(kPatience).ok());
    EXPECT_TRUE(intake.AwaitLog("start failed"));
    EXPECT_TRUE(intake.AwaitLog("ended clean=true")) << intake.Log(3000);
  }
  ASSERT_TRUE(intake.Start().ok());
  ASSERT_TRUE(intake.WaitReady(kPatience).ok());
}

}  // namespace
}  // namespace escalon::test
