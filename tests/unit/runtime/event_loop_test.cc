#include "common/runtime/event_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "common/runtime/system_clock.h"

namespace escalon::runtime {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

class EventLoopTest : public ::testing::Test {
 protected:
  SystemClock clock_;
  EventLoop loop_{clock_};
  std::vector<std::string> seen_;
};

TEST_F(EventLoopTest, PostsOfOneThreadRunInOrder) {
  std::vector<int> order;
  for (int i = 0; i < 1000; ++i) loop_.Post([&order, i] { order.push_back(i); });
  loop_.Post([&] { loop_.Stop(); });
  loop_.Run();
  ASSERT_EQ(order.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST_F(EventLoopTest, WhatATurnPostsRunsInTheNextTurn) {
  loop_.OnTurnEnd([&] { seen_.push_back("end"); });
  loop_.Post([&] {
    seen_.push_back("a");
    loop_.Post([&] {
      seen_.push_back("c");
      loop_.Stop();
    });
  });
  loop_.Post([&] { seen_.push_back("b"); });
  loop_.Run();
  EXPECT_THAT(seen_, ElementsAre("a", "b", "end", "c", "end", "end"));
}

TEST_F(EventLoopTest, PostsOfManyThreadsAllRunOnceEachInItsOrder) {
  constexpr int kThreads = 4, kEach = 20'000;
  std::vector<std::vector<int>> got(kThreads);
  std::thread runner([&] { loop_.Run(); });
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) loop_.Post([&got, t, i] { got[static_cast<size_t>(t)].push_back(i); });
    });
  for (auto& thread : threads) thread.join();
  loop_.Stop();
  runner.join();
  for (const auto& list : got) {
    ASSERT_EQ(list.size(), static_cast<size_t>(kEach));
    EXPECT_TRUE(std::is_sorted(list.begin(), list.end()));
  }
}

TEST_F(EventLoopTest, EveryPostWakesASleepingLoop) {
  std::thread runner([&] { loop_.Run(); });
  for (int i = 0; i < 2000; ++i) {
    std::promise<bool> ran;
    ASSERT_TRUE(loop_.Post([&] { ran.set_value(loop_.InLoopThread()); }));
    EXPECT_TRUE(ran.get_future().get());
  }
  EXPECT_FALSE(loop_.InLoopThread());
  loop_.Stop();
  runner.join();
}

TEST_F(EventLoopTest, PostsBeforeStopRunAndLaterOnesAreRefused) {
  bool ran = false;
  loop_.Post([&] { ran = true; });
  loop_.Stop();
  loop_.Stop();
  auto owned = std::make_shared<int>(1);
  EXPECT_FALSE(loop_.Post([owned] {}));
  EXPECT_EQ(owned.use_count(), 1);
  loop_.Run();
  EXPECT_TRUE(ran);
}

TEST_F(EventLoopTest, TimersFireInOrderOfTimeAndNeverEarly) {
  const auto start = clock_.Steady();
  std::vector<milliseconds> late;
  const auto at = [&](int ms, const char* name) {
    loop_.At(start + milliseconds(ms), [&, ms, name] {
      EXPECT_GE(clock_.Steady(), start + milliseconds(ms));
      seen_.push_back(name);
      if (ms == 30) loop_.Stop();
    });
  };
  at(30, "c");
  at(10, "a");
  at(20, "b");
  loop_.After(-5, [&] { seen_.push_back("now"); });
  loop_.After(kNever, [&] { seen_.push_back("never"); });
  loop_.Run();
  EXPECT_THAT(seen_, ElementsAre("now", "a", "b", "c"));
}

TEST_F(EventLoopTest, TimersOfTheSameInstantFireInTheOrderSet) {
  const auto when = clock_.Steady();
  for (int i = 0; i < 100; ++i) loop_.At(when, [this, i] { seen_.push_back(std::to_string(i)); });
  loop_.At(when, [&] { loop_.Stop(); });
  loop_.Run();
  ASSERT_EQ(seen_.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(seen_[static_cast<size_t>(i)], std::to_string(i));
}

TEST_F(EventLoopTest, ACancelledTimerDoesNotFireEvenInTheTurnItIsDue) {
  const auto when = clock_.Steady();
  EventLoop::TimerId second = 0;
  loop_.At(when, [&] { EXPECT_TRUE(loop_.Cancel(second)); });
  second = loop_.At(when, [&] { seen_.push_back("second"); });
  const auto third = loop_.After(3'600'000, [] {});
  EXPECT_TRUE(loop_.Cancel(third));
  EXPECT_FALSE(loop_.Cancel(third));
  EXPECT_FALSE(loop_.Cancel(0));
  loop_.After(1, [&] { loop_.Stop(); });
  loop_.Run();
  EXPECT_TRUE(seen_.empty());
}

TEST_F(EventLoopTest, ManyCancelledTimersLeaveTheOthersAlone) {
  std::vector<EventLoop::TimerId> ids;
  for (int i = 0; i < 10'000; ++i) ids.push_back(loop_.After(60'000 + i, [this] { seen_.push_back("late"); }));
  int fired = 0;
  for (int i = 0; i < 100; ++i)
    loop_.After(1, [&] {
      if (++fired == 100) loop_.Stop();
    });
  for (const auto id : ids) EXPECT_TRUE(loop_.Cancel(id));
  loop_.Run();
  EXPECT_EQ(fired, 100);
  EXPECT_TRUE(seen_.empty());
}

TEST_F(EventLoopTest, HooksRunOncePerTurnAndCanBeRemoved) {
  int turns = 0, once = 0;
  EventLoop::HookId id = 0;
  loop_.OnTurnEnd([&] { ++turns; });
  id = loop_.OnTurnEnd([&] {
    ++once;
    loop_.RemoveTurnEnd(id);
    loop_.OnTurnEnd([] {});
  });
  for (int i = 0; i < 50; ++i) loop_.Post([] {});
  loop_.After(1, [&] { loop_.Stop(); });
  loop_.Run();
  EXPECT_EQ(once, 1);
  EXPECT_LE(turns, 3);  // the posts, the timer, the end
  EXPECT_GE(turns, 2);
}

class SocketPair {
 public:
  SocketPair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()), 0); }
  ~SocketPair() {
    close(ends_[0]);
    close(ends_[1]);
  }
  int ours() const { return ends_[0]; }
  int theirs() const { return ends_[1]; }

 private:
  std::array<int, 2> ends_{};
};

TEST_F(EventLoopTest, ReadableDescriptorsAreReported) {
  const SocketPair pair;
  loop_.Watch(pair.ours(), EventLoop::kReadable, [&](uint32_t ready) {
    EXPECT_EQ(ready, EventLoop::kReadable);
    char c;
    ASSERT_EQ(read(pair.ours(), &c, 1), 1);
    seen_.emplace_back(1, c);
    if (c == 'b') loop_.Stop();
  });
  ASSERT_EQ(write(pair.theirs(), "ab", 2), 2);
  loop_.Run();
  EXPECT_THAT(seen_, ElementsAre("a", "b"));
}

TEST_F(EventLoopTest, EventsCanBeSilencedAndAskedForAgain) {
  const SocketPair pair;
  loop_.Watch(pair.ours(), EventLoop::kWritable, [&](uint32_t ready) {
    seen_.push_back(std::to_string(ready));
    loop_.SetEvents(pair.ours(), 0);
    loop_.Post([&] {
      loop_.SetEvents(pair.ours(), EventLoop::kReadable);
      ASSERT_EQ(write(pair.theirs(), "x", 1), 1);
    });
    if (ready == EventLoop::kReadable) loop_.Stop();
  });
  loop_.Run();
  EXPECT_THAT(seen_, ElementsAre("2", "1"));
}

TEST_F(EventLoopTest, AHangUpIsReadableAndWritable) {
  auto pair = std::make_unique<SocketPair>();
  const int fd = dup(pair->ours());
  loop_.Watch(fd, EventLoop::kReadable, [&](uint32_t ready) {
    seen_.push_back(std::to_string(ready));
    loop_.Unwatch(fd);
    loop_.Stop();
  });
  loop_.Post([&] { pair.reset(); });
  loop_.Run();
  close(fd);
  EXPECT_THAT(seen_, ElementsAre("3"));
}

TEST_F(EventLoopTest, AHandlerMayRemoveItselfAndOthersOfTheSameTurn) {
  const SocketPair one, two;
  for (const SocketPair* pair : {&one, &two}) {
    ASSERT_EQ(write(pair->theirs(), "x", 1), 1);
    loop_.Watch(pair->ours(), EventLoop::kReadable, [&](uint32_t) {
      seen_.push_back("one of them");
      loop_.Unwatch(one.ours());
      loop_.Unwatch(two.ours());
      loop_.Stop();
    });
  }
  loop_.Run();
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(EventLoopTest, UnrunTasksAreDestroyedWithTheLoop) {
  auto owned = std::make_shared<int>(1);
  {
    EventLoop other(clock_);
    other.Post([owned] {});
    other.After(1000, [owned] {});
    other.OnTurnEnd([owned] {});
    EXPECT_EQ(owned.use_count(), 4);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(LoopThreadTest, StopRunsWhatWasPosted) {
  SystemClock clock;
  int count = 0;
  LoopThread thread("test", clock);
  thread.loop().Post([&] { ++count; });
  thread.Start();
  thread.loop().Post([&] { ++count; });
  thread.Stop();
  thread.Stop();
  EXPECT_EQ(count, 2);
}

TEST(MoveFunctionTest, OwnsSmallAndLargeCallablesAndMovesThem) {
  auto owned = std::make_unique<int>(5);
  MoveFunction<int(int)> small = [p = std::move(owned)](int x) { return *p + x; };
  MoveFunction<int(int)> moved = std::move(small);
  EXPECT_FALSE(small);  // NOLINT: moved-from is empty by contract
  EXPECT_EQ(moved(2), 7);
  auto shared = std::make_shared<int>(1);
  std::array<char, 200> large{};
  large[199] = 9;
  {
    MoveFunction<int()> big = [large, shared] { return large[199] + *shared; };
    MoveFunction<int()> other;
    other = std::move(big);
    EXPECT_EQ(other(), 10);
    EXPECT_EQ(shared.use_count(), 2);
  }
  EXPECT_EQ(shared.use_count(), 1);
}

}  // namespace
}  // namespace escalon::runtime
