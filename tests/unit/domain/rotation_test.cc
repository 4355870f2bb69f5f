#include "common/domain/rotation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/time_text.h"

namespace escalon {
namespace {

using test::At;
using test::Text;
using ::testing::ElementsAre;
using Type = RotationSpec::Type;

RotationSpec Spec(Type type, std::string_view start, std::string zone, std::vector<std::vector<std::string>> people) {
  RotationSpec spec;
  spec.type = type;
  spec.start = At(start);
  spec.timezone = std::move(zone);
  spec.participants = std::move(people);
  return spec;
}

Rotation Build(RotationSpec spec) {
  Result<Rotation> rotation = Rotation::Build(std::move(spec));
  EXPECT_TRUE(rotation.ok()) << (rotation.ok() ? "" : rotation.error().message);
  return std::move(rotation).value();
}

/// `start/end turn index people`, or `none`.
std::string Show(const Rotation& rotation, const std::optional<Shift>& shift) {
  if (!shift) return "none";
  std::string out = Text(shift->start) + "/" + Text(shift->end) + " " + std::to_string(shift->turn) + " " +
                    std::to_string(shift->index);
  for (const std::string& person : rotation.PeopleOf(*shift)) out += " " + person;
  return out;
}
std::string ShiftText(const Rotation& r, std::string_view at) { return Show(r, r.ShiftAt(At(at))); }
std::string NextText(const Rotation& r, std::string_view at) { return Show(r, r.NextShift(At(at))); }

constexpr uint8_t Days(std::initializer_list<int> days) {
  uint8_t mask = 0;
  for (const int day : days) mask = static_cast<uint8_t>(mask | 1 << day);
  return mask;
}

TEST(RotationTest, TheWeekInWhichSummerTimeBeginsHasAnHourLess) {
  const Rotation r =
      Build(Spec(Type::kWeekly, "2030-02-25T09:00:00-04:00", "America/Halifax", {{"ana"}, {"ben"}, {"cho", "dev"}}));
  EXPECT_EQ(ShiftText(r, "2030-03-08T00:00:00Z"), "2030-03-04T13:00:00Z/2030-03-11T12:00:00Z 1 1 ben");
  EXPECT_EQ(NextText(r, "2030-03-08T00:00:00Z"), "2030-03-11T12:00:00Z/2030-03-18T12:00:00Z 2 2 cho dev");
  EXPECT_EQ(r.ShiftAt(At("2030-03-08T00:00:00Z"))->end - r.ShiftAt(At("2030-03-08T00:00:00Z"))->start, 167 * kHourMs);
  EXPECT_EQ(r.ShiftAt(At("2030-11-02T00:00:00Z"))->end - r.ShiftAt(At("2030-11-02T00:00:00Z"))->start, 169 * kHourMs);
}

TEST(RotationTest, AnHourlyTurnInTheGapIsPassedOver) {
  const Rotation r =
      Build(Spec(Type::kHourly, "2030-03-31T00:00:00+02:00", "Europe/Helsinki", {{"ana"}, {"ben"}, {"cho"}}));
  EXPECT_EQ(ShiftText(r, "2030-03-31T01:00:00Z"), "2030-03-31T01:00:00Z/2030-03-31T02:00:00Z 4 1 ben");
  EXPECT_EQ(NextText(r, "2030-03-31T00:30:00Z"), "2030-03-31T01:00:00Z/2030-03-31T02:00:00Z 4 1 ben");
}

TEST(RotationTest, AnHourlyTurnThatOccursTwiceLastsTwoHours) {
  const Rotation r =
      Build(Spec(Type::kHourly, "2030-10-27T00:00:00+03:00", "Europe/Helsinki", {{"ana"}, {"ben"}, {"cho"}}));
  EXPECT_EQ(ShiftText(r, "2030-10-27T00:10:00Z"), "2030-10-27T00:00:00Z/2030-10-27T02:00:00Z 3 0 ana");
  EXPECT_EQ(ShiftText(r, "2030-10-27T01:10:00Z"), "2030-10-27T00:00:00Z/2030-10-27T02:00:00Z 3 0 ana");
}

TEST(RotationTest, WeeksThatStartOnSundaySplitAWeekend) {
  RotationSpec spec = Spec(Type::kWeekly, "2030-06-01T08:00:00+05:30", "Asia/Kolkata", {{"ana"}, {"ben"}});
  spec.days = Days({5, 6});
  spec.week_start = 6;
  spec.duration = 12 * kHourMs;
  const Rotation r = Build(spec);
  EXPECT_EQ(ShiftText(r, "2030-06-02T12:00:00+05:30"), "2030-06-02T02:30:00Z/2030-06-02T14:30:00Z 1 1 ben");
  EXPECT_EQ(NextText(r, "2030-06-02T12:00:00+05:30"), "2030-06-08T02:30:00Z/2030-06-08T14:30:00Z 1 1 ben");
  EXPECT_EQ(ShiftText(r, "2030-06-01T12:00:00+05:30"), "2030-06-01T02:30:00Z/2030-06-01T14:30:00Z 0 0 ana");
  EXPECT_EQ(ShiftText(r, "2030-06-02T21:00:00+05:30"), "none");
  spec.week_start = 0;
  EXPECT_EQ(ShiftText(Build(spec), "2030-06-02T12:00:00+05:30"), "2030-06-02T02:30:00Z/2030-06-02T14:30:00Z 0 0 ana");
}

TEST(RotationTest, EffectiveFromClipsAndTheAnchorSaysWhoseTurnItIs) {
  RotationSpec spec = Spec(Type::kDaily, "2030-05-01T06:00:00Z", "UTC", {{"ana"}, {"ben"}, {"cho"}, {"dev"}});
  spec.effective_from = At("2030-05-03T12:00:00Z");
  spec.anchor = RotationSpec::Anchor{At("2030-05-02T08:00:00Z"), 3};
  const Rotation r = Build(spec);
  EXPECT_EQ(ShiftText(r, "2030-05-03T13:00:00Z"), "2030-05-03T12:00:00Z/2030-05-04T06:00:00Z 2 0 ana");
  EXPECT_EQ(ShiftText(r, "2030-05-03T11:59:59Z"), "none");
  EXPECT_EQ(NextText(r, "2030-04-01T00:00:00Z"), "2030-05-03T12:00:00Z/2030-05-04T06:00:00Z 2 0 ana");
  EXPECT_EQ(NextText(r, "2030-05-03T12:00:00Z"), "2030-05-04T06:00:00Z/2030-05-05T06:00:00Z 3 1 ben");
}

TEST(RotationTest, ADayShiftOnChosenDaysGoesOnBackwardsBeforeItsStart) {
  RotationSpec spec = Spec(Type::kDaily, "2030-07-08T10:00:00-04:00", "America/Toronto", {{"ana"}, {"ben"}, {"cho"}});
  spec.shift_length = 2;
  spec.days = Days({0, 1, 2, 3});
  spec.duration = 8 * kHourMs + 30 * kMinuteMs;
  const Rotation r = Build(spec);
  EXPECT_EQ(ShiftText(r, "2030-07-04T16:00:00-04:00"), "2030-07-04T14:00:00Z/2030-07-04T22:30:00Z -1 2 cho");
  EXPECT_EQ(NextText(r, "2030-07-04T16:00:00-04:00"), "2030-07-08T14:00:00Z/2030-07-08T22:30:00Z 0 0 ana");
  EXPECT_EQ(ShiftText(r, "2030-07-02T16:00:00-04:00"), "2030-07-02T14:00:00Z/2030-07-02T22:30:00Z -2 1 ben");
  EXPECT_EQ(ShiftText(r, "2030-07-10T16:00:00-04:00"), "2030-07-10T14:00:00Z/2030-07-10T22:30:00Z 1 1 ben");
}

TEST(RotationTest, MonthsClampToTheirLastDayAndComeBack) {
  const Rotation r = Build(Spec(Type::kMonthly, "2031-01-31T12:00:00Z", "UTC", {{"ana"}, {"ben"}}));
  EXPECT_EQ(ShiftText(r, "2031-03-15T00:00:00Z"), "2031-02-28T12:00:00Z/2031-03-31T12:00:00Z 1 1 ben");
  EXPECT_EQ(NextText(r, "2031-03-15T00:00:00Z"), "2031-03-31T12:00:00Z/2031-04-30T12:00:00Z 2 0 ana");
  EXPECT_EQ(ShiftText(r, "2028-03-01T00:00:00Z"), "2028-02-29T12:00:00Z/2028-03-31T12:00:00Z -35 1 ben");
}

TEST(RotationTest, AMonthlyMaskOfDaysAdvancesByCalendarMonth) {
  RotationSpec spec = Spec(Type::kMonthly, "2030-01-10T08:00:00Z", "UTC", {{"ana"}, {"ben"}});
  spec.days_of_month = 1u << 1 | 1u << 15;
  const Rotation r = Build(spec);
  EXPECT_EQ(ShiftText(r, "2030-01-15T12:00:00Z"), "2030-01-15T08:00:00Z/2030-01-16T08:00:00Z 0 0 ana");
  EXPECT_EQ(ShiftText(r, "2030-02-01T08:00:00Z"), "2030-02-01T08:00:00Z/2030-02-02T08:00:00Z 1 1 ben");
  EXPECT_EQ(ShiftText(r, "2030-01-01T12:00:00Z"), "2030-01-01T08:00:00Z/2030-01-02T08:00:00Z 0 0 ana")
      << "the same calendar month as the first matching date";
  EXPECT_EQ(NextText(r, "2030-02-01T08:00:00Z"), "2030-02-15T08:00:00Z/2030-02-16T08:00:00Z 1 1 ben");
}

TEST(RotationTest, AMaskShiftLastsADayOnTheWallClockAndNeverReachesTheNext) {
  RotationSpec spec = Spec(Type::kDaily, "2030-03-29T09:00:00+01:00", "Europe/Berlin", {{"ana"}, {"ben"}});
  spec.days = Days({5, 6});
  const Rotation r = Build(spec);
  // Saturday 30 March 09:00 to Sunday 09:00: 23 hours.
  EXPECT_EQ(ShiftText(r, "2030-03-30T12:00:00Z"), "2030-03-30T08:00:00Z/2030-03-31T07:00:00Z 0 0 ana");
  EXPECT_EQ(NextText(r, "2030-03-30T12:00:00Z"), "2030-03-31T07:00:00Z/2030-04-01T07:00:00Z 1 1 ben");
  spec.duration = 40 * kHourMs;
  EXPECT_EQ(ShiftText(Build(spec), "2030-03-30T12:00:00Z"), "2030-03-30T08:00:00Z/2030-03-31T07:00:00Z 0 0 ana");
}

TEST(RotationTest, AShiftsEndThatOccursTwiceIsTheLast) {
  RotationSpec spec = Spec(Type::kDaily, "2030-10-26T22:00:00+02:00", "Europe/Berlin", {{"ana"}});
  spec.duration = 4 * kHourMs + 30 * kMinuteMs;
  EXPECT_EQ(ShiftText(Build(spec), "2030-10-26T21:00:00Z"), "2030-10-26T20:00:00Z/2030-10-27T01:30:00Z 0 0 ana");
}

TEST(RotationTest, UntilEndsTheShifts) {
  RotationSpec spec = Spec(Type::kDaily, "2030-05-01T06:00:00Z", "UTC", {{"ana"}, {"ben"}});
  spec.until = At("2030-05-02T12:00:00Z");
  const Rotation r = Build(spec);
  EXPECT_EQ(ShiftText(r, "2030-05-02T11:00:00Z"), "2030-05-02T06:00:00Z/2030-05-02T12:00:00Z 1 1 ben");
  EXPECT_EQ(ShiftText(r, "2030-05-02T12:00:00Z"), "none");
  EXPECT_EQ(NextText(r, "2030-05-02T07:00:00Z"), "none");
}

TEST(RotationTest, WithoutParticipantsOnlyTheTurnsTimesAreKnown) {
  const Rotation r = Build(Spec(Type::kDaily, "2030-05-01T06:00:00Z", "UTC", {}));
  EXPECT_EQ(ShiftText(r, "2030-05-01T06:00:00Z"), "2030-05-01T06:00:00Z/2030-05-02T06:00:00Z 0 -1");
}

TEST(RotationTest, AnAnchorKeepsThePersonOnCallWhenOthersJoin) {
  RotationSpec spec = Spec(Type::kWeekly, "2030-01-07T09:00:00Z", "UTC", {{"ana"}, {"ben"}, {"cho"}});
  const InstantMs now = At("2030-05-01T00:00:00Z");
  const Rotation before = Build(spec);
  const std::string on_call = before.PeopleOf(*before.ShiftAt(now)).at(0);
  spec.participants = {{"eve"}, {"ana"}, {"ben"}, {"cho"}};
  for (int i = 0; i < 4; ++i) {
    if (spec.participants[static_cast<size_t>(i)][0] == on_call) spec.anchor = RotationSpec::Anchor{now, i};
  }
  const Rotation after = Build(spec);
  EXPECT_EQ(after.PeopleOf(*after.ShiftAt(now)).at(0), on_call);
  EXPECT_EQ(after.ShiftAt(now)->turn, before.ShiftAt(now)->turn);
}

TEST(RotationTest, EveryFaultIsReportedWithItsPath) {
  RotationSpec spec = Spec(Type::kHourly, "2030-05-01T06:00:00Z", "Mars/Olympus", {{"ana"}, {}, {""}});
  spec.shift_length = 0;
  spec.duration = 0;
  spec.days = 1;
  spec.days_of_month = 1;
  spec.week_start = 7;
  spec.effective_from = At("2030-05-01T06:00:00Z");
  spec.until = spec.effective_from;
  spec.anchor = RotationSpec::Anchor{0, 3};
  const Result<Rotation> rotation = Rotation::Build(spec, "r");
  ASSERT_FALSE(rotation.ok());
  std::vector<std::string> fields;
  for (const FieldViolation& f : rotation.error().fields) fields.push_back(f.field);
  EXPECT_THAT(fields, ElementsAre("r.timezone", "r.shift_length", "r.participants[1]", "r.participants[2]",
                                  "r.duration", "r.days", "r.days_of_month", "r.days_of_month", "r.days_of_month",
                                  "r.week_start", "r.until", "r.anchor.index"));
}

}  // namespace
}  // namespace escalon
