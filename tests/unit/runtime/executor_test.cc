#include "common/runtime/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>

#include "tests/unit/runtime/fake_clock.h"

namespace escalon::runtime {
namespace {

TEST(ExecutorTest, RefusesWhatDoesNotFitTheQueue) {
  Executor executor("pool", 1, 2, Logger());
  std::promise<void> started, go;
  ASSERT_TRUE(executor.TryPost([&] {
    started.set_value();
    go.get_future().wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(executor.TryPost([] {}));
  EXPECT_TRUE(executor.TryPost([] {}));
  EXPECT_FALSE(executor.TryPost([] {}));
  EXPECT_EQ(executor.queued(), 2u);
  go.set_value();
  EXPECT_TRUE(executor.Drain(60'000));
  EXPECT_EQ(executor.queued(), 0u);
}

TEST(ExecutorTest, DrainRunsEverythingAccepted) {
  std::atomic<int> count{0};
  Executor executor("pool", 3, 1000, Logger());
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(executor.TryPost([&] { ++count; }));
  EXPECT_TRUE(executor.Drain(60'000));
  EXPECT_EQ(count, 1000);
  EXPECT_FALSE(executor.TryPost([] {}));
}

TEST(ExecutorTest, DrainGivesUpAtItsLimit) {
  std::promise<void> go;
  Executor executor("pool", 1, 10, Logger());
  ASSERT_TRUE(executor.TryPost([&] { go.get_future().wait(); }));
  EXPECT_FALSE(executor.Drain(1));
  go.set_value();
  EXPECT_TRUE(executor.Drain(60'000));
}

TEST(ExecutorTest, WorksInParallel) {
  std::latch all(3);
  Executor executor("pool", 3, 10, Logger());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(executor.TryPost([&] { all.arrive_and_wait(); }));
  EXPECT_TRUE(executor.Drain(60'000));
}

TEST(ExecutorTest, ATaskThatThrowsIsLoggedAndTheThreadGoesOn) {
  FakeClock clock;
  std::string logged;
  Executor executor("pool", 1, 10, Logger::ToFunction({}, clock, [&](std::string_view line) { logged += line; }));
  bool ran = false;
  ASSERT_TRUE(executor.TryPost([] { throw std::runtime_error("boom"); }));
  ASSERT_TRUE(executor.TryPost([] { throw 1; }));
  ASSERT_TRUE(executor.TryPost([&] { ran = true; }));
  EXPECT_TRUE(executor.Drain(60'000));
  EXPECT_TRUE(ran);
  EXPECT_THAT(logged, ::testing::HasSubstr("boom"));
}

struct TellsItsEnd {
  explicit TellsItsEnd(std::promise<void>& e) : ended(e) {}
  ~TellsItsEnd() { ended.set_value(); }
  std::promise<void>& ended;
};

TEST(ExecutorTest, TheDestructorDropsWhatWaits) {
  std::promise<void> started, go, dropped;
  auto executor = std::make_unique<Executor>("pool", 1, 10, Logger());
  ASSERT_TRUE(executor->TryPost([&] {
    started.set_value();
    go.get_future().wait();
  }));
  started.get_future().wait();
  bool ran = false;
  ASSERT_TRUE(executor->TryPost([&ran, owned = std::make_unique<TellsItsEnd>(dropped)] { ran = true; }));
  std::thread ender([&] { executor.reset(); });
  dropped.get_future().wait();
  go.set_value();
  ender.join();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace escalon::runtime
