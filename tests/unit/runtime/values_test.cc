#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/runtime/address.h"
#include "common/runtime/build_info.h"
#include "common/runtime/nearest.h"
#include "common/runtime/system_clock.h"
#include "common/runtime/trace_context.h"
#include "common/runtime/utf8.h"

namespace escalon::runtime {
namespace {

constexpr char kParent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContextTest, ReadsAndWritesTheSameText) {
  const auto context = TraceContext::Parse(kParent);
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(context->trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->span_id(), "00f067aa0ba902b7");
  EXPECT_TRUE(context->sampled());
  EXPECT_EQ(context->ToTraceparent(), kParent);
}

TEST(TraceContextTest, RefusesWhatTheSpecificationRefuses) {
  for (const char* bad : {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                          "00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                          "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                          "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x"}) {
    EXPECT_FALSE(TraceContext::Parse(bad).has_value()) << bad;
    EXPECT_FALSE(TraceContext::ContinueOrNew(bad).empty());
  }
}

TEST(TraceContextTest, LaterVersionsAreReadAsTheFirst) {
  const auto context = TraceContext::Parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-more");
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(context->ToTraceparent(), kParent);
}

TEST(TraceContextTest, AChildKeepsTheTraceAndHasItsOwnSpan) {
  const TraceContext child = TraceContext::ContinueOrNew(kParent);
  EXPECT_EQ(child.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(child.span_id(), "00f067aa0ba902b7");
  EXPECT_FALSE(TraceContext().Child().empty());
  EXPECT_EQ(TraceContext().ToTraceparent(), "");
  EXPECT_NE(TraceContext::NewRoot(), TraceContext::NewRoot());
  EXPECT_TRUE(TraceContext::Parse(TraceContext::NewRoot(false).ToTraceparent()).has_value());
}

TEST(ClockTest, TheDevelopmentClockRunsFactorTimesAsFastFromItsEpoch) {
  const SystemClock machine;
  const InstantMs started = machine.WallMs() - 10'000;
  const auto made = MakeClock("2016-02-29T00:00:00Z,1000," + FormatInstant(started));
  ASSERT_TRUE(made.ok());
  const Clock& clock = **made;
  const InstantMs epoch = *ParseInstant("2016-02-29T00:00:00Z");
  const InstantMs before = (machine.WallMs() - started) * 1000;
  const InstantMs shown = clock.WallMs() - epoch;
  const InstantMs after = (machine.WallMs() - started + 1) * 1000;
  EXPECT_GE(shown, before - 1000);
  EXPECT_LE(shown, after + 1000);
  EXPECT_DOUBLE_EQ(clock.Factor(), 1000);
  EXPECT_EQ(SteadyWait(clock, 60'000), std::chrono::milliseconds(60));
  EXPECT_EQ(SteadyWait(clock, -5), std::chrono::nanoseconds(0));
  EXPECT_GT(SteadyWait(clock, kNever), std::chrono::hours(24 * 365));
}

TEST(ClockTest, AnEmptySettingIsTheMachine) {
  const auto clock = MakeClock("");
  ASSERT_TRUE(clock.ok());
  EXPECT_DOUBLE_EQ((*clock)->Factor(), 1);
  EXPECT_NEAR(static_cast<double>((*clock)->WallMs()), static_cast<double>(SystemClock().WallMs()), 60'000);
}

TEST(ClockTest, RefusesBrokenSettings) {
  for (const char* bad :
       {"x", ",,", "2016-02-29T00:00:00Z,0,2030-01-01T00:00:00Z", "2016-02-29T00:00:00Z,600",
        "2016-02-29T00:00:00Z,nan,2030-01-01T00:00:00Z", "2016-02-29T00:00:00Z,6x,2030-01-01T00:00:00Z",
        "2016-02-30T00:00:00Z,6,2030-01-01T00:00:00Z", "2016-02-29T00:00:00Z,1e9,2030-01-01T00:00:00Z"}) {
    const auto clock = MakeClock(bad);
    ASSERT_FALSE(clock.ok()) << bad;
    EXPECT_EQ(clock.error().fields.at(0).field, "dev.clock");
  }
}

TEST(AddressTest, ReadsHostsAndPorts) {
  EXPECT_EQ(ParseHostPort("kafka:9092", "f")->ToString(), "kafka:9092");
  EXPECT_EQ(ParseHostPort("[::1]:80", "f")->host, "::1");
  EXPECT_EQ(ParseHostPort("[::1]:80", "f")->ToString(), "[::1]:80");
  EXPECT_EQ(ParseHostPort(":80", "f")->host, "0.0.0.0");
  for (const char* bad : {"", "a", "a:", "a:b", "a:65536", "a:-1", "::1:80", "[]:80", "[::1:80", "a b:1", "http://a:1"})
    EXPECT_FALSE(ParseHostPort(bad, "f").ok()) << bad;
}

TEST(NearestTest, FindsWhatWasMeantAndNothingElse) {
  EXPECT_EQ(EditDistance("brokres", "brokers"), 1u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(Nearest("kafka.broker", {"kafka.brokers", "redis.url"}), "kafka.brokers");
  EXPECT_EQ(Nearest("zzz", {"kafka.brokers"}), "");
  EXPECT_EQ(Nearest(std::string(1'000'000, 'a'), {"kafka.brokers"}), "");
}

TEST(Utf8Test, AcceptsExactlyWellFormedText) {
  for (const char* good : {"", "abc", "ß", "漢", "🚨", "\xf4\x8f\xbf\xbf"}) EXPECT_TRUE(IsValidUtf8(good)) << good;
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82", "a\xff"})
    EXPECT_FALSE(IsValidUtf8(bad)) << bad;
  EXPECT_TRUE(HasControlCharacter("a\tb"));
  EXPECT_TRUE(HasControlCharacter("\xc2\x9b"));
  EXPECT_FALSE(HasControlCharacter("é漢"));
}

TEST(BuildInfoTest, IsFilledIn) {
  EXPECT_FALSE(ThisBuild().version.empty());
  EXPECT_FALSE(ThisBuild().commit.empty());
  EXPECT_THAT(ThisBuild().compiler, ::testing::AnyOf(::testing::StartsWith("gcc"), ::testing::StartsWith("clang")));
}

}  // namespace
}  // namespace escalon::runtime
