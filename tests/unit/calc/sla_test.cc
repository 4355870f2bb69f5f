#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/unit/calc/asked.h"

// The clocks of a case at their edges. Around the clock unless a calendar is given; days are 2030-03-04 (a Monday) ff.

namespace escalon::calc {
namespace {

using test::FieldOf;
using test::Json;

constexpr char kOffice[] =
    R"({"timezone":"UTC","weekly":{"mon":[["09:00","17:00"]],"tue":[["09:00","17:00"]],"wed":[["09:00","17:00"]]}})";

std::string At(const std::string& time) {
  return time.size() == 5 ? "\"2030-03-04T" + time + ":00Z\"" : "\"2030-03-" + time + ":00Z\"";
}

std::string Event(const std::string& time, const std::string& kind, const std::string& more = "") {
  return R"({"at":)" + At(time) + R"(,"kind":")" + kind + "\"" + (more.empty() ? "" : "," + more) + "}";
}

Json Sla(const std::string& clocks, const std::vector<std::string>& events, const std::string& more = "") {
  std::string list;
  for (const std::string& event : events) list += (list.empty() ? "" : ",") + event;
  return test::Result(R"({"query":"sla","clocks":[)" + clocks + R"(],"events":[)" + list + "]" +
                      (more.empty() ? "" : "," + more) + "}");
}

/// The first clock.
Json Clock(const std::string& clock, const std::vector<std::string>& events, const std::string& more = "") {
  const Json result = Sla(clock, events, more);
  return result.contains("clocks") ? result["clocks"][0] : result;
}

std::string AsOf(const std::string& time) { return R"("as_of":)" + At(time); }

TEST(Sla, EveryFieldIsThereInEveryState) {
  const std::set<std::string> always{"name",         "kind",       "state",       "started_at", "counting_from",
                                     "deadline",     "stopped_at", "stopped_by",  "elapsed_ms", "paused_ms",
                                     "remaining_ms", "breached",   "breached_at", "overdue_ms", "warnings"};
  const Json result =
      Sla(R"({"kind":"acknowledgement","target":"1h"},{"kind":"response"},{"kind":"update","target":"1h"},
      {"kind":"cadence","target":"1h"},{"kind":"owner","target":"1h","start_at":"2031-01-01T00:00:00Z"},
      {"kind":"resolution","target":"1h"})",
          {Event("08:00", "opened", R"("actor":"system")"), Event("08:10", "acknowledged"), Event("08:20", "paused")});
  std::vector<std::string> states;
  for (const Json& clock : result["clocks"]) {
    std::set<std::string> wanted = always, fields;
    for (const auto& [name, value] : clock.items()) fields.insert(name);
    if (clock["kind"] == "update" || clock["kind"] == "cadence") wanted.insert("runs");
    EXPECT_EQ(fields, wanted) << clock["name"];
    states.push_back(clock["state"]);
  }
  EXPECT_EQ(states, (std::vector<std::string>{"stopped", "none", "idle", "idle", "idle", "paused"}));
  EXPECT_EQ(result["clocks"][2].dump(),
            R"({"breached":false,"breached_at":null,"counting_from":null,"deadline":null,"elapsed_ms":0,)"
            R"("kind":"update","name":"update","overdue_ms":0,"paused_ms":0,"remaining_ms":null,"runs":[],)"
            R"("started_at":null,"state":"idle","stopped_at":null,"stopped_by":null,"warnings":[]})");
  EXPECT_TRUE(result["next_deadline"].is_null());
  EXPECT_EQ(result["as_of"], "2030-03-04T08:20:00Z");
}

TEST(Sla, TheDeadlineItselfIsInTime) {
  const auto clock = [](const std::string& reply) {
    return Clock(R"({"kind":"response","target":"1h"})", {Event("08:00", "opened"), Event(reply, "agent_reply")});
  };
  EXPECT_EQ(clock("09:00")["breached"], false);
  const Json late = clock("09:01");
  EXPECT_EQ(late["breached"], true);
  EXPECT_EQ(late["breached_at"], "2030-03-04T09:00:00Z");
  EXPECT_EQ(late["overdue_ms"], 60'000);
  EXPECT_EQ(late["remaining_ms"], -60'000);
  EXPECT_EQ(late["deadline"], "2030-03-04T09:00:00Z");
  // Met in the evening after a deadline at closing time: breached, with nothing overdue.
  const Json evening =
      Clock(R"({"kind":"response","target":"1h"})", {Event("16:00", "opened"), Event("20:00", "agent_reply")},
            R"("calendar":)" + std::string(kOffice));
  EXPECT_EQ(evening["breached"], true);
  EXPECT_EQ(evening["deadline"], "2030-03-04T17:00:00Z");
  EXPECT_EQ(evening["breached_at"], "2030-03-04T17:00:00Z");
  EXPECT_EQ(evening["overdue_ms"], 0);
}

TEST(Sla, OnlyWhatSatisfiesAClockStopsIt) {
  const Json result = Sla(R"({"kind":"acknowledgement","target":"4h"},{"kind":"response","target":"4h"},
      {"kind":"resolution","target":"4h"},{"kind":"update","target":"4h"},{"kind":"owner","target":"4h"})",
                          {Event("08:00", "opened"), Event("08:10", "automatic_reply"), Event("08:20", "internal_note"),
                           Event("08:30", "acknowledged"), Event("08:40", "agent_reply"), Event("08:50", "agent_reply"),
                           Event("09:00", "closed"), Event("09:10", "closed")});
  const Json& clocks = result["clocks"];
  EXPECT_EQ(clocks[0]["stopped_at"], "2030-03-04T08:30:00Z");
  EXPECT_EQ(clocks[0]["stopped_by"], "acknowledged");
  EXPECT_EQ(clocks[1]["stopped_at"], "2030-03-04T08:40:00Z");
  EXPECT_EQ(clocks[1]["stopped_by"], "agent_reply");
  EXPECT_EQ(clocks[2]["stopped_at"], "2030-03-04T09:00:00Z");
  EXPECT_EQ(clocks[2]["stopped_by"], "resolved");
  EXPECT_EQ(clocks[3]["state"], "idle");
  EXPECT_EQ(clocks[3]["runs"].size(), 1u);
  EXPECT_EQ(clocks[3]["runs"][0]["stopped_at"], "2030-03-04T08:40:00Z");
  EXPECT_EQ(clocks[4]["state"], "stopped");
  EXPECT_TRUE(result["next_deadline"].is_null());
}

TEST(Sla, APauseStopsByItsReason) {
  const auto paused = [](const std::string& kind, const std::string& reason, const std::string& more = "") {
    return Clock(R"({"kind":")" + kind + R"(","target":"4h"})",
                 {Event("08:00", "opened"), Event("09:00", "agent_reply"), Event("09:00", "customer_message"),
                  Event("09:00", "paused", reason)},
                 more + (more.empty() ? "" : ",") + AsOf("10:00"))["state"]
        .get<std::string>();
  };
  EXPECT_EQ(paused("resolution", ""), "paused");
  EXPECT_EQ(paused("resolution", R"("reason":"customer")"), "paused");
  EXPECT_EQ(paused("update", ""), "paused");
  EXPECT_EQ(paused("cadence", ""), "running");
  EXPECT_EQ(paused("owner", ""), "running");
  EXPECT_EQ(paused("acknowledgement", ""), "running");
  EXPECT_EQ(paused("resolution", R"("reason":"vendor")"), "running");
  EXPECT_EQ(paused("owner", R"("reason":"vendor")"), "paused");
  EXPECT_EQ(paused("owner", R"("reason":"change")"), "paused");
  EXPECT_EQ(paused("owner", R"("reason":"weather")"), "running");
  EXPECT_EQ(paused("owner", R"("reason":"weather")", R"("pause_stops":["owner"])"), "paused");
  EXPECT_EQ(paused("resolution", "", R"("pause_stops":["owner"])"), "running");
  EXPECT_EQ(paused("resolution", "", R"("pause_stops":{})"), "running");
  EXPECT_EQ(paused("cadence", "", R"("pause_stops":{"customer":["cadence"]})"), "paused");
}

TEST(Sla, PausesInsidePausesAndResumesOutsideChangeNothing) {
  const Json clock =
      Clock(R"({"kind":"resolution","target":"4h"})",
            {Event("08:00", "opened"), Event("08:30", "resumed"), Event("09:00", "paused"),
             Event("09:30", "paused", R"("reason":"vendor")"), Event("10:00", "resumed"), Event("10:30", "resumed")},
            AsOf("11:00"));
  EXPECT_EQ(clock["paused_ms"], 3'600'000);
  EXPECT_EQ(clock["deadline"], "2030-03-04T13:00:00Z");
  EXPECT_EQ(clock["state"], "running");
}

TEST(Sla, APauseOutsideHoursCostsNothing) {
  const Json clock = Clock(R"({"kind":"resolution","target":"2h"})",
                           {Event("16:00", "opened"), Event("18:00", "paused"), Event("05T08:00", "resumed")},
                           R"("calendar":)" + std::string(kOffice));
  EXPECT_EQ(clock["paused_ms"], 0);
  EXPECT_EQ(clock["deadline"], "2030-03-05T10:00:00Z");
  // A deadline in days that lies outside hours does not roll to an opening for it either.
  const Json days = Clock(R"({"kind":"resolution","target":{"days":1}})",
                          {Event("20:00", "opened"), Event("21:00", "paused"), Event("05T08:00", "resumed")},
                          R"("calendar":)" + std::string(kOffice));
  EXPECT_EQ(days["deadline"], "2030-03-05T20:00:00Z");
}

TEST(Sla, WhilePausedTheDeadlineIsKnownOnlyOnceItIsUsedUp) {
  const auto clock = [](const std::string& target) {
    return Clock(R"({"kind":"resolution","target":")" + target + R"(","warnings":[{"percent":100},{"after":"1h"}]})",
                 {Event("08:00", "opened"), Event("10:00", "paused")}, AsOf("11:00"));
  };
  const Json open = clock("3h");
  EXPECT_TRUE(open["deadline"].is_null());
  EXPECT_EQ(open["remaining_ms"], 3'600'000);
  EXPECT_EQ(open["breached"], false);
  EXPECT_TRUE(open["warnings"][0]["at"].is_null());
  const Json exact = clock("2h");
  EXPECT_EQ(exact["deadline"], "2030-03-04T10:00:00Z");
  EXPECT_EQ(exact["warnings"][0]["at"], "2030-03-04T10:00:00Z");
  EXPECT_TRUE(exact["warnings"][1]["at"].is_null());
  const Json used = clock("1h");
  EXPECT_EQ(used["deadline"], "2030-03-04T09:00:00Z");
  EXPECT_EQ(used["breached"], true);
  EXPECT_EQ(used["overdue_ms"], 3'600'000);
  EXPECT_EQ(used["warnings"][1]["at"], "2030-03-04T10:00:00Z");
}

TEST(Sla, APauseFromTheStartLeavesTheFirstCountedInstantUnknown) {
  const std::vector<std::string> events{Event("08:00", "opened"), Event("08:00", "paused")};
  const std::string clock = R"({"kind":"resolution","target":"1h","warnings":[{"percent":0}]})";
  EXPECT_TRUE(Clock(clock, events)["counting_from"].is_null());
  EXPECT_TRUE(Clock(clock, events)["warnings"][0]["at"].is_null());
  std::vector<std::string> resumed = events;
  resumed.push_back(Event("08:30", "resumed"));
  EXPECT_EQ(Clock(clock, resumed)["counting_from"], "2030-03-04T08:30:00Z");
  EXPECT_EQ(Clock(clock, resumed)["warnings"][0]["at"], "2030-03-04T08:30:00Z");
  const Json closed = Clock(clock, {Event("20:00", "opened")}, R"("calendar":)" + std::string(kOffice));
  EXPECT_EQ(closed["counting_from"], "2030-03-05T09:00:00Z");
  EXPECT_EQ(closed["started_at"], "2030-03-04T20:00:00Z");
}

TEST(Sla, ResolvedUntilReopenedCountsForNone) {
  const std::vector<std::string> resolved{Event("08:00", "opened"),       Event("09:00", "paused"),
                                          Event("09:30", "resolved"),     Event("09:40", "customer_message"),
                                          Event("09:45", "acknowledged"), Event("09:50", "resumed"),
                                          Event("09:55", "paused")};
  const std::string clocks = R"({"kind":"acknowledgement","target":"4h"},{"kind":"resolution","target":"4h"},
    {"kind":"update","target":"4h"},{"kind":"cadence","target":"4h"})";
  const Json stopped = Sla(clocks, resolved, AsOf("09:59"))["clocks"];
  EXPECT_EQ(stopped[0]["stopped_by"], "resolved");
  EXPECT_EQ(stopped[1]["stopped_at"], "2030-03-04T09:30:00Z");
  EXPECT_EQ(stopped[1]["paused_ms"], 1'800'000);
  EXPECT_EQ(stopped[1]["deadline"], "2030-03-04T12:30:00Z");
  EXPECT_EQ(stopped[2]["state"], "stopped");
  EXPECT_EQ(stopped[3]["state"], "idle");

  std::vector<std::string> reopened = resolved;
  reopened.push_back(Event("10:30", "reopened"));
  const Json again = Sla(clocks, reopened, AsOf("11:00"))["clocks"];
  EXPECT_EQ(again[0]["state"], "running");
  EXPECT_EQ(again[0]["deadline"], "2030-03-04T13:00:00Z");
  EXPECT_EQ(again[0]["paused_ms"], 3'600'000);
  EXPECT_EQ(again[1]["state"], "running");  // the pause ended with the resolution
  EXPECT_EQ(again[1]["deadline"], "2030-03-04T13:30:00Z");
  EXPECT_EQ(again[1]["paused_ms"], 5'400'000);
  EXPECT_EQ(again[1]["elapsed_ms"], 5'400'000);
  EXPECT_EQ(again[2]["runs"].size(), 1u);
  EXPECT_EQ(again[2]["started_at"], "2030-03-04T08:00:00Z");
  EXPECT_TRUE(again[2]["stopped_at"].is_null());
}

TEST(Sla, ReopeningWhatIsNotResolvedChangesNothing) {
  const Json clock = Clock(R"({"kind":"response","target":"4h"})",
                           {Event("08:00", "opened"), Event("09:00", "agent_reply"), Event("10:00", "reopened")});
  EXPECT_EQ(clock["state"], "stopped");
  // A clock that something else stopped stays so.
  const Json after = Clock(R"({"kind":"response","target":"4h"})",
                           {Event("08:00", "opened"), Event("09:00", "agent_reply"), Event("10:00", "resolved"),
                            Event("10:30", "closed"), Event("11:00", "reopened")});
  EXPECT_EQ(after["state"], "stopped");
  EXPECT_EQ(after["stopped_at"], "2030-03-04T09:00:00Z");
}

TEST(Sla, ABreachBeforeAChangeStays) {
  const auto changed = [](const std::string& first, const std::string& second) {
    return Clock(
        R"({"kind":"resolution","target":")" + first + "\"}",
        {Event("08:00", "opened"), Event("10:00", "targets_changed", R"("targets":{"resolution":)" + second + "}")},
        AsOf("12:00"));
  };
  const Json kept = changed("1h", "\"8h\"");
  EXPECT_EQ(kept["breached"], true);
  EXPECT_EQ(kept["breached_at"], "2030-03-04T09:00:00Z");
  EXPECT_EQ(kept["deadline"], "2030-03-04T16:00:00Z");
  EXPECT_EQ(kept["overdue_ms"], 0);
  EXPECT_EQ(changed("2h", "\"8h\"")["breached"], false);  // at the deadline is in time
  const Json now = changed("8h", "\"1h\"");
  EXPECT_EQ(now["breached_at"], "2030-03-04T10:00:00Z");
  EXPECT_EQ(now["overdue_ms"], 3 * 3'600'000);
  EXPECT_EQ(changed("8h", "\"3h\"")["breached_at"], "2030-03-04T11:00:00Z");
  const Json none = changed("1h", "null");
  EXPECT_EQ(none["state"], "none");
  EXPECT_EQ(none["breached"], false);
  EXPECT_TRUE(none["remaining_ms"].is_null());
}

TEST(Sla, AChangeOfTheCalendarIsForClocksWithoutTheirOwn) {
  const Json result =
      Sla(R"({"kind":"resolution","target":"4h"},{"kind":"response","target":"4h","calendar":)" + std::string(kOffice) +
              "}",
          {Event("06:00", "opened"),
           Event("07:00", "calendar_changed", R"("calendar":{"timezone":"UTC","weekly":{"mon":[["12:00","20:00"]]}})")},
          AsOf("08:00"));
  EXPECT_EQ(result["clocks"][0]["deadline"], "2030-03-04T16:00:00Z");
  EXPECT_EQ(result["clocks"][0]["elapsed_ms"], 0);
  EXPECT_EQ(result["clocks"][1]["deadline"], "2030-03-04T13:00:00Z");
  EXPECT_EQ(result["next_deadline"]["clock"], "response");
}

TEST(Sla, UpdatesAreRunsOfTheirOwn) {
  const Json clock = Clock(R"({"kind":"update","target":"1h"})",
                           {Event("08:00", "opened"), Event("08:30", "customer_message"), Event("09:30", "agent_reply"),
                            Event("10:00", "agent_reply"), Event("11:00", "customer_message")},
                           AsOf("11:30"));
  EXPECT_EQ(clock["started_at"], "2030-03-04T11:00:00Z");
  EXPECT_EQ(clock["breached"], false);
  ASSERT_EQ(clock["runs"].size(), 2u);
  EXPECT_EQ(clock["runs"][0].dump(), R"({"breached":true,"deadline":"2030-03-04T09:00:00Z","elapsed_ms":5400000,)"
                                     R"("started_at":"2030-03-04T08:00:00Z","stopped_at":"2030-03-04T09:30:00Z"})");
}

TEST(Sla, TheCadenceRunsFromTheLastReply) {
  const Json clock = Clock(R"({"kind":"cadence","target":"1h"})",
                           {Event("08:00", "opened"), Event("09:00", "agent_reply"), Event("09:30", "automatic_reply"),
                            Event("10:30", "agent_reply"), Event("11:00", "resolved")});
  EXPECT_EQ(clock["state"], "stopped");
  EXPECT_EQ(clock["stopped_by"], "resolved");
  ASSERT_EQ(clock["runs"].size(), 2u);
  EXPECT_EQ(clock["runs"][0]["breached"], true);
  EXPECT_EQ(clock["runs"][0]["stopped_at"], "2030-03-04T10:30:00Z");
  EXPECT_EQ(clock["runs"][1]["elapsed_ms"], 1'800'000);
}

TEST(Sla, WhatComesLaterIsLeftOut) {
  const std::vector<std::string> events{Event("08:00", "opened"), Event("09:00", "agent_reply"),
                                        Event("10:00", "resolved")};
  const std::string response = R"({"kind":"response","target":"4h"})";
  EXPECT_EQ(Clock(response, events, AsOf("08:59"))["state"], "running");
  EXPECT_EQ(Clock(response, events, AsOf("09:00"))["state"], "stopped");
  EXPECT_EQ(Clock(response, events, AsOf("07:00"))["state"], "idle");
  EXPECT_EQ(
      Clock(R"({"kind":"owner","target":"1h","start_at":"2030-03-04T09:30:00Z"})", events, AsOf("09:15"))["state"],
      "idle");
  const Json begun =
      Clock(R"({"kind":"owner","target":"1h","start_at":"2030-03-04T09:30:00Z"})", events, AsOf("09:45"));
  EXPECT_EQ(begun["started_at"], "2030-03-04T09:30:00Z");
  EXPECT_EQ(begun["elapsed_ms"], 900'000);
}

TEST(Sla, DaysMoveByTheBusinessTimeOfEachPause) {
  const std::string clock = R"({"kind":"resolution","target":{"days":1,"snap":"closing"},
    "warnings":[{"percent":50},{"before_days":1},{"after_days":1},{"before":"100h"}]})";
  const std::string office = R"("calendar":)" + std::string(kOffice);
  const Json calm = Clock(clock, {Event("12:00", "opened")}, office);
  EXPECT_EQ(calm["deadline"], "2030-03-05T17:00:00Z");
  EXPECT_EQ(calm["remaining_ms"], 13 * 3'600'000);
  // Half of the 13 hours between start and deadline.
  EXPECT_EQ(calm["warnings"][0]["at"], "2030-03-05T10:30:00Z");
  EXPECT_EQ(calm["warnings"][1]["at"], "2030-03-04T17:00:00Z");
  EXPECT_EQ(calm["warnings"][2]["at"], "2030-03-06T17:00:00Z");
  EXPECT_EQ(calm["warnings"][3]["at"], "2030-03-04T12:00:00Z");
  const std::vector<std::string> waiting{Event("12:00", "opened"), Event("13:00", "paused")};
  const Json paused = Clock(clock, waiting, office + "," + AsOf("15:00"));
  EXPECT_TRUE(paused["deadline"].is_null());
  EXPECT_EQ(paused["remaining_ms"], 12 * 3'600'000);
  EXPECT_TRUE(paused["warnings"][1]["at"].is_null());
  std::vector<std::string> resumed = waiting;
  resumed.push_back(Event("15:00", "resumed"));
  resumed.push_back(Event("06T12:00", "paused"));  // after the deadline: it moves nothing
  const Json moved = Clock(clock, resumed, office);
  EXPECT_EQ(moved["deadline"], "2030-03-06T11:00:00Z");
  EXPECT_EQ(moved["breached"], true);
  EXPECT_EQ(moved["overdue_ms"], 3'600'000);
  EXPECT_EQ(moved["remaining_ms"], -3'600'000);
  EXPECT_EQ(moved["state"], "paused");
}

TEST(Sla, WarningsNeverComeBeforeTheStart) {
  const Json clock = Clock(R"({"kind":"resolution","target":"1h","warnings":[{"before":"2h"},{"percent":0},
    {"percent":100},{"percent":12.5},{"before":"0s"},{"after":"30m"}]})",
                           {Event("08:00", "opened")});
  std::vector<std::string> at;
  for (const Json& warning : clock["warnings"]) at.push_back(warning["at"].get<std::string>().substr(11, 8));
  EXPECT_EQ(at, (std::vector<std::string>{"08:00:00", "08:00:00", "09:00:00", "08:07:30", "09:00:00", "09:30:00"}));
  EXPECT_EQ(clock["warnings"][0]["before_ms"], 7'200'000);
  EXPECT_EQ(clock["warnings"][3]["percent"], 12.5);
  EXPECT_EQ(clock["warnings"][5]["after_ms"], 1'800'000);
}

TEST(Sla, TheFirstListedWinsATie) {
  const Json result = Sla(R"({"kind":"owner","name":"b","target":"2h"},{"kind":"owner","name":"a","target":"1h"},
    {"kind":"resolution","target":"1h"})",
                          {Event("08:00", "opened")}, AsOf("12:00"));
  EXPECT_EQ(result["next_deadline"].dump(), R"({"at":"2030-03-04T09:00:00Z","clock":"a"})");
}

TEST(Sla, ExplainsWhatCountedSoFar) {
  const Json clock = Clock(R"({"kind":"resolution","target":"8h"})",
                           {Event("16:00", "opened"), Event("16:30", "paused"), Event("16:40", "resumed"),
                            Event("05T10:00", "internal_note")},
                           R"("explain":true,"calendar":)" + std::string(kOffice));
  EXPECT_EQ(clock["segments"].dump(), R"([{"end":"2030-03-04T16:30:00Z","start":"2030-03-04T16:00:00Z"},)"
                                      R"({"end":"2030-03-04T17:00:00Z","start":"2030-03-04T16:40:00Z"},)"
                                      R"({"end":"2030-03-05T10:00:00Z","start":"2030-03-05T09:00:00Z"}])");
  EXPECT_EQ(Clock(R"({"kind":"update","target":"1h"})", {Event("08:00", "opened", R"("actor":"agent")")},
                  R"("explain":true)")["segments"],
            Json::array());
}

TEST(Sla, ACalendarThatNeverOpensIsTheFault) {
  const std::string never = R"({"timezone":"UTC","weekly":{}})";
  const std::vector<std::string> opened{Event("08:00", "opened")};
  EXPECT_EQ(Sla(R"({"kind":"resolution","target":"1h"})", opened, R"("calendar":)" + never)["field"], "calendar");
  EXPECT_EQ(
      Sla(R"({"kind":"response"},{"kind":"resolution","target":{"days":1},"calendar":)" + never + "}", opened)["field"],
      "clocks[1].calendar");
  EXPECT_EQ(Sla(R"({"kind":"resolution","target":"1h"})",
                {Event("08:00", "opened"), Event("09:00", "calendar_changed", R"("calendar":)" + never)})["field"],
            "events[1].calendar");
  EXPECT_EQ(Sla(R"({"kind":"resolution"})", opened, R"("calendar":)" + never)["clocks"][0]["state"], "none");
}

TEST(Sla, FaultsOfFields) {
  const std::vector<std::string> opened{Event("08:00", "opened")};
  const auto of_clock = [&opened](const std::string& clock) { return Sla(clock, opened)["field"]; };
  EXPECT_EQ(of_clock(""), "clocks");
  EXPECT_EQ(of_clock("5"), "clocks[0]");
  EXPECT_EQ(of_clock("{}"), "clocks[0].kind");
  EXPECT_EQ(of_clock(R"({"kind":"reply"})"), "clocks[0].kind");
  EXPECT_EQ(of_clock(R"({"kind":"owner"},{"kind":"owner"})"), "clocks[1].name");
  EXPECT_EQ(of_clock(R"({"kind":"owner","name":""})"), "clocks[0].name");
  EXPECT_EQ(of_clock(R"({"kind":"owner","target":"0s"})"), "clocks[0].target");
  EXPECT_EQ(of_clock(R"({"kind":"owner","target":"2d"})"), "clocks[0].target");
  EXPECT_EQ(of_clock(R"({"kind":"owner","target":5})"), "clocks[0].target");
  EXPECT_EQ(of_clock(R"({"kind":"owner","target":{}})"), "clocks[0].target.days");
  EXPECT_EQ(of_clock(R"({"kind":"owner","target":{"days":1,"snap":"open"}})"), "clocks[0].target.snap");
  EXPECT_EQ(of_clock(R"({"kind":"owner","target":{"days":1,"hours":1}})"), "clocks[0].target.hours");
  EXPECT_EQ(of_clock(R"({"kind":"owner","warnings":[{"percent":101}]})"), "clocks[0].warnings[0].percent");
  EXPECT_EQ(of_clock(R"({"kind":"owner","warnings":[{"percent":-1}]})"), "clocks[0].warnings[0].percent");
  EXPECT_EQ(of_clock(R"({"kind":"owner","warnings":[{"before":"-1h"}]})"), "clocks[0].warnings[0].before");
  EXPECT_EQ(of_clock(R"({"kind":"owner","warnings":[{}]})"), "clocks[0].warnings[0]");
  EXPECT_EQ(of_clock(R"({"kind":"owner","warnings":[{"percent":1,"after":"1h"}]})"), "clocks[0].warnings[0]");
  EXPECT_EQ(of_clock(R"({"kind":"update","start_at":"2030-03-04T08:00:00Z"})"), "clocks[0].start_at");
  EXPECT_EQ(of_clock(R"({"kind":"owner","calendar":{"timezone":"CET","weekly":{}}})"), "clocks[0].calendar.timezone");

  const auto of_events = [](const std::vector<std::string>& events) {
    return Sla(R"({"kind":"owner","target":"1h"})", events)["field"];
  };
  EXPECT_EQ(of_events({}), "events");
  EXPECT_EQ(of_events({Event("08:00", "resolved")}), "events[0].kind");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("08:00", "opened")}), "events[1].kind");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("07:59", "resolved")}), "events[1].at");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("08:00", "solved")}), "events[1].kind");
  EXPECT_EQ(of_events({Event("08:00", "opened", R"("actor":"bot")")}), "events[0].actor");
  EXPECT_EQ(of_events({Event("08:00", "opened", R"("reason":"customer")")}), "events[0].reason");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("08:00", "targets_changed")}), "events[1].targets");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("08:00", "targets_changed", R"("targets":{"x":"1h"})")}),
            "events[1].targets.x");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("08:00", "targets_changed", R"("targets":{"owner":"x"})")}),
            "events[1].targets.owner");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("08:00", "calendar_changed")}), "events[1].calendar");
  EXPECT_EQ(of_events({R"({"at":"2030-03-04T08:00:00Z"})"}), "events[0].kind");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("08:00", "puased", R"("reason":"vendor")")}), "events[1].kind");
  EXPECT_EQ(of_events({Event("08:00", "opened"), Event("08:00", "paused", R"("raeson":"vendor")")}),
            "events[1].raeson");
  EXPECT_EQ(of_events({R"({"kind":"opened"})"}), "events[0].at");

  const auto of_table = [&opened](const std::string& table) {
    return Sla(R"({"kind":"owner","target":"1h"})", opened, R"("pause_stops":)" + table)["field"];
  };
  EXPECT_EQ(of_table("5"), "pause_stops");
  EXPECT_EQ(of_table(R"(["owners"])"), "pause_stops[0]");
  EXPECT_EQ(of_table(R"({"vendor":["owner","x"]})"), "pause_stops.vendor[1]");
  EXPECT_EQ(of_table(R"({"vendor":"owner"})"), "pause_stops.vendor");
}

}  // namespace
}  // namespace escalon::calc
