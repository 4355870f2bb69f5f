// What is known to have killed or starved gRPC servers of this age (docs/dependencies.md), sent byte by byte: the
// server refuses it and goes on.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "common/rpc/server.h"
#include "common/runtime/system_clock.h"
#include "tests/unit/rpc/rpc_support.h"

namespace escalon::rpc {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr uint8_t kHeaders = 1, kSettings = 4, kContinuation = 9, kEndHeaders = 4;
constexpr size_t kMostPayload = 16'000;

/// An HPACK integer behind a prefix of seven bits (RFC 7541 §5.1).
std::string Length(size_t n) {
  if (n < 127) return {static_cast<char>(n)};
  std::string out(1, '\x7f');
  for (n -= 127; n >= 128; n /= 128) out += static_cast<char>(n % 128 + 128);
  return out + static_cast<char>(n);
}

std::string Block(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += '\0' + Length(name.size()) + name + Length(value.size()) + value;
  return out;
}

std::string Frame(uint8_t type, uint8_t flags, uint8_t stream, const std::string& payload) {
  std::string out;
  for (int shift : {16, 8, 0}) out += static_cast<char>(payload.size() >> shift);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  return out + std::string(3, '\0') + static_cast<char>(stream) + payload;
}

/// A call's headers, in as many frames as they need.
std::string Call(const std::string& block) {
  std::string out = Frame(kHeaders, block.size() <= kMostPayload ? kEndHeaders : 0, 1, block.substr(0, kMostPayload));
  for (size_t at = kMostPayload; at < block.size(); at += kMostPayload) {
    out += Frame(kContinuation, at + kMostPayload >= block.size() ? kEndHeaders : 0, 1, block.substr(at, kMostPayload));
  }
  return out;
}

class HostileHttp2 : public testing::Test {
 protected:
  void SetUp() override {
    auto started = Server::Start(ServerOptions(), {instance_.service->service()}, instance_.clock, runtime::Logger());
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  void TearDown() override {
    if (server_) server_->Stop(0);
  }

  int Connect() const {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(server_->port()));
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    const timeval patience{2, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    return fd;
  }
  /// Sends it on a connection of its own and reads until the server has answered with some frames, or closed.
  void Send(const std::string& frames) const {
    const int fd = Connect();
    const std::string all = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, "") + frames;
    EXPECT_EQ(send(fd, all.data(), all.size(), MSG_NOSIGNAL), static_cast<ssize_t>(all.size()));
    std::string answer;
    char part[4096];
    for (ssize_t n; answer.size() < 120 && (n = recv(fd, part, sizeof part, 0)) > 0;)
      answer.append(part, static_cast<size_t>(n));
    EXPECT_FALSE(answer.empty()) << "no settings of the server's, no refusal";
    close(fd);
  }
  /// A decent client is still served.
  void ExpectServes() {
    test::Client client(keys_, {"127.0.0.1:" + std::to_string(server_->port())});
    EXPECT_TRUE(client.Ask(test::MakeCommand(1, "c" + std::to_string(++asked_), client.In(20'000))));
  }

  test::Keys keys_;
  test::FakeKeeper keeper_;
  test::Instance instance_{keys_, keeper_};
  std::unique_ptr<Server> server_;
  int asked_ = 0;
};

// CVE-2023-1428: one of these followed by headers beyond 8 KiB made gRPC C++ abort.
TEST_F(HostileHttp2, bad_metadata_with_large_headers_is_refused) {
  const std::string large(9000, 'y');
  const Fields call = {{":method", "POST"}, {":path", "/escalon.keeper.v1.KeeperService/Execute"}, {":authority", "x"}};
  const auto with = [&](Fields more) {
    Fields all = call;
    all.insert(all.end(), more.begin(), more.end());
    all.emplace_back("a", large);
    return Call(Block(all));
  };
  Send(with({{":scheme", "http"}, {"te", "x"}}));
  Send(with({{":scheme", "x"}, {"te", "trailers"}}));
  Send(with({{":scheme", "http"}, {"te", "trailers"}, {"grpclb_client_stats", "x"}}));
  Send(with({{":scheme", "http"}, {"te", "trailers"}, {"lb-cost-bin", "eHh4"}}));
  ExpectServes();
}

TEST_F(HostileHttp2, endless_numbers_and_tables_in_headers_are_refused) {
  Send(Call(std::string(1, '\x7f') + std::string(12'000, '\xff')));     // an index without end
  Send(Call(std::string(1, '\0') + '\x7f' + std::string(40, '\xff')));  // a name without end
  Send(Call(std::string(1, '\x3f') + "\xff\xff\xff\xff\x0f"));          // a table of 4 GiB
  Send(Call(Block({{":path", "/x"}}) + std::string(20'000, '\x82')));   // :method twenty thousand times
  Send(Call(Block(Fields(2'000, {"a", std::string(30, 'b')}))));        // two thousand fields
  ExpectServes();
}

// CVE-2023-4785: connections that come and go must not use descriptors up.
TEST_F(HostileHttp2, connections_that_come_and_go_leave_nothing_behind) {
  for (int i = 0; i < 2'000; ++i) close(Connect());
  ExpectServes();
}

}  // namespace
}  // namespace escalon::rpc
