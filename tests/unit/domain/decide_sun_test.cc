#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/domain/fixture.h"

// Following the sun (DESIGN §6): at the end of a region's day its open cases are the next region's.

namespace escalon {
namespace {

using test::kMonday10;
using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr InstantMs kShiftEnd = kMonday10 + 6 * kHourMs;

std::shared_ptr<const Calendar> Daily(int from_hour, int to_hour) {
  CalendarSpec spec;
  spec.timezone = "UTC";
  for (auto& windows : spec.weekly) windows = {{from_hour * 60, to_hour * 60}};
  return Calendar::Build(spec).value();
}

/// desk until 16:00, network from 16:00 to 23:00, engineering from midnight to 08:00; P1 and P2 move, what is legal
/// stays.
World Sunny(Priority priority = Priority::kP2, std::function<void(OpenCase*)> change = nullptr) {
  World w;
  w.policy.calendars["day"] = Daily(8, 16);
  w.policy.calendars["evening"] = Daily(16, 23);
  w.policy.calendars["night"] = Daily(0, 8);
  w.policy.sun.order = {{"emea", "desk", "day"}, {"amer", "network", "evening"}, {"apac", "engineering", "night"}};
  w.policy.sun.scope.kind = Condition::Kind::kCompare;
  w.policy.sun.scope.field = "priority";
  w.policy.sun.scope.op = Condition::Op::kIn;
  w.policy.sun.scope.values = {"P1", "P2"};
  w.policy.sun.except.emplace();
  w.policy.sun.except->kind = Condition::Kind::kCompare;
  w.policy.sun.except->field = "tags";
  w.policy.sun.except->op = Condition::Op::kHasAny;
  w.policy.sun.except->values = {"legal"};
  w.policy.paths[0].functional.lease = {};
  w.policy.paths[0].hierarchical.triggers.clear();
  OpenCase open = World::Incident();
  if (change) change(&open);
  w.Open(open);
  w.Must(w.Advice(priority), w.Service());
  w.Run(kMinuteMs);
  w.Must(Acknowledge{}, w.Human("ana"));
  return w;
}

std::string WhyStopped(const World& w) {
  std::string why;
  for (const ClockStopped& stopped : w.All<ClockStopped>()) {
    if (stopped.name == "sun") why = stopped.why;
  }
  return why;
}

TEST(DecideSun, AtTheEndOfTheDayTheNextRegionTakesTheCaseAndTheClocksRunOn) {
  World w = Sunny();
  ASSERT_NE(w.c().clock("sun"), nullptr);
  EXPECT_EQ(w.c().clock("sun")->due_at, kShiftEnd);
  const ClockRun resolution = *w.c().clock("resolution");
  ASSERT_NE(w.c().clock("owner"), nullptr);
  const uint32_t owner = w.c().clock("owner")->generation;
  const std::string level = w.c().functional.level;
  w.RunUntil(kShiftEnd);
  EXPECT_EQ(w.c().clock("owner")->generation, owner);
  EXPECT_EQ(w.c().owner.team, "network");
  EXPECT_EQ(w.c().owner.person, "");
  EXPECT_EQ(w.c().acknowledged_by, "");
  EXPECT_EQ(w.Pages().back(), "cho+dan");
  EXPECT_EQ(w.c().clock("resolution")->due_at, resolution.due_at);
  EXPECT_EQ(w.c().clock("resolution")->generation, resolution.generation);
  EXPECT_EQ(w.c().functional.level, level);
  EXPECT_EQ(w.c().reassignments, 0u);
  EXPECT_EQ(w.c().escalations, 0u);
  EXPECT_NE(w.c().clock("step.functional"), nullptr);
  EXPECT_EQ(w.c().clock("sun")->due_at, kShiftEnd + 7 * kHourMs);
  EXPECT_THAT(WhyStopped(w), HasSubstr("the day of emea has ended, amer takes over"));
}

TEST(DecideSun, WhatThePackageLacksIsOwedByWhoHasGoneHome) {
  World w = Sunny();
  w.RunUntil(kShiftEnd);
  ASSERT_THAT(w.c().handovers, SizeIs(1));
  EXPECT_THAT(w.c().handovers.front().offer.missing, ElementsAre("summary", "next_step"));
  EXPECT_EQ(w.c().handovers.front().offer.from_person, "ana");
  w.Must(SupplyHandover{"", {{{"summary", "s"}, {"next_step", "n"}}}}, w.Human("ana"));
  EXPECT_THAT(w.c().handovers, IsEmpty());
  EXPECT_EQ(w.c().clock("handover_debt"), nullptr);
}

TEST(DecideSun, AnOfferToTheNextTeamIsCarriedOutWithItsPackage) {
  World w = Sunny();
  w.RunUntil(kShiftEnd - 5 * kMinuteMs);
  w.Must(OfferHandover{"network", "", "", {{{"summary", "s"}, {"next_step", "n"}}}, false, "shift ends"},
         w.Human("ana"));
  w.RunUntil(kShiftEnd);
  EXPECT_EQ(w.c().owner.team, "network");
  EXPECT_THAT(w.c().handovers, IsEmpty());
  EXPECT_THAT(w.All<HandoverOffered>(), SizeIs(1));
  EXPECT_EQ(w.c().clock("handover"), nullptr);
  EXPECT_EQ(w.c().clock("handover_debt"), nullptr);
}

TEST(DecideSun, AnOfferToOthersWaitsForItsAnswer) {
  World w = Sunny();
  w.RunUntil(kShiftEnd - 5 * kMinuteMs);
  w.Must(OfferHandover{"duty", "", "", {{{"summary", "s"}, {"next_step", "n"}}}, false, "help"}, w.Human("ana"));
  w.RunUntil(kShiftEnd);
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_THAT(WhyStopped(w), HasSubstr("waits for its answer"));
}

TEST(DecideSun, WhatIsOutOfScopeStays) {
  EXPECT_EQ(Sunny(Priority::kP3).c().clock("sun"), nullptr);
  World legal = Sunny(Priority::kP2, [](OpenCase* open) { open->facts.tags = {"legal"}; });
  EXPECT_EQ(legal.c().clock("sun"), nullptr);
  World raised = Sunny(Priority::kP3);
  raised.Must(SetPriority{Priority::kP2, false, "it got worse"}, raised.Manager("mia"));
  EXPECT_NE(raised.c().clock("sun"), nullptr);
}

TEST(DecideSun, NobodyClearedIsThereSoItStaysAndTheReasonIsSaid) {
  World w = Sunny(Priority::kP3);
  w.Must(SetPriority{Priority::kP2, false, "it got worse"}, w.Manager("mia"));
  ChangeFacts change;
  change.fields = {"residency"};
  change.facts = *w.c().facts;
  change.facts.residency = "eu";
  w.Must(change, w.Source());
  w.RunUntil(kShiftEnd);
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_EQ(w.c().acknowledged_by, "ana");
  EXPECT_THAT(WhyStopped(w), HasSubstr("stays with ana: nobody is there to take it (amer: nobody there is cleared"));
  ASSERT_NE(w.c().clock("sun"), nullptr);
  EXPECT_EQ(w.c().clock("sun")->due_at, kMonday10 + 14 * kHourMs) << "asked again when the next day begins";
}

TEST(DecideSun, AWaitingCaseStaysWithItsOwner) {
  World w = Sunny();
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  w.RunUntil(kShiftEnd);
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_EQ(w.c().state, CaseState::kPending);
  EXPECT_THAT(WhyStopped(w), HasSubstr("it waits for customer"));
}

TEST(DecideSun, TheEndOfTheWorkEndsTheClock) {
  World w = Sunny();
  w.Must(Resolve{}, w.Human("ana"));
  EXPECT_EQ(w.c().clock("sun"), nullptr);
}

TEST(DecideSun, ThreeDaysRoundTheWorldOweOnePackageAndCountNoReassignment) {
  World w = Sunny();
  w.RunUntil(kShiftEnd);
  for (int i = 0; i < 9; ++i) {
    const std::string person = w.c().owner.team == "network" ? "cho" : w.c().owner.team == "desk" ? "ana" : "eva";
    w.Must(Acknowledge{}, w.Human(person));
    const InstantMs next = w.c().clock("sun")->due_at;
    w.RunUntil(next);
  }
  EXPECT_THAT(w.c().handovers, SizeIs(testing::Le(1)));
  EXPECT_EQ(w.c().reassignments, 0u);
}

}  // namespace
}  // namespace escalon
