#include "common/domain/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/time_text.h"

namespace escalon {
namespace {

using test::At;
using test::Text;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Person Someone(std::string id, std::vector<std::string> skills = {}, std::string manager = "") {
  Person person;
  person.id = id;
  person.name = id;
  person.skills = std::move(skills);
  person.manager = std::move(manager);
  person.contacts = {{"mail", id + "@example.org"}};
  return person;
}

RosterDocument Desk() {
  RosterDocument d;
  d.tenant = "acme";
  d.people = {Someone("ana", {"network", "linux"}, "mia"), Someone("ben", {"linux"}, "mia"),
              Someone("cho", {"network", "linux"}), Someone("mia")};
  Team desk;
  desk.id = "desk";
  desk.members = {"ben", "ana"};
  desk.calendar = "office";
  Team network;
  network.id = "network";
  network.members = {"ana", "cho"};
  network.schedule = "network-rota";
  Team managers;
  managers.id = "duty-managers";
  managers.members = {"mia"};
  managers.catch_all = true;
  d.teams = {desk, network, managers};
  Duty lead;
  lead.id = "technical-lead";
  lead.people = {"cho"};
  lead.team = "desk";
  lead.schedule = "network-rota";
  d.roles = {lead};
  d.vendors = {{"acme-isp", "Acme ISP", "office", {{"mail", "noc@example.net"}}}};
  d.calendars = {{"office", test::Spec("UTC", {{"mon", {{"09:00", "17:00"}}}, {"tue", {{"09:00", "17:00"}}}})}};
  NamedSchedule rota;
  rota.id = "network-rota";
  rota.spec.timezone = "UTC";
  ScheduleSpec::Layer layer;
  layer.rotation = RotationSpec{};
  layer.rotation->type = RotationSpec::Type::kDaily;
  layer.rotation->start = At("2030-07-01T08:00:00Z");
  layer.rotation->timezone = "UTC";
  layer.rotation->participants = {{"ana"}, {"cho"}};
  rota.spec.layers = {layer};
  d.schedules = {rota};
  d.absences = {{"ana", At("2030-07-01T12:00:00Z"), At("2030-07-01T14:00:00Z")}};
  return d;
}

std::shared_ptr<const Roster> Build(RosterDocument document) {
  auto roster = Roster::Build(std::move(document));
  EXPECT_TRUE(roster.ok()) << (roster.ok() ? "" : roster.error().message);
  return *roster;
}

std::vector<std::string> Ids(const std::vector<const Person*>& people) {
  std::vector<std::string> out;
  for (const Person* person : people) out.push_back(person->id);
  return out;
}

std::vector<std::string> FaultFields(const RosterDocument& document) {
  const auto roster = Roster::Build(document);
  std::vector<std::string> out;
  if (!roster.ok()) {
    for (const FieldViolation& f : roster.error().fields) out.push_back(f.field);
  }
  return out;
}

TEST(RosterTest, PeopleTeamsRolesAndSchedulesAreFoundByTheirIds) {
  const auto roster = Build(Desk());
  EXPECT_EQ(roster->person("cho")->id, "cho");
  EXPECT_EQ(roster->person("zoe"), nullptr);
  EXPECT_EQ(roster->person(""), nullptr);
  EXPECT_EQ(roster->team("desk")->calendar, "office");
  EXPECT_EQ(roster->vendor("acme-isp")->name, "Acme ISP");
  EXPECT_NE(roster->schedule("network-rota"), nullptr);
  EXPECT_EQ(roster->ManagerOf("ana")->id, "mia");
  EXPECT_EQ(roster->ManagerOf("mia"), nullptr);
  EXPECT_EQ(roster->CatchAll()->id, "duty-managers");
  EXPECT_THAT(Ids(roster->PeopleOf("desk")), ElementsAre("ben", "ana"));
  EXPECT_THAT(roster->PeopleOf("nowhere"), IsEmpty());
  EXPECT_EQ(roster->TeamsOf("ana").size(), 2u);
  EXPECT_TRUE(roster->IsMember("network", "ana"));
  EXPECT_FALSE(roster->IsMember("network", "ben"));
  EXPECT_NE(roster->CalendarOf(*roster->team("desk")), nullptr);
  EXPECT_EQ(roster->CalendarOf(*roster->team("network")), nullptr);
}

TEST(RosterTest, OnCallFollowsTheScheduleAndTheAbsencesOfTheRoster) {
  const auto roster = Build(Desk());
  EXPECT_THAT(Ids(roster->OnCallOf("network", At("2030-07-01T09:00:00Z"))), ElementsAre("ana"));
  EXPECT_THAT(Ids(roster->OnCallOf("network", At("2030-07-01T13:00:00Z"))), IsEmpty());
  EXPECT_THAT(Ids(roster->OnCallOf("network", At("2030-07-02T09:00:00Z"))), ElementsAre("cho"));
  EXPECT_EQ(Text(roster->NextHandoffOf("network", At("2030-07-01T14:00:00Z"))), "2030-07-02T08:00:00Z");
  EXPECT_EQ(roster->GapsOf("network", At("2030-07-01T08:00:00Z"), At("2030-07-05T08:00:00Z")),
            (std::vector<Stretch>{{At("2030-07-01T12:00:00Z"), At("2030-07-01T14:00:00Z")}}));
}

TEST(RosterTest, WithoutAScheduleTheMembersPresentInTheHoursAreOnCall) {
  const auto roster = Build(Desk());
  EXPECT_THAT(Ids(roster->OnCallOf("desk", At("2030-07-01T11:00:00Z"))), ElementsAre("ben", "ana"));
  EXPECT_THAT(Ids(roster->OnCallOf("desk", At("2030-07-01T13:00:00Z"))), ElementsAre("ben"));
  EXPECT_THAT(Ids(roster->OnCallOf("desk", At("2030-07-01T17:00:00Z"))), IsEmpty());
  EXPECT_EQ(Text(roster->NextHandoffOf("desk", At("2030-07-01T10:00:00Z"))), "2030-07-01T12:00:00Z");
  EXPECT_EQ(Text(roster->NextHandoffOf("desk", At("2030-07-01T14:00:00Z"))), "2030-07-01T17:00:00Z");
  EXPECT_EQ(roster->NextHandoffOf("duty-managers", At("2030-07-01T14:00:00Z")), kNever);
  EXPECT_EQ(roster->GapsOf("desk", At("2030-07-01T16:00:00Z"), At("2030-07-02T10:00:00Z")),
            (std::vector<Stretch>{{At("2030-07-01T17:00:00Z"), At("2030-07-02T09:00:00Z")}}));
  EXPECT_THAT(Ids(roster->OnCallOf("nowhere", At("2030-07-01T11:00:00Z"))), IsEmpty());
}

TEST(RosterTest, ARoleIsFilledByItsPeopleItsTeamAndItsScheduleEachOnce) {
  const auto roster = Build(Desk());
  EXPECT_THAT(Ids(roster->PeopleInRole("technical-lead", At("2030-07-01T11:00:00Z"))),
              ElementsAre("cho", "ben", "ana"));
  EXPECT_THAT(Ids(roster->PeopleInRole("technical-lead", At("2030-07-01T20:00:00Z"))), ElementsAre("cho", "ana"));
  EXPECT_THAT(Ids(roster->PeopleInRole("cook", At("2030-07-01T11:00:00Z"))), IsEmpty());
}

TEST(RosterTest, PeopleWithSkillsHaveAllOfThem) {
  const auto roster = Build(Desk());
  const std::vector<std::string> both{"linux", "network"}, one{"linux"}, unknown{"linux", "cobol"}, none;
  EXPECT_THAT(Ids(roster->PeopleWithSkills(both)), ElementsAre("ana", "cho"));
  EXPECT_THAT(Ids(roster->PeopleWithSkills(one)), ElementsAre("ana", "ben", "cho"));
  EXPECT_THAT(Ids(roster->PeopleWithSkills(unknown)), IsEmpty());
  EXPECT_EQ(roster->PeopleWithSkills(none).size(), 4u);
}

TEST(RosterTest, PresenceIsHalfOpenAndUnknownPeopleAreAbsent) {
  const auto roster = Build(Desk());
  EXPECT_TRUE(roster->IsPresent("ana", At("2030-07-01T11:59:59.999Z")));
  EXPECT_FALSE(roster->IsPresent("ana", At("2030-07-01T12:00:00Z")));
  EXPECT_TRUE(roster->IsPresent("ana", At("2030-07-01T14:00:00Z")));
  EXPECT_FALSE(roster->IsPresent("zoe", At("2030-07-01T14:00:00Z")));
}

TEST(RosterTest, UnknownNamesAreFaultsWhereTheyStand) {
  RosterDocument d = Desk();
  d.people[0].manager = "zoe";
  d.people[1].timezone = "CET";
  d.teams[0].members.push_back("zoe");
  d.teams[0].calendar = "never";
  d.teams[1].schedule = "none";
  d.teams[1].lead = "zoe";
  d.roles[0].people[0] = "zoe";
  d.roles[0].team = "zoe";
  d.vendors[0].calendar = "zoe";
  d.schedules[0].spec.layers[0].rotation->participants[1] = {"zoe"};
  d.schedules[0].spec.overrides = {{5, 6, "zoe", "yan"}};
  d.absences[0].person = "zoe";
  EXPECT_THAT(FaultFields(d),
              ElementsAre("people[0].manager", "people[1].timezone", "teams[0].members[2]", "teams[0].calendar",
                          "teams[1].lead", "teams[1].schedule", "roles[0].people[0]", "roles[0].team",
                          "vendors[0].calendar", "schedules[0].layers[0].rotation.participants[1]",
                          "schedules[0].overrides[0].remove", "schedules[0].overrides[0].add", "absences[0].person"));
  EXPECT_EQ(Roster::Build(d).error().fields[0].message,
            "unknown person 'zoe'; add it under people or correct the name");
}

TEST(RosterTest, DuplicatesEmptyTeamsAndCirclesAreFaults) {
  RosterDocument d = Desk();
  d.people.push_back(Someone("ana"));
  d.people.push_back(Someone(""));
  d.people[3].manager = "ana";
  d.teams[0].members = {};
  d.teams[1].members = {"ana", "ana"};
  d.roles.push_back({"empty", "", {}, "", ""});
  d.people[1].contacts.push_back({"", ""});
  d.absences.push_back({"ben", 5, 5});
  d.calendars[0].spec.weekly[0] = {{60, 60}};
  d.schedules[0].spec.layers[0].rotation->shift_length = 0;
  EXPECT_THAT(
      FaultFields(d),
      ElementsAre("people[4].id", "people[5].id", "people[1].contacts[1].channel", "people[1].contacts[1].address",
                  "people[0].manager", "people[3].manager", "teams[0].members", "teams[1].members[1]", "roles[1]",
                  "absences[1].to", "calendars[0].weekly.mon[0]", "schedules[0].layers[0].rotation.shift_length"));
}

TEST(RosterTest, APersonWhoCannotBeReachedAndAMissingCatchAllAreWarnings) {
  RosterDocument d = Desk();
  EXPECT_THAT(Build(d)->warnings(), IsEmpty());
  d.people[2].contacts.clear();
  d.teams[2].catch_all = false;
  const auto roster = Build(d);
  std::vector<std::string> fields;
  for (const FieldViolation& w : roster->warnings()) fields.push_back(w.field);
  EXPECT_THAT(fields, ElementsAre("people[2].contacts", "teams"));
}

TEST(RosterTest, AnEmptyRosterAnswersWithNobody) {
  const auto roster = Roster::Empty();
  EXPECT_EQ(roster->person("ana"), nullptr);
  EXPECT_THAT(roster->OnCallOf("desk", 0), IsEmpty());
  EXPECT_EQ(roster->CatchAll(), nullptr);
  EXPECT_TRUE(Roster::Build({}).ok());
}

}  // namespace
}  // namespace escalon
