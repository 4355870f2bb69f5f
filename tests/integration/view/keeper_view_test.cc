// The keeper's way to the live view: a shard that is assigned before Redis is connected.
#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "common/runtime/system_clock.h"
#include "services/routing/keeper/redis_case_view.h"
#include "tests/support/event_waiter.h"
#include "tests/support/redis_server.h"

namespace escalon::routing {
namespace {

using Loaded = Result<std::optional<ViewedShard>>;

class KeeperViewTest : public testing::Test {
 protected:
  /// Starts the view and loads a shard in the same turn of the loop; what the load says.
  Loaded StartAndLoad(int port) {
    runtime::SystemClock clock;
    runtime::Metrics metrics;
    runtime::LoopThread thread("view", clock);
    view::RedisOptions redis;
    redis.host = "127.0.0.1";
    redis.port = port;
    RedisCaseView view(thread.loop(), clock, redis, view::WriterOptions{.generation = 1, .shards = 8}, {}, {}, metrics);
    test::EventWaiter<std::optional<Loaded>> answer;
    thread.loop().Post([&] {
      view.Start({});
      view.Load(3,
                [&](Loaded loaded) { answer.Change([&](std::optional<Loaded>& a) { a.emplace(std::move(loaded)); }); });
    });
    thread.Start();
    EXPECT_TRUE(answer.Wait([](const std::optional<Loaded>& a) { return a.has_value(); }));
    Loaded out = Error{ErrorCode::kInternal, "not answered"};
    answer.Change([&](std::optional<Loaded>& a) {
      if (a) out = std::move(*a);
    });
    thread.Stop();
    return out;
  }
};

TEST_F(KeeperViewTest, ALoadBeforeTheFirstConnectionWaitsForIt) {
  auto server = test::RedisServer::Start();
  ASSERT_TRUE(server.ok()) << server.error().message;
  const Loaded loaded = StartAndLoad((*server)->port());
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_FALSE(loaded->has_value()) << "the view is empty";
}

TEST_F(KeeperViewTest, WhenRedisIsAwayItIsToldSo) {
  auto server = test::RedisServer::Start();
  ASSERT_TRUE(server.ok()) << server.error().message;
  const int port = (*server)->port();
  ASSERT_TRUE((*server)->Stop().ok());
  EXPECT_EQ(StartAndLoad(port).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace escalon::routing
