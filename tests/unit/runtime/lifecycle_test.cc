#include "common/runtime/lifecycle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <future>
#include <thread>

#include "common/runtime/health.h"
#include "common/runtime/shutdown.h"
#include "tests/unit/runtime/fake_clock.h"

namespace escalon::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LifecycleTest : public ::testing::Test {
 protected:
  Lifecycle::Step Step(const std::string& name, Status status = {}) {
    return {.name = name,
            .start = [this, name, status]() -> Status {
              seen_.push_back("+" + name);
              return status;
            },
            .stop = [this, name](DurationMs) { seen_.push_back("-" + name); }};
  }
  FakeClock clock_;
  std::vector<std::string> seen_;
  Lifecycle lifecycle_{Logger(), clock_};
};

TEST_F(LifecycleTest, StopsInReverseOrderOnce) {
  lifecycle_.Add(Step("a"));
  lifecycle_.Add({.name = "silent"});
  lifecycle_.Add(Step("b"));
  EXPECT_TRUE(lifecycle_.Start().ok());
  EXPECT_TRUE(lifecycle_.Stop());
  EXPECT_TRUE(lifecycle_.Stop());
  EXPECT_THAT(seen_, ElementsAre("+a", "+b", "-b", "-a"));
}

TEST_F(LifecycleTest, AFailedStartStopsWhatWasStarted) {
  lifecycle_.Add(Step("a"));
  lifecycle_.Add(Step("b", Error{ErrorCode::kUnavailable, "no"}));
  lifecycle_.Add(Step("c"));
  EXPECT_FALSE(lifecycle_.Start().ok());
  EXPECT_TRUE(lifecycle_.Stop());
  EXPECT_THAT(seen_, ElementsAre("+a", "+b", "-b", "-a"));
}

TEST_F(LifecycleTest, AStuckStepDoesNotHoldUpTheOthers) {
  const auto go = std::make_shared<std::promise<void>>();
  const auto ended = std::make_shared<std::promise<void>>();
  lifecycle_.Add(Step("a"));
  lifecycle_.Add({.name = "stuck",
                  .stop =
                      [go, ended](DurationMs) {
                        go->get_future().wait();
                        ended->set_value();
                      },
                  .stop_limit_ms = 1});
  EXPECT_TRUE(lifecycle_.Start().ok());
  EXPECT_FALSE(lifecycle_.Stop());
  EXPECT_THAT(seen_, ElementsAre("+a", "-a"));
  go->set_value();
  ended->get_future().wait();
}

TEST(ShutdownRequestTest, TheFirstReasonIsKeptAndEverybodyIsTold) {
  ShutdownRequest request;
  int told = 0;
  request.OnRequest([&] { ++told; });
  EXPECT_FALSE(request.WaitFor(0));
  std::thread waiter([&] { request.Wait(); });
  request.Request("first");
  request.Request("second", true);
  waiter.join();
  request.OnRequest([&] { ++told; });
  EXPECT_EQ(told, 2);
  EXPECT_EQ(request.reason(), "first");
  EXPECT_TRUE(request.failed());
  EXPECT_TRUE(request.WaitFor(60'000));
}

// Signals and masks belong to the whole process: each in a child of its own.
TEST(SignalListenerTest, ASignalAsksForShutdownAndSigpipeIsIgnored) {
  EXPECT_EXIT(
      {
        ShutdownRequest request;
        const SignalListener listener(request);
        raise(SIGPIPE);
        kill(getpid(), SIGTERM);
        request.Wait();
        std::_Exit(request.reason() == "SIGTERM" ? 7 : 1);
      },
      ::testing::ExitedWithCode(7), "");
}

TEST(SignalListenerTest, ASecondSignalEndsTheProcessAtOnce) {
  EXPECT_EXIT(
      {
        ShutdownRequest request;
        const SignalListener listener(request);
        kill(getpid(), SIGTERM);
        request.Wait();
        kill(getpid(), SIGINT);
        std::promise<void>().get_future().wait();
      },
      ::testing::ExitedWithCode(128 + SIGINT), "");
}

TEST(HealthTest, IsReadyWhenEveryConditionIsMet) {
  Health health{Logger()};
  health.Require("kafka");
  health.Require("redis", "not asked yet");
  std::vector<bool> told;
  health.OnReadiness([&](bool ready) { told.push_back(ready); });
  health.Set("kafka", true);
  EXPECT_FALSE(health.Ready());
  const auto conditions = health.Conditions();
  ASSERT_EQ(conditions.size(), 2u);
  EXPECT_EQ(conditions[1].name, "redis");
  EXPECT_EQ(conditions[1].reason, "not asked yet");
  health.Set("redis", true);
  EXPECT_TRUE(health.Ready());
  health.Set("redis", true);
  health.Set("redis", false, "connection lost");
  EXPECT_THAT(told, ElementsAre(false, true, false));
}

TEST(HealthTest, AWaitSaysWhatItWaitsForAndEndsWhenMet) {
  FakeClock clock;
  std::string logged;
  const Logger log = Logger::ToFunction({}, clock, [&](std::string_view line) { logged += line; });
  Health health{Logger()};
  ShutdownRequest shutdown;
  int calls = 0;
  const auto attempt = [&]() -> Status {
    if (++calls < 4) return Error{ErrorCode::kUnavailable, "connection refused by 127.0.0.1:9092"};
    return {};
  };
  EXPECT_TRUE(WaitForDependency("kafka", attempt, health, shutdown, log, {.first = 1, .most = 2}).ok());
  EXPECT_EQ(calls, 4);
  EXPECT_TRUE(health.Ready());
  EXPECT_THAT(logged, HasSubstr("connection refused"));
}

TEST(HealthTest, AWaitEndsWithTheShutdown) {
  Health health{Logger()};
  ShutdownRequest shutdown;
  const auto attempt = [&]() -> Status {
    shutdown.Request("test");
    return Error{ErrorCode::kUnavailable, "away"};
  };
  const Status status =
      WaitForDependency("kafka", attempt, health, shutdown, Logger(), {.first = 600'000, .most = 600'000});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
}

TEST(HealthTest, AWaitDoesNotRepeatWhatCannotBeCured) {
  Health health{Logger()};
  ShutdownRequest shutdown;
  const auto attempt = []() -> Status { return Error{ErrorCode::kWrongState, "another cluster"}; };
  EXPECT_EQ(WaitForDependency("kafka", attempt, health, shutdown, Logger()).error().message, "another cluster");
  EXPECT_FALSE(health.Ready());
}

}  // namespace
}  // namespace escalon::runtime
