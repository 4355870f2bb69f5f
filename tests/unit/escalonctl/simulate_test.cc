#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "services/escalonctl/report/report_page.h"
#include "services/escalonctl/simulate/desk_measures.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/escalonctl/shell.h"

// simulate, as people use it: files in, a report out.

namespace escalon::escalonctl {
namespace {

using test::Shell;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kShipped = std::string(ESCALON_SOURCE_DIR) + "/deploy/";

std::string Text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class Simulate : public ::testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& text) {
    const std::string path = dir_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::vector<std::string> ShopWeek(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"simulate", kShipped + "histories/shop-week.jsonl",
                                      "--policy", kShipped + "policies/shop.yaml",
                                      "--roster", kShipped + "policies/shop-roster.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// Of a run that must succeed.
  Json JsonOf(std::vector<std::string> words) {
    words.insert(words.end(), {"--format", "json", "--no-speed"});
    EXPECT_EQ(shell_.Run(words), 0) << shell_.err;
    return Json::parse(shell_.out, nullptr, false);
  }
  static const Json* RowOf(const Json& rows, const std::string& key, const std::string& value) {
    for (const Json& row : rows) {
      if (row.value(key, "") == value) return &row;
    }
    return nullptr;
  }

  Shell shell_;
  escalon::test::TempDir dir_;
};

constexpr char kPolicy[] = R"(
apiVersion: escalon/v1
kind: Policy
id: two-steps
priority:
  matrix: {high: [P1, P2, P3], medium: [P2, P3, P4], low: [P3, P4, P4]}
levels:
  L1: {people: {team: desk}}
  L2: {people: {team: network}}
clocks:
  resolution: {calendar: always, target: 4h, start_on: [opened], stop_on: [resolved], warn: [80%]}
paths:
  incident:
    functional:
      stop_on: [acknowledged]
      steps:
        - {level: L1, to: {team: desk}, assign: pull, wait: WAIT, calendar: always}
        - {level: L2, to: {team: network}, assign: pull, wait: 1h, calendar: always}
    catch_all: {team: duty}
catch_all: {team: duty}
after: {monitoring: {default: 0h}, confirm: {grace: 24h}, reopen_within: 48h}
)";

std::string PolicyWithWait(const std::string& wait) {
  std::string text = kPolicy;
  return text.replace(text.find("WAIT"), 4, wait);
}

constexpr char kRoster[] = R"(
apiVersion: escalon/v1
kind: Roster
id: two-steps
people:
  ana: {name: Ana, timezone: Asia/Tokyo, contacts: ["log:ana"]}
  cho: {name: Cho, timezone: UTC, contacts: ["log:cho"]}
  mia: {name: Mia, timezone: UTC, contacts: ["log:mia"]}
teams:
  desk: {name: Desk, members: [ana]}
  network: {name: Network, members: [cho]}
  duty: {name: Duty, members: [mia], catch_all: true}
)";

// 10:00 UTC is 19:00 in Tokyo, 15:00 is midnight there.
constexpr char kHistory[] =
    R"({"ref":"A","impact":"high","urgency":"medium","opened_at":"2030-05-06T10:00:00Z","kept":true,"deeds":[)"
    R"({"at":"2030-05-06T10:10:00Z","do":"acknowledge","by":"ana"},{"at":"2030-05-06T12:00:00Z","do":"resolve","by":"ana"}]})"
    "\n"
    R"({"ref":"B","impact":"high","urgency":"medium","opened_at":"2030-05-06T15:00:00Z","kept":true,"deeds":[)"
    R"({"at":"2030-05-06T15:45:00Z","do":"acknowledge","by":"cho"},{"at":"2030-05-06T20:00:00Z","do":"resolve","by":"cho"}]})"
    "\n";

TEST_F(Simulate, SaysWhoWouldHaveBeenPagedWhenAndWhatWasBroken) {
  const Json report = JsonOf({"simulate", Put("h.jsonl", kHistory), "--policy", Put("p.yaml", PolicyWithWait("30m")),
                              "--roster", Put("r.yaml", kRoster)});
  std::vector<std::string> pages;
  for (const Json& page : report["pages"]) {
    pages.push_back(page["at"].get<std::string>() + " " + page["case"].get<std::string>() + " " +
                    page["level"].get<std::string>() + " " + page["person"].get<std::string>() + " " +
                    page["hour"].dump() + " " + page["night"].get<std::string>());
  }
  EXPECT_THAT(pages, ElementsAre("2030-05-06T10:00:00Z A L1 ana 19 ", "2030-05-06T15:00:00Z B L1 ana 0 yes",
                                 "2030-05-06T15:30:00Z B L2 cho 15 "));
  const Json* ana = RowOf(report["people"], "person", "ana");
  ASSERT_NE(ana, nullptr);
  EXPECT_EQ((*ana)["pages"], 2);
  EXPECT_EQ((*ana)["night_pages"], 1);
  EXPECT_EQ((*ana)["nights"], 1);
  const Json* resolution = RowOf(report["promises"], "clock", "resolution");
  ASSERT_NE(resolution, nullptr);
  EXPECT_EQ((*resolution)["kept"], 1);
  EXPECT_EQ((*resolution)["broken"], 1);
  EXPECT_EQ((*resolution)["overdue"], 3600.0);
  // The history says that both were kept.
  const Json* agreement = RowOf(report["agreement"], "priority", "all");
  ASSERT_NE(agreement, nullptr);
  EXPECT_EQ((*agreement)["agree"], 0.5);
  EXPECT_EQ((*agreement)["only_there"], 1);
  const Json* network = RowOf(report["teams"], "team", "network");
  ASSERT_NE(network, nullptr);
  EXPECT_EQ((*network)["open_most"], 1);
}

TEST_F(Simulate, ComparesTwoPoliciesAndNamesTheCasesThatDiffer) {
  const Json report = JsonOf({"simulate", Put("h.jsonl", kHistory), "--policy", Put("a.yaml", PolicyWithWait("30m")),
                              "--compare", Put("b.yaml", PolicyWithWait("2h")), "--roster", Put("r.yaml", kRoster)});
  const Json* pages = RowOf(report["comparison"], "measure", "pages to people");
  ASSERT_NE(pages, nullptr);
  EXPECT_EQ((*pages)["a"], "3");
  EXPECT_EQ((*pages)["b"], "2");
  EXPECT_EQ((*pages)["change"], -1);
  ASSERT_EQ(report["differing_cases"].size(), 1u);
  EXPECT_EQ(report["differing_cases"][0]["case"], "B");
  EXPECT_EQ(report["differing_cases"][0]["level_a"], "L2");
  EXPECT_EQ(report["differing_cases"][0]["level_b"], "L1");
}

TEST_F(Simulate, TheShippedWeekOfTheShopRunsTheSameTwice) {
  ASSERT_EQ(shell_.Run(ShopWeek({"--format", "json", "--no-speed"})), 0) << shell_.err;
  const std::string first = shell_.out;
  ASSERT_EQ(shell_.Run(ShopWeek({"--format", "json", "--no-speed"})), 0);
  EXPECT_EQ(shell_.out, first);
  const Json report = Json::parse(first);
  EXPECT_EQ(report["cases"].size(), 60u);
  EXPECT_GT(report["pages"].size(), 60u);
  for (const Json& deed : report["deeds"]) EXPECT_EQ(deed["unknown"], 0) << deed.dump();
  for (const char* format : {"text", "csv", "html"}) {
    ASSERT_EQ(shell_.Run(ShopWeek({"--format", format, "--no-speed"})), 0);
    const std::string one = shell_.out;
    ASSERT_EQ(shell_.Run(ShopWeek({"--format", format, "--no-speed"})), 0);
    EXPECT_EQ(shell_.out, one) << format;
  }
}

TEST_F(Simulate, WritesTextCsvAndOnePageOfHtml) {
  ASSERT_EQ(shell_.Run(ShopWeek()), 0) << shell_.err;
  EXPECT_THAT(shell_.out, HasSubstr("Pages by person"));
  EXPECT_THAT(shell_.out, HasSubstr("Speed"));
  ASSERT_EQ(shell_.Run(ShopWeek({"--format", "csv", "--table", "pages"})), 0) << shell_.err;
  EXPECT_THAT(shell_.out, StartsWith("at,case,priority,track,level,person,team,hour,night\r\n"));
  const std::string file = dir_.path() + "/report.html";
  ASSERT_EQ(shell_.Run(ShopWeek({"--format", "html", "--into", file})), 0) << shell_.err;
  EXPECT_EQ(shell_.out, "");
  const std::string page = Text(file);
  EXPECT_THAT(page, StartsWith("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
}

TEST_F(Simulate, ReadsAnItsmsLogWithARosterMadeFromIt) {
  const std::string log =
      "number,incident_state,sys_updated_at,opened_at,assignment_group,assigned_to,impact,urgency,made_sla\n"
      "INC1,New,2/5/2016 14:00,2/5/2016 14:00,Group 7,?,2 - Medium,2 - Medium,true\n"
      "INC1,Active,2/5/2016 15:00,2/5/2016 14:00,Group 7,Resolver 1,2 - Medium,2 - Medium,true\n"
      "INC1,Resolved,2/5/2016 16:00,2/5/2016 14:00,Group 7,Resolver 1,2 - Medium,2 - Medium,true\n"
      "INC1,Closed,3/5/2016 16:00,2/5/2016 14:00,Group 7,Resolver 1,2 - Medium,2 - Medium,true\n"
      "INC2,New,2/5/2016 14:00,2/5/2016 14:00,Group 7,?,2 - Medium,2 - Medium,false\n"
      "INC2,Closed,20/5/2016 16:00,2/5/2016 14:00,Group 7,?,2 - Medium,2 - Medium,false\n";
  const Json report = JsonOf({"simulate", Put("log.csv", log), "--policy", kShipped + "policies/uci-replay.yaml"});
  const Json* agreement = RowOf(report["agreement"], "priority", "P3");
  ASSERT_NE(agreement, nullptr);
  EXPECT_EQ((*agreement)["both_kept"], 1);
  EXPECT_EQ((*agreement)["both_broken"], 1);
  EXPECT_NE(RowOf(report["teams"], "team", "group-7"), nullptr);
  for (const Json& deed : report["deeds"]) EXPECT_EQ(deed["refused"], 0) << deed.dump();
}

TEST_F(Simulate, SaysWhatIsWrongAndRunsNothing) {
  const std::string policy = Put("p.yaml", PolicyWithWait("30m")), history = Put("h.jsonl", kHistory);
  EXPECT_EQ(shell_.Run({"simulate", dir_.path() + "/nowhere", "--policy", policy}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("cannot read"));
  EXPECT_EQ(shell_.Run({"simulate", Put("empty", "# nothing\n"), "--policy", policy}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("holds no case"));
  EXPECT_EQ(shell_.Run({"simulate", Put("bad.jsonl", "{\"opened_at\":3}\n"), "--policy", policy}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("line 1, opened_at"));
  EXPECT_EQ(shell_.Run({"simulate", history, "--policy", Put("bad.yaml", "kind: Policy\n")}), 2);
  EXPECT_EQ(shell_.Run({"simulate", history, "--policy", policy, "--column", "colour=Red"}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("colour is none of"));
  EXPECT_EQ(shell_.Run({"simulate", history, "--policy", policy, "--state", "Red=blue"}), 2);
  EXPECT_EQ(shell_.Run({"simulate", history, "--policy", policy, "--format", "csv", "--table", "colours"}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("pages_by_hour"));
  std::string stranger = kRoster;
  stranger.erase(stranger.find("  network:"), stranger.find("  duty:") - stranger.find("  network:"));
  EXPECT_EQ(shell_.Run({"simulate", history, "--policy", policy, "--roster", Put("r.yaml", stranger)}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("network"));
}

TEST(NightHours, AreTheRostersQuietHoursElseTheUsualNightOnTheWall) {
  RosterDocument document;
  document.id = "r";
  Person usual, quiet;
  usual.id = usual.name = "usual";
  usual.timezone = "Asia/Kolkata";  // half an hour apart from UTC's hours
  usual.contacts = quiet.contacts = {{"log", "x"}};
  quiet.id = quiet.name = "quiet";
  quiet.quiet_hours = {{13 * 60, 14 * 60}};
  document.people = {usual, quiet};
  const auto roster = Roster::Build(document);
  ASSERT_TRUE(roster.ok());
  const NightHours nights(**roster);
  const auto at = [](const char* text) { return *ParseInstant(text); };
  EXPECT_EQ(nights.At("usual", at("2030-05-06T16:29:59Z")).hour, 21);
  EXPECT_FALSE(nights.At("usual", at("2030-05-06T16:29:59Z")).night);
  EXPECT_TRUE(nights.At("usual", at("2030-05-06T16:30:00Z")).night);   // 22:00
  EXPECT_TRUE(nights.At("usual", at("2030-05-07T01:29:59Z")).night);   // 06:59
  EXPECT_FALSE(nights.At("usual", at("2030-05-07T01:30:00Z")).night);  // 07:00
  EXPECT_EQ(nights.At("usual", at("2030-05-06T16:30:00Z")).night_number,
            nights.At("usual", at("2030-05-07T01:29:59Z")).night_number);
  EXPECT_TRUE(nights.At("quiet", at("2030-05-06T13:30:00Z")).night);
  EXPECT_FALSE(nights.At("quiet", at("2030-05-06T23:30:00Z")).night);
}

TEST(ReportPage, EscapesWhatTheDataSays) {
  ReportPage page;
  page.title = "<b>&\"'";
  ReportSection section{.id = "t", .title = "<script>alert(1)</script>"};
  section.columns = {{"NAME", "name"}, {"N", "n", Unit::kCount}};
  section.rows = {{{"name", "</svg><script>x</script>"}, {"n", 3}}, {{"name", "=1+1,\"q\""}, {"n", 1}}};
  section.chart = {"n"};
  page.sections.push_back(section);
  const std::string html = ReportHtml(page);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;/svg&gt;&lt;script&gt;x"));
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;&amp;&quot;&#39;"));
  EXPECT_EQ(ReportCsv(page, "t"), "name,n\r\n</svg><script>x</script>,3\r\n\"'=1+1,\"\"q\"\"\",1\r\n");
  EXPECT_THAT(ReportCsv(page, ""), StartsWith("table,row,column,value\r\nt,1,name,"));
}

TEST(ReportPage, HtmlShowsTheBeginningOfALongTableAndSaysWhereTheRestIs) {
  ReportPage page;
  ReportSection section{.id = "pages", .title = "Every page"};
  section.columns = {{"N", "n", Unit::kCount}};
  for (int i = 0; i < 2001; ++i) section.rows.push_back({{"n", 100000 + i}});
  page.sections.push_back(section);
  const std::string html = ReportHtml(page);
  EXPECT_THAT(html, HasSubstr(">101999<"));
  EXPECT_THAT(html, Not(HasSubstr(">102000<")));
  EXPECT_THAT(html, HasSubstr("--format csv --table pages"));
}

TEST(ReportPage, WritesValuesForPeople) {
  EXPECT_EQ(ReportText(0.4171, Unit::kShare), "41.7%");
  EXPECT_EQ(ReportText(5400.0, Unit::kSpan), "1h30m");
  EXPECT_EQ(ReportText(-90, Unit::kSpan), "-1m30s");
  EXPECT_EQ(ReportText(2, Unit::kNumber), "2.00");
  EXPECT_EQ(ReportText(Json(), Unit::kShare), "");
  EXPECT_EQ(ReportText("word", Unit::kText), "word");
}

}  // namespace
}  // namespace escalon::escalonctl
