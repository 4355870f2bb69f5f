#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/icalendar/reader.h"
#include "common/icalendar/writer.h"
#include "tests/unit/domain/time_text.h"

// Calendars of RFC 5545: what is read, by the local clock, and what is refused.

namespace escalon::icalendar {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Span kYear{LocalDate(2030, 1, 1), LocalDate(2031, 1, 1)};

std::string Calendar(const std::string& events) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + events + "END:VCALENDAR\r\n";
}

std::string Entry(const std::string& lines) {
  std::string text = "BEGIN:VEVENT\r\nUID:u\r\n";
  size_t from = 0;
  for (size_t end; (end = lines.find('|', from)) != std::string::npos; from = end + 1) {
    text += lines.substr(from, end - from) + "\r\n";
  }
  return text + lines.substr(from) + "\r\nEND:VEVENT\r\n";
}

Contents Read(const std::string& events, const Span& span = kYear, std::optional<Zone> local = std::nullopt) {
  auto contents = ReadCalendar(Calendar(events), span, local);
  EXPECT_TRUE(contents.ok()) << contents.error().message;
  return contents.ok() ? *std::move(contents) : Contents{};
}

std::vector<std::string> Begins(const Contents& contents) {
  std::vector<std::string> out;
  for (const Event& event : contents.events) out.push_back(FormatInstant(event.from));
  return out;
}

std::vector<std::string> Days(const Contents& contents) {
  std::vector<std::string> out;
  for (const Event& event : contents.events) out.push_back(FormatLocalDate(event.first));
  return out;
}

Error Refused(const std::string& text) {
  const auto contents = ReadCalendar(text, kYear, std::nullopt);
  EXPECT_FALSE(contents.ok());
  return contents.ok() ? Error{} : contents.error();
}

TEST(Icalendar, AllDayEventsAreDatesAndEndBeforeTheirEnd) {
  const Contents contents = Read(Entry("DTSTART;VALUE=DATE:20301225|DTEND;VALUE=DATE:20301227|SUMMARY:Christmas"));
  ASSERT_THAT(contents.events, SizeIs(1));
  EXPECT_TRUE(contents.events[0].all_day);
  EXPECT_EQ(contents.events[0].first, LocalDate(2030, 12, 25));
  EXPECT_EQ(contents.events[0].after_last, LocalDate(2030, 12, 27));
  EXPECT_EQ(contents.events[0].summary, "Christmas");
}

TEST(Icalendar, ARecurringHolidayComesEachYearOfTheSpan) {
  const Span three{LocalDate(2029, 6, 1), LocalDate(2032, 6, 1)};
  EXPECT_THAT(Days(Read(Entry("DTSTART;VALUE=DATE:19900101|RRULE:FREQ=YEARLY"), three)),
              ElementsAre("2030-01-01", "2031-01-01", "2032-01-01"));
  EXPECT_THAT(Days(Read(Entry("DTSTART;VALUE=DATE:20000525|RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"), three)),
              ElementsAre("2030-05-27", "2031-05-26", "2032-05-31"));
}

TEST(Icalendar, AShiftKeepsItsLocalHoursWhenTheClocksChange) {
  const std::string head = "DTSTART;TZID=Europe/Berlin:20301021T090000|RRULE:FREQ=WEEKLY;COUNT=2|";
  for (const char* length : {"DTEND;TZID=Europe/Berlin:20301028T090000", "DURATION:P7D"}) {
    const Contents contents = Read(Entry(head + length));
    EXPECT_THAT(Begins(contents), ElementsAre("2030-10-21T07:00:00Z", "2030-10-28T08:00:00Z"));
    EXPECT_EQ(FormatInstant(contents.events[0].to), "2030-10-28T08:00:00Z");
  }
}

TEST(Icalendar, WhatLiesInAGapOfTheClockBeginsAfterIt) {
  const Contents contents = Read(Entry("DTSTART;TZID=Europe/Berlin:20300331T021500|DURATION:PT2H"));
  EXPECT_THAT(Begins(contents), ElementsAre("2030-03-31T01:00:00Z"));
}

TEST(Icalendar, ExcludedAddedAndMovedOccurrencesAreHeeded) {
  const std::string master =
      "DTSTART:20300107T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;UNTIL=20300128T090000Z|EXDATE:20300114T090000Z|"
      "RDATE:20300115T120000Z";
  EXPECT_THAT(Begins(Read(Entry(master))), ElementsAre("2030-01-07T09:00:00Z", "2030-01-15T12:00:00Z",
                                                       "2030-01-21T09:00:00Z", "2030-01-28T09:00:00Z"));
  const std::string moved = "DTSTART:20300122T100000Z|DURATION:PT1H|RECURRENCE-ID:20300121T090000Z";
  EXPECT_THAT(Begins(Read(Entry(master) + Entry(moved))), ElementsAre("2030-01-07T09:00:00Z", "2030-01-15T12:00:00Z",
                                                                      "2030-01-22T10:00:00Z", "2030-01-28T09:00:00Z"));
  EXPECT_THAT(Begins(Read(Entry(master) + Entry(moved + "|STATUS:CANCELLED"))),
              ElementsAre("2030-01-07T09:00:00Z", "2030-01-15T12:00:00Z", "2030-01-28T09:00:00Z"));
}

TEST(Icalendar, CancelledEventsAndOtherComponentsArePassedOver) {
  const std::string todo = "BEGIN:VTODO\r\nSUMMARY:x\r\nEND:VTODO\r\n";
  const std::string alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM";
  const Contents contents = Read(todo + Entry("DTSTART:20300101T000000Z|DURATION:PT1H|STATUS:CANCELLED") +
                                 Entry("DTSTART:20300102T000000Z|DURATION:PT1H|" + alarm));
  EXPECT_THAT(Begins(contents), ElementsAre("2030-01-02T00:00:00Z"));
  EXPECT_THAT(contents.findings, IsEmpty());
}

TEST(Icalendar, PeopleAreFoundByAddressAndByTheExportsOwnMark) {
  const Contents contents =
      Read(Entry("DTSTART:20300101T000000Z|DURATION:PT1H|ATTENDEE;CN=Ana:MAILTO:Ana@Example.org|X-ESCALON-PERSON:ana"));
  ASSERT_THAT(contents.events, SizeIs(1));
  EXPECT_THAT(contents.events[0].mails, ElementsAre("ana@example.org"));
  EXPECT_EQ(contents.events[0].person, "ana");
}

TEST(Icalendar, ATimeWithoutAZoneIsReadInTheOneGivenOrReported) {
  const std::string floating = Entry("DTSTART:20300701T090000|DURATION:PT1H");
  EXPECT_THAT(Begins(Read(floating, kYear, *Zone::Load("Europe/Berlin"))), ElementsAre("2030-07-01T07:00:00Z"));
  const Contents contents = Read(floating);
  EXPECT_THAT(contents.events, IsEmpty());
  ASSERT_THAT(contents.findings, SizeIs(1));
  EXPECT_EQ(contents.findings[0].field, "line 3");
  EXPECT_THAT(contents.findings[0].message, HasSubstr("without a zone"));
}

TEST(Icalendar, WhatCannotBeReadIsNamedByItsLineAndTheRestIsRead) {
  const Contents contents = Read(Entry("SUMMARY:no start") + Entry("DTSTART:20300101T000000Z|DURATION:PT1H") +
                                 Entry("DTSTART;TZID=W. Europe Standard Time:20300101T000000|DURATION:PT1H") +
                                 Entry("DTSTART:20300101T000000Z|DTEND:20291231T000000Z") +
                                 Entry("DTSTART:20300101T000000Z|DURATION:PT1H|RRULE:FREQ=SECONDLY") +
                                 Entry("DTSTART:20300101T000000Z|DURATION:PT1H|RRULE:FREQ=DAILY;BYHOUR=1,2"));
  EXPECT_THAT(contents.events, SizeIs(1));
  ASSERT_THAT(contents.findings, SizeIs(5));
  EXPECT_EQ(contents.findings[0].field, "line 3");
  EXPECT_THAT(contents.findings[0].message, HasSubstr("DTSTART"));
  EXPECT_THAT(contents.findings[1].message, HasSubstr("IANA"));
  EXPECT_THAT(contents.findings[2].message, HasSubstr("takes no time"));
  EXPECT_THAT(contents.findings[3].message, HasSubstr("within a day"));
  EXPECT_THAT(contents.findings[4].message, HasSubstr("within a day"));
}

TEST(Icalendar, LongLinesAreUnfolded) {
  const Contents contents =
      Read("BEGIN:VEVENT\r\nUID:u\r\nDTSTART:2030\r\n 0101T000000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n");
  EXPECT_THAT(Begins(contents), ElementsAre("2030-01-01T00:00:00Z"));
}

TEST(Icalendar, FilesThatAreNoneAreRefusedWithTheirLine) {
  EXPECT_THAT(Refused("").message, HasSubstr("BEGIN:VCALENDAR"));
  EXPECT_THAT(Refused("<html>").message, HasSubstr("line 1"));
  EXPECT_THAT(Refused("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n").message, HasSubstr("cut off"));
  EXPECT_THAT(Refused("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n").message, HasSubstr("line 2"));
  EXPECT_THAT(Refused(Calendar("SUMMARY:\x01\r\n")).message, HasSubstr("control character"));
}

TEST(Icalendar, BombsAreRefusedBeforeTheyGoOff) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "BEGIN:A\r\n";
  EXPECT_THAT(Refused("BEGIN:VCALENDAR\r\n" + deep).message, HasSubstr("nested deeper"));
  EXPECT_THAT(Refused(std::string((1 << 20) + 1, 'x')).message, HasSubstr("1 MiB"));
  std::string many;
  for (int i = 0; i < 5'001; ++i) many += "BEGIN:VEVENT\r\nEND:VEVENT\r\n";
  EXPECT_THAT(Refused(Calendar(many)).message, HasSubstr("5000 events"));
  std::string daily;
  for (int i = 0; i < 100; ++i) daily += Entry("DTSTART:20300101T000000Z|DURATION:PT1H|RRULE:FREQ=DAILY");
  EXPECT_THAT(Refused(Calendar(daily)).message, HasSubstr("20000 occurrences"));
  std::string old;
  for (int i = 0; i < 20; ++i) old += Entry("DTSTART:19000101T000000Z|DURATION:PT1H|RRULE:FREQ=DAILY");
  EXPECT_THAT(Refused(Calendar(old)).message, HasSubstr("200000 steps"));
  std::string never;
  for (int i = 0; i < 100; ++i) {
    never += Entry("DTSTART:20300101T000000Z|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31");
  }
  EXPECT_THAT(Refused(Calendar(never)).message, HasSubstr("never come true"));
}

TEST(Icalendar, WhatIsWrittenIsReadBack) {
  const InstantMs from = test::At("2030-03-31T00:30:00Z"), to = test::At("2030-03-31T08:00:00Z");
  const std::string text = WriteShifts(
      {{"desk", "ana", "Ana; \"the\" first, of many", from, to}, {"desk", "ben", "", to, to + kHourMs}}, "desk", from);
  const auto contents = ReadCalendar(text, kYear, std::nullopt);
  ASSERT_TRUE(contents.ok()) << contents.error().message;
  ASSERT_THAT(contents->events, SizeIs(2));
  EXPECT_THAT(contents->findings, IsEmpty());
  EXPECT_EQ(contents->events[0].person, "ana");
  EXPECT_EQ(contents->events[0].from, from);
  EXPECT_EQ(contents->events[0].to, to);
  EXPECT_EQ(contents->events[0].summary, "Ana; \"the\" first, of many on call: desk");
  EXPECT_EQ(contents->events[1].person, "ben");
  EXPECT_EQ(
      WriteShifts({{"desk", "ana", "Ana; \"the\" first, of many", from, to}, {"desk", "ben", "", to, to + kHourMs}},
                  "desk", from),
      text);
}

}  // namespace
}  // namespace escalon::icalendar
