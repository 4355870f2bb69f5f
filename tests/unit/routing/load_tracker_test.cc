#include "services/routing/keeper/load_tracker.h"

#include <gtest/gtest.h>

namespace escalon::routing {
namespace {

Case Of(const std::string& person, Priority priority, InstantMs since) {
  Case c;
  c.state = CaseState::kAssigned;
  c.owner.person = person;
  c.owner.since = since;
  c.priority = priority;
  return c;
}

TEST(LoadTracker, WeighsByPriorityAndFollowsTheCase) {
  LoadTracker load;
  const Case grave = Of("ann", Priority::kP1, 1000), light = Of("ann", Priority::kP4, 2000);
  load.Changed(0, nullptr, &grave);
  load.Changed(3, nullptr, &light);
  EXPECT_DOUBLE_EQ(load.WorkOf("ann"), 5);
  EXPECT_EQ(load.IdleSince("ann"), 2000);
  Case waits = grave;
  waits.state = CaseState::kPending;
  load.Changed(0, &grave, &waits);
  EXPECT_DOUBLE_EQ(load.WorkOf("ann"), 3);
  const Case handed_over = Of("ben", Priority::kP1, 3000);
  load.Changed(0, &waits, &handed_over);
  EXPECT_DOUBLE_EQ(load.WorkOf("ann"), 1);
  EXPECT_DOUBLE_EQ(load.WorkOf("ben"), 4);
  EXPECT_DOUBLE_EQ(load.WorkOf("cleo"), 0);
}

TEST(LoadTracker, ALostShardTakesItsOwnWeightAlong) {
  LoadTracker load;
  const Case here = Of("ann", Priority::kP2, 1000), there = Of("ann", Priority::kP3, 2000);
  load.Changed(0, nullptr, &here);
  load.Changed(1, nullptr, &there);
  load.Forget(0);
  EXPECT_DOUBLE_EQ(load.WorkOf("ann"), 2);
  load.Forget(0);
  EXPECT_DOUBLE_EQ(load.WorkOf("ann"), 2);
  load.Forget(1);
  EXPECT_DOUBLE_EQ(load.WorkOf("ann"), 0);
}

}  // namespace
}  // namespace escalon::routing
