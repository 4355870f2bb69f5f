#include "common/runtime/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "common/runtime/process_metrics.h"
#include "tests/unit/runtime/fake_clock.h"

namespace escalon::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(MetricsTest, EveryDeclaredLabelSetExistsAtZero) {
  Metrics metrics;
  metrics.AddCounters("escalon_commands_total", "Commands by outcome.", "outcome", {"accepted", "rejected"});
  metrics.AddGauge("escalon_queue_length", "Commands that wait.");
  metrics.AddHistogram("escalon_clock_lateness_seconds", "How late a clock fired, seconds.", kLatenessBuckets);
  const std::string text = metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("escalon_commands_total{outcome=\"accepted\"} 0"));
  EXPECT_THAT(text, HasSubstr("escalon_commands_total{outcome=\"rejected\"} 0"));
  EXPECT_THAT(text, HasSubstr("escalon_queue_length 0"));
  EXPECT_THAT(text, HasSubstr("escalon_clock_lateness_seconds_bucket{le=\"+Inf\"} 0"));
  EXPECT_THAT(text, HasSubstr("le=\"60\""));
}

TEST(MetricsTest, EveryLineParses) {
  Metrics metrics;
  AddProcessMetrics(metrics, {"1.0", "a\"b\\c\nd", "gcc"}, FakeClock());
  metrics.AddHistogram("escalon_batch_records", "Records per batch.", kBatchBuckets, {{"topic", "a"}})->Observe(4);
  const std::regex sample("[a-z_]+(\\{([a-z_]+=\"([^\"\\\\]|\\\\.)*\",?)+\\})? -?[0-9.e+-]+");
  const std::regex comment("# (HELP|TYPE) [a-z_]+ .+");
  std::istringstream lines(metrics.Serialize());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    EXPECT_TRUE(std::regex_match(line, sample) || std::regex_match(line, comment)) << line;
  EXPECT_GT(count, 20);
}

TEST(MetricsTest, TheSameSetGivesTheSameCounter) {
  Metrics metrics;
  const CounterRef a = metrics.AddCounter("escalon_x_total", "X.", {{"kind", "a"}});
  EXPECT_EQ(metrics.AddCounter("escalon_x_total", "X.", {{"kind", "a"}}), a);
  EXPECT_NE(metrics.AddCounter("escalon_x_total", "X.", {{"kind", "b"}}), a);
  a->Increment(3);
  EXPECT_THAT(metrics.Serialize(), HasSubstr("escalon_x_total{kind=\"a\"} 3"));
}

TEST(MetricsTest, TheCatalogueListsNameTypeHelpAndLabels) {
  Metrics metrics;
  metrics.AddGauge("escalon_b", "B.", {{"z", "1"}, {"a", "2"}});
  metrics.AddCounter("escalon_a_total", "A.");
  const auto list = metrics.Catalogue();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].name, "escalon_a_total");
  EXPECT_EQ(list[0].type, "counter");
  EXPECT_EQ(list[1].type, "gauge");
  EXPECT_EQ(list[1].help, "B.");
  EXPECT_THAT(list[1].labels, ElementsAre("a", "z"));
}

TEST(MetricsTest, GaugesCanBeReadAtTheScrape) {
  Metrics metrics;
  const GaugeRef gauge = metrics.AddGauge("escalon_length", "L.");
  int length = 7;
  const int id = metrics.OnScrape([&] { gauge->Set(length); });
  EXPECT_THAT(metrics.Serialize(), HasSubstr("escalon_length 7"));
  metrics.RemoveOnScrape(id);
  length = 8;
  EXPECT_THAT(metrics.Serialize(), HasSubstr("escalon_length 7"));
}

TEST(MetricsTest, ProcessMetricsAreReal) {
  Metrics metrics;
  AddProcessMetrics(metrics, {"0.1.0", "abc", "gcc 12"}, FakeClock());
  metrics.Serialize();
  EXPECT_GT(metrics.AddGauge("process_resident_memory_bytes", "Memory in RAM, bytes.")->Value(), 1e6);
  EXPECT_GE(metrics.AddGauge("process_open_fds", "Open file descriptors.")->Value(), 3);
  EXPECT_GE(metrics.AddGauge("process_threads", "Threads of the process.")->Value(), 1);
  EXPECT_THAT(metrics.Serialize(), HasSubstr("version=\"0.1.0\""));
}

TEST(MetricsTest, FaultyDeclarationsEndTheProgram) {
  Metrics metrics;
  metrics.AddCounter("escalon_x_total", "X.");
  EXPECT_DEATH(metrics.AddCounter("escalon_x_total", "Y."), "declared twice");
  EXPECT_DEATH(metrics.AddCounter("escalon_x_total", "X.", {{"a", "b"}}), "declared twice");
  EXPECT_DEATH(metrics.AddGauge("escalon_x_total", "X."), "declared twice");
  EXPECT_DEATH(metrics.AddGauge("Escalon-y", "Y."), "must be named");
  EXPECT_DEATH(metrics.AddCounter("escalon_y", "Y."), "_total");
  const double falling[] = {2, 1};
  EXPECT_DEATH(metrics.AddHistogram("escalon_h", "H.", falling), "increasing");
}

}  // namespace
}  // namespace escalon::runtime
