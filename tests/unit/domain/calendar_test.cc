#include "common/domain/calendar.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/time_text.h"

namespace escalon {
namespace {

using test::At;
using test::Cal;
using test::Spec;
using test::Text;
using ::testing::ElementsAre;

const test::WindowText kLisbonDay{{"08:30", "12:30"}, {"13:30", "18:00"}};

std::shared_ptr<const Calendar> Lisbon() {
  return Cal("Europe/Lisbon",
             {{"mon", kLisbonDay}, {"tue", kLisbonDay}, {"wed", kLisbonDay}, {"thu", kLisbonDay}, {"fri", kLisbonDay}},
             {"2030-04-25"}, {{"2030-04-24", {{"08:30", "12:30"}}}});
}

std::string Spans(const std::vector<Stretch>& stretches) {
  std::string out;
  for (const Stretch& s : stretches) out += Text(s.from) + "/" + Text(s.to) + " ";
  return out;
}

// --- adding and going back

TEST(CalendarTest, ThreeHoursBeforeAHalfDayContinueTheNextMorning) {
  const auto calendar = Lisbon();
  const InstantMs at = At("2030-04-23T16:00:00Z");
  EXPECT_EQ(Text(calendar->Add(at, 3 * kHourMs)), "2030-04-24T09:30:00Z");
  EXPECT_EQ(Spans(calendar->Segments(at, calendar->Add(at, 3 * kHourMs), 1000)),
            "2030-04-23T16:00:00Z/2030-04-23T17:00:00Z 2030-04-24T07:30:00Z/2030-04-24T09:30:00Z ");
}

TEST(CalendarTest, ASumThatLandsOnClosingTimeStaysThere) {
  const auto calendar = Cal("Europe/Lisbon", {{"wed", {{"08:30", "18:00"}}}, {"fri", {{"08:30", "18:00"}}}}, {},
                            {{"2030-04-24", {{"08:30", "12:30"}}}});
  EXPECT_EQ(Text(calendar->Add(At("2030-04-24T10:30:00+01:00"), 2 * kHourMs)), "2030-04-24T11:30:00Z");
  EXPECT_EQ(Text(calendar->Add(At("2030-04-24T10:30:00+01:00"), 2 * kHourMs + 1)), "2030-04-26T07:30:00.001Z");
}

TEST(CalendarTest, AddingNothingOnAHolidayGivesTheNextOpening) {
  const auto calendar =
      Cal("Europe/Lisbon", {{"thu", {{"08:30", "18:00"}}}, {"fri", {{"08:30", "18:00"}}}}, {"2030-04-25"});
  EXPECT_EQ(Text(calendar->Add(At("2030-04-25T12:00:00+01:00"), 0)), "2030-04-26T07:30:00Z");
}

TEST(CalendarTest, GoingBackExactlyToOpeningTimeStaysThere) {
  const auto calendar = Cal("Europe/Lisbon", {{"mon", {{"08:30", "18:00"}}}, {"tue", kLisbonDay}});
  EXPECT_EQ(Text(calendar->Subtract(At("2030-04-23T12:30:00+01:00"), 4 * kHourMs)), "2030-04-23T07:30:00Z");
  EXPECT_EQ(Text(calendar->Subtract(At("2030-04-23T12:30:00+01:00"), 4 * kHourMs + 1)), "2030-04-22T16:59:59.999Z");
}

TEST(CalendarTest, GoingBackNothingFromAClosedHourGivesThePreviousClosing) {
  const auto calendar =
      Cal("Europe/Lisbon", {{"wed", {{"08:30", "18:00"}}}, {"thu", {{"08:30", "18:00"}}}}, {"2030-04-25"});
  EXPECT_EQ(Text(calendar->Subtract(At("2030-04-25T09:00:00+01:00"), 0)), "2030-04-24T17:00:00Z");
}

// --- elapsed

TEST(CalendarTest, ANightShiftOverTheEndOfSummerTimeLastsNineHoursAndOverItsStartSeven) {
  const auto calendar = Cal("Pacific/Auckland", {{"sat", {{"22:00", "06:00"}}}});
  EXPECT_EQ(calendar->Elapsed(At("2030-04-06T00:00:00+13:00"), At("2030-04-08T00:00:00+12:00")), 32'400'000);
  EXPECT_EQ(Spans(calendar->Segments(At("2030-04-06T00:00:00+13:00"), At("2030-04-08T00:00:00+12:00"), 1000)),
            "2030-04-06T09:00:00Z/2030-04-06T18:00:00Z ");
  EXPECT_EQ(calendar->Elapsed(At("2030-09-28T00:00:00+12:00"), At("2030-09-30T00:00:00+13:00")), 25'200'000);
}

TEST(CalendarTest, ADayOfTwentyFiveHoursCountsTwentyFive) {
  const auto calendar = Cal("Europe/Berlin", {{"sun", {{"00:00", "24:00"}}}});
  EXPECT_EQ(calendar->Elapsed(At("2030-10-26T00:00:00Z"), At("2030-10-28T12:00:00Z")), 25 * kHourMs);
  EXPECT_EQ(calendar->Elapsed(At("2030-03-30T00:00:00Z"), At("2030-04-01T12:00:00Z")), 23 * kHourMs);
}

TEST(CalendarTest, AReversedRangeIsZero) {
  const auto calendar = Cal("Pacific/Auckland", {{"wed", {{"00:00", "24:00"}}}});
  EXPECT_EQ(calendar->Elapsed(At("2030-06-12T12:00:00Z"), At("2030-06-12T09:00:00Z")), 0);
  EXPECT_EQ(Calendar::AlwaysOpen()->Elapsed(At("2030-06-12T12:00:00Z"), At("2030-06-12T09:00:00Z")), 0);
}

TEST(CalendarTest, ElapsedOverManyYearsIsTheSumOfTheYears) {
  const auto calendar = Lisbon();
  const InstantMs from = At("2001-01-01T00:00:00Z"), to = At("2041-01-01T00:00:00Z");
  DurationMs sum = 0;
  for (int year = 2001; year < 2041; ++year)
    sum += calendar->Elapsed(At(std::to_string(year) + "-01-01T00:00:00Z"),
                             At(std::to_string(year + 1) + "-01-01T00:00:00Z"));
  EXPECT_EQ(calendar->Elapsed(from, to), sum);
  EXPECT_EQ(calendar->Elapsed(from, calendar->Add(from, sum)), sum);
}

// --- open, opening, closing

TEST(CalendarTest, WindowsAreHalfOpen) {
  const auto calendar = Cal("Europe/Lisbon", {{"tue", kLisbonDay}});
  EXPECT_FALSE(calendar->IsOpen(At("2030-04-23T12:30:00+01:00")));
  EXPECT_TRUE(calendar->IsOpen(At("2030-04-23T12:29:59.999+01:00")));
  EXPECT_TRUE(calendar->IsOpen(At("2030-04-23T13:30:00+01:00")));
  EXPECT_FALSE(calendar->IsOpen(At("2030-04-23T13:29:59.999+01:00")));
}

TEST(CalendarTest, AnEveningsWindowStaysOpenWhenTheNextDateIsAHoliday) {
  const auto calendar =
      Cal("Asia/Kolkata", {{"mon", {{"20:00", "04:00"}}}, {"tue", {{"20:00", "04:00"}}}}, {"2030-08-06"});
  EXPECT_TRUE(calendar->IsOpen(At("2030-08-06T02:00:00+05:30")));
  EXPECT_FALSE(calendar->IsOpen(At("2030-08-06T21:00:00+05:30")));
  EXPECT_FALSE(calendar->IsOpen(At("2030-08-07T02:00:00+05:30"))) << "the holiday took its part after midnight along";
}

TEST(CalendarTest, AHolidayBeatsAnOverride) {
  const auto calendar =
      Cal("UTC", {{"thu", {{"09:00", "17:00"}}}}, {"2030-04-25"}, {{"2030-04-25", {{"10:00", "12:00"}}}});
  EXPECT_FALSE(calendar->IsOpen(At("2030-04-25T11:00:00Z")));
  EXPECT_FALSE(calendar->IsWorkingDay(test::Date("2030-04-25")));
}

TEST(CalendarTest, AnOverrideOpensADateThatIsOtherwiseClosed) {
  const auto calendar = Cal("UTC", {}, {}, {{"2030-04-27", {{"10:00", "12:00"}}}});
  EXPECT_EQ(Text(calendar->NextOpening(At("2030-04-25T00:00:00Z"))), "2030-04-27T10:00:00Z");
  EXPECT_EQ(calendar->NextOpening(At("2030-04-27T12:00:00Z")), kNever);
}

TEST(CalendarTest, AWindowThatBeginsInsideTheSpringGapOpensAtTheFirstValidInstant) {
  const InstantMs at = At("2031-03-09T00:00:00-05:00");
  EXPECT_EQ(Text(Cal("America/Toronto", {{"sun", {{"02:30", "05:00"}}}})->NextOpening(at)), "2031-03-09T07:00:00Z");
  EXPECT_EQ(Text(Cal("America/Toronto", {{"sun", {{"02:10", "02:50"}}}})->NextOpening(at)), "2031-03-16T06:10:00Z")
      << "it lies wholly inside the gap";
  EXPECT_FALSE(Cal("America/Toronto", {{"sun", {{"02:10", "02:50"}}}})->IsWorkingDay(test::Date("2031-03-09")));
}

TEST(CalendarTest, AClosingThatOccursTwiceTakesTheLast) {
  EXPECT_EQ(Text(Cal("Europe/Helsinki", {{"sun", {{"01:00", "03:30"}}}})->NextClosing(At("2030-10-26T23:00:00Z"))),
            "2030-10-27T01:30:00Z");
}

TEST(CalendarTest, MidnightBetweenTwoOpenDaysIsNoClosing) {
  EXPECT_EQ(Text(Cal("Asia/Kolkata", {{"mon", {{"00:00", "24:00"}}}, {"tue", {{"00:00", "06:15"}}}})
                     ->NextClosing(At("2030-07-01T09:00:00Z"))),
            "2030-07-02T00:45:00Z");
}

TEST(CalendarTest, WhatNeverClosesHasNoClosing) {
  const std::map<std::string, test::WindowText> all{{"mon", {{"00:00", "24:00"}}}, {"tue", {{"00:00", "24:00"}}},
                                                    {"wed", {{"00:00", "24:00"}}}, {"thu", {{"00:00", "24:00"}}},
                                                    {"fri", {{"00:00", "24:00"}}}, {"sat", {{"00:00", "24:00"}}},
                                                    {"sun", {{"00:00", "24:00"}}}};
  const auto calendar = Cal("Asia/Kolkata", all);
  EXPECT_TRUE(calendar->always_open());
  EXPECT_EQ(calendar->NextClosing(At("2030-07-01T09:00:00Z")), kNever);
  // One holiday: it closes for that day, and never again.
  const auto but_one = Cal("Asia/Kolkata", all, {"2030-07-04"});
  EXPECT_FALSE(but_one->always_open());
  EXPECT_EQ(Text(but_one->NextClosing(At("2030-07-01T09:00:00Z"))), "2030-07-03T18:30:00Z");
  EXPECT_EQ(Text(but_one->NextOpening(At("2030-07-03T18:30:00Z"))), "2030-07-04T18:30:00Z");
  EXPECT_EQ(but_one->NextClosing(At("2030-07-05T09:00:00Z")), kNever);
  EXPECT_EQ(but_one->NextClosing(At("2030-07-03T20:00:00Z")), kNever);
  // Far ahead it still closes.
  EXPECT_EQ(Text(Cal("UTC", all, {"2060-01-02"})->NextClosing(At("2030-07-01T09:00:00Z"))), "2060-01-02T00:00:00Z");
}

TEST(CalendarTest, ThePreviousClosingIsNowWhileItIsOpen) {
  const auto calendar = Cal("Europe/Lisbon", {{"tue", kLisbonDay}});
  EXPECT_EQ(Text(calendar->PreviousClosing(At("2030-04-23T13:30:00+01:00"))), "2030-04-23T11:30:00Z");
  EXPECT_EQ(Text(calendar->PreviousClosing(At("2030-04-23T13:30:00.001+01:00"))), "2030-04-23T12:30:00.001Z");
}

TEST(CalendarTest, NothingWithinTenYearsIsNever) {
  const auto empty = Cal("UTC", {});
  const InstantMs at = At("2030-01-01T00:00:00Z");
  EXPECT_EQ(empty->NextOpening(at), kNever);
  EXPECT_EQ(empty->NextClosing(at), kNever);
  EXPECT_EQ(empty->PreviousClosing(at), kNever);
  EXPECT_EQ(empty->Add(at, 1), kNever);
  EXPECT_EQ(empty->Add(at, 0), kNever);
  EXPECT_EQ(empty->Subtract(at, 1), kNever);
  EXPECT_EQ(empty->AddDays(at, 1), kNever);
  EXPECT_EQ(empty->AddDays(at, 0), kNever);
  EXPECT_EQ(empty->Elapsed(at, At("2035-01-01T00:00:00Z")), 0);
  EXPECT_EQ(empty->Add(kNever, 1), kNever);
  // Two openings more than 3,660 days apart: neither sums nor questions reach over, not even within one page of the
  // index.
  const auto sparse = Cal("UTC", {}, {},
                          {{"2030-01-01", {{"00:00", "01:00"}}},
                           {"2041-01-01", {{"00:00", "01:00"}}},
                           {"2041-01-03", {{"00:00", "01:00"}}}});
  EXPECT_EQ(Text(sparse->Add(at, kHourMs)), "2030-01-01T01:00:00Z");
  EXPECT_EQ(sparse->Add(at, kHourMs + 1), kNever);
  EXPECT_EQ(sparse->Add(at, 2 * kHourMs + 1), kNever);
  EXPECT_EQ(sparse->NextOpening(At("2030-01-01T01:00:00Z")), kNever);
  EXPECT_EQ(sparse->Subtract(At("2041-01-03T01:00:00Z"), 2 * kHourMs + 1), kNever);
  EXPECT_EQ(Text(sparse->Subtract(At("2041-01-03T01:00:00Z"), 2 * kHourMs)), "2041-01-01T00:00:00Z");
  EXPECT_EQ(Text(sparse->NextOpening(At("2031-01-01T01:00:00Z"))), "2041-01-01T00:00:00Z");
}

TEST(CalendarTest, AlwaysOpenIsPlainTime) {
  const auto calendar = Calendar::AlwaysOpen();
  const InstantMs at = At("2030-01-01T00:00:00.007Z");
  EXPECT_EQ(calendar->Add(at, 5), at + 5);
  EXPECT_EQ(calendar->Subtract(at, 5), at - 5);
  EXPECT_EQ(calendar->NextOpening(at), at);
  EXPECT_EQ(calendar->PreviousClosing(at), at);
  EXPECT_EQ(calendar->Add(kNever, 5), kNever);
  EXPECT_EQ(calendar->Subtract(kNever, 5), kNever);
}

TEST(CalendarTest, OverlappingAndTouchingWindowsAreOne) {
  const auto calendar = Cal(
      "UTC",
      {{"mon", {{"13:00", "17:00"}, {"09:00", "12:00"}, {"12:00", "13:00"}, {"10:00", "11:00"}, {"16:00", "18:00"}}}});
  EXPECT_EQ(calendar->Elapsed(At("2030-07-01T00:00:00Z"), At("2030-07-02T00:00:00Z")), 9 * kHourMs);
  EXPECT_EQ(Text(calendar->NextClosing(At("2030-07-01T09:00:00Z"))), "2030-07-01T18:00:00Z");
}

TEST(CalendarTest, MidnightAsAnEndIsTheSameAsTwentyFour) {
  const auto a = Cal("UTC", {{"mon", {{"18:00", "00:00"}}}}), b = Cal("UTC", {{"mon", {{"18:00", "24:00"}}}});
  EXPECT_EQ(a->NextClosing(At("2030-07-01T20:00:00Z")), b->NextClosing(At("2030-07-01T20:00:00Z")));
  EXPECT_EQ(Text(a->NextClosing(At("2030-07-01T20:00:00Z"))), "2030-07-02T00:00:00Z");
}

TEST(CalendarTest, TwentyThreeFiftyNineMeansTwentyThreeFiftyNine) {
  const auto calendar = Cal("UTC", {{"mon", {{"00:00", "23:59"}}}, {"tue", {{"00:00", "24:00"}}}});
  EXPECT_EQ(Text(calendar->NextClosing(At("2030-07-01T20:00:00Z"))), "2030-07-01T23:59:00Z");
}

// --- working days

TEST(CalendarTest, AWorkingDayOnSkipsTheHolidayAndKeepsTheClockTime) {
  const auto calendar = Cal(
      "Europe/Lisbon", {{"wed", {{"08:30", "18:00"}}}, {"thu", {{"08:30", "18:00"}}}, {"fri", {{"08:30", "18:00"}}}},
      {"2030-04-25"});
  EXPECT_EQ(Text(calendar->AddDays(At("2030-04-24T15:00:00+01:00"), 1)), "2030-04-26T14:00:00Z");
  EXPECT_EQ(Text(calendar->AddDays(At("2030-04-24T23:15:00.125+01:00"), 1)), "2030-04-26T22:15:00.125Z")
      << "also outside the hours of the day reached";
}

TEST(CalendarTest, SnappingGoesToTheClosingOfTheDayReached) {
  const auto calendar = Cal(
      "Europe/Lisbon", {{"wed", {{"08:30", "18:00"}}}, {"thu", {{"08:30", "18:00"}}}, {"fri", {{"08:30", "18:00"}}}},
      {"2030-04-25"}, {{"2030-04-24", {{"08:30", "12:30"}}}});
  EXPECT_EQ(Text(calendar->AddDays(At("2030-04-26T10:00:00+01:00"), -1, DaySnap::kClosing)), "2030-04-24T11:30:00Z");
  // The closing of a window over midnight lies on the next date.
  EXPECT_EQ(
      Text(Cal("UTC", {{"mon", {{"22:00", "06:00"}}}})->AddDays(At("2030-07-01T10:00:00Z"), 0, DaySnap::kClosing)),
      "2030-07-02T06:00:00Z");
}

TEST(CalendarTest, NoDaysFromASundayAreTheNextWorkingDayAtThatTime) {
  const auto calendar = Cal("Europe/Lisbon", {{"mon", {{"08:30", "18:00"}}}});
  EXPECT_EQ(Text(calendar->AddDays(At("2030-04-28T07:45:00+01:00"), 0)), "2030-04-29T06:45:00Z");
  EXPECT_EQ(Text(calendar->AddDays(At("2030-04-29T23:45:00+01:00"), 0)), "2030-04-29T22:45:00Z");
}

TEST(CalendarTest, AClockTimeInAGapIsTheFirstValidInstantAndOneThatOccursTwiceTheFirst) {
  const auto calendar = Cal("Europe/Berlin", {{"sat", {{"00:00", "24:00"}}}, {"sun", {{"00:00", "24:00"}}}});
  EXPECT_EQ(Text(calendar->AddDays(At("2030-03-30T02:30:00+01:00"), 1)), "2030-03-31T01:00:00Z");
  EXPECT_EQ(Text(calendar->AddDays(At("2030-10-26T02:30:00+02:00"), 1)), "2030-10-27T00:30:00Z");
  EXPECT_EQ(Text(calendar->AddDays(At("2030-10-27T02:30:00+01:00"), 0)), "2030-10-27T01:30:00Z") << "at itself";
}

// --- validation

TEST(CalendarTest, AnUnknownZoneNamesTheField) {
  const auto calendar = Calendar::Build(Spec("Europe/Lisboa", {}));
  ASSERT_FALSE(calendar.ok());
  EXPECT_EQ(calendar.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(calendar.error().fields.at(0).field, "calendar.timezone");
}

TEST(CalendarTest, EveryFaultIsReportedWithItsPathAndTheRemedy) {
  CalendarSpec spec =
      Spec("UTC", {{"mon", {{"09:00", "12:00"}, {"00:00", "00:00"}}}}, {}, {{"2030-01-01", {{"08:00", "08:00"}}}});
  spec.weekly[2] = {{-1, 60}, {1440, 60}, {60, 1441}};
  const auto calendar = Calendar::Build(spec, "clocks[1].calendar");
  ASSERT_FALSE(calendar.ok());
  std::vector<std::string> fields;
  for (const FieldViolation& f : calendar.error().fields) fields.push_back(f.field);
  EXPECT_THAT(fields, ElementsAre("clocks[1].calendar.weekly.mon[1]", "clocks[1].calendar.weekly.wed[0]",
                                  "clocks[1].calendar.weekly.wed[1]", "clocks[1].calendar.weekly.wed[2]",
                                  "clocks[1].calendar.overrides.2030-01-01[0]"));
  EXPECT_EQ(calendar.error().fields[0].message, "start equals end; for a whole day write [\"00:00\",\"24:00\"]");
}

TEST(CalendarTest, ManyThreadsMayAskAColdCalendarAtOnce) {
  const auto calendar = Lisbon();
  const InstantMs from = At("2020-01-01T00:00:00Z"), to = At("2040-01-01T00:00:00Z");
  const DurationMs expected = Lisbon()->Elapsed(from, to);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      if (calendar->Elapsed(from, to) != expected || calendar->Elapsed(from, calendar->Add(from, expected)) != expected)
        ++wrong;
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace escalon
