#include "common/domain/zone.h"

#include <gtest/gtest.h>

#include "tests/unit/domain/time_text.h"

namespace escalon {
namespace {

using test::At;
using test::Text;

Zone Load(std::string_view name) {
  Result<Zone> zone = Zone::Load(name);
  EXPECT_TRUE(zone.ok()) << name;
  return zone.ok() ? *zone : Zone();
}

ResolvedTime Resolve(std::string_view zone, std::string_view local) {
  return Load(zone).Resolve(ParseLocalTime(local).value());
}

TEST(ZoneTest, ALocalTimeInAGapBecomesTheFirstValidInstantAfterIt) {
  const ResolvedTime r = Resolve("America/Halifax", "2030-03-10T02:45");
  EXPECT_EQ(r.kind, ResolvedTime::Kind::kGap);
  EXPECT_EQ(Text(r.first), "2030-03-10T06:00:00Z");
  EXPECT_EQ(Text(r.last), "2030-03-10T06:00:00Z");
  EXPECT_EQ(Load("America/Halifax").OffsetTextAt(r.first), "-03:00");
  EXPECT_EQ(Resolve("America/Halifax", "2030-03-10T02:45:30.250").first, r.first);
}

TEST(ZoneTest, ALocalTimeThatOccursTwiceHasAFirstAndALastOccurrence) {
  const ResolvedTime r = Resolve("America/Halifax", "2030-11-03T01:20");
  EXPECT_EQ(r.kind, ResolvedTime::Kind::kAmbiguous);
  EXPECT_EQ(Text(r.first), "2030-11-03T04:20:00Z");
  EXPECT_EQ(Text(r.last), "2030-11-03T05:20:00Z");
  EXPECT_EQ(Load("America/Halifax").OffsetTextAt(r.last), "-04:00");
}

TEST(ZoneTest, OffsetsThatAreNoWholeHoursAreExact) {
  const ResolvedTime r = Resolve("Asia/Kathmandu", "2030-05-01T12:00");
  EXPECT_EQ(r.kind, ResolvedTime::Kind::kUnique);
  EXPECT_EQ(Text(r.first), "2030-05-01T06:15:00Z");
  EXPECT_EQ(Load("Asia/Kathmandu").OffsetTextAt(r.first), "+05:45");
  // Lord Howe moves by half an hour only.
  EXPECT_EQ(Load("Australia/Lord_Howe").OffsetTextAt(At("2030-01-01T00:00:00Z")), "+11:00");
  EXPECT_EQ(Load("Australia/Lord_Howe").OffsetTextAt(At("2030-07-01T00:00:00Z")), "+10:30");
  EXPECT_EQ(Load("America/St_Johns").OffsetTextAt(At("2030-01-01T00:00:00Z")), "-03:30");
}

TEST(ZoneTest, ADateThatAZoneSkippedIsAGapAsAWhole) {
  const ResolvedTime r = Resolve("Pacific/Apia", "2011-12-30T12:00");
  EXPECT_EQ(r.kind, ResolvedTime::Kind::kGap);
  EXPECT_EQ(Text(r.first), "2011-12-30T10:00:00Z");
  EXPECT_EQ(Load("Pacific/Apia").DateAt(r.first), test::Date("2011-12-31"));
}

TEST(ZoneTest, LocalTimesGoThereAndBackToTheMillisecond) {
  for (const char* name : {"UTC", "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia"}) {
    const Zone zone = Load(name);
    for (const InstantMs at : {At("1905-06-07T08:09:10.011Z"), At("1969-12-31T23:59:59.999Z"), InstantMs{0},
                               At("2030-04-23T16:00:00.250Z"), At("2199-12-31T11:00:00Z")}) {
      EXPECT_EQ(zone.StartAt(zone.LocalAt(at)), at) << name << " " << at;
    }
  }
}

TEST(ZoneTest, MoreThanADayOfClockTimeLiesOnALaterDate) {
  EXPECT_EQ(Text(Zone().EndAt({test::Date("2030-12-31"), 30 * kHourMs})), "2031-01-01T06:00:00Z");
}

TEST(ZoneTest, InstantsAreWrittenWithTheZonesOffset) {
  EXPECT_EQ(Load("Europe/Lisbon").Format(At("2030-04-23T16:00:00.250Z")), "2030-04-23T17:00:00.250+01:00");
  EXPECT_EQ(Load("Asia/Kathmandu").Format(At("1969-12-31T23:59:59Z")), "1970-01-01T05:29:59+05:30");
  EXPECT_EQ(Zone().Format(At("2030-04-23T16:00:00Z")), "2030-04-23T16:00:00Z");
}

TEST(ZoneTest, OnlyPlacesOfTheDatabaseAndUtcAreZones) {
  for (const char* name : {"",
                           "CET",
                           "EST",
                           "PST8PDT",
                           "GMT",
                           "+01:00",
                           "UTC+1",
                           "Europe/Lisboa",
                           "europe/lisbon",
                           "Europe",
                           "Europe/",
                           "/Europe/Berlin",
                           "/usr/share/zoneinfo/Europe/Berlin",
                           "../zoneinfo/Europe/Berlin",
                           "Fixed/UTC+05:00:00",
                           "posix/Europe/Berlin",
                           "right/Europe/Berlin",
                           "localtime",
                           "Factory",
                           "libc:localtime",
                           "Europe/Berlin\n",
                           "zone.tab"}) {
    const Result<Zone> zone = Zone::Load(name, "calendar.timezone");
    ASSERT_FALSE(zone.ok()) << name;
    EXPECT_EQ(zone.error().fields.at(0).field, "calendar.timezone");
    EXPECT_EQ(zone.error().fields.at(0).message, "must be an IANA time zone name, such as Europe/Berlin");
  }
  for (const char* name : {"UTC", "Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5",
                           "America/Port-au-Prince", "Japan"})
    EXPECT_TRUE(Zone::Load(name).ok()) << name;
}

TEST(CivilTest, DatesClockTimesAndLocalTimesAreReadStrictly) {
  EXPECT_EQ(ParseClockTime("24:00"), 1440);
  EXPECT_EQ(ParseClockTime("08:30"), 510);
  for (const char* text : {"24:01", "8:30", "08:60", "08:30 ", "25:00", "", "-1:00", "08.30"})
    EXPECT_FALSE(ParseClockTime(text)) << text;
  EXPECT_TRUE(ParseLocalDate("2028-02-29"));
  for (const char* text :
       {"2030-02-29", "2030-13-01", "2030-00-10", "1899-12-31", "2200-01-01", "2030-1-1", "20300101"})
    EXPECT_FALSE(ParseLocalDate(text)) << text;
  EXPECT_EQ(ParseLocalTime("2030-01-01T10:00:01.2345")->of_day, 10 * kHourMs + 1234);
  for (const char* text : {"2030-01-01T24:00", "2030-01-01 10:00", "2030-01-01T10:00Z", "2030-01-01T10:00:61",
                           "2030-01-01T10:00:00.", "2030-01-01T10", "2030-01-01T10:00+01:00"})
    EXPECT_FALSE(ParseLocalTime(text)) << text;
}

}  // namespace
}  // namespace escalon
