#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/domain/fixture.h"

// Maintenance windows of the roster (DESIGN §6 "Holding off"): new cases that match rest until the window's end.

namespace escalon {
namespace {

using test::kMonday10;
using test::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Condition FieldHas(const std::string& field, Condition::Op op, const std::string& value) {
  Condition out;
  out.kind = Condition::Kind::kCompare;
  out.field = field;
  out.op = op;
  out.values = {value};
  return out;
}

MaintenanceWindow MailMoves(DurationMs from, DurationMs until, bool silent = false) {
  return {"move",           FieldHas("service", Condition::Op::kIs, "mail"),
          kMonday10 + from, kMonday10 + until,
          silent,           "the servers move"};
}

struct Maintained : World {
  explicit Maintained(std::vector<MaintenanceWindow> windows) {
    Plan(std::move(windows));
    CommunicationRule team;
    team.id = "new";
    team.on = {"opened", "resolved"};
    team.to = {Audience::kTeam};
    policy.communication.push_back(team);
  }
  void Plan(std::vector<MaintenanceWindow> windows) {
    RosterDocument document = test::DeskRoster();
    document.maintenance = std::move(windows);
    roster = Roster::Build(document).value();
  }
  void Triage(Priority priority = Priority::kP2, const std::string& tag = "") {
    OpenCase open = Incident();
    open.facts.service = "mail";
    if (!tag.empty()) open.facts.tags = {tag};
    Open(std::move(open));
    Must(Advice(priority), Service());
  }
  std::vector<std::string> Told() const {
    std::vector<std::string> told;
    for (const NotifyIntended& intent : All<NotifyIntended>()) {
      told.push_back(intent.message + " to " + std::string(Name(intent.audience)));
    }
    return told;
  }
  std::vector<std::string> Traced() const {
    std::vector<std::string> lines;
    for (const EventBatch& batch : history) {
      for (const TraceLine& line : batch.trace) lines.push_back(line.rule + ": " + line.outcome);
    }
    return lines;
  }
};

TEST(DecideMaintenance, ACaseInAWindowIsJudgedAndRestsUntilItsEnd) {
  Maintained w({MailMoves(-kHourMs, 2 * kHourMs)});
  w.Triage();
  EXPECT_EQ(w.c().priority, Priority::kP2);
  EXPECT_EQ(w.c().snoozed_until, kMonday10 + 2 * kHourMs);
  EXPECT_EQ(w.c().owner.team, "desk");
  EXPECT_THAT(w.Told(), testing::UnorderedElementsAre("opened to requester", "opened to team"));
  EXPECT_THAT(w.Traced(), Contains(HasSubstr("maintenance.move: rests until ")));
  EXPECT_THAT(w.All<Snoozed>().front().text, HasSubstr("the servers move"));
  w.Run(2 * kHourMs - 1);
  EXPECT_THAT(w.Pages(), IsEmpty());
  w.Run(1);
  EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
  EXPECT_EQ(w.c().snoozed_until, 0);
  w.Run(15 * kMinuteMs);
  EXPECT_EQ(w.c().functional.level, "L2");
}

TEST(DecideMaintenance, SuppressTellsThoseInsideNothingAndWhatClearsMeanwhileIsOver) {
  Maintained w({MailMoves(0, 2 * kHourMs, true)});
  w.Triage();
  EXPECT_THAT(w.Told(), ElementsAre("opened to requester"));
  w.Must(SourceEnded{true, ""}, w.Source());
  EXPECT_THAT(w.Told(), Not(Contains(HasSubstr("team"))));
  w.Run(3 * kHourMs);
  EXPECT_THAT(w.Pages(), IsEmpty());
}

TEST(DecideMaintenance, OutsideTheWindowOrOfAnotherServiceNothingRests) {
  for (const MaintenanceWindow& window : {MailMoves(kMinuteMs, kHourMs), MailMoves(-kHourMs, 0)}) {
    Maintained w({window});
    w.Triage();
    EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
  }
  MaintenanceWindow web = MailMoves(0, kHourMs);
  web.when.values = {"web"};
  Maintained w({web});
  w.Triage();
  EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
}

TEST(DecideMaintenance, TheWindowThatEndsLastCountsAndALaterOneGoesOn) {
  MaintenanceWindow longer = MailMoves(0, 2 * kHourMs);
  longer.id = "longer";
  Maintained w({MailMoves(0, kHourMs), longer});
  w.Triage();
  EXPECT_EQ(w.c().snoozed_until, kMonday10 + 2 * kHourMs);
  w.Plan({MailMoves(kHourMs, 3 * kHourMs)});
  w.Run(2 * kHourMs);
  EXPECT_EQ(w.c().snoozed_until, kMonday10 + 3 * kHourMs);
  EXPECT_THAT(w.Pages(), IsEmpty());
  w.Run(kHourMs);
  EXPECT_THAT(w.Pages(), ElementsAre("ana+ben"));
}

TEST(DecideMaintenance, AP1ByAFloorNeverRests) {
  const auto with_floor = [] {
    Maintained w({MailMoves(0, kHourMs)});
    w.policy.floors = {{"safety", FieldHas("tags", Condition::Op::kHasAny, "safety"), Priority::kP1}};
    return w;
  };
  Maintained safety = with_floor();
  safety.Triage(Priority::kP1, "safety");
  EXPECT_THAT(safety.Pages(), Not(IsEmpty()));
  EXPECT_THAT(safety.Traced(), Contains(HasSubstr("does not rest")));

  Maintained ordinary = with_floor();
  ordinary.Triage(Priority::kP1);
  EXPECT_THAT(ordinary.Pages(), IsEmpty());

  Maintained later = with_floor();
  later.Triage(Priority::kP3);
  ChangeFacts change;
  change.facts.tags = {"safety"};
  change.fields = {"tags"};
  later.Must(change, later.Source());
  EXPECT_EQ(later.c().priority, Priority::kP1);
  EXPECT_EQ(later.c().snoozed_until, 0);
  EXPECT_THAT(later.Pages(), Not(IsEmpty()));
}

TEST(DecideMaintenance, WhoeverTakesItUpEndsItsRest) {
  Maintained w({MailMoves(0, kHourMs)});
  w.Triage();
  w.Must(Acknowledge{}, w.Human("ana"));
  EXPECT_EQ(w.c().snoozed_until, 0);
  EXPECT_EQ(w.c().owner.person, "ana");
}

}  // namespace
}  // namespace escalon
