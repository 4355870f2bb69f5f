#include "common/runtime/logging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "tests/unit/runtime/fake_clock.h"

namespace escalon::runtime {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class LoggingTest : public ::testing::Test {
 protected:
  Logger Make(LogFormat format = LogFormat::kJson, LogLevel level = LogLevel::kDebug) {
    return Logger::ToFunction({level, format, "routing", "r-1"}, clock_,
                              [this](std::string_view line) { lines_.emplace_back(line); });
  }
  json Last() { return json::parse(lines_.back()); }

  FakeClock clock_;
  std::vector<std::string> lines_;
};

TEST_F(LoggingTest, ALineCarriesTimeLevelOriginMessageAndFields) {
  Make().Warn("kafka is away", {{"broker", "b:1"}, {"attempt", 3}, {"share", 0.5}, {"fatal", false}});
  const json line = Last();
  EXPECT_EQ(line["ts"], "2030-03-17T17:46:40.123Z");
  EXPECT_EQ(line["level"], "warn");
  EXPECT_EQ(line["service"], "routing");
  EXPECT_EQ(line["instance"], "r-1");
  EXPECT_EQ(line["msg"], "kafka is away");
  EXPECT_EQ(line["broker"], "b:1");
  EXPECT_EQ(line["attempt"], 3);
  EXPECT_EQ(line["share"], 0.5);
  EXPECT_EQ(line["fatal"], false);
}

TEST_F(LoggingTest, ALineWithoutFieldsIsWhole) {
  Make().Info("hello");
  EXPECT_EQ(Last()["msg"], "hello");
}

TEST_F(LoggingTest, HostileValuesNeverBreakALine) {
  const std::vector<std::string> hostile{
      std::string("a\0b", 3),
      "line\nbreak\r\n{\"level\":\"error\"}",
      "\",\"level\":\"forged",
      "back\\slash",
      "\xff\xfe\x80",
      "\xc0\xaf",          // overlong
      "\xed\xa0\x80",      // a surrogate
      "\xf5\x80\x80\x80",  // above U+10FFFF
      "\xe2\x82",          // cut off
      "\xc2\x85 \xe2\x80\xa8 \xe2\x80\xa9",
      "\x1b[31mred\x7f",
      "ünïcödé 漢字 🚨",
  };
  for (const std::string& value : hostile) {
    for (const LogFormat format : {LogFormat::kJson, LogFormat::kText}) {
      Make(format).With({{"bound", value}}).Info(value, {{value, value}});
      for (const char c : lines_.back()) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << lines_.back();
      EXPECT_THAT(lines_.back(), Not(HasSubstr("\xe2\x80\xa8")));
    }
    Make().Info("m", {{"value", value}});
    ASSERT_TRUE(json::accept(lines_.back())) << lines_.back();
    EXPECT_EQ(Last()["level"], "info");
  }
  EXPECT_EQ(Last()["value"], "ünïcödé 漢字 🚨");
}

TEST_F(LoggingTest, AHugeValueIsCutAndItsSizeNamed) {
  Make().Info("m", {{"value", std::string(10'000'000, 'x')}});
  EXPECT_LT(lines_.back().size(), 5000u);
  EXPECT_THAT(Last()["value"].get<std::string>(), HasSubstr("(10000000 bytes)"));
}

TEST_F(LoggingTest, NumbersThatJsonLacksBecomeText) {
  Make().Info("m", {{"a", std::nan("")}, {"b", HUGE_VAL}, {"c", INT64_MIN}});
  EXPECT_EQ(Last()["a"], "nan");
  EXPECT_EQ(Last()["b"], "inf");
  EXPECT_EQ(Last()["c"], INT64_MIN);
}

TEST_F(LoggingTest, CaseAndTraceAreAttachedOnce) {
  const CaseId id = CaseId::Make(0, 7, 1, 42);
  const TraceContext trace = TraceContext::NewRoot();
  Make().WithCase(id).WithTrace(trace).WithTrace({}).Info("m");
  EXPECT_EQ(Last()["case"], id.ToString());
  EXPECT_EQ(Last()["trace"], trace.trace_id());
  EXPECT_EQ(Last()["span"], trace.span_id());
}

TEST_F(LoggingTest, LevelsBelowTheThresholdAreSilent) {
  const Logger log = Make(LogFormat::kJson, LogLevel::kWarn);
  log.Debug("no");
  log.Info("no");
  log.Error("yes");
  EXPECT_EQ(lines_.size(), 1u);
  EXPECT_FALSE(log.Enabled(LogLevel::kInfo));
  Logger().Error("into the void");
  Make(LogFormat::kJson, LogLevel::kOff).Error("no");
  EXPECT_EQ(lines_.size(), 1u);
}

TEST_F(LoggingTest, RepeatedWarningsAreLimitedAndCounted) {
  const Logger log = Make();
  LogLimit site(2, 1000);
  for (int i = 0; i < 10; ++i) log.Limited(site, LogLevel::kWarn, "again");
  EXPECT_EQ(lines_.size(), 2u);
  clock_.steady_ms += 1000;
  log.Limited(site, LogLevel::kWarn, "again");
  ASSERT_EQ(lines_.size(), 3u);
  EXPECT_EQ(Last()["suppressed"], 8);
}

TEST_F(LoggingTest, TextIsReadableAndQuotesOnlyWhatNeedsIt) {
  Make(LogFormat::kText).Info("started", {{"step", "kafka"}, {"why", "a b"}, {"ms", 12}, {"empty", ""}});
  EXPECT_EQ(lines_.back(), "2030-03-17T17:46:40.123Z info  started step=kafka why=\"a b\" ms=12 empty=\"\"");
}

TEST_F(LoggingTest, LinesOfManyThreadsStayWhole) {
  const Logger log = Make();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([log, t] {
      for (int i = 0; i < 200; ++i) log.Info("m", {{"thread", t}, {"i", i}});
    });
  for (auto& thread : threads) thread.join();
  ASSERT_EQ(lines_.size(), 800u);
  for (const auto& line : lines_) EXPECT_TRUE(json::accept(line));
}

}  // namespace
}  // namespace escalon::runtime
