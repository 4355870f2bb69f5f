#include "tests/load/screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/load/exposition.h"

namespace escalon::load {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(Exposition, SumsSeriesByTheirLabels) {
  const Exposition page = Exposition::Parse(
      "# HELP a_total x\n# TYPE a_total counter\n"
      "a_total{kind=\"x\",other=\"1\"} 3\na_total{kind=\"x\",other=\"2\"} 4\na_total{kind=\"y \\\"q\\\"\"} 5\nb "
      "1.5\nbroken{ 7\n");
  EXPECT_EQ(page.Sum("a_total"), 12);
  EXPECT_EQ(page.Sum("a_total", {{"kind", "x"}}), 7);
  EXPECT_EQ(page.By("a_total", "kind").at("y \"q\""), 5);
  EXPECT_EQ(page.Sum("b"), 1.5);
  EXPECT_EQ(page.Sum("c"), 0);
}

TEST(Exposition, TellsTheBucketOfAShare) {
  const Exposition page = Exposition::Parse(
      "h_bucket{le=\"0.001\"} 50\nh_bucket{le=\"0.01\"} 98\nh_bucket{le=\"0.1\"} 99\nh_bucket{le=\"+Inf\"} "
      "100\nh_count 100\n");
  EXPECT_EQ(page.Quantile("h", 0.5), 0.001);
  EXPECT_EQ(page.Quantile("h", 0.99), 0.1);
  EXPECT_EQ(page.Quantile("h", 1), 0.1);
  EXPECT_EQ(page.Quantile("absent", 0.5), 0);
}

ScreenModel Model() {
  ScreenModel m;
  m.title = "Escalon";
  m.by_state = {{"new", 2}, {"closed", 1234}};
  m.open_by_level = {{"L1", 7}};
  m.notified = {{"delivered", 99}};
  m.invariants = {{"gaps", 0}, {"skipped", 3}};
  m.next_clocks = {{1'800'000'000'000, "step.functional", "some-case"}};
  m.to_try = {"gRPC here"};
  return m;
}

TEST(Screen, ShowsStatesLevelsClocksAndWhatMustBeZero) {
  const auto lines = RenderScreen(Model(), 200);
  EXPECT_THAT(lines, Contains(HasSubstr("closed 1,234")));
  EXPECT_THAT(lines, Contains(HasSubstr("= 1,236")));
  EXPECT_THAT(lines, Contains(HasSubstr("L1 7")));
  EXPECT_THAT(lines, Contains(HasSubstr("2027-01-15T08:00:00Z  step.functional")));
  EXPECT_THAT(lines, Contains(HasSubstr("skipped 3 (!)")));
  EXPECT_THAT(lines, Contains("gRPC here"));
}

TEST(Screen, CutsLinesToTheWidthByColumnsNotBytes) {
  for (const std::string& line : RenderScreen(Model(), 40)) {
    int columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
    EXPECT_LE(columns, 40) << line;
  }
}

TEST(Screen, SaysTheGistInOneLine) {
  const std::string line = RenderLine(Model());
  EXPECT_THAT(line, HasSubstr("cases 1,236 (1,234 ended)"));
  EXPECT_THAT(line, HasSubstr("wrong 3"));
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace escalon::load
