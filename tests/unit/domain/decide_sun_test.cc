#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

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

CalendarSpec HoursOf(int from_hour, int to_hour) {
  CalendarSpec spec;
  spec.timezone = "UTC";
  for (auto& windows : spec.weekly) windows = {{from_hour * 60, to_hour * 60}};
  return spec;
}

std::shared_ptr<const Calendar> HoursIn(const char* zone, int from_hour, int to_hour) {
  CalendarSpec spec = HoursOf(from_hour, to_hour);
  spec.timezone = zone;
  return Calendar::Build(spec).value();
}

/// desk until 16:00, network from 16:00 to 23:00, engineering from midnight to 08:00; P1 and P2 move, what is legal
/// stays.
World Sunny(Priority priority = Priority::kP2, std::function<void(OpenCase*)> change = nullptr,
            std::function<void(World*)> prepare = nullptr) {
  World w;
  w.policy.calendars["day"] = HoursIn("UTC", 8, 16);
  w.policy.calendars["evening"] = HoursIn("UTC", 16, 23);
  w.policy.calendars["night"] = HoursIn("UTC", 0, 8);
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
  if (prepare) prepare(&w);
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

/// Asked half an hour before the end, moved over twenty minutes, kept for an hour at most.
World Asking() {
  return Sunny(Priority::kP2, nullptr, [](World* w) {
    w->policy.sun.ask_before = 30 * kMinuteMs;
    w->policy.sun.spread = 20 * kMinuteMs;
    w->policy.sun.keep_limit = kHourMs;
  });
}

std::vector<std::string> AskedPeople(const World& w) {
  std::vector<std::string> people;
  for (const NotifyIntended& told : w.All<NotifyIntended>()) {
    if (told.message == "shift_ends") people.insert(people.end(), told.people.begin(), told.people.end());
  }
  return people;
}

TEST(DecideSun, TheOwnerIsAskedBeforeTheDayEndsAndTheCaseMovesAtItsPlaceInTheSpread) {
  World w = Asking();
  EXPECT_EQ(w.c().clock("sun")->due_at, kShiftEnd) << "the day ends when it ends";
  w.RunUntil(kShiftEnd - 30 * kMinuteMs - 1);
  EXPECT_THAT(AskedPeople(w), IsEmpty());
  w.RunUntil(kShiftEnd - 30 * kMinuteMs);
  EXPECT_THAT(AskedPeople(w), ElementsAre("ana"));
  w.RunUntil(kShiftEnd - 1);
  EXPECT_EQ(w.c().owner.person, "ana");
  const InstantMs moves = w.c().clock("sun")->next_alarm_at();
  EXPECT_GE(moves, kShiftEnd);
  EXPECT_LT(moves, kShiftEnd + 20 * kMinuteMs);
  w.RunUntil(moves - 1);
  EXPECT_EQ(w.c().owner.person, "ana");
  w.RunUntil(moves);
  EXPECT_EQ(w.c().owner.team, "network");
  EXPECT_THAT(AskedPeople(w), ElementsAre("ana"));
}

TEST(DecideSun, AnOwnerKeepsACaseForTheLimitAndThenItMoves) {
  World w = Asking();
  EXPECT_FALSE(w.Do(RecordMilestone{"keep", ""}, w.Human("ana")).ok()) << "nobody has asked yet";
  w.RunUntil(kShiftEnd - 10 * kMinuteMs);
  EXPECT_FALSE(w.Do(RecordMilestone{"keep", ""}, w.Human("ben")).ok()) << "it is ana's";
  w.Must(RecordMilestone{"keep", "nearly done"}, w.Human("ana"));
  EXPECT_FALSE(w.Do(RecordMilestone{"keep", "again"}, w.Human("ana")).ok()) << "the limit is the limit";
  w.RunUntil(kShiftEnd + kHourMs - 1);
  EXPECT_EQ(w.c().owner.person, "ana");
  EXPECT_EQ(w.c().acknowledged_by, "ana");
  w.RunUntil(kShiftEnd + kHourMs);
  EXPECT_EQ(w.c().owner.team, "network");
}

TEST(DecideSun, WithoutALimitNobodyKeepsACase) {
  World w = Sunny(Priority::kP2, nullptr, [](World* world) { world->policy.sun.ask_before = 30 * kMinuteMs; });
  w.RunUntil(kShiftEnd - 10 * kMinuteMs);
  EXPECT_FALSE(w.Do(RecordMilestone{"keep", ""}, w.Human("ana")).ok());
  w.RunUntil(kShiftEnd);
  EXPECT_EQ(w.c().owner.team, "network");
}

TEST(DecideSun, WhoeverTakesACaseAfterTheQuestionIsAskedAtOnce) {
  World w = Asking();
  w.RunUntil(kShiftEnd - 10 * kMinuteMs);
  w.Must(Assign{"desk", "ben", "ana is away"}, w.Manager("mia"));
  EXPECT_THAT(AskedPeople(w), ElementsAre("ana", "ben"));
}

TEST(DecideSun, AWaitingCaseIsNotAskedAbout) {
  World w = Asking();
  w.Must(Pause{"customer", 0, ""}, w.Human("ana"));
  w.RunUntil(kShiftEnd);
  EXPECT_THAT(AskedPeople(w), IsEmpty());
}

TEST(DecideSun, ManyCasesOfARegionAreSpreadOverTheTime) {
  std::vector<DurationMs> places;
  for (uint64_t i = 0; i < 40; ++i) {
    World w = Sunny(Priority::kP2, nullptr, [i](World* world) {
      world->policy.sun.spread = 20 * kMinuteMs;
      world->id_bits = i;
    });
    places.push_back(w.c().clock("sun")->next_alarm_at() - kShiftEnd);
  }
  std::sort(places.begin(), places.end());
  EXPECT_GE(places.front(), 0);
  EXPECT_LT(places.back(), 20 * kMinuteMs);
  EXPECT_LT(places[9], 12 * kMinuteMs) << "no lump at the end";
  EXPECT_GT(places[30], 8 * kMinuteMs) << "no lump at the beginning";
}

/// Names only: the roster says which teams a region has, and when they work.
World ByName() {
  return Sunny(Priority::kP2, nullptr, [](World* w) {
    w->policy.sun.order = {{"emea", "", ""}, {"amer", "", ""}, {"apac", "", ""}};
    RosterDocument document = w->roster->document();
    document.calendars = {{"day", HoursOf(8, 16)}, {"evening", HoursOf(16, 23)}, {"night", HoursOf(0, 8)}};
    const auto place = [&document](const char* team, const char* region, const char* calendar) {
      for (Team& one : document.teams) {
        if (one.id == team) std::tie(one.region, one.calendar) = std::pair(region, calendar);
      }
    };
    place("desk", "emea", "day");
    place("network", "amer", "evening");
    place("engineering", "apac", "night");
    w->roster = Roster::Build(std::move(document)).value();
  });
}

TEST(DecideSun, ARegionThatIsANameHasTheTeamsAndTheHoursOfTheRoster) {
  World w = ByName();
  ASSERT_NE(w.c().clock("sun"), nullptr);
  EXPECT_EQ(w.c().clock("sun")->due_at, kShiftEnd);
  w.RunUntil(kShiftEnd);
  EXPECT_EQ(w.c().owner.team, "network");
  EXPECT_EQ(w.c().clock("sun")->due_at, kShiftEnd + 7 * kHourMs);
  w.Must(Acknowledge{}, w.Human("cho"));
  w.RunUntil(kShiftEnd + 8 * kHourMs);
  EXPECT_EQ(w.c().owner.team, "engineering");
}

/// A year in which Dublin and Denver change their clocks on different nights: at every instant one owner, and the case
/// moves where a day ends.
TEST(DecideSun, OnEveryDayOfAYearThereIsOneOwnerAlsoWhenClocksChange) {
  World w = Sunny(Priority::kP2, nullptr, [](World* world) {
    Policy& policy = world->policy;
    policy.calendars["day"] = HoursIn("Europe/Dublin", 8, 18);
    policy.calendars["evening"] = HoursIn("America/Denver", 9, 19);
    policy.calendars["night"] = HoursIn("Asia/Singapore", 8, 18);
    policy.sun.ask_before = 30 * kMinuteMs;
    policy.sun.spread = 20 * kMinuteMs;
    policy.sun.keep_limit = kHourMs;
    policy.sun.scope = {};
    policy.paths[0].functional.repeat = -1;
  });
  std::map<std::string, int> shifts;
  for (int i = 0; i < 365 * 3; ++i) {
    const ClockRun* sun = w.c().clock("sun");
    ASSERT_NE(sun, nullptr) << i;
    const std::string team = w.c().owner.team;
    ASSERT_FALSE(team.empty());
    const std::string region = team == "desk" ? "day" : team == "network" ? "evening" : "night";
    const Calendar& day = *w.policy.calendars.at(region);
    ASSERT_EQ(sun->due_at, day.NextClosing(w.now)) << i << " " << FormatInstant(w.now);
    const std::string person = team == "desk" ? "ana" : team == "network" ? "cho" : "eva";
    if (w.c().acknowledged_by.empty()) w.Must(Acknowledge{}, w.Human(person));
    const InstantMs ends = w.c().clock("sun")->due_at;
    w.RunUntil(ends - 1);
    ASSERT_EQ(w.c().owner.team, team) << "not before its day ends";
    w.RunUntil(ends + 20 * kMinuteMs);
    ASSERT_NE(w.c().owner.team, team) << FormatInstant(ends);
    ++shifts[team];
  }
  EXPECT_THAT(shifts, SizeIs(3));
  for (const auto& [team, count] : shifts) EXPECT_EQ(count, 365) << team;
}

}  // namespace
}  // namespace escalon
