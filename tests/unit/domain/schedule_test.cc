#include "common/domain/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/time_text.h"

namespace escalon {
namespace {

using test::At;
using test::Text;
using test::Weekly;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ScheduleSpec::Layer Users(std::vector<std::string> users, int priority = 0) {
  ScheduleSpec::Layer layer;
  layer.users = std::move(users);
  layer.priority = priority;
  return layer;
}

ScheduleSpec::Layer Users(std::vector<std::string> users, int priority, WeeklyWindows windows) {
  ScheduleSpec::Layer layer = Users(std::move(users), priority);
  layer.windows = std::move(windows);
  return layer;
}

Schedule Build(ScheduleSpec spec) {
  Result<Schedule> schedule = Schedule::Build(std::move(spec));
  EXPECT_TRUE(schedule.ok()) << (schedule.ok() ? "" : schedule.error().message);
  return std::move(schedule).value();
}

std::vector<std::string> Segments(const FinalSchedule& final) {
  std::vector<std::string> out;
  for (const auto& s : final.segments) {
    std::string text = Text(s.start) + "/" + Text(s.end);
    for (const std::string& person : s.on_call) text += " " + person;
    out.push_back(text);
  }
  return out;
}

std::vector<std::string> Spans(const std::vector<Stretch>& stretches) {
  std::vector<std::string> out;
  for (const Stretch& s : stretches) out.push_back(Text(s.from) + "/" + Text(s.to));
  return out;
}

Schedule DenverWeek() {
  ScheduleSpec spec;
  spec.timezone = "America/Denver";
  RotationSpec rotation;
  rotation.type = RotationSpec::Type::kDaily;
  rotation.start = At("2030-09-16T08:00:00-06:00");
  rotation.timezone = "America/Denver";
  rotation.participants = {{"ana"}, {"ben"}};
  rotation.effective_from = rotation.start;
  ScheduleSpec::Layer base;
  base.name = "base";
  base.rotation = rotation;
  spec.layers = {
      base,
      Users({"eve"}, 10,
            Weekly({{"mon", {{"13:00", "17:00"}}}, {"tue", {{"13:00", "17:00"}}}, {"wed", {{"09:00", "11:00"}}}}))};
  spec.absences = {{"eve", At("2030-09-17T00:00:00-06:00"), At("2030-09-18T00:00:00-06:00")}};
  spec.overrides = {{At("2030-09-17T02:00:00-06:00"), At("2030-09-17T10:00:00-06:00"), "ana", "cho"}};
  return Build(spec);
}

TEST(ScheduleTest, ABaseWeekASpecialistWhoIsAwayForADayAndAReplacement) {
  const Schedule schedule = DenverWeek();
  const FinalSchedule final = schedule.Final(At("2030-09-16T00:00:00-06:00"), At("2030-09-18T12:00:00-06:00"));
  EXPECT_THAT(
      Segments(final),
      ElementsAre("2030-09-16T14:00:00Z/2030-09-16T19:00:00Z ana", "2030-09-16T19:00:00Z/2030-09-16T23:00:00Z eve",
                  "2030-09-16T23:00:00Z/2030-09-17T08:00:00Z ana", "2030-09-17T08:00:00Z/2030-09-17T14:00:00Z cho",
                  "2030-09-17T14:00:00Z/2030-09-18T14:00:00Z ben", "2030-09-18T14:00:00Z/2030-09-18T15:00:00Z ana",
                  "2030-09-18T15:00:00Z/2030-09-18T17:00:00Z eve", "2030-09-18T17:00:00Z/2030-09-18T18:00:00Z ana"));
  EXPECT_THAT(Spans(final.gaps), ElementsAre("2030-09-16T06:00:00Z/2030-09-16T14:00:00Z"));
  EXPECT_THAT(final.unstaffed, IsEmpty());
}

TEST(ScheduleTest, TheNextHandoffIsWhereThePeopleChange) {
  const Schedule schedule = DenverWeek();
  EXPECT_EQ(Text(schedule.NextHandoff(At("2030-09-16T20:00:00Z"))), "2030-09-16T23:00:00Z");
  EXPECT_EQ(Text(schedule.NextHandoff(At("2030-09-17T14:00:00Z"))), "2030-09-18T14:00:00Z") << "eve is away: ben stays";
  EXPECT_EQ(Text(schedule.NextHandoff(At("2030-06-16T20:00:00Z"))), "2030-06-17T19:00:00Z");
}

TEST(ScheduleTest, WithoutAChangeThereIsNoNextHandoff) {
  ScheduleSpec spec;
  spec.timezone = "UTC";
  spec.layers = {Users({"ana"})};
  EXPECT_EQ(Build(spec).NextHandoff(At("2030-01-01T00:00:00Z")), kNever);
  spec.overrides = {{At("2030-11-01T00:00:00Z"), At("2030-11-02T00:00:00Z"), "ana", ""}};
  EXPECT_EQ(Text(Build(spec).NextHandoff(At("2030-01-01T00:00:00Z"))), "2030-11-01T00:00:00Z");
}

TEST(ScheduleTest, EqualPrioritiesAreAllOnCallAndATemporaryScheduleSilencesThem) {
  ScheduleSpec spec;
  spec.timezone = "Europe/Lisbon";
  spec.layers = {Users({"night"}, 0, Weekly({{"mon", {{"22:00", "06:00"}}}})),
                 Users({"ana", "ben"}, 0, Weekly({{"tue", {{"00:00", "24:00"}}}, {"wed", {{"08:00", "20:00"}}}}))};
  spec.temporary = {{At("2030-01-08T09:00:00Z"),
                     At("2030-01-08T12:00:00Z"),
                     {{At("2030-01-08T08:00:00Z"), At("2030-01-08T10:00:00Z"), "zoe"}}}};
  const Schedule schedule = Build(spec);
  EXPECT_THAT(schedule.OnCall(At("2030-01-08T03:00:00Z")), ElementsAre("ana", "ben", "night"));
  EXPECT_THAT(schedule.OnCall(At("2030-01-08T09:30:00Z")), ElementsAre("zoe"));
  EXPECT_THAT(schedule.OnCall(At("2030-01-08T10:30:00Z")), IsEmpty());
  EXPECT_THAT(schedule.OnCall(At("2030-01-09T03:00:00Z")), IsEmpty());
  EXPECT_THAT(schedule.OnCall(At("2030-01-09T12:00:00Z")), ElementsAre("ana", "ben"));
  EXPECT_THAT(schedule.OnCall(At("2030-01-08T08:30:00Z")), ElementsAre("ana", "ben"))
      << "the shift is clipped to its span";
}

TEST(ScheduleTest, NobodyAssignedIsAGapAndAssignedButAbsentIsUnstaffed) {
  ScheduleSpec spec;
  spec.timezone = "UTC";
  spec.layers = {Users({"ana"}, 0, Weekly({{"mon", {{"06:00", "20:00"}}}}))};
  spec.absences = {{"ana", At("2030-05-06T18:00:00Z"), std::nullopt}};
  spec.overrides = {{At("2030-05-06T08:00:00Z"), At("2030-05-06T09:00:00Z"), "ana", ""},
                    {At("2030-05-06T08:00:00Z"), At("2030-05-06T12:00:00Z"), "ben", "cho"},
                    {At("2030-05-06T23:00:00Z"), At("2030-05-07T01:00:00Z"), "", "dev"}};
  const Schedule schedule = Build(spec);
  const FinalSchedule final = schedule.Final(At("2030-05-06T00:00:00Z"), At("2030-05-07T00:00:00Z"));
  EXPECT_THAT(Segments(final), ElementsAre("2030-05-06T06:00:00Z/2030-05-06T08:00:00Z ana",
                                           "2030-05-06T09:00:00Z/2030-05-06T18:00:00Z ana",
                                           "2030-05-06T23:00:00Z/2030-05-07T00:00:00Z dev"));
  EXPECT_THAT(Spans(final.gaps),
              ElementsAre("2030-05-06T00:00:00Z/2030-05-06T06:00:00Z", "2030-05-06T08:00:00Z/2030-05-06T09:00:00Z",
                          "2030-05-06T20:00:00Z/2030-05-06T23:00:00Z"));
  EXPECT_THAT(Spans(final.unstaffed), ElementsAre("2030-05-06T18:00:00Z/2030-05-06T20:00:00Z"));
  EXPECT_THAT(Spans(schedule.Gaps(At("2030-05-06T17:00:00Z"), At("2030-05-07T00:00:00Z"))),
              ElementsAre("2030-05-06T18:00:00Z/2030-05-06T23:00:00Z"));
  EXPECT_EQ(schedule.StaffingAt(At("2030-05-06T19:00:00Z")), Schedule::Staffing::kUnstaffed);
  EXPECT_EQ(schedule.StaffingAt(At("2030-05-06T08:30:00Z")), Schedule::Staffing::kGap);
  EXPECT_EQ(schedule.StaffingAt(At("2030-05-06T10:00:00Z")), Schedule::Staffing::kStaffed);
}

TEST(ScheduleTest, ALayerWhosePeopleAreAllAwayHidesNobody) {
  ScheduleSpec spec;
  spec.timezone = "UTC";
  spec.layers = {Users({"low"}, 1), Users({"high", "higher"}, 5)};
  spec.absences = {{"high", std::nullopt, std::nullopt},
                   {"higher", At("2030-01-02T00:00:00Z"), At("2030-01-03T00:00:00Z")}};
  spec.overrides = {{At("2030-01-05T00:00:00Z"), At("2030-01-06T00:00:00Z"), "higher", ""}};
  const Schedule schedule = Build(spec);
  EXPECT_THAT(schedule.OnCall(At("2030-01-01T00:00:00Z")), ElementsAre("higher"));
  EXPECT_THAT(schedule.OnCall(At("2030-01-02T12:00:00Z")), ElementsAre("low"));
  EXPECT_THAT(schedule.OnCall(At("2030-01-03T00:00:00Z")), ElementsAre("higher"));
  EXPECT_THAT(schedule.OnCall(At("2030-01-05T12:00:00Z")), ElementsAre("low"));
}

TEST(ScheduleTest, OverridesApplyInTheOrderListedEachToWhatTheFormerLeft) {
  ScheduleSpec spec;
  spec.timezone = "UTC";
  spec.layers = {Users({"ana"}), Users({"ana", "ben"}, 3)};
  const InstantMs from = At("2030-01-01T00:00:00Z"), to = At("2030-01-02T00:00:00Z");
  spec.overrides = {{from, to, "ana", "cho"},
                    {from, to, "cho", "dev"},
                    {from, to, "ana", "nobody"},
                    {from, to, "", "fay"},
                    {from, to, "fay", "gus"}};
  const Schedule schedule = Build(spec);
  EXPECT_THAT(schedule.OnCall(from), ElementsAre("ben", "dev", "gus"));
  EXPECT_THAT(schedule.OnCall(to), ElementsAre("ana", "ben"));
}

TEST(ScheduleTest, OverridesDoNotReachIntoATemporaryScheduleButAbsencesDo) {
  ScheduleSpec spec;
  spec.timezone = "UTC";
  const InstantMs from = At("2030-01-01T00:00:00Z"), to = At("2030-01-02T00:00:00Z");
  spec.layers = {Users({"ana"})};
  spec.temporary = {{from, to, {{from, to, "zoe"}}}, {from, to, {{from, to, "yan"}}}};
  spec.overrides = {{from, to, "zoe", "cho"}, {from, to, "", "dev"}};
  EXPECT_THAT(Build(spec).OnCall(from), ElementsAre("yan", "zoe")) << "all temporary schedules that cover the instant";
  spec.absences = {{"zoe", from, to}, {"yan", from, to}};
  EXPECT_EQ(Build(spec).StaffingAt(from), Schedule::Staffing::kUnstaffed);
}

TEST(ScheduleTest, LayersAreClippedByFromAndUntil) {
  ScheduleSpec spec;
  spec.timezone = "UTC";
  spec.layers = {Users({"ana"}), Users({"eve"}, 1)};
  spec.layers[1].from = At("2030-01-02T00:00:00Z");
  spec.layers[1].until = At("2030-01-03T00:00:00Z");
  EXPECT_THAT(
      Segments(Build(spec).Final(At("2030-01-01T00:00:00Z"), At("2030-01-04T00:00:00Z"))),
      ElementsAre("2030-01-01T00:00:00Z/2030-01-02T00:00:00Z ana", "2030-01-02T00:00:00Z/2030-01-03T00:00:00Z eve",
                  "2030-01-03T00:00:00Z/2030-01-04T00:00:00Z ana"));
}

TEST(ScheduleTest, EveryFaultIsReportedWithItsPath) {
  ScheduleSpec spec;
  spec.timezone = "Nowhere";
  ScheduleSpec::Layer both = Users({"ana", ""}, 1001, Weekly({{"tue", {{"09:00", "09:00"}}}}));
  both.rotation = RotationSpec{};
  both.rotation->timezone = "CET";
  both.from = both.until = 5;
  spec.layers = {both, Users({})};
  spec.overrides = {{5, 5, "", ""}};
  spec.temporary = {{5, 4, {{5, 5, ""}}}};
  spec.absences = {{"", 5, 5}};
  const Result<Schedule> schedule = Schedule::Build(spec);
  ASSERT_FALSE(schedule.ok());
  std::vector<std::string> fields;
  for (const FieldViolation& f : schedule.error().fields) fields.push_back(f.field);
  EXPECT_THAT(fields,
              ElementsAre("schedule.timezone", "schedule.layers[0].priority", "schedule.layers[0]",
                          "schedule.layers[0].users[1]", "schedule.layers[0].windows.tue[0]",
                          "schedule.layers[0].until", "schedule.layers[1]", "schedule.overrides[0].end",
                          "schedule.overrides[0]", "schedule.temporary[0].end", "schedule.temporary[0].shifts[0].end",
                          "schedule.temporary[0].shifts[0].user", "schedule.absences[0].user",
                          "schedule.absences[0].end", "schedule.layers[0].rotation.timezone"));
}

}  // namespace
}  // namespace escalon
