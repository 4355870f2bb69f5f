#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/icalendar/reader.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/escalonctl/shell.h"

// Rosters from and to other programs' calendars, and without a person who leaves.

namespace escalon::escalonctl {
namespace {

using test::Shell;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const char* const kRoster =
    "apiVersion: escalon/v1\nkind: Roster\nid: small\n"
    "people:\n  ana: {name: Ana Duarte, timezone: Europe/Lisbon, contacts: [\"mail:Ana@x.example\"]}\n"
    "  ben: {contacts: [\"mail:ben@x.example\"]}\n"
    "teams:\n  desk: {members: [ana, ben], schedule: duty, catch_all: true}\n"
    "schedules:\n  duty:\n    timezone: UTC\n    layers:\n"
    "      - {rotation: {type: daily, start: \"2030-01-01T08:00:00Z\", timezone: UTC, participants: [ana, ben]}}\n";

class RosterCommands : public ::testing::Test {
 protected:
  std::string File(const std::string& name, const std::string& text) {
    const std::string path = dir_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string Roster() { return File("roster.yaml", kRoster); }
  std::string Calendar(const std::string& events) {
    return File("in.ics", "BEGIN:VCALENDAR\n" + events + "END:VCALENDAR\n");
  }

  escalon::test::TempDir dir_;
  Shell shell_;
};

constexpr const char* kFrom = "2030-05-06T08:00:00Z";

TEST_F(RosterCommands, ShiftsAreTheFinalScheduleOfASpan) {
  ASSERT_EQ(shell_.Run({"roster", "shifts", "--file", Roster(), "--from", kFrom, "--days", "2", "--output", "json"}), 0)
      << shell_.err;
  const Json answer = Json::parse(shell_.out);
  ASSERT_THAT(answer["shifts"], SizeIs(2));
  EXPECT_EQ(answer["shifts"][0]["from"], kFrom);
  EXPECT_EQ(answer["shifts"][0]["to"], "2030-05-07T08:00:00Z");
  EXPECT_NE(answer["shifts"][0]["person"], answer["shifts"][1]["person"]);
}

TEST_F(RosterCommands, WhatIcalExportsCanBeRead) {
  ASSERT_EQ(
      shell_.Run({"roster", "ical", "duty", "--person", "ana", "--file", Roster(), "--from", kFrom, "--days", "4"}), 0)
      << shell_.err;
  const auto contents = icalendar::ReadCalendar(shell_.out, {LocalDate(2030, 1, 1), LocalDate(2031, 1, 1)}, {});
  ASSERT_TRUE(contents.ok()) << contents.error().message;
  ASSERT_THAT(contents->events, SizeIs(2));
  for (const icalendar::Event& event : contents->events) EXPECT_EQ(event.person, "ana");
}

TEST_F(RosterCommands, UnknownSchedulesAndPeopleAreNotFound) {
  EXPECT_EQ(shell_.Run({"roster", "shifts", "night", "--file", Roster()}), 3);
  EXPECT_EQ(shell_.Run({"roster", "ical", "--person", "zoe", "--file", Roster()}), 3);
  EXPECT_EQ(shell_.Run({"roster", "import", Calendar(""), "--schedule", "night", "--file", Roster()}), 3);
}

TEST_F(RosterCommands, AnAbsenceIsInThePersonsOwnZone) {
  const std::string file = Calendar("BEGIN:VEVENT\nUID:1\nSUMMARY:Leave\nDTSTART;VALUE=DATE:20300701\nEND:VEVENT\n");
  ASSERT_EQ(shell_.Run({"roster", "import", file, "--person", "ana", "--from", kFrom, "--file", Roster()}), 0)
      << shell_.err;
  EXPECT_EQ(shell_.out,
            "absences:\n  - {person: ana, from: \"2030-06-30T23:00:00Z\", to: \"2030-07-01T23:00:00Z\"}  # line 2: "
            "Leave\n");
}

TEST_F(RosterCommands, PeopleAreFoundByAddressAndWhoIsNobodyIsNamed) {
  const std::string file = Calendar(
      "BEGIN:VEVENT\nUID:1\nDTSTART:20300701T080000Z\nDURATION:P1D\nATTENDEE:mailto:ana@x.example\nEND:VEVENT\n"
      "BEGIN:VEVENT\nUID:2\nDTSTART:20300702T080000Z\nDURATION:P1D\nSUMMARY:ben\nEND:VEVENT\n"
      "BEGIN:VEVENT\nUID:3\nDTSTART:20300703T080000Z\nDURATION:P1D\nSUMMARY:somebody\nEND:VEVENT\n");
  EXPECT_EQ(shell_.Run({"roster", "import", file, "--schedule", "duty", "--from", kFrom, "--file", Roster()}), 5);
  EXPECT_THAT(shell_.out, AllOf(HasSubstr("start: \"2030-07-01T08:00:00Z\", end: \"2030-07-02T08:00:00Z\", add: ana}"),
                                HasSubstr("add: ben}"), Not(HasSubstr("start: \"2030-07-03"))));
  EXPECT_THAT(shell_.err, AllOf(HasSubstr("line 14"), HasSubstr("nobody of the roster")));
}

TEST_F(RosterCommands, ALeaverIsNamedWhereverTheyAre) {
  shell_.services.answers["RosterService/Get"] = {Json{{"yaml", kRoster}}};
  shell_.services.answers["CaseService/ListCases"] = {
      Json::parse(R"({"cases":[{"case_id":"01957b2e-6c00-8a13-8000-3f2a7c91d5e0","title":"Slow"}]})"), Json::object()};
  ASSERT_EQ(shell_.Run({"roster", "leaver", "ana"}), 0) << shell_.err;
  EXPECT_THAT(shell_.out, AllOf(HasSubstr("people.ana"), HasSubstr("teams.desk.members[0]"), HasSubstr("Slow")));
  ASSERT_THAT(shell_.services.asked, SizeIs(3));
  EXPECT_EQ(shell_.services.asked[1].request["filter"]["person"], "ana");
  EXPECT_EQ(shell_.services.asked[2].request["filter"]["pageable"], "ana");
}

TEST_F(RosterCommands, TheChangedRosterIsPrintedAlone) {
  ASSERT_EQ(shell_.Run({"roster", "leaver", "ana", "--file", Roster(), "--document"}), 0) << shell_.err;
  EXPECT_THAT(shell_.out, AllOf(HasSubstr("participants: [ben]"), Not(HasSubstr("ana"))));
}

TEST_F(RosterCommands, WhatHasToBeDecidedFirstIsAFinding) {
  std::string alone = kRoster;
  alone.replace(alone.find("participants: [ana, ben]"), 24, "participants: [ana]     ");
  EXPECT_EQ(shell_.Run({"roster", "leaver", "ana", "--file", File("roster.yaml", alone)}), 5);
  EXPECT_THAT(shell_.out, HasSubstr("participants"));
}

TEST_F(RosterCommands, MaintenanceWindowsAreListedWithWhatTheyAreNow) {
  const std::string file =
      File("planned.yaml", std::string(kRoster) +
                               "maintenance:\n  - {id: move, when: {field: service, is: mail}, from: "
                               "\"2030-05-06T07:00:00Z\", until: \"2030-05-06T09:00:00Z\", do: hold, why: racks}\n");
  const auto state = [&](const char* at) {
    EXPECT_EQ(shell_.Run({"roster", "maintenance", "--file", file, "--at", at, "--output", "json"}), 0) << shell_.err;
    return Json::parse(shell_.out)["maintenance"][0]["state"];
  };
  EXPECT_EQ(state("2030-05-06T06:59:59Z"), "coming");
  EXPECT_EQ(state("2030-05-06T07:00:00Z"), "active");
  EXPECT_EQ(state("2030-05-06T09:00:00Z"), "over");
  ASSERT_EQ(shell_.Run({"roster", "maintenance", "--file", Roster()}), 0);
  EXPECT_THAT(shell_.out, HasSubstr("No maintenance"));
}

}  // namespace
}  // namespace escalon::escalonctl
