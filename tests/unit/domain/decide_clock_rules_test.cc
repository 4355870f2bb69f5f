#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/fixture.h"
#include "tests/unit/domain/time_text.h"

// Warnings by offset (DESIGN §7.9), clocks that follow the owner's region (§7.8), and what contracts ask for a breach.

namespace escalon {
namespace {

using test::Cal;
using test::kMonday10;
using test::RuleOf;
using test::World;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::pair<std::string, InstantMs>> Warned(const World& w, const std::string& clock) {
  std::vector<std::pair<std::string, InstantMs>> out;
  for (const EventBatch& batch : w.history) {
    for (const Event& event : batch.events) {
      const auto* fired = std::get_if<ClockFired>(&event);
      if (fired != nullptr && fired->name == clock && fired->alarm.kind == AlarmKind::kWarning && !fired->superseded)
        out.emplace_back(SpokenPlace(fired->alarm.place), batch.at);
    }
  }
  return out;
}

TEST(WarningOffsets, SoundBeforeAndAfterTheDeadline) {
  World w;
  ClockRule& response = RuleOf(w.policy, "response");
  response.warnings = {{WarningRule::Kind::kBefore, 10 * kMinuteMs}, {WarningRule::Kind::kAfter, kHourMs}};
  w.OpenAt(Priority::kP2);  // 30 minutes, around the clock
  w.Run(3 * kHourMs);
  EXPECT_THAT(Warned(w, "response"),
              ElementsAre(std::pair{std::string("10m before the deadline"), kMonday10 + 20 * kMinuteMs},
                          std::pair{std::string("1h after the deadline"), kMonday10 + 90 * kMinuteMs}));
  EXPECT_THAT(w.All<Breached>(), SizeIs(testing::Ge(1u)));
}

TEST(WarningOffsets, OfWorkingDaysFollowTheClocksCalendar) {
  World w;
  RuleOf(w.policy, "resolution").warnings = {{WarningRule::Kind::kBeforeDays, 1}, {WarningRule::Kind::kAfterDays, 2}};
  w.OpenAt(Priority::kP3);  // three business days of the office: Thursday 10:00
  w.Run(8 * kDayMs);
  EXPECT_THAT(Warned(w, "resolution"),
              ElementsAre(std::pair{std::string("1 working day before the deadline"), kMonday10 + 2 * kDayMs},
                          std::pair{std::string("2 working days after the deadline"), kMonday10 + 7 * kDayMs}))
      << "Thursday and two working days is Monday";
}

TEST(WarningOffsets, NeverLieBeforeTheStart) {
  World w;
  RuleOf(w.policy, "response").warnings = {{WarningRule::Kind::kBefore, 2 * kHourMs}};
  w.OpenAt(Priority::kP2);
  EXPECT_THAT(Warned(w, "response"), ElementsAre(std::pair{std::string("2h before the deadline"), kMonday10}));
}

TEST(WarningOffsets, BehindTheDeadlineAreGoneWithAStopInTime) {
  World w;
  RuleOf(w.policy, "response").warnings = {{WarningRule::Kind::kAfter, kHourMs}};
  w.OpenAt(Priority::kP2);
  const AddNote reply{Visibility::kPublic, "sealed", false};
  w.Must(Acknowledge{}, w.Human("ana"));
  w.Must(reply, w.Human("ana"));
  w.Run(5 * kHourMs);
  EXPECT_THAT(Warned(w, "response"), IsEmpty());
}

/// L1 in Berlin (08:00 to 16:00 there), L2 in Sydney (the same hours there); both from Monday to Friday.
class RegionClock : public ::testing::Test {
 protected:
  RegionClock() {
    const test::WindowText day{{"08:00", "16:00"}};
    w_.policy.calendars["berlin"] =
        Cal("Europe/Berlin", {{"mon", day}, {"tue", day}, {"wed", day}, {"thu", day}, {"fri", day}});
    w_.policy.calendars["sydney"] =
        Cal("Australia/Sydney", {{"mon", day}, {"tue", day}, {"wed", day}, {"thu", day}, {"fri", day}});
    ClockRule& resolution = RuleOf(w_.policy, "resolution");
    resolution.target.of(Priority::kP2) = Target{12 * kHourMs};
    resolution.calendar.of(Priority::kP2) = "berlin";
    resolution.region_calendars = {{"emea", "berlin"}, {"apac", "sydney"}};
    resolution.warnings = {WarningRule::Percent(25), WarningRule::Percent(50)};
    w_.ChangeRoster([](RosterDocument& roster) {
      for (Team& team : roster.teams) {
        if (team.id == "desk") team.region = "emea";
        if (team.id == "network") team.region = "apac";
      }
    });
    w_.policy.paths[0].functional.lease = {};
    w_.policy.paths[0].hierarchical.triggers.clear();
    w_.OpenAt(Priority::kP2);  // 12:00 in Berlin
    Give("desk", "ana");
  }
  void Give(const std::string& team, const std::string& person) {
    w_.Must(Assign{team, person, "their turn"}, w_.Manager("mia"));
    w_.Must(Acknowledge{}, w_.Human(person));
  }
  const ClockRun& resolution() { return *w_.c().clock("resolution"); }

  World w_;
};

TEST_F(RegionClock, CountsInTheHoursOfWhicheverRegionOwnsTheCase) {
  EXPECT_EQ(resolution().calendar, "berlin");
  EXPECT_THAT(resolution().legs, IsEmpty());
  // Four hours in Berlin until 16:00 there; then Sydney takes it, and its day begins at 22:00Z.
  w_.RunUntil(test::At("2030-05-06T14:00:00Z"));
  Give("network", "cho");
  EXPECT_EQ(resolution().calendar, "sydney");
  EXPECT_THAT(resolution().legs, ElementsAre(ClockLeg{"berlin", w_.now}));
  EXPECT_EQ(resolution().due_at, test::At("2030-05-07T06:00:00Z")) << "eight more hours from 22:00Z on";
  w_.RunUntil(test::At("2030-05-07T05:00:00Z"));
  Give("desk", "ana");  // seven of them are gone
  EXPECT_THAT(resolution().legs, SizeIs(2));
  EXPECT_EQ(resolution().due_at, test::At("2030-05-07T07:00:00Z")) << "an hour of Berlin's next day";
}

TEST_F(RegionClock, WarnsOnceAtEachShareWhoeverOwnsIt) {
  w_.RunUntil(test::At("2030-05-06T14:00:00Z"));
  Give("network", "cho");
  w_.RunUntil(test::At("2030-05-07T06:00:00Z"));
  EXPECT_THAT(Warned(w_, "resolution"), ElementsAre(std::pair{std::string("25 %"), test::At("2030-05-06T13:00:00Z")},
                                                    std::pair{std::string("50 %"), test::At("2030-05-07T00:00:00Z")}));
  EXPECT_EQ(resolution().breached_at, 0);
  w_.Run(1);
  EXPECT_EQ(resolution().breached_at, test::At("2030-05-07T06:00:00Z"));
}

TEST_F(RegionClock, AChangeOfPriorityKeepsWhatWasCountedWhere) {
  w_.RunUntil(test::At("2030-05-06T14:00:00Z"));
  Give("network", "cho");
  RuleOf(w_.policy, "resolution").target.of(Priority::kP1) = Target{6 * kHourMs};
  w_.Must(SetPriority{Priority::kP1, false, "spreads"}, w_.Human("cho"));
  EXPECT_EQ(resolution().calendar, "sydney");
  EXPECT_EQ(resolution().due_at, test::At("2030-05-07T00:00:00Z")) << "four hours are gone, two of Sydney's are left";
}

TEST_F(RegionClock, AReopenedCaseHasItsLegsStill) {
  w_.RunUntil(test::At("2030-05-06T14:00:00Z"));
  Give("network", "cho");
  w_.RunUntil(test::At("2030-05-06T23:00:00Z"));
  w_.Must(Resolve{}, w_.Human("cho"));
  w_.RunUntil(test::At("2030-05-07T01:00:00Z"));
  w_.Must(RejectResolution{"still slow"}, w_.Requester());
  EXPECT_EQ(resolution().due_at, test::At("2030-05-08T00:00:00Z"))
      << "five hours are gone; five are left of this day, two of the next";
}

/// Gold pays 500 EUR, whoever else 100.
World WithPenalties() {
  World w;
  PenaltyRule gold;
  gold.when.kind = Condition::Kind::kCompare;
  gold.when.field = "contract";
  gold.when.values = {"gold"};
  gold.amount = {50'000, "EUR"};
  RuleOf(w.policy, "response").penalties = {gold, {{}, {10'000, "EUR"}}};
  return w;
}

TEST(Penalties, AreShownWhileTheClockRunsAndAskedForWhenItBreaks) {
  World w = WithPenalties();
  OpenCase open = World::Incident();
  open.facts.contract = "gold";
  w.Open(open);
  w.Must(w.Advice(Priority::kP2), w.Service());
  EXPECT_EQ(w.c().clock("response")->penalty, (Money{50'000, "EUR"}));
  w.Run(30 * kMinuteMs + 1);
  EXPECT_EQ(w.All<Breached>().back().penalty, (Money{50'000, "EUR"}));
  // A stricter priority breaks the next generation, which is the same promise.
  w.Must(SetPriority{Priority::kP1, false, "spreads"}, w.Manager("mia"));
  for (const Breached& broken : w.All<Breached>()) {
    if (broken.generation == 1 || broken.name != "response") continue;
    EXPECT_TRUE(broken.penalty.empty());
  }
}

TEST(Penalties, GoByTheCaseAsItIsWhenThePromiseBreaks) {
  World w = WithPenalties();
  w.OpenAt(Priority::kP2);
  EXPECT_EQ(w.c().clock("response")->penalty, (Money{10'000, "EUR"}));
  w.Run(30 * kMinuteMs + 1);
  EXPECT_EQ(w.All<Breached>().back().penalty, (Money{10'000, "EUR"}));
}

}  // namespace
}  // namespace escalon
