#include "common/simulation/virtual_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/simulation/small_desk.h"

namespace escalon::simulation {
namespace {

using test::At;
using test::SmallDesk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<Happening> Of(const VirtualCase& c, HappeningKind kind) {
  std::vector<Happening> out;
  for (const Happening& h : c.happenings()) {
    if (h.kind == kind) out.push_back(h);
  }
  return out;
}

std::vector<std::string> Said(const VirtualCase& c, HappeningKind kind) {
  std::vector<std::string> out;
  for (const Happening& h : Of(c, kind)) out.push_back(FormatInstant(h.at) + " " + Describe(h));
  return out;
}

TEST(VirtualCase, ClimbsAtTheInstantsOfItsWaits) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  VirtualCase c(world, 1);
  ASSERT_TRUE(c.OpenAt(At("2030-05-06T10:00:00Z"), SmallDesk::Incident(Grade::kHigh, Grade::kMedium)).ok());
  EXPECT_EQ(c.now_is().priority, Priority::kP2);
  ASSERT_TRUE(c.RunUntil(At("2030-05-06T11:00:00Z")).ok());
  EXPECT_THAT(Said(c, HappeningKind::kReached),
              ElementsAre("2030-05-06T10:00:00Z reached L1 (functional, step 1): priority",
                          "2030-05-06T10:15:00Z reached L2 (functional, step 2): no_acknowledgement",
                          "2030-05-06T10:45:00Z reached L2 (functional, catch-all): no_acknowledgement"));
  EXPECT_THAT(Said(c, HappeningKind::kPaged),
              ElementsAre("2030-05-06T10:00:00Z paged ana, ben as L1 (functional, step 1)",
                          "2030-05-06T10:15:00Z paged cho as L2 (functional, step 2)",
                          "2030-05-06T10:45:00Z paged mia as L2 (functional, catch-all)"));
  EXPECT_THAT(Said(c, HappeningKind::kBreached), ElementsAre("2030-05-06T10:15:00.001Z breached acknowledgement"));
}

TEST(VirtualCase, AWarningAndABreachComeOnceEachAndAPauseMovesThem) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  VirtualCase c(world, 1);
  const InstantMs opened = At("2030-05-06T10:00:00Z");
  ASSERT_TRUE(c.OpenAt(opened, SmallDesk::Incident(Grade::kHigh, Grade::kMedium)).ok());
  ASSERT_TRUE(c.ApplyAt(opened + kMinuteMs, Acknowledge{}, PersonOf("acme", "ana")).ok());
  ASSERT_TRUE(c.ApplyAt(opened + kHourMs, Pause{"customer", 0, ""}, PersonOf("acme", "ana")).ok());
  ASSERT_TRUE(c.ApplyAt(opened + 3 * kHourMs, Resume{}, PersonOf("acme", "ana")).ok());
  ASSERT_TRUE(c.RunUntil(opened + kDayMs).ok());
  EXPECT_THAT(Said(c, HappeningKind::kWarned), ElementsAre("2030-05-06T16:00:00Z warned resolution 50 %",
                                                           "2030-05-06T18:24:00Z warned resolution 80 %"));
  EXPECT_THAT(Said(c, HappeningKind::kBreached), ElementsAre("2030-05-06T20:00:00.001Z breached resolution"));
}

TEST(VirtualCase, ACommandAtTheInstantOfAStepComesFirst) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  VirtualCase c(world, 1);
  const InstantMs opened = At("2030-05-06T10:00:00Z");
  ASSERT_TRUE(c.OpenAt(opened, SmallDesk::Incident(Grade::kHigh, Grade::kMedium)).ok());
  ASSERT_TRUE(c.ApplyAt(opened + 15 * kMinuteMs, Acknowledge{}, PersonOf("acme", "ben")).ok());
  ASSERT_TRUE(c.RunUntil(opened + kHourMs).ok());
  EXPECT_EQ(Of(c, HappeningKind::kReached).size(), 1u);
  EXPECT_TRUE(Of(c, HappeningKind::kBreached).empty());
  ASSERT_EQ(Of(c, HappeningKind::kKept).size(), 1u);
  EXPECT_EQ(Of(c, HappeningKind::kKept)[0].clock, "acknowledgement");
}

TEST(VirtualCase, WhatIsReachedOutsideItsHoursIsPagedAtTheOpening) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  VirtualCase c(world, 1);
  ASSERT_TRUE(c.OpenAt(At("2030-05-06T02:00:00Z"), SmallDesk::Incident(Grade::kLow, Grade::kLow)).ok());
  ASSERT_TRUE(c.RunUntil(At("2030-05-06T09:00:00Z")).ok());
  EXPECT_THAT(Said(c, HappeningKind::kPaged),
              ElementsAre("2030-05-06T09:00:00Z paged ana, ben as L1 (functional, step 1)"));
}

TEST(VirtualCase, AP1EntersHigherAndInformsTheManagement) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  VirtualCase c(world, 1);
  ASSERT_TRUE(c.OpenAt(At("2030-05-06T02:00:00Z"), SmallDesk::Incident(Grade::kHigh, Grade::kHigh)).ok());
  EXPECT_THAT(Said(c, HappeningKind::kInformed),
              ElementsAre("2030-05-06T02:00:00Z informed MGR (hierarchical): priority, p1-open"));
  EXPECT_THAT(Said(c, HappeningKind::kReached),
              ElementsAre("2030-05-06T02:00:00Z reached L2 (functional, step 2): priority"));
}

TEST(VirtualCase, ARefusedCommandChangesNothingAndIsSaid) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  VirtualCase c(world, 1);
  const InstantMs opened = At("2030-05-06T10:00:00Z");
  ASSERT_TRUE(c.OpenAt(opened, SmallDesk::Incident(Grade::kHigh, Grade::kMedium)).ok());
  const uint64_t version = c.now_is().version;
  EXPECT_FALSE(c.ApplyAt(opened + 1, Reopen{"again"}, PersonOf("acme", "ana")).ok());
  EXPECT_EQ(c.now_is().version, version);
  ASSERT_EQ(Of(c, HappeningKind::kRefused).size(), 1u);
  EXPECT_THAT(Of(c, HappeningKind::kRefused)[0].text, HasSubstr("reopen: the case is"));
}

TEST(VirtualCase, SilentTriageIsStoodInForByTheRules) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  VirtualCase c(world, 1);
  const InstantMs opened = At("2030-05-06T10:00:00Z");
  ASSERT_TRUE(c.OpenAt(opened, SmallDesk::Incident(Grade::kHigh, Grade::kMedium), VirtualCase::Triage::kSilent).ok());
  EXPECT_TRUE(Of(c, HappeningKind::kTriaged).empty());
  ASSERT_TRUE(c.RunUntil(opened + desk.policy().triage_wait).ok());
  ASSERT_EQ(Of(c, HappeningKind::kTriaged).size(), 1u);
  EXPECT_EQ(Of(c, HappeningKind::kTriaged)[0].at, opened + desk.policy().triage_wait);
}

TEST(VirtualCase, TwoRunsAreTheSameAndAListenerHearsEveryVersion) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  const auto run = [&world](VirtualCase* c) {
    const InstantMs opened = At("2030-05-06T10:00:00Z");
    ASSERT_TRUE(c->OpenAt(opened, SmallDesk::Incident(Grade::kHigh, Grade::kLow)).ok());
    ASSERT_TRUE(c->RunUntil(opened + 3 * kDayMs).ok());
  };
  VirtualCase one(world, 5), two(world, 5), heard(world, 5);
  run(&one);
  run(&two);
  EXPECT_EQ(one.happenings(), two.happenings());
  std::vector<uint64_t> versions;
  std::vector<Happening> happenings;
  heard.Listen([&](const Case& after, const EventBatch& batch) {
    versions.push_back(after.version);
    AddHappenings(after, batch, &happenings);
  });
  run(&heard);
  EXPECT_EQ(happenings, one.happenings());
  for (size_t i = 0; i < versions.size(); ++i) EXPECT_EQ(versions[i], i + 1);
}

TEST(VirtualCase, ACaseOpensOnlyOnceAndNothingHappensBefore) {
  const SmallDesk desk;
  const VirtualWorld world = desk.world();
  VirtualCase c(world, 1);
  EXPECT_EQ(c.next_due_at(), kNever);
  EXPECT_FALSE(c.ApplyAt(1, Acknowledge{}, PersonOf("acme", "ana")).ok());
  OpenCase bad = SmallDesk::Incident(Grade::kHigh, Grade::kHigh);
  bad.dedup_key = std::string(300, 'x');
  EXPECT_FALSE(c.OpenAt(At("2030-05-06T10:00:00Z"), bad).ok());
  EXPECT_FALSE(c.opened());
  ASSERT_TRUE(c.OpenAt(At("2030-05-06T10:00:00Z"), SmallDesk::Incident(Grade::kHigh, Grade::kHigh)).ok());
  EXPECT_FALSE(c.OpenAt(At("2030-05-06T10:00:00Z"), SmallDesk::Incident(Grade::kHigh, Grade::kHigh)).ok());
}

TEST(HappeningKind, HasANameEach) {
  for (int kind = 1; kind <= static_cast<int>(HappeningKind::kRefused); ++kind)
    EXPECT_FALSE(Name(static_cast<HappeningKind>(kind)).empty()) << kind;
}

}  // namespace
}  // namespace escalon::simulation
