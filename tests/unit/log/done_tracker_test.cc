#include "common/log/done_tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace escalon::log {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(DoneTracker, marks_only_the_contiguous_part) {
  std::vector<int64_t> marks;
  DoneTracker tracker([&](int, int64_t offset) { marks.push_back(offset); });
  for (int64_t offset : {10, 11, 12, 15}) tracker.Begin(0, offset);
  tracker.Finish(0, 11);
  tracker.Finish(0, 15);
  EXPECT_THAT(marks, IsEmpty());
  tracker.Finish(0, 10);
  EXPECT_THAT(marks, ElementsAre(11));
  EXPECT_EQ(tracker.under_way(), 1u);
  tracker.Finish(0, 12);
  EXPECT_THAT(marks, ElementsAre(11, 15));
  EXPECT_EQ(tracker.under_way(), 0u);
}

TEST(DoneTracker, a_shard_that_was_revoked_marks_nothing_any_more) {
  std::vector<int64_t> marks;
  DoneTracker tracker([&](int, int64_t offset) { marks.push_back(offset); });
  tracker.Begin(3, 7);
  tracker.Forget(3);
  tracker.Finish(3, 7);
  EXPECT_THAT(marks, IsEmpty());
}

}  // namespace
}  // namespace escalon::log
