#include <gtest/gtest.h>

#include "tests/unit/calc/asked.h"

// Who is told, and when, at the edges of a path. Around the clock unless a step has a calendar.

namespace escalon::calc {
namespace {

using test::Json;

/// A case that enters at 08:00.
Json Path(const std::string& path, const std::string& events = "", const std::string& until = "") {
  return test::Result(R"({"query":"path","start":"2030-03-04T08:00:00Z","path":)" + path +
                      (events.empty() ? "" : R"(,"events":[)" + events + "]") +
                      (until.empty() ? "" : R"(,"until":"2030-03-04T)" + until + R"(:00Z")") + "}");
}

std::string Event(const std::string& time, const std::string& kind, const std::string& more = "") {
  return R"({"at":"2030-03-04T)" + time + R"(:00Z","kind":")" + kind + "\"" + (more.empty() ? "" : "," + more) + "}";
}

/// `08:00 1/1#1`: instant, step/pass#attempt.
std::string Told(const Json& result) {
  if (!result.contains("notifications")) return result.dump();
  std::string out;
  for (const Json& n : result["notifications"])
    out += (out.empty() ? "" : ", ") + n["at"].get<std::string>().substr(11, 5) + " " + n["step"].dump() + "/" +
           n["pass"].dump() + "#" + n["attempt"].dump();
  return out;
}

constexpr char kTwo[] = R"({"steps":[{"targets":["a"],"wait":"10m"},{"targets":["b"],"wait":"20m"}]})";
constexpr char kLease[] =
    R"({"steps":[{"targets":["a"],"wait":"10m"},{"targets":["b"],"wait":"20m"}],"acknowledgement_lease":"1h"})";

TEST(Path, AnswersEveryField) {
  EXPECT_EQ(Path(kTwo, "", "08:05").dump(),
            R"({"exhausted_at":null,"next_at":"2030-03-04T08:10:00Z","notifications":[{"at":"2030-03-04T08:00:00Z",)"
            R"("attempt":1,"pass":1,"step":1,"targets":["a"]}],"pass":1,"state":"running","step":1})");
}

TEST(Path, MovesAtUntilStillHappenAndLaterEventsDoNot) {
  EXPECT_EQ(Told(Path(kTwo, "", "08:10")), "08:00 1/1#1, 08:10 2/1#1");
  const Json looked = Path(kTwo, Event("08:11", "resolved"), "08:10");
  EXPECT_EQ(looked["state"], "running");
  EXPECT_EQ(Path(kTwo, Event("08:10", "resolved"), "08:10")["state"], "resolved");
}

TEST(Path, WithoutACatchAllNobodyIsToldAtTheEnd) {
  const Json result = Path(kTwo);
  EXPECT_EQ(Told(result), "08:00 1/1#1, 08:10 2/1#1");
  EXPECT_EQ(result["state"], "exhausted");
  EXPECT_EQ(result["exhausted_at"], "2030-03-04T08:30:00Z");
  EXPECT_TRUE(result["next_at"].is_null());
  EXPECT_EQ(result["step"], 2);
}

TEST(Path, AnEventAtTheInstantOfAMoveComesFirst) {
  EXPECT_EQ(Told(Path(kTwo, Event("08:10", "acknowledged"))), "08:00 1/1#1");
  EXPECT_EQ(Told(Path(kTwo, Event("08:00", "acknowledged"))), "08:00 1/1#1");
  // Without a wait too: the step that was reached is told, the next one is a move.
  EXPECT_EQ(Told(Path(R"({"steps":[{"targets":["a"],"wait":"0s"},{"targets":["b"],"wait":"5m"}]})",
                      Event("08:00", "acknowledged"))),
            "08:00 1/1#1");
  // A lease that would run out at that instant is renewed.
  EXPECT_EQ(Path(kLease, Event("08:05", "acknowledged") + "," + Event("09:05", "acknowledged"), "09:30")["next_at"],
            "2030-03-04T10:05:00Z");
}

TEST(Path, AnAcknowledgementHoldsUntilItsLeaseRunsOut) {
  const Json held = Path(kTwo, Event("08:05", "acknowledged"));
  EXPECT_EQ(held["state"], "acknowledged");
  EXPECT_TRUE(held["next_at"].is_null());
  const Json leased = Path(kLease, Event("08:15", "acknowledged"), "08:20");
  EXPECT_EQ(leased["state"], "acknowledged");
  EXPECT_EQ(leased["next_at"], "2030-03-04T09:15:00Z");
  EXPECT_EQ(Told(Path(kLease, Event("08:05", "acknowledged"))), "08:00 1/1#1, 09:05 1/1#2, 09:15 2/1#1");
  EXPECT_EQ(Told(Path(kLease, Event("08:05", "acknowledged") + "," + Event("09:10", "acknowledged"))),
            "08:00 1/1#1, 09:05 1/1#2, 10:10 1/1#3, 10:20 2/1#1");
}

TEST(Path, APersonClimbs) {
  EXPECT_EQ(Told(Path(kTwo, Event("08:05", "escalated"))), "08:00 1/1#1, 08:05 2/1#1");
  EXPECT_EQ(Told(Path(kTwo, Event("08:01", "acknowledged") + "," + Event("08:05", "escalated"))),
            "08:00 1/1#1, 08:05 2/1#1");
  const Json out = Path(kTwo, Event("08:15", "escalated"));
  EXPECT_EQ(out["state"], "exhausted");
  EXPECT_EQ(out["exhausted_at"], "2030-03-04T08:15:00Z");
  const std::string twice = R"({"steps":[{"targets":["a"],"wait":"10m"},{"targets":["b"],"wait":"20m"}],"repeat":1})";
  EXPECT_EQ(Told(Path(twice, Event("08:15", "escalated"))), "08:00 1/1#1, 08:10 2/1#1, 08:15 1/2#1, 08:25 2/2#1");
  EXPECT_EQ(Told(Path(twice, Event("08:50", "escalated", R"("to_step":2)"))),
            "08:00 1/1#1, 08:10 2/1#1, 08:30 1/2#1, 08:40 2/2#1, 08:50 2/2#1");
}

TEST(Path, AnExhaustedPathMovesOnlyByAJumpOrAChange) {
  EXPECT_EQ(Path(kTwo, Event("09:00", "escalated"))["exhausted_at"], "2030-03-04T08:30:00Z");
  const Json jumped = Path(kTwo, Event("09:00", "escalated", R"("to_step":1)"), "09:05");
  EXPECT_EQ(Told(jumped), "08:00 1/1#1, 08:10 2/1#1, 09:00 1/1#1");
  EXPECT_EQ(jumped["state"], "running");
  EXPECT_TRUE(jumped["exhausted_at"].is_null());
  const Json changed =
      Path(kTwo, Event("09:00", "path_changed", R"("path":{"steps":[{"targets":["x"],"wait":"1h"}]})"), "09:05");
  EXPECT_EQ(Told(changed), "08:00 1/1#1, 08:10 2/1#1, 09:00 1/1#1");
  EXPECT_EQ(changed["notifications"][2]["targets"][0], "x");
}

TEST(Path, ResolvedIsTheEnd) {
  const Json result = Path(kTwo, Event("08:05", "resolved") + "," + Event("08:06", "escalated"));
  EXPECT_EQ(Told(result), "08:00 1/1#1");
  EXPECT_EQ(result["state"], "resolved");
  EXPECT_TRUE(result["next_at"].is_null());
}

TEST(Path, EmptyStepsDoAsTheySay) {
  const auto path = [](const std::string& on_empty) {
    return R"({"fallback":["f"],"steps":[{"targets":["a"],"wait":"10m"},{"targets":[],"wait":"10m")" + on_empty +
           R"(},{"targets":["c"],"wait":"10m"}]})";
  };
  EXPECT_EQ(Told(Path(path(""))), "08:00 1/1#1, 08:10 3/1#1");
  EXPECT_EQ(Told(Path(path(R"(,"on_empty":"hold")"))), "08:00 1/1#1, 08:20 3/1#1");
  const Json fallen = Path(path(R"(,"on_empty":"fall_back")"));
  EXPECT_EQ(Told(fallen), "08:00 1/1#1, 08:10 2/1#1, 08:20 3/1#1");
  EXPECT_EQ(fallen["notifications"][1]["targets"][0], "f");
}

TEST(Path, StepsKeepTheirHours) {
  const auto path = [](const std::string& outside) {
    return R"({"steps":[{"targets":["a"],"wait":"30m","calendar":{"timezone":"UTC","weekly":{"mon":[["09:00","10:00"]]}})" +
           outside + R"(},{"targets":["b"],"wait":"10m"}]})";
  };
  EXPECT_EQ(Told(Path(path(""))), "09:00 1/1#1, 09:30 2/1#1");
  EXPECT_EQ(Told(Path(path(R"(,"outside_hours":"skip")"))), "08:00 2/1#1");
  // Held: the telling is the next move, and who acknowledges first is not told.
  const Json held = Path(path(""), "", "08:30");
  EXPECT_EQ(held["next_at"], "2030-03-04T09:00:00Z");
  EXPECT_EQ(held["state"], "running");
  EXPECT_EQ(Told(held), "");
  EXPECT_EQ(Told(Path(path(""), Event("09:00", "acknowledged"))), "");
  EXPECT_EQ(Told(Path(path(""), Event("08:30", "escalated"))), "08:30 2/1#1");
  // It stays at closing time when the wait lands there; what never opens is skipped.
  EXPECT_EQ(Told(Path(R"({"steps":[{"targets":["a"],"wait":"1h","calendar":{"timezone":"UTC",
    "weekly":{"mon":[["09:00","10:00"]]}}},{"targets":["b"],"wait":"10m"}]})")),
            "09:00 1/1#1, 10:00 2/1#1");
  EXPECT_EQ(Told(Path(R"({"steps":[{"targets":["a"],"wait":"1h","calendar":{"timezone":"UTC","weekly":{}}},
    {"targets":["b"],"wait":"10m"}]})")),
            "08:00 2/1#1");
}

TEST(Path, APassThatTakesNoTimeIsTheLast) {
  const Json none = Path(R"({"steps":[{"targets":["a"],"wait":"0s"},{"targets":[],"wait":"1h"}],"repeat":5,
    "catch_all":["z"]})");
  EXPECT_EQ(Told(none), "08:00 1/1#1, 08:00 null/1#1");
  EXPECT_EQ(none["state"], "exhausted");
  EXPECT_EQ(none["exhausted_at"], "2030-03-04T08:00:00Z");
  const Json forever = Path(R"({"steps":[{"targets":[],"wait":"1h"}],"repeat":"forever"})", "", "20:00");
  EXPECT_EQ(forever["state"], "exhausted");
  // A pass that a person cut short is another matter.
  EXPECT_EQ(Told(Path(R"({"steps":[{"targets":["a"],"wait":"1h"}],"repeat":1})", Event("08:00", "escalated"))),
            "08:00 1/1#1, 08:00 1/2#1");
}

TEST(Path, RepeatsForeverUntilUntil) {
  const std::string forever = R"({"steps":[{"targets":["a"],"wait":"1h"}],"repeat":"forever"})";
  EXPECT_EQ(Told(Path(forever, "", "10:00")), "08:00 1/1#1, 09:00 1/2#1, 10:00 1/3#1");
  EXPECT_EQ(Path(forever)["field"], "until");
  EXPECT_EQ(Path(kTwo, Event("08:05", "path_changed", R"("path":)" + forever))["field"], "until");
}

TEST(Path, TenThousandNotificationsAreEnough) {
  const std::string seconds = R"({"steps":[{"targets":["a"],"wait":"1s"}],"repeat":"forever"})";
  EXPECT_EQ(Path(seconds, "", "10:46")["notifications"].size(), 9961u);
  EXPECT_EQ(Path(seconds, "", "10:47")["field"], "until");
  // Nor does a path end the look that tells nobody.
  EXPECT_EQ(
      Path(R"({"steps":[{"targets":[],"on_empty":"hold","wait":"1ms"}],"repeat":"forever"})", "", "20:00")["field"],
      "until");
}

TEST(Path, FaultsOfFields) {
  const auto fault = [](const std::string& path) { return Path(path)["field"]; };
  EXPECT_EQ(fault("null"), "path");
  EXPECT_EQ(fault("{}"), "path.steps");
  EXPECT_EQ(fault(R"({"steps":[]})"), "path.steps");
  EXPECT_EQ(fault(R"({"steps":[{"targets":["a"]}]})"), "path.steps[0].wait");
  EXPECT_EQ(fault(R"({"steps":[{"wait":"1h"}]})"), "path.steps[0].targets");
  EXPECT_EQ(fault(R"({"steps":[{"targets":[""],"wait":"1h"}]})"), "path.steps[0].targets[0]");
  EXPECT_EQ(fault(R"({"steps":[{"targets":["a"],"wait":"1h","on_empty":"fallback"}]})"), "path.steps[0].on_empty");
  EXPECT_EQ(fault(R"({"steps":[{"targets":["a"],"wait":"1h","outside_hours":"fall_back"}]})"),
            "path.steps[0].outside_hours");
  EXPECT_EQ(fault(R"({"steps":[{"targets":["a"],"wait":"1h"}],"repeat":101})"), "path.repeat");
  EXPECT_EQ(fault(R"({"steps":[{"targets":["a"],"wait":"1h"}],"repeat":-1})"), "path.repeat");
  EXPECT_EQ(fault(R"({"steps":[{"targets":["a"],"wait":"1h"}],"repeat":"always"})"), "path.repeat");
  EXPECT_EQ(fault(R"({"steps":[{"targets":["a"],"wait":"0s"}],"repeat":"forever"})"), "path.repeat");
  EXPECT_EQ(fault(R"({"steps":[{"targets":[],"wait":"1h","on_empty":"fall_back"}]})"), "path.fallback");
  EXPECT_EQ(fault(R"({"steps":[{"targets":["a"],"wait":"1h"}],"lease":"1h"})"), "path.lease");
  EXPECT_EQ(Path(kTwo, Event("07:59", "resolved"))["field"], "events[0].at");
  EXPECT_EQ(Path(kTwo, Event("08:09", "acknowledged") + "," + Event("08:08", "resolved"))["field"], "events[1].at");
  EXPECT_EQ(Path(kTwo, Event("08:09", "opened"))["field"], "events[0].kind");
  EXPECT_EQ(Path(kTwo, Event("08:09", "escalated", R"("to_step":3)"))["field"], "events[0].to_step");
  EXPECT_EQ(Path(kTwo, Event("08:09", "escalated", R"("to_step":0)"))["field"], "events[0].to_step");
  EXPECT_EQ(Path(kTwo, Event("08:09", "acknowledged", R"("to_step":1)"))["field"], "events[0].to_step");
  EXPECT_EQ(Path(kTwo, Event("08:09", "escalate", R"("to_step":1)"))["field"], "events[0].kind");
  EXPECT_EQ(Path(kTwo, Event("08:09", "path_changed"))["field"], "events[0].path");
  EXPECT_EQ(Path(kTwo, Event("08:09", "path_changed", R"("path":{"steps":[{"targets":["a"],"wait":"1"}]})"))["field"],
            "events[0].path.steps[0].wait");
  EXPECT_EQ(Path(kTwo, "", "07:59")["field"], "until");
  EXPECT_EQ(Path(R"({"steps":[{"targets":["a"],"wait":"2h","calendar":{"timezone":"UTC","weekly":{},
    "overrides":{"2030-03-04":[["08:00","09:00"]]}}}]})")["field"],
            "path.steps[0].calendar");
  EXPECT_EQ(test::FieldOf(std::string(R"({"query":"path","path":)") + kTwo + "}"), "start");
}

}  // namespace
}  // namespace escalon::calc
