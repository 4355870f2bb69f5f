#include "services/intake/application/text_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace escalon::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TextDiff, TheSameTextDiffersInNothing) { EXPECT_THAT(DiffLines("a\nb\n", "a\nb\n"), IsEmpty()); }
TEST(TextDiff, ShowsWhatGoesAndWhatComesInOrder) {
  EXPECT_THAT(DiffLines("a\nb\nc\nd\n", "a\nx\nc\ny\nd\n"), ElementsAre("-b", "+x", "+y"));
}
TEST(TextDiff, FromNothingEverythingComes) { EXPECT_THAT(DiffLines("", "a\nb"), ElementsAre("+a", "+b")); }
TEST(TextDiff, StaysBoundedForHugeTexts) {
  std::string a, b;
  for (int i = 0; i < 20'000; ++i) {
    a += "a" + std::to_string(i) + "\n";
    b += "b" + std::to_string(i) + "\n";
  }
  const auto lines = DiffLines(a, b);
  EXPECT_EQ(lines.size(), 501u);
  EXPECT_EQ(lines.back(), "… and 39500 more lines");
}

}  // namespace
}  // namespace escalon::intake
