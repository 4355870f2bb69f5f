#include "common/domain/clock_arithmetic.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/domain/time_text.h"

namespace escalon {
namespace {

using test::At;
using test::Cal;
using test::Text;

Target Span(DurationMs span) { return {.span = span}; }
Target Days(int days, bool snap = false) { return {.business_days = days, .snap_to_close = snap}; }

std::shared_ptr<const Calendar> LisbonMidweek() {
  return Cal("Europe/Lisbon",
             {{"tue", {{"09:00", "18:00"}}}, {"wed", {{"09:00", "18:00"}}}, {"thu", {{"09:00", "18:00"}}}});
}

std::shared_ptr<const Calendar> KolkataWeek() {
  const test::WindowText day{{"10:00", "19:00"}};
  return Cal("Asia/Kolkata", {{"mon", day}, {"tue", day}, {"wed", day}, {"thu", day}, {"fri", {{"10:00", "16:00"}}}});
}

// --- the histories of calc.md §5, clock by clock

TEST(ClockArithmeticTest, AResponseClockThatNoPauseStops) {
  const auto calendar = LisbonMidweek();
  const InstantMs stop = At("2030-06-05T08:00:00Z");
  const Measure m{calendar.get(), At("2030-06-04T15:40:00Z"), Span(2 * kHourMs), {}, stop};
  const ClockReading r = ReadClock(m, stop);
  EXPECT_EQ(r.counting_from, m.start);
  EXPECT_EQ(Text(r.deadline), "2030-06-05T08:40:00Z");
  EXPECT_EQ(r.elapsed, 4'800'000);
  EXPECT_EQ(r.remaining, 2'400'000);
  EXPECT_EQ(r.paused, 0);
  EXPECT_FALSE(r.breached);
  EXPECT_EQ(Text(WarningAt(m, WarningRule::Percent(75), r.deadline)), "2030-06-05T08:10:00Z");
  EXPECT_EQ(Text(WarningAt(m, {WarningRule::Kind::kBefore, 15 * kMinuteMs}, r.deadline)), "2030-06-05T08:25:00Z");
}

TEST(ClockArithmeticTest, AResolutionClockThatWaitedForTheCustomer) {
  const auto calendar = LisbonMidweek();
  const std::vector<PauseSpan> pauses{{At("2030-06-05T08:00:00Z"), At("2030-06-05T10:30:00Z")}};
  const Measure m{calendar.get(), At("2030-06-04T15:40:00Z"), Span(8 * kHourMs), pauses};
  const ClockReading r = ReadClock(m, At("2030-06-05T11:00:00Z"));
  EXPECT_EQ(Text(r.deadline), "2030-06-06T08:10:00Z");
  EXPECT_EQ(r.elapsed, 6'600'000);
  EXPECT_EQ(r.remaining, 22'200'000);
  EXPECT_EQ(r.paused, 9'000'000);
  EXPECT_EQ(Text(WarningAt(m, WarningRule::Percent(50), r.deadline)), "2030-06-05T13:10:00Z");
  EXPECT_EQ(Text(WarningAt(m, {WarningRule::Kind::kBefore, kHourMs}, r.deadline)), "2030-06-05T16:10:00Z");
  EXPECT_EQ(Text(WarningAt(m, {WarningRule::Kind::kAfterDays, 1}, r.deadline)), "2030-06-11T08:10:00Z");
}

TEST(ClockArithmeticTest, AroundTheClockAnAnswerAtTheDeadlineIsInTime) {
  const Measure m{nullptr, At("2030-02-11T12:20:00Z"), Span(45 * kMinuteMs), {}};
  const InstantMs answer = At("2030-02-11T13:05:00Z");
  EXPECT_EQ(Deadline(m), answer);
  EXPECT_FALSE(ReadClock(m, answer).breached);
  EXPECT_TRUE(ReadClock(m, answer + 1).breached);
  EXPECT_EQ(ReadClock(m, answer + 1).overdue, 1);
}

TEST(ClockArithmeticTest, ATargetInWorkingDaysSnappedToClosingMovesByThePausesBusinessTime) {
  const auto calendar = KolkataWeek();
  const std::vector<PauseSpan> pauses{{At("2030-08-07T16:00:00+05:30"), At("2030-08-08T10:00:00+05:30")}};
  const Measure m{calendar.get(), At("2030-08-07T11:20:00+05:30"), Days(2, true), pauses};
  const ClockReading r = ReadClock(m, At("2030-08-08T10:20:00+05:30"));
  EXPECT_EQ(Text(r.deadline), "2030-08-12T07:30:00Z");
  EXPECT_EQ(r.elapsed, 18'000'000);
  EXPECT_EQ(r.paused, 10'800'000);
  EXPECT_EQ(r.remaining, 63'600'000);
}

TEST(ClockArithmeticTest, AChangedTargetIsRecomputedFromTheStart) {
  const auto calendar = KolkataWeek();
  const InstantMs stop = At("2030-08-08T04:50:00Z");
  const Measure m{calendar.get(), At("2030-08-07T11:20:00+05:30"), Span(kHourMs), {}, stop};
  const ClockReading r = ReadClock(m, stop);
  EXPECT_EQ(Text(r.deadline), "2030-08-07T06:50:00Z");
  EXPECT_EQ(r.elapsed, 28'800'000);
  EXPECT_TRUE(r.breached);
  EXPECT_EQ(r.overdue, 25'200'000);
}

TEST(ClockArithmeticTest, WhilePausedTheDeadlineIsUnknownAndWhatRemainsIsNot) {
  const std::vector<PauseSpan> pauses{{At("2030-03-05T18:00:00Z"), At("2030-03-05T18:40:00Z")},
                                      {At("2030-03-05T19:00:00Z"), kNever}};
  const Measure m{nullptr, At("2030-03-05T16:00:00Z"), Span(6 * kHourMs), pauses};
  const ClockReading r = ReadClock(m, At("2030-03-05T20:30:00Z"));
  EXPECT_EQ(r.deadline, kNever);
  EXPECT_EQ(r.elapsed, 8'400'000);
  EXPECT_EQ(r.paused, 7'800'000);
  EXPECT_EQ(r.remaining, 13'200'000);
  EXPECT_FALSE(r.breached);
  EXPECT_EQ(Text(WarningAt(m, WarningRule::Percent(20), r.deadline)), "2030-03-05T17:12:00Z");
  EXPECT_EQ(WarningAt(m, {WarningRule::Kind::kBefore, 30 * kMinuteMs}, r.deadline), kNever);
}

TEST(ClockArithmeticTest, AnOwnersOwnAgreementCountsFromItsTakeOver) {
  const std::vector<PauseSpan> pauses{{At("2030-03-05T18:00:00Z"), At("2030-03-05T18:40:00Z")}};
  const Measure m{nullptr, At("2030-03-05T17:00:00Z"), Span(90 * kMinuteMs), pauses};
  const ClockReading r = ReadClock(m, At("2030-03-05T20:30:00Z"));
  EXPECT_EQ(Text(r.deadline), "2030-03-05T19:10:00Z");
  EXPECT_EQ(r.elapsed, 10'200'000);
  EXPECT_EQ(r.paused, 2'400'000);
  EXPECT_TRUE(r.breached);
  EXPECT_EQ(r.overdue, 4'800'000);
}

// --- standing still

TEST(ClockArithmeticTest, APauseOutsideHoursCostsNothing) {
  const auto calendar = LisbonMidweek();
  const std::vector<PauseSpan> night{{At("2030-06-04T18:00:00+01:00"), At("2030-06-05T09:00:00+01:00")}};
  const InstantMs start = At("2030-06-04T10:00:00+01:00");
  EXPECT_EQ(Deadline({calendar.get(), start, Span(10 * kHourMs), night}),
            Deadline({calendar.get(), start, Span(10 * kHourMs), {}}));
  // In working days: a deadline in the evening is not rolled to the morning by a pause that took no business time.
  const InstantMs late = At("2030-06-04T20:00:00+01:00");
  const std::vector<PauseSpan> short_night{{At("2030-06-04T21:00:00+01:00"), At("2030-06-04T22:00:00+01:00")}};
  EXPECT_EQ(Text(Deadline({calendar.get(), late, Days(1), short_night})), "2030-06-05T19:00:00Z");
}

TEST(ClockArithmeticTest, ATargetUsedUpBeforeThePauseKeepsItsDeadline) {
  const std::vector<PauseSpan> open{{At("2030-03-05T12:00:00Z"), kNever}};
  const InstantMs start = At("2030-03-05T11:00:00Z");
  EXPECT_EQ(Text(Deadline({nullptr, start, Span(kHourMs), open})), "2030-03-05T12:00:00Z")
      << "used up exactly at the pause";
  EXPECT_EQ(Deadline({nullptr, start, Span(kHourMs + 1), open}), kNever);
  EXPECT_EQ(Overdue({nullptr, start, Span(kHourMs), open}, At("2030-03-05T12:00:00Z"), At("2030-03-05T15:00:00Z")), 0)
      << "it stands still";
}

TEST(ClockArithmeticTest, AClockThatStartsInsideAPauseCountsFromItsEnd) {
  const std::vector<PauseSpan> pauses{{At("2030-03-05T10:00:00Z"), At("2030-03-05T12:00:00Z")}};
  const Measure m{nullptr, At("2030-03-05T11:00:00Z"), Span(kHourMs), pauses};
  EXPECT_EQ(Text(ReadClock(m, m.start).counting_from), "2030-03-05T12:00:00Z");
  EXPECT_EQ(Text(Deadline(m)), "2030-03-05T13:00:00Z");
  EXPECT_EQ(ReadClock(m, At("2030-03-05T12:30:00Z")).paused, kHourMs) << "only what lies after the start";
  EXPECT_EQ(Text(WarningAt(m, WarningRule::Percent(0), Deadline(m))), "2030-03-05T12:00:00Z");
  const std::vector<PauseSpan> open{{At("2030-03-05T10:00:00Z"), kNever}};
  EXPECT_EQ(ReadClock({nullptr, m.start, Span(kHourMs), open}, m.start).counting_from, kNever);
}

TEST(ClockArithmeticTest, ALaterPauseThatThePausesBeforePushedBehindTheDeadlineCountsToo) {
  const auto calendar = KolkataWeek();
  // One day from Monday 11:00 is Tuesday 11:00; the first pause of two hours moves it to 13:00; the second begins at
  // 12:00.
  const std::vector<PauseSpan> pauses{{At("2030-08-05T12:00:00+05:30"), At("2030-08-05T14:00:00+05:30")},
                                      {At("2030-08-06T12:00:00+05:30"), At("2030-08-06T13:00:00+05:30")}};
  EXPECT_EQ(Text(Deadline({calendar.get(), At("2030-08-05T11:00:00+05:30"), Days(1), pauses})), "2030-08-06T08:30:00Z");
}

TEST(ClockArithmeticTest, InWorkingDaysAPauseThatLastsHidesTheDeadlineAndKeepsTheRest) {
  const auto calendar = KolkataWeek();
  const std::vector<PauseSpan> open{{At("2030-08-05T12:00:00+05:30"), kNever}};
  const Measure m{calendar.get(), At("2030-08-05T11:00:00+05:30"), Days(1), open};
  EXPECT_EQ(Deadline(m), kNever);
  const DurationMs left = 8 * kHourMs;  // Monday 12:00 to 19:00 and Tuesday 10:00 to 11:00
  EXPECT_EQ(Remaining(m, At("2030-08-05T12:00:00+05:30")), left);
  EXPECT_EQ(Remaining(m, At("2030-08-05T15:00:00+05:30")), left);
  EXPECT_EQ(Remaining(m, At("2030-08-07T23:00:00+05:30")), left);
}

TEST(ClockArithmeticTest, AStoppedClockHasNoPartInLaterPauses) {
  const std::vector<PauseSpan> pauses{{At("2030-03-05T12:00:00Z"), kNever}};
  const InstantMs start = At("2030-03-05T11:00:00Z"), stop = At("2030-03-05T12:30:00Z");
  const Measure m{nullptr, start, Span(2 * kHourMs), pauses, stop};
  EXPECT_EQ(Text(Deadline(m)), "2030-03-05T13:30:00Z") << "the pause ends for it where it stopped";
  const std::vector<PauseSpan> later{{At("2030-03-05T12:45:00Z"), At("2030-03-05T15:00:00Z")}};
  EXPECT_EQ(Text(Deadline({nullptr, start, Span(2 * kHourMs), later, stop})), "2030-03-05T13:00:00Z");
}

TEST(ClockArithmeticTest, PausesFromSeveralPlacesMergeInOrder) {
  const std::vector<PauseSpan> merged = MergePauses({{50, kNever}, {10, 20}, {20, 30}, {15, 18}, {40, 40}, {60, 70}});
  ASSERT_EQ(merged.size(), 2u);
  EXPECT_EQ(merged[0], (PauseSpan{10, 30}));
  EXPECT_EQ(merged[1], (PauseSpan{50, kNever}));
}

TEST(ClockArithmeticTest, WhatCountedIsShownStretchByStretch) {
  const auto calendar = LisbonMidweek();
  const std::vector<PauseSpan> pauses{{At("2030-06-05T08:00:00Z"), At("2030-06-05T10:30:00Z")},
                                      {At("2030-06-05T12:00:00Z"), kNever}};
  const InstantMs from = At("2030-06-04T15:40:00Z"), to = At("2030-06-06T11:00:00Z");
  const std::vector<Stretch> all{{from, At("2030-06-04T17:00:00Z")},
                                 {At("2030-06-05T10:30:00Z"), At("2030-06-05T12:00:00Z")}};
  EXPECT_EQ(CountedSegments(calendar.get(), from, to, pauses, 1000), all);
  EXPECT_EQ(CountedSegments(calendar.get(), from, to, pauses, 1).size(), 1u);
  EXPECT_EQ(CountedSegments(nullptr, from, to, pauses, 1000).size(), 2u);
  EXPECT_TRUE(CountedSegments(calendar.get(), to, from, pauses, 1000).empty());
}

// --- deadlines and breaches

TEST(ClockArithmeticTest, ADeadlineAtClosingMetThatEveningIsABreachWithNothingOverdue) {
  const auto calendar = LisbonMidweek();
  const Measure m{calendar.get(), At("2030-06-04T16:00:00+01:00"), Span(2 * kHourMs), {}};
  EXPECT_EQ(Text(Deadline(m)), "2030-06-04T17:00:00Z");
  const ClockReading r = ReadClock(m, At("2030-06-04T21:00:00+01:00"));
  EXPECT_TRUE(r.breached);
  EXPECT_EQ(r.overdue, 0);
  EXPECT_EQ(r.remaining, 0);
}

TEST(ClockArithmeticTest, AChangeCountsFromTheStartFromTheChangeOrTakesTheStricter) {
  const Measure m{nullptr, At("2030-03-05T08:00:00Z"), Span(6 * kHourMs), {}};
  const InstantMs change = At("2030-03-05T10:30:00Z"), before = At("2030-03-05T10:00:00Z");
  EXPECT_EQ(Text(DeadlineAfterChange(m, OnChange::kFromStart, change, before)), "2030-03-05T14:00:00Z");
  EXPECT_EQ(Text(DeadlineAfterChange(m, OnChange::kFromChange, change, before)), "2030-03-05T16:30:00Z");
  EXPECT_EQ(DeadlineAfterChange(m, OnChange::kStricterOfBoth, change, before), before);
  EXPECT_EQ(Text(DeadlineAfterChange(m, OnChange::kStricterOfBoth, change, kNever)), "2030-03-05T14:00:00Z");
}

TEST(ClockArithmeticTest, AWaitIsATargetWithoutPauses) {
  const auto calendar = LisbonMidweek();
  EXPECT_EQ(Text(AddTarget(calendar.get(), At("2030-06-06T17:30:00+01:00"), Span(kHourMs))), "2030-06-11T08:30:00Z");
  EXPECT_EQ(Text(AddTarget(calendar.get(), At("2030-06-06T17:30:00+01:00"), Days(1))), "2030-06-11T16:30:00Z");
  EXPECT_EQ(Text(AddTarget(nullptr, At("2030-06-06T17:30:00Z"), Days(2, true))), "2030-06-09T00:00:00Z");
}

TEST(ClockArithmeticTest, ACalendarThatNeverOpensGivesNoDeadline) {
  const auto empty = Cal("UTC", {});
  const Measure m{empty.get(), At("2030-06-06T17:30:00Z"), Span(kHourMs), {}};
  EXPECT_EQ(Deadline(m), kNever);
  EXPECT_EQ(Overdue(m, Deadline(m), At("2040-06-06T17:30:00Z")), 0);
  EXPECT_FALSE(IsBreached(Deadline(m), At("2040-06-06T17:30:00Z")));
}

// --- warnings

TEST(ClockArithmeticTest, AWarningBeforeTheDeadlineNeverComesBeforeTheStart) {
  const auto calendar = LisbonMidweek();
  const Measure m{calendar.get(), At("2030-06-04T10:00:00+01:00"), Span(kHourMs), {}};
  const InstantMs deadline = Deadline(m);
  EXPECT_EQ(WarningAt(m, {WarningRule::Kind::kBefore, 3 * kHourMs}, deadline), m.start);
  EXPECT_EQ(WarningAt(m, {WarningRule::Kind::kBefore, 30'000 * kHourMs}, deadline), m.start);
  EXPECT_EQ(WarningAt(m, {WarningRule::Kind::kBeforeDays, 2}, deadline), m.start);
  EXPECT_EQ(WarningAt(m, {WarningRule::Kind::kBefore, 0}, deadline), deadline);
}

TEST(ClockArithmeticTest, WarningsWalkAroundPausesBothWays) {
  const std::vector<PauseSpan> pauses{{At("2030-03-05T11:00:00Z"), At("2030-03-05T12:00:00Z")},
                                      {At("2030-03-05T13:30:00Z"), At("2030-03-05T14:00:00Z")}};
  const Measure m{nullptr, At("2030-03-05T10:00:00Z"), Span(2 * kHourMs), pauses};
  const InstantMs deadline = Deadline(m);
  EXPECT_EQ(Text(deadline), "2030-03-05T13:00:00Z");
  EXPECT_EQ(Text(WarningAt(m, {WarningRule::Kind::kBefore, 90 * kMinuteMs}, deadline)), "2030-03-05T10:30:00Z");
  EXPECT_EQ(Text(WarningAt(m, {WarningRule::Kind::kBefore, kHourMs}, deadline)), "2030-03-05T12:00:00Z")
      << "exactly where counting began again";
  EXPECT_EQ(Text(WarningAt(m, {WarningRule::Kind::kAfter, kHourMs}, deadline)), "2030-03-05T14:30:00Z");
}

TEST(ClockArithmeticTest, ASharesOfWorkingDaysIsOfTheBusinessTimeBetweenStartAndDeadline) {
  const auto calendar = KolkataWeek();
  // Monday 11:00 to Tuesday 11:00: 8 h + 1 h.
  const Measure m{calendar.get(), At("2030-08-05T11:00:00+05:30"), Days(1), {}};
  EXPECT_EQ(Text(WarningAt(m, WarningRule::Percent(50), Deadline(m))), "2030-08-05T10:00:00Z");
  EXPECT_EQ(WarningAt(m, WarningRule::Percent(100), Deadline(m)), Deadline(m));
}

TEST(ClockArithmeticTest, AShareIsCutOffAtTheMillisecondAndDoesNotOverflow) {
  const Measure m{nullptr, 0, Span(1001), {}};
  EXPECT_EQ(WarningAt(m, WarningRule::Percent(50), Deadline(m)), 500);
  const DurationMs centuries = 300LL * 366 * kDayMs;
  EXPECT_EQ(WarningAt({nullptr, 0, Span(centuries), {}}, WarningRule::Percent(100), centuries), centuries);
}

}  // namespace
}  // namespace escalon
