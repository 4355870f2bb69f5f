#include <gtest/gtest.h>

#include "tests/unit/calc/asked.h"

// business_time.* and local_time at their edges.

namespace escalon::calc {
namespace {

using test::FieldOf;
using test::Result;

constexpr char kNever[] = R"({"timezone":"UTC","weekly":{}})";
constexpr char kAlways[] =
    R"({"timezone":"UTC","weekly":{"mon":[["00:00","24:00"]],"tue":[["00:00","24:00"]],"wed":[["00:00","24:00"]],
    "thu":[["00:00","24:00"]],"fri":[["00:00","24:00"]],"sat":[["00:00","24:00"]],"sun":[["00:00","24:00"]]}})";
// 22 April 2030 is a Monday.
constexpr char kMonday[] = R"({"timezone":"UTC","weekly":{"mon":[["09:00","12:00"],["13:00","17:00"]]}})";

test::Json AskOf(const std::string& query, const std::string& fields, const std::string& calendar) {
  return Result(R"({"query":"business_time.)" + query + R"(",)" + fields + R"(,"calendar":)" + calendar + "}");
}

TEST(BusinessTime, SumsStayAtTheEdgeTheyLandOn) {
  EXPECT_EQ(AskOf("add", R"("at":"2030-04-22T09:00:00Z","duration":"3h")", kMonday)["at"], "2030-04-22T12:00:00Z");
  EXPECT_EQ(AskOf("add", R"("at":"2030-04-22T12:00:00Z","duration":"0s")", kMonday)["at"], "2030-04-22T13:00:00Z");
  EXPECT_EQ(AskOf("add", R"("at":"2030-04-22T09:30:00Z","duration":"0s")", kMonday)["at"], "2030-04-22T09:30:00Z");
  EXPECT_EQ(AskOf("add", R"("at":"2030-04-22T09:00:00Z","duration":"3h1ms")", kMonday)["at"],
            "2030-04-22T13:00:00.001Z");
  EXPECT_EQ(AskOf("sub", R"("at":"2030-04-22T17:00:00Z","duration":"4h")", kMonday)["at"], "2030-04-22T13:00:00Z");
  EXPECT_EQ(AskOf("sub", R"("at":"2030-04-22T13:00:00Z","duration":"0s")", kMonday)["at"], "2030-04-22T12:00:00Z");
  EXPECT_EQ(AskOf("sub", R"("at":"2030-04-22T17:00:00Z","duration":"7h1ms")", kMonday)["at"],
            "2030-04-15T16:59:59.999Z");
}

TEST(BusinessTime, ExplainsTheStretchesThatCounted) {
  EXPECT_EQ(AskOf("add", R"("at":"2030-04-22T10:00:00Z","duration":"3h","explain":true)", kMonday)["segments"].dump(),
            R"([{"end":"2030-04-22T12:00:00Z","start":"2030-04-22T10:00:00Z"},)"
            R"({"end":"2030-04-22T14:00:00Z","start":"2030-04-22T13:00:00Z"}])");
  EXPECT_EQ(AskOf("sub", R"("at":"2030-04-22T14:00:00Z","duration":"3h","explain":true)", kMonday)["segments"].dump(),
            R"([{"end":"2030-04-22T12:00:00Z","start":"2030-04-22T10:00:00Z"},)"
            R"({"end":"2030-04-22T14:00:00Z","start":"2030-04-22T13:00:00Z"}])");
  EXPECT_EQ(AskOf("add", R"("at":"2030-04-22T12:30:00Z","duration":"0s","explain":true)", kMonday)["segments"],
            test::Json::array());
  EXPECT_FALSE(
      AskOf("add", R"("at":"2030-04-22T10:00:00Z","duration":"3h","explain":false)", kMonday).contains("segments"));
  EXPECT_EQ(
      AskOf("between", R"("start":"2030-04-23T00:00:00Z","end":"2030-04-22T00:00:00Z","explain":true)", kMonday).dump(),
      R"({"elapsed_ms":0,"segments":[]})");
  EXPECT_EQ(AskOf("between", R"("start":"2030-01-01T00:00:00Z","end":"2060-01-01T00:00:00Z","explain":true)",
                  kMonday)["segments"]
                .size(),
            1000u);
  EXPECT_EQ(AskOf("between", R"("start":"2030-01-01T00:00:00Z","end":"2035-01-01T00:00:00Z","explain":true)",
                  kAlways)["segments"]
                .size(),
            1u);
}

TEST(BusinessTime, WhatNeverOpensIsNullOrAnErrorOnTheCalendar) {
  for (const char* query : {"next_open", "next_close", "prev_close"})
    EXPECT_TRUE(AskOf(query, R"("at":"2030-04-22T09:00:00Z")", kNever)["at"].is_null()) << query;
  EXPECT_EQ(AskOf("is_open", R"("at":"2030-04-22T09:00:00Z")", kNever)["open"], false);
  EXPECT_EQ(AskOf("add", R"("at":"2030-04-22T09:00:00Z","duration":"1h")", kNever)["field"], "calendar");
  EXPECT_EQ(AskOf("add", R"("at":"2030-04-22T09:00:00Z","duration":"0s")", kNever)["field"], "calendar");
  EXPECT_EQ(AskOf("sub", R"("at":"2030-04-22T09:00:00Z","duration":"1h")", kNever)["field"], "calendar");
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-22T09:00:00Z","days":1)", kNever)["field"], "calendar");
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-22T09:00:00Z","days":0)", kNever)["field"], "calendar");
  EXPECT_EQ(AskOf("between", R"("start":"2030-04-22T09:00:00Z","end":"2031-04-22T09:00:00Z")", kNever)["elapsed_ms"],
            0);
}

TEST(BusinessTime, LooksTenYearsFarAndNoFurther) {
  const std::string once = R"({"timezone":"UTC","weekly":{},"overrides":{"2040-05-02":[["00:00","01:00"]]}})";
  // 2 May 2040 is 3,660 days after 25 April 2030.
  EXPECT_EQ(AskOf("next_open", R"("at":"2030-04-25T00:00:00Z")", once)["at"], "2040-05-02T00:00:00Z");
  EXPECT_TRUE(AskOf("next_open", R"("at":"2030-04-24T23:59:59.999Z")", once)["at"].is_null());
}

TEST(BusinessTime, WhatNeverClosesIsNullForwardAndNowBackward) {
  EXPECT_TRUE(AskOf("next_close", R"("at":"2030-04-22T09:00:00Z")", kAlways)["at"].is_null());
  EXPECT_EQ(AskOf("prev_close", R"("at":"2030-04-22T09:00:00Z")", kAlways)["at"], "2030-04-22T09:00:00Z");
}

TEST(BusinessTime, ClosingsAreNeverTheInstantAsked) {
  EXPECT_EQ(AskOf("next_close", R"("at":"2030-04-22T12:00:00Z")", kMonday)["at"], "2030-04-22T17:00:00Z");
  EXPECT_EQ(AskOf("next_close", R"("at":"2030-04-22T11:59:59.999Z")", kMonday)["at"], "2030-04-22T12:00:00Z");
  EXPECT_EQ(AskOf("prev_close", R"("at":"2030-04-22T12:00:00Z")", kMonday)["at"], "2030-04-22T12:00:00Z");
  EXPECT_EQ(AskOf("prev_close", R"("at":"2030-04-22T09:00:00Z")", kMonday)["at"], "2030-04-15T17:00:00Z");
}

TEST(BusinessTime, AWindowBelongsToTheDateOnWhichItStarts) {
  const std::string nights =
      R"({"timezone":"UTC","weekly":{"mon":[["22:00","06:00"]],"tue":[["22:00","06:00"]]},"holidays":["2030-04-23"],
      "overrides":{"2030-04-22":[["23:00","02:00"]],"2030-04-23":[["00:00","24:00"]]}})";
  EXPECT_EQ(AskOf("is_open", R"("at":"2030-04-22T22:30:00Z")", nights)["open"], false);  // the override
  EXPECT_EQ(AskOf("is_open", R"("at":"2030-04-23T01:00:00Z")", nights)["open"], true);   // still Monday's
  EXPECT_EQ(AskOf("is_open", R"("at":"2030-04-23T03:00:00Z")", nights)["open"], false);
  EXPECT_EQ(AskOf("is_open", R"("at":"2030-04-23T23:00:00Z")", nights)["open"], false);  // a holiday beats an override
}

TEST(BusinessTime, WindowsCountOnceWhereTheyOverlap) {
  const std::string overlapping =
      R"({"timezone":"UTC","weekly":{"mon":[["13:00","18:00"],["09:00","14:00"],["18:00","24:00"]],
      "tue":[["00:00","01:00"],["00:30","00:45"]]}})";
  EXPECT_EQ(
      AskOf("between", R"("start":"2030-04-22T00:00:00Z","end":"2030-04-24T00:00:00Z")", overlapping)["elapsed_ms"],
      16 * 3'600'000);
  EXPECT_EQ(AskOf("next_close", R"("at":"2030-04-22T10:00:00Z")", overlapping)["at"], "2030-04-23T01:00:00Z");
}

TEST(BusinessTime, DaysKeepTheClockTimeAlsoOutsideHours) {
  const std::string week =
      R"({"timezone":"Europe/Lisbon","weekly":{"mon":[["09:00","17:00"]],"tue":[["09:00","12:00"],["13:00","16:00"]],
      "fri":[["22:00","06:00"]]}})";
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-22T22:00:00+01:00","days":1)", week)["at"], "2030-04-23T21:00:00Z");
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-22T03:00:00+01:00","days":1,"snap":"closing")", week)["at"],
            "2030-04-23T15:00:00Z");
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-23T10:00:00+01:00","days":1,"snap":"closing")", week)["at"],
            "2030-04-27T05:00:00Z");
  // From a Sunday: whether or not its own date is one.
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-21T10:00:00+01:00","days":1)", week)["at"], "2030-04-22T09:00:00Z");
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-21T10:00:00+01:00","days":-1)", week)["at"], "2030-04-19T09:00:00Z");
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-22T20:15:00.007+01:00","days":0)", week)["at"],
            "2030-04-22T19:15:00.007Z");
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-04-22T20:15:00+01:00","days":0,"snap":"closing")", week)["at"],
            "2030-04-22T16:00:00Z");
}

TEST(BusinessTime, DaysResolveTheClockTimeTheyReach) {
  const std::string sundays = R"({"timezone":"America/Toronto","weekly":{"sun":[["00:00","24:00"]]}})";
  EXPECT_EQ(AskOf("add_days", R"("at":"2031-03-02T02:30:00-05:00","days":1)", sundays)["at"], "2031-03-09T07:00:00Z");
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-10-27T01:30:00-04:00","days":1)", sundays)["at"], "2030-11-03T05:30:00Z");
  // `at` itself stays the second one.
  EXPECT_EQ(AskOf("add_days", R"("at":"2030-11-03T01:30:00-05:00","days":0)", sundays)["at"], "2030-11-03T06:30:00Z");
}

TEST(BusinessTime, FaultsOfFields) {
  const auto fault = [](const std::string& query, const std::string& fields) {
    return AskOf(query, fields, kMonday)["field"];
  };
  EXPECT_EQ(fault("add", R"("duration":"1h")"), "at");
  EXPECT_EQ(fault("add", R"("at":"2030-04-22T09:00:00Z")"), "duration");
  EXPECT_EQ(fault("add", R"("at":"2030-04-22T09:00:00Z","duration":"1h","explain":"yes")"), "explain");
  EXPECT_EQ(fault("between", R"("start":"2030-04-22T09:00:00Z")"), "end");
  EXPECT_EQ(fault("add_days", R"("at":"2030-04-22T09:00:00Z")"), "days");
  EXPECT_EQ(fault("add_days", R"("at":"2030-04-22T09:00:00Z","days":1.5)"), "days");
  EXPECT_EQ(fault("add_days", R"("at":"2030-04-22T09:00:00Z","days":"1")"), "days");
  EXPECT_EQ(fault("add_days", R"("at":"2030-04-22T09:00:00Z","days":99999999999999999999)"), "days");
  EXPECT_EQ(fault("add_days", R"("at":"2030-04-22T09:00:00Z","days":1,"snap":"opening")"), "snap");
  EXPECT_EQ(FieldOf(R"({"query":"business_time.next_open","at":"2030-04-22T09:00:00Z"})"), "calendar");
}

test::Json Local(const std::string& fields) { return Result(R"({"query":"local_time",)" + fields + "}"); }

TEST(LocalTime, SaysWhatAWallClockIs) {
  const test::Json unique = Local(R"("timezone":"Europe/Lisbon","local":"2030-07-01T12:00:30.250")");
  EXPECT_EQ(unique.dump(), R"({"at":"2030-07-01T11:00:30.250Z","first":"2030-07-01T11:00:30.250Z",)"
                           R"("last":"2030-07-01T11:00:30.250Z","offset":"+01:00","resolution":"unique"})");
  const test::Json twice = Local(R"("timezone":"America/Halifax","local":"2030-11-03T01:20","edge":"start")");
  EXPECT_EQ(twice["at"], "2030-11-03T04:20:00Z");
  EXPECT_EQ(twice["offset"], "-03:00");
  const test::Json gap = Local(R"("timezone":"America/Halifax","local":"2030-03-10T02:45:59.999","edge":"end")");
  EXPECT_EQ(gap["at"], "2030-03-10T06:00:00Z");
  EXPECT_EQ(gap["resolution"], "gap");
  // The edges of the gap and of the hour that comes twice.
  EXPECT_EQ(Local(R"("timezone":"America/Halifax","local":"2030-03-10T03:00")")["resolution"], "unique");
  EXPECT_EQ(Local(R"("timezone":"America/Halifax","local":"2030-03-10T02:00")")["resolution"], "gap");
  EXPECT_EQ(Local(R"("timezone":"America/Halifax","local":"2030-11-03T01:00")")["resolution"], "ambiguous");
  EXPECT_EQ(Local(R"("timezone":"America/Halifax","local":"2030-11-03T02:00")")["resolution"], "unique");
  // A date that a zone left out; a change of half an hour.
  EXPECT_EQ(Local(R"("timezone":"Pacific/Apia","local":"2011-12-30T12:00")")["at"], "2011-12-30T10:00:00Z");
  EXPECT_EQ(Local(R"("timezone":"Australia/Lord_Howe","local":"2030-10-06T02:15")")["at"], "2030-10-05T15:30:00Z");
}

TEST(LocalTime, FaultsOfFields) {
  EXPECT_EQ(Local(R"("local":"2030-07-01T12:00")")["field"], "timezone");
  EXPECT_EQ(Local(R"("timezone":"CET","local":"2030-07-01T12:00")")["field"], "timezone");
  EXPECT_EQ(Local(R"("timezone":"UTC")")["field"], "local");
  for (const char* local :
       {"2030-07-01T12:00Z", "2030-07-01T12:00+01:00", "2030-07-01", "2030-07-01T24:00", "2030-07-01T12:00:60",
        "2030-07-01 12:00", "2030-02-30T12:00", "1899-07-01T12:00", "T12:00"})
    EXPECT_EQ(Local(R"("timezone":"UTC","local":")" + std::string(local) + "\"")["field"], "local") << local;
  EXPECT_EQ(Local(R"("timezone":"UTC","local":"2030-07-01T12:00","edge":"first")")["field"], "edge");
}

}  // namespace
}  // namespace escalon::calc
