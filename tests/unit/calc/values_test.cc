#include <gtest/gtest.h>

#include "tests/unit/calc/asked.h"

// Values and calendars: forms that are read, and the field that is named when they are not.

namespace escalon::calc {
namespace {

using test::FieldOf;

std::string NextOpen(const std::string& at) {
  return test::Result(R"({"query":"business_time.next_open","at":")" + at +
                      R"(","calendar":{"timezone":"UTC","weekly":{"mon":[["00:00","24:00"]],"tue":[["00:00","24:00"]],
    "wed":[["00:00","24:00"]],"thu":[["00:00","24:00"]],"fri":[["00:00","24:00"]],"sat":[["00:00","24:00"]],
    "sun":[["00:00","24:00"]]}}})")
      .dump();
}

TEST(Values, InstantsAreRfc3339CutOffAtTheMillisecond) {
  EXPECT_EQ(NextOpen("2030-04-23T17:00:00.250+01:00"), R"({"at":"2030-04-23T16:00:00.250Z"})");
  EXPECT_EQ(NextOpen("2030-04-23T16:00:00.0009Z"), R"({"at":"2030-04-23T16:00:00Z"})");
  EXPECT_EQ(NextOpen("2030-04-23T16:00:00.9999999999Z"), R"({"at":"2030-04-23T16:00:00.999Z"})");
  EXPECT_EQ(NextOpen("2030-04-23T16:00:00.5Z"), R"({"at":"2030-04-23T16:00:00.500Z"})");
  EXPECT_EQ(NextOpen("1969-12-31T23:59:59.9999Z"), R"({"at":"1969-12-31T23:59:59.999Z"})");
  EXPECT_EQ(NextOpen("1900-01-01T00:00:00Z"), R"({"at":"1900-01-01T00:00:00Z"})");
  EXPECT_EQ(NextOpen("2199-12-31T23:59:59-12:00"), R"({"at":"2200-01-01T11:59:59Z"})");
}

TEST(Values, OtherInstantsAreRefused) {
  for (const char* at :
       {"1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "2030-04-23", "2030-04-23T16:00Z", "2030-04-23T16:00:00",
        "2030-04-23 16:00:00Z", "2030-02-29T00:00:00Z", "2030-04-23T24:00:00Z", "2030-04-23T16:60:00Z",
        "2030-04-23T16:00:00.Z", "2030-04-23T16:00:00+0100", "2030-04-23T16:00:00+01", "2030-13-01T00:00:00Z", "",
        " 2030-04-23T16:00:00Z", "2030-04-23T16:00:00Z ", "now", "2030-04-23T16:00:00,5Z", "2030-4-23T16:00:00Z"})
    EXPECT_EQ(FieldOf(std::string(R"({"query":"business_time.is_open","at":")") + at +
                      R"(","calendar":{"timezone":"UTC","weekly":{}}})"),
              "at")
        << at;
  EXPECT_EQ(FieldOf(R"({"query":"business_time.is_open","at":1900,"calendar":{"timezone":"UTC","weekly":{}}})"), "at");
}

TEST(Values, DurationsAreWholeNumbersInOrder) {
  const auto add = [](const std::string& duration) {
    return test::Ask(R"({"query":"business_time.add","at":"2030-01-01T00:00:00Z","duration":)" + duration +
                     R"(,"calendar":{"timezone":"UTC","weekly":{"tue":[["00:00","24:00"]],"wed":[["00:00","24:00"]],
      "thu":[["00:00","24:00"]],"fri":[["00:00","24:00"]],"sat":[["00:00","24:00"]],"sun":[["00:00","24:00"]],
      "mon":[["00:00","24:00"]]}}})");
  };
  const auto reached = [&add](const char* text) { return add("\"" + std::string(text) + "\"")["result"]["at"]; };
  EXPECT_EQ(reached("4h"), "2030-01-01T04:00:00Z");
  EXPECT_EQ(reached("1h30m"), "2030-01-01T01:30:00Z");
  EXPECT_EQ(reached("90m"), "2030-01-01T01:30:00Z");
  EXPECT_EQ(reached("250ms"), "2030-01-01T00:00:00.250Z");
  EXPECT_EQ(reached("0s"), "2030-01-01T00:00:00Z");
  EXPECT_EQ(reached("1h2m3s4ms"), "2030-01-01T01:02:03.004Z");
  EXPECT_EQ(reached("0h0m1ms"), "2030-01-01T00:00:00.001Z");
  for (const char* wrong :
       {"\"\"", "\"4\"", "\"1d\"", "\"30m1h\"", "\"1h1h\"", "\"-1h\"", "\"1.5h\"", "\"1H\"", "\"1 h\"", "\"h\"",
        "\"1h \"", "\"1ms1s\"", "\"PT1H\"", "60", "\"99999999999999999999h\"", "{}"}) {
    EXPECT_EQ(add(wrong)["error"]["field"], "duration") << wrong;
  }
}

std::string CalendarFault(const std::string& calendar) {
  return FieldOf(R"({"query":"business_time.is_open","at":"2030-01-01T00:00:00Z","calendar":)" + calendar + "}");
}

TEST(Values, ZonesAreIanaNames) {
  const auto fault = [](const std::string& zone) { return CalendarFault(R"({"weekly":{},"timezone":)" + zone + "}"); };
  for (const char* zone : {"\"Europe/Lisbon\"", "\"UTC\"", "\"America/Argentina/Buenos_Aires\"", "\"Etc/GMT+5\""})
    EXPECT_EQ(fault(zone), "(answered)") << zone;
  for (const char* zone :
       {"\"CET\"", "\"EST\"", "\"PST\"", "\"+01:00\"", "\"UTC+1\"", "\"GMT\"", "\"Z\"", "\"\"", "\"Europe\"",
        "\"europe/lisbon\"", "\"../Europe/Lisbon\"", "\"/etc/localtime\"", "\"Europe/Lisbon \"", "5", "null"})
    EXPECT_EQ(fault(zone), "calendar.timezone") << zone;
}

TEST(Values, ACalendarNamesTheFieldThatIsWrong) {
  EXPECT_EQ(CalendarFault("5"), "calendar");
  EXPECT_EQ(CalendarFault(R"({"weekly":{}})"), "calendar.timezone");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC"})"), "calendar.weekly");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":[]})"), "calendar.weekly");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"monday":[]}})"), "calendar.weekly.monday");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":{}}})"), "calendar.weekly.mon");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":["09:00-17:00"]}})"), "calendar.weekly.mon[0]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":[["09:00"]]}})"), "calendar.weekly.mon[0]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":[["09:00","12:00","13:00"]]}})"),
            "calendar.weekly.mon[0]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":[["9:00","12:00"]]}})"), "calendar.weekly.mon[0][0]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":[["24:00","12:00"]]}})"), "calendar.weekly.mon[0][0]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":[["09:00","24:01"]]}})"), "calendar.weekly.mon[0][1]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":[["09:00","09:00"]]}})"), "calendar.weekly.mon[0]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{},"holidays":["2030-02-30"]})"), "calendar.holidays[0]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{},"holidays":"2030-02-03"})"), "calendar.holidays");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{},"overrides":{"2030-2-3":[]}})"),
            "calendar.overrides.2030-2-3");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{},"overrides":{"2030-02-03":[["00:00","00:00"]]}})"),
            "calendar.overrides.2030-02-03[0]");
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{},"hours":{}})"), "calendar.hours");
  std::string many;
  for (int i = 0; i < 101; ++i) many += std::string(i > 0 ? "," : "") + R"(["09:00","10:00"])";
  EXPECT_EQ(CalendarFault(R"({"timezone":"UTC","weekly":{"mon":[)" + many + "]}}"), "calendar.weekly.mon");
}

}  // namespace
}  // namespace escalon::calc
