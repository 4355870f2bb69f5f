#include "services/intake/inbound/kafka/offset_line.h"

#include <gtest/gtest.h>

namespace escalon::intake {
namespace {

TEST(OffsetLine, OnlyWhatHasNoOpenRecordBeforeItIsDone) {
  OffsetLine line;
  for (const int64_t offset : {5, 6, 8}) line.Begin(offset);
  EXPECT_EQ(line.End(6), std::nullopt);
  EXPECT_EQ(line.End(5), 6);
  EXPECT_EQ(line.End(8), 8);
  EXPECT_EQ(line.open(), 0u);
}

TEST(OffsetLine, AnOffsetOfAnEarlierAssignmentMovesNothing) {
  OffsetLine line;
  line.Begin(9);
  EXPECT_EQ(line.End(3), std::nullopt);
  EXPECT_EQ(line.open(), 1u);
}

}  // namespace
}  // namespace escalon::intake
