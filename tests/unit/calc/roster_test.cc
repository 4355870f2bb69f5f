#include <gtest/gtest.h>

#include "tests/unit/calc/asked.h"

// rotation and schedule at their edges; the rules themselves are tested where they are written, in common/domain.

namespace escalon::calc {
namespace {

using test::FieldOf;
using test::Result;

std::string Rotation(const std::string& at, const std::string& fields) {
  return R"({"query":"rotation","at":")" + at + R"(","rotation":{"timezone":"UTC","start":"2030-01-07T09:00:00Z",)" +
         fields + "}}";
}

TEST(Rotation, AnswersEveryField) {
  EXPECT_EQ(Result(Rotation("2030-01-07T09:00:00Z", R"("type":"daily","participants":["ana",["ben","cho"]])")).dump(),
            R"({"next":{"end":"2030-01-09T09:00:00Z","index":1,"on_call":["ben","cho"],"start":"2030-01-08T09:00:00Z",)"
            R"("turn":1},"on_call":["ana"],"shift":{"end":"2030-01-08T09:00:00Z","index":0,"on_call":["ana"],)"
            R"("start":"2030-01-07T09:00:00Z","turn":0}})");
}

TEST(Rotation, BetweenShiftsNobodyIsOnCall) {
  const test::Json between =
      Result(Rotation("2030-01-07T17:00:00Z", R"("type":"daily","duration":"8h","participants":["ana","ben"])"));
  EXPECT_EQ(between["on_call"], test::Json::array());
  EXPECT_TRUE(between["shift"].is_null());
  EXPECT_EQ(between["next"]["start"], "2030-01-08T09:00:00Z");
}

TEST(Rotation, WithoutPeopleOnlyTheTimesAreAnswered) {
  const test::Json empty = Result(Rotation("2030-01-06T10:00:00Z", R"("type":"weekly","participants":[])"));
  EXPECT_EQ(empty["on_call"], test::Json::array());
  EXPECT_EQ(empty["shift"]["turn"], -1);
  EXPECT_TRUE(empty["shift"]["index"].is_null());
  EXPECT_EQ(empty["shift"]["on_call"], test::Json::array());
}

TEST(Rotation, ClipsAndEnds) {
  const std::string clipped =
      R"("type":"daily","participants":["ana","ben"],"effective_from":"2030-01-08T12:00:00Z",
      "until":"2030-01-09T12:00:00Z")";
  const test::Json before = Result(Rotation("2030-01-07T10:00:00Z", clipped));
  EXPECT_TRUE(before["shift"].is_null());
  EXPECT_EQ(before["next"]["start"], "2030-01-08T12:00:00Z");
  EXPECT_EQ(before["next"]["index"], 1);
  const test::Json last = Result(Rotation("2030-01-09T10:00:00Z", clipped));
  EXPECT_EQ(last["shift"]["end"], "2030-01-09T12:00:00Z");
  EXPECT_TRUE(last["next"].is_null());
  EXPECT_TRUE(Result(Rotation("2030-01-09T12:00:00Z", clipped))["shift"].is_null());
}

TEST(Rotation, FaultsOfFields) {
  const auto fault = [](const std::string& fields) { return FieldOf(Rotation("2030-01-07T09:00:00Z", fields)); };
  EXPECT_EQ(fault(R"("participants":["a"])"), "rotation.type");
  EXPECT_EQ(fault(R"("type":"yearly","participants":["a"])"), "rotation.type");
  EXPECT_EQ(fault(R"("type":"daily")"), "rotation.participants");
  EXPECT_EQ(fault(R"("type":"daily","participants":[""])"), "rotation.participants[0]");
  EXPECT_EQ(fault(R"("type":"daily","participants":["a",["b",5]])"), "rotation.participants[1][1]");
  EXPECT_EQ(fault(R"("type":"daily","participants":["a",[]])"), "rotation.participants[1]");
  EXPECT_EQ(fault(R"("type":"daily","participants":["a"],"shift_length":0)"), "rotation.shift_length");
  EXPECT_EQ(fault(R"("type":"daily","participants":["a"],"duration":"1d")"), "rotation.duration");
  EXPECT_EQ(fault(R"("type":"hourly","participants":["a"],"days":["mon"])"), "rotation.days");
  EXPECT_EQ(fault(R"("type":"daily","participants":["a"],"days":["mon","Tue"])"), "rotation.days[1]");
  EXPECT_EQ(fault(R"("type":"weekly","participants":["a"],"days_of_month":[1])"), "rotation.days_of_month");
  EXPECT_EQ(fault(R"("type":"monthly","participants":["a"],"days_of_month":[29])"), "rotation.days_of_month[0]");
  EXPECT_EQ(fault(R"("type":"monthly","participants":["a"],"days":["mon"],"days_of_month":[1])"),
            "rotation.days_of_month");
  EXPECT_EQ(fault(R"("type":"weekly","participants":["a"],"days":["mon"],"week_start":"x")"), "rotation.week_start");
  EXPECT_EQ(fault(R"("type":"daily","participants":["a"],"anchor":{"at":"2030-01-07T09:00:00Z","index":1})"),
            "rotation.anchor.index");
  EXPECT_EQ(fault(R"("type":"daily","participants":["a"],"anchor":{"index":0})"), "rotation.anchor.at");
  EXPECT_EQ(fault(R"("type":"daily","participants":["a"],"effectve_from":"x")"), "rotation.effectve_from");
  EXPECT_EQ(FieldOf(R"({"query":"rotation","rotation":{"type":"daily","start":"2030-01-07T09:00:00Z","timezone":"EST",
    "participants":[]},"at":"2030-01-07T09:00:00Z"})"),
            "rotation.timezone");
}

std::string Schedule(const std::string& question, const std::string& schedule) {
  return R"({"query":"schedule",)" + question + R"(,"schedule":{"timezone":"UTC",)" + schedule + "}}";
}

constexpr char kDay[] = R"("from":"2030-05-06T00:00:00Z","to":"2030-05-07T00:00:00Z")";

TEST(Schedule, AnswersSamplesAndASpanTogether) {
  const test::Json both = Result(
      Schedule(R"("at":"2030-05-06T12:00:00Z",)" + std::string(kDay), R"("layers":[{"users":["é","z","a","z"]}])"));
  EXPECT_EQ(
      both.dump(),
      R"({"gaps":[],"samples":[{"at":"2030-05-06T12:00:00Z","on_call":["a","z","é"]}],"segments":)"
      R"([{"end":"2030-05-07T00:00:00Z","on_call":["a","z","é"],"start":"2030-05-06T00:00:00Z"}],"unstaffed":[]})");
  EXPECT_EQ(Result(Schedule(R"("at":[])", R"("layers":[])"))["samples"], test::Json::array());
}

TEST(Schedule, OverridesApplyInTheirOrder) {
  const std::string layers =
      R"("layers":[{"users":["ana"]},{"priority":5,"users":["eve","ana"],"windows":{"mon":[["08:00","16:00"]]}}],)";
  const auto on_call = [&layers](const std::string& overrides) {
    return Result(Schedule(R"("at":"2030-05-06T12:00:00Z")",
                           layers + R"("overrides":[)" + overrides + "]"))["samples"][0]["on_call"]
        .dump();
  };
  const auto change = [](const std::string& what) {
    return R"({"start":"2030-05-06T00:00:00Z","end":"2030-05-07T00:00:00Z",)" + what + "}";
  };
  EXPECT_EQ(on_call(change(R"("remove":"eve")")), R"(["ana"])");
  EXPECT_EQ(on_call(change(R"("remove":"ana","add":"cho")")), R"(["cho","eve"])");
  EXPECT_EQ(on_call(change(R"("remove":"eve","add":"cho")") + "," + change(R"("remove":"cho","add":"dev")")),
            R"(["ana","dev"])");
  EXPECT_EQ(on_call(change(R"("remove":"cho","add":"dev")") + "," + change(R"("remove":"eve","add":"cho")")),
            R"(["ana","cho"])");
  EXPECT_EQ(on_call(change(R"("add":"zoe")")), R"(["ana","eve","zoe"])");
  EXPECT_EQ(on_call(change(R"("add":"zoe")") + "," + change(R"("remove":"zoe")")), R"(["ana","eve"])");
  EXPECT_EQ(on_call(change(R"("remove":"eve")") + "," + change(R"("remove":"ana")")), "[]");
}

TEST(Schedule, FaultsOfFields) {
  const auto fault = [](const std::string& schedule) {
    return FieldOf(Schedule(R"("at":"2030-05-06T12:00:00Z")", schedule));
  };
  EXPECT_EQ(fault(R"("layers":[{"users":["a"],"priority":1001}])"), "schedule.layers[0].priority");
  EXPECT_EQ(fault(R"("layers":[{"users":["a"],"priority":-1}])"), "schedule.layers[0].priority");
  EXPECT_EQ(fault(R"("layers":[{"users":["a"]},{"name":"x"}])"), "schedule.layers[1]");
  EXPECT_EQ(fault(R"("layers":[{"users":["a",""]}])"), "schedule.layers[0].users[1]");
  EXPECT_EQ(fault(R"("layers":[{"users":["a"],"windows":{"mon":[["09:00","09:00"]]}}])"),
            "schedule.layers[0].windows.mon[0]");
  EXPECT_EQ(fault(R"("layers":[{"rotation":{"type":"daily","start":"2030-05-06T12:00:00Z","timezone":"X/Y",
    "participants":["a"]}}])"),
            "schedule.layers[0].rotation.timezone");
  EXPECT_EQ(fault(R"("layers":[],"overrides":[{"start":"2030-05-06T12:00:00Z","end":"2030-05-07T12:00:00Z"}])"),
            "schedule.overrides[0]");
  EXPECT_EQ(
      fault(R"("layers":[],"overrides":[{"start":"2030-05-06T12:00:00Z","end":"2030-05-06T12:00:00Z","add":"a"}])"),
      "schedule.overrides[0].end");
  EXPECT_EQ(fault(R"("layers":[],"temporary":[{"start":"2030-05-06T12:00:00Z","end":"2030-05-07T12:00:00Z"}])"),
            "schedule.temporary[0].shifts");
  EXPECT_EQ(fault(R"("layers":[],"absences":[{"start":"2030-05-06T12:00:00Z"}])"), "schedule.absences[0].user");
  EXPECT_EQ(FieldOf(Schedule(R"("id":1)", R"("layers":[])")), "at");
  EXPECT_EQ(FieldOf(Schedule(R"("from":"2030-05-06T12:00:00Z")", R"("layers":[])")), "to");
  EXPECT_EQ(FieldOf(Schedule(R"("to":"2030-05-06T12:00:00Z")", R"("layers":[])")), "from");
  EXPECT_EQ(FieldOf(Schedule(R"("at":["2030-05-06T12:00:00Z","x"])", R"("layers":[])")), "at[1]");
  EXPECT_EQ(FieldOf(Schedule(R"("from":"2030-01-01T00:00:00Z","to":"2031-01-02T00:00:00Z")", R"("layers":[])")),
            "(answered)");
  EXPECT_EQ(FieldOf(Schedule(R"("from":"2030-01-01T00:00:00Z","to":"2031-01-02T00:00:00.001Z")", R"("layers":[])")),
            "to");
  EXPECT_EQ(FieldOf(R"({"query":"schedule","at":[],"schedule":{}})"), "schedule.timezone");
  EXPECT_EQ(FieldOf(R"({"query":"schedule","at":[]})"), "schedule");
}

}  // namespace
}  // namespace escalon::calc
