#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "common/documents/roster_document.h"
#include "common/domain/roster.h"

// Swaps of shifts, and holidays from iCalendar, as they are written.

namespace escalon {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

constexpr const char* kRoster =
    "apiVersion: escalon/v1\nkind: Roster\nid: small\n"
    "people:\n  ana: {contacts: [\"mail:ana@x.example\"]}\n"
    "teams:\n  desk: {members: [ana], region: emea, catch_all: true}\n  managers: {members: [ana], region: amer}\n";

std::vector<FieldViolation> RosterFaults(const std::string& more) {
  const Result<RosterDocument> roster = ParseRoster(kRoster + more);
  return roster ? std::vector<FieldViolation>{} : roster.error().fields;
}

auto Fault(const std::string& field, const std::string& message) {
  return AllOf(Field(&FieldViolation::field, field), Field(&FieldViolation::message, HasSubstr(message)));
}

TEST(SwapSection, ASwapIsTwoOverrides) {
  const Result<RosterDocument> document = ParseRoster(
      "apiVersion: escalon/v1\nkind: Roster\nid: small\n"
      "people: {ana: {contacts: [\"log:ana\"]}, ben: {contacts: [\"log:ben\"]}}\n"
      "teams: {desk: {members: [ana, ben], schedule: duty, catch_all: true}}\n"
      "schedules:\n  duty:\n    timezone: UTC\n    layers:\n"
      "      - {rotation: {type: weekly, start: \"2030-05-06T08:00:00Z\", timezone: UTC, participants: [ana, ben]}}\n"
      "    swaps:\n"
      "      - give: {user: ana, start: \"2030-05-11T08:00:00Z\", end: \"2030-05-12T08:00:00Z\"}\n"
      "        take: {user: ben, start: \"2030-05-18T08:00:00Z\", end: \"2030-05-19T08:00:00Z\"}\n");
  ASSERT_TRUE(document.ok()) << document.error().message;
  const auto roster = Roster::Build(*document);
  ASSERT_TRUE(roster.ok());
  const auto on = [&](int day) { return (*roster)->OnCallOf("desk", 1904292000000 + (day - 6) * kDayMs)[0]->id; };
  EXPECT_EQ(on(10), "ana");
  EXPECT_EQ(on(11), "ben");
  EXPECT_EQ(on(12), "ana");
  EXPECT_EQ(on(17), "ben");
  EXPECT_EQ(on(18), "ana");
  EXPECT_EQ(on(19), "ben");
}

constexpr const char* kHolidayFile =
    "holidays:\n  de-be:\n    ical: |\n      BEGIN:VCALENDAR\n      BEGIN:VEVENT\n      UID:1\n"
    "      DTSTART;VALUE=DATE:19900101\n      RRULE:FREQ=YEARLY\n      END:VEVENT\n      BEGIN:VEVENT\n      UID:2\n"
    "      DTSTART;VALUE=DATE:20301225\n      DTEND;VALUE=DATE:20301227\n      END:VEVENT\n      END:VCALENDAR\n";

TEST(IcalHolidays, WholeDaysOfACalendarFileAreHolidays) {
  const Result<RosterDocument> document = ParseRoster(
      std::string(kRoster) + kHolidayFile +
      "calendars:\n  office: {timezone: Europe/Berlin, weekly: {mon-fri: [\"09:00-17:00\"]}, holidays: [de-be]}\n");
  ASSERT_TRUE(document.ok()) << document.error().message;
  const std::set<LocalDate>& days = document->calendars[0].spec.holidays;
  EXPECT_TRUE(days.contains(LocalDate(2000, 1, 1)));
  EXPECT_TRUE(days.contains(LocalDate(2100, 1, 1)));
  EXPECT_TRUE(days.contains(LocalDate(2030, 12, 26)));
  EXPECT_FALSE(days.contains(LocalDate(2030, 12, 27)));
}

TEST(IcalHolidays, WhatIsNoWholeDayOrNoCalendarIsFound) {
  const auto with = [](const std::string& event) {
    return RosterFaults("holidays:\n  x:\n    ical: |\n      BEGIN:VCALENDAR\n" + event + "      END:VCALENDAR\n");
  };
  EXPECT_THAT(with("      BEGIN:VEVENT\n      DTSTART:20300101T090000Z\n      DURATION:PT1H\n      END:VEVENT\n"),
              ElementsAre(Fault("holidays.x.ical", "whole day")));
  EXPECT_THAT(with("      BEGIN:VEVENT\n      SUMMARY:x\n      END:VEVENT\n"),
              ElementsAre(Fault("holidays.x.ical", "line 2")));
  EXPECT_THAT(RosterFaults("holidays: {x: {ical: nonsense}}\n"),
              ElementsAre(Fault("holidays.x.ical", "BEGIN:VCALENDAR")));
  EXPECT_THAT(RosterFaults("holidays: {x: {icla: nonsense}}\n"), Contains(Fault("holidays.x.icla", "did you mean")));
}

}  // namespace
}  // namespace escalon
