#include "common/documents/roster_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/domain/roster.h"

namespace escalon {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;

const char* const kSmall =
    "apiVersion: escalon/v1\n"                                                                         // 1
    "kind: Roster\n"                                                                                   // 2
    "id: small\n"                                                                                      // 3
    "people:\n"                                                                                        // 4
    "  ana: {name: Ana, timezone: Europe/Lisbon, contacts: [\"mail:ana@x.example\"], manager: ben}\n"  // 5
    "  ben: {contacts: [{channel: webhook, address: \"https://x.example/ben\"}]}\n"                    // 6
    "teams:\n"                                                                                         // 7
    "  desk: {members: [ana, ben], lead: ben, schedule: duty, catch_all: true}\n"                      // 8
    "schedules:\n"                                                                                     // 9
    "  duty:\n"                                                                                        // 10
    "    timezone: UTC\n"                                                                              // 11
    "    layers:\n"                                                                                    // 12
    "      - {rotation: {type: daily, start: \"2030-01-01T08:00:00Z\", timezone: UTC, participants: [ana, [ana, "
    "ben]]}}\n";

std::vector<FieldViolation> FaultsOf(const std::string& text) {
  const Result<RosterDocument> roster = ParseRoster(text);
  return roster ? std::vector<FieldViolation>{} : roster.error().fields;
}

std::string With(const std::string& from, const std::string& to) {
  std::string text = kSmall;
  return text.replace(text.find(from), from.size(), to);
}

auto Fault(const std::string& field, const std::string& message) {
  return AllOf(Field(&FieldViolation::field, field), Field(&FieldViolation::message, HasSubstr(message)));
}

TEST(ParseRoster, ReadsPeopleTeamsAndSchedulesThatBuildARoster) {
  const Result<RosterDocument> document = ParseRoster(kSmall);
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_THAT(document->people[0].contacts, ElementsAre(ContactMethod{"mail", "ana@x.example"}));
  EXPECT_THAT(document->people[1].contacts, ElementsAre(ContactMethod{"webhook", "https://x.example/ben"}));
  const auto roster = Roster::Build(*document);
  ASSERT_TRUE(roster);
  const InstantMs second_day = *ParseInstant("2030-01-02T12:00:00Z");
  EXPECT_THAT((*roster)->OnCallOf("desk", second_day), SizeIs(2));
  EXPECT_EQ((*roster)->CatchAll()->id, "desk");
}

TEST(ParseRoster, ReadsEverythingThatAScheduleCanSay) {
  const Result<RosterDocument> document = ParseRoster(
      std::string(kSmall) +
      "      - {priority: 5, users: [ben], windows: {mon-fri: [\"09:00-17:00\"]}, from: \"2030-02-01T00:00:00Z\"}\n"
      "    overrides: [{start: \"2030-03-01T00:00:00Z\", end: \"2030-03-02T00:00:00Z\", remove: ana, add: ben}]\n"
      "    temporary: [{start: \"2030-04-01T00:00:00Z\", end: \"2030-04-02T00:00:00Z\",\n"
      "                 shifts: [{start: \"2030-04-01T00:00:00Z\", end: \"2030-04-01T12:00:00Z\", user: ana}]}]\n"
      "absences: [{person: ana, from: \"2030-05-01T00:00:00Z\"}]\n"
      "roles: {lead: {people: [ben]}}\n"
      "vendors: {isp: {contacts: [\"mail:noc@isp.example\"]}}\n");
  ASSERT_TRUE(document) << document.error().message;
  const ScheduleSpec& spec = document->schedules[0].spec;
  EXPECT_EQ(spec.layers[1].priority, 5);
  EXPECT_EQ((*spec.layers[1].windows)[0], (std::vector<DayWindow>{{540, 1020}}));
  EXPECT_EQ(spec.overrides[0].add, "ben");
  EXPECT_EQ(spec.temporary[0].shifts[0].user, "ana");
  EXPECT_EQ(document->absences[0].person, "ana");
  EXPECT_EQ(document->roles[0].people[0], "ben");
  EXPECT_EQ(document->vendors[0].id, "isp");
}

TEST(ParseRoster, FaultsOfMeaningAreNamedByIdAndLine) {
  EXPECT_THAT(FaultsOf(With("manager: ben", "manager: bob")), ElementsAre(Fault("people.ana.manager", "line 5: ")));
  EXPECT_THAT(FaultsOf(With("members: [ana, ben]", "members: [ana, bob]")),
              ElementsAre(Fault("teams.desk.members[1]", "line 8: ")));
}

TEST(ParseRoster, FaultsOfFormAreNamedWithARemedy) {
  EXPECT_THAT(FaultsOf(With("mail:ana@x.example", "ana@x.example")),
              ElementsAre(Fault("people.ana.contacts[0]", "\"mail:")));
  EXPECT_THAT(FaultsOf(With("lead: ben", "leader: ben")),
              ElementsAre(Fault("teams.desk.leader", "did you mean \"lead\"")));
  EXPECT_THAT(FaultsOf(With("type: daily", "type: dayly")),
              ElementsAre(Fault("schedules.duty.layers[0].rotation.type", "did you mean \"daily\"")));
  EXPECT_THAT(FaultsOf(With("\"2030-01-01T08:00:00Z\"", "2030-01-01")),
              ElementsAre(Fault("schedules.duty.layers[0].rotation.start", "must be an instant")));
}

TEST(ParseRoster, ALayerHasUsersOrARotation) {
  EXPECT_THAT(FaultsOf(With("{rotation:", "{users: [ana], rotation:")),
              ElementsAre(Fault("schedules.duty.layers[0]", "either users or a rotation")));
}

constexpr const char* kWindow =
    "maintenance:\n  - {id: move, when: {field: service, is: mail}, from: \"2030-01-01T00:00:00Z\", until: "
    "\"2030-01-02T00:00:00Z\", do: suppress, why: the servers move}\n";

TEST(ParseRoster, AMaintenanceWindowSaysWhichCasesRestAndHowLong) {
  const Result<RosterDocument> document = ParseRoster(std::string(kSmall) + kWindow);
  ASSERT_TRUE(document) << document.error().message;
  ASSERT_THAT(document->maintenance, SizeIs(1));
  const MaintenanceWindow& window = document->maintenance.front();
  EXPECT_EQ(window.id, "move");
  EXPECT_EQ(window.when.field, "service");
  EXPECT_EQ(window.until - window.from, kDayMs);
  EXPECT_TRUE(window.silent);
  EXPECT_EQ(window.why, "the servers move");
}

TEST(ParseRoster, FaultsOfAMaintenanceWindowAreNamedWithTheRemedy) {
  const auto faults = [](const std::string& from, const std::string& to) {
    std::string window = kWindow;
    window.replace(window.find(from), from.size(), to);
    return FaultsOf(kSmall + window);
  };
  EXPECT_THAT(faults("2030-01-02", "2029-01-02"), ElementsAre(Fault("maintenance[0].until", "must be after from")));
  EXPECT_THAT(faults("field: service", "field: weather"), ElementsAre(Fault("maintenance[0].when.field", "weather")));
  EXPECT_THAT(faults("suppress", "ignore"), ElementsAre(Fault("maintenance[0].do", "hold suppress")));
  EXPECT_THAT(faults("until", "to"), testing::Contains(Fault("maintenance[0].until", "is missing")));
  EXPECT_THAT(faults("why", "because"), ElementsAre(Fault("maintenance[0].because", "unknown key")));
}

TEST(ParseRoster, ALongMaintenanceWindowIsAWarning) {
  std::string text = std::string(kSmall) + kWindow;
  text.replace(text.find("2030-01-02"), 10, "2030-02-02");
  const Result<RosterDocument> document = ParseRoster(text);
  ASSERT_TRUE(document);
  const auto roster = Roster::Build(*document);
  ASSERT_TRUE(roster);
  EXPECT_THAT((*roster)->warnings(), testing::Contains(Fault("maintenance[0].until", "31 days")));
}

}  // namespace
}  // namespace escalon
