#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/temp_dir.h"
#include "tests/unit/escalonctl/shell.h"
#include "tests/unit/escalonctl/shipped.h"

namespace escalon::escalonctl {
namespace {

namespace fs = std::filesystem;
using test::Shell;
using test::Shipped;
using test::TextOf;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A file with some of a shipped policy replaced.
class PolicyCommands : public testing::Test {
 protected:
  std::string Changed(const std::string& name, const std::string& place, const std::string& by) {
    std::string text = TextOf(Shipped(name));
    const size_t at = text.find(place);
    EXPECT_NE(at, std::string::npos) << place;
    if (at != std::string::npos) text.replace(at, place.size(), by);
    return File("changed.yaml", text);
  }
  std::string File(const std::string& name, const std::string& text) {
    const std::string path = (fs::path(folder.path()) / name).string();
    std::ofstream(path) << text;
    return path;
  }

  escalon::test::TempDir folder;
  Shell shell;
};

TEST_F(PolicyCommands, InitWritesAStarterThatPassesItsTests) {
  const std::string path = (fs::path(folder.path()) / "policy.yaml").string();
  EXPECT_EQ(shell.Run({"policy", "init", "--out", path}), 0) << shell.err;
  EXPECT_EQ(TextOf(path), TextOf(Shipped("starter.yaml")));
  EXPECT_EQ(shell.Run({"policy", "validate", path, "--local"}), 0) << shell.out;
  EXPECT_EQ(shell.Run({"policy", "test", path}), 0) << shell.out;
  EXPECT_THAT(shell.out, HasSubstr("all pass"));
  EXPECT_THAT(shell.services.asked, IsEmpty());
}

TEST_F(PolicyCommands, InitNeverOverwritesAndKnowsItsExamples) {
  const std::string path = File("mine.yaml", "mine");
  EXPECT_EQ(shell.Run({"policy", "init", "--out", path}), 2);
  EXPECT_THAT(shell.err, HasSubstr("is there already"));
  EXPECT_EQ(TextOf(path), "mine");
  EXPECT_EQ(shell.Run({"policy", "init", "--list"}), 0);
  EXPECT_THAT(shell.out, AllOf(HasSubstr("complaints"), HasSubstr("security"), Not(HasSubstr("roster"))));
  EXPECT_EQ(shell.Run({"policy", "init", "--like", "nothing"}), 3);
  EXPECT_THAT(shell.err, HasSubstr("there are: "));
}

TEST_F(PolicyCommands, TestSaysWhatWasExpectedWhatHappenedAndWhere) {
  const std::string path =
      Changed("starter.yaml", "      - {within: 0s, inform: MGR}\n", "      - {within: 0s, inform: L1}\n");
  EXPECT_EQ(shell.Run({"policy", "test", path}), 5);
  EXPECT_THAT(shell.out,
              AllOf(HasSubstr("FAIL  a P1 goes"), HasSubstr("changed.yaml:"), HasSubstr("tests[1].expect[1]"),
                    HasSubstr("expected  inform L1 within 0s"), HasSubstr("1 failed")));
  EXPECT_EQ(shell.Run({"policy", "test", path, "--output", "json"}), 5);
  const Json json = Json::parse(shell.out);
  EXPECT_EQ(json["failed"], 1);
  EXPECT_EQ(json["tests"][1]["misses"][0]["field"], "tests[1].expect[1]");
}

TEST_F(PolicyCommands, TestTriesSomeOfThemWithRealPeopleAndShowsTheWholeStory) {
  EXPECT_EQ(shell.Run({"policy", "test", Shipped("follow-the-sun.yaml"), "--roster",
                       Shipped("follow-the-sun-roster.yaml"), "--only", "noon of Dublin", "--timeline"}),
            0)
      << shell.out;
  EXPECT_THAT(shell.out, AllOf(HasSubstr("1 tests, all pass"), HasSubstr("paged"), HasSubstr("+0")));
}

TEST_F(PolicyCommands, ABrokenPolicyIsFoundBeforeItsTests) {
  const std::string broken = File("broken.yaml", TextOf(Shipped("starter.yaml")) + "limts: {}\n");
  EXPECT_EQ(shell.Run({"policy", "test", broken}), 5);
  EXPECT_THAT(shell.out, AllOf(HasSubstr("did you mean \"limits\""), HasSubstr("must not be applied")));
}

TEST_F(PolicyCommands, ValidateGivesLineAndPlaceOfEveryFaultAtOnce) {
  const std::string path =
      File("broken.yaml", TextOf(Shipped("starter.yaml")) + "limts: {}\nafter: {reopen_witin: 1d}\n");
  EXPECT_EQ(shell.Run({"policy", "validate", path, "--local", "--output", "json"}), 5);
  const Json findings = Json::parse(shell.out)["findings"];
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[1]["line"].get<int>(), findings[0]["line"].get<int>() + 1);
  EXPECT_EQ(findings[0]["message"], "unknown key; did you mean \"limits\"?");
}

TEST_F(PolicyCommands, ValidateWarnsWhenAReviewIsDue) {
  const std::string path = File("old.yaml", TextOf(Shipped("starter.yaml")) + "review_by: \"1971-01-01\"\n");
  shell.clock.wall = ParseInstant("1972-01-01T00:00:00Z").value();
  EXPECT_EQ(shell.Run({"policy", "validate", path, "--local"}), 0) << shell.out;
  EXPECT_THAT(shell.out, AllOf(HasSubstr("was due on 1971-01-01"), HasSubstr("there are warnings")));
  shell.clock.wall = ParseInstant("1970-06-01T00:00:00Z").value();
  EXPECT_EQ(shell.Run({"policy", "validate", path, "--local"}), 0);
  EXPECT_THAT(shell.out, HasSubstr("is fine"));
}

TEST_F(PolicyCommands, ExplainReadsAFileInEachForm) {
  const std::vector<std::string> words{"policy", "explain", "--file", Shipped("customer-ladder.yaml")};
  EXPECT_EQ(shell.Run(words), 0) << shell.err;
  EXPECT_THAT(shell.out, AllOf(HasSubstr("Levels"), HasSubstr("15 minutes")));
  const auto in = [&](const std::string& format) {
    std::vector<std::string> more = words;
    more.insert(more.end(), {"--format", format, "--roster", Shipped("shop-roster.yaml")});
    EXPECT_EQ(shell.Run(more), 0) << shell.err;
    return shell.out;
  };
  EXPECT_THAT(in("markdown"), AllOf(HasSubstr("# How cases"), HasSubstr("## Contacts")));
  EXPECT_THAT(in("html"), AllOf(HasSubstr("<!doctype html>"), HasSubstr("</html>")));
}

TEST_F(PolicyCommands, ExplainAsksIntakeWithoutAFile) {
  shell.services.answers["PolicyService/Get"] = {
      Json{{"policy", {{"id", "shop"}, {"version", 7}}}, {"yaml", TextOf(Shipped("shop.yaml"))}}};
  EXPECT_EQ(shell.Run({"policy", "explain", "shop", "--version", "7"}), 0) << shell.err;
  EXPECT_EQ(shell.services.last(), (Json{{"id", "shop"}, {"version", 7}}));
  EXPECT_THAT(shell.out, HasSubstr("policy shop"));
}

TEST_F(PolicyCommands, DiffOfTwoFilesSaysInWordsWhatChangesForWhom) {
  const std::string path =
      Changed("starter.yaml", "P1: 15m, P2: 30m, P3: 4h, P4: 1bd}      #", "P1: 15m, P2: 45m, P3: 4h, P4: 1bd}      #");
  EXPECT_EQ(shell.Run({"policy", "diff", Shipped("starter.yaml"), path}), 0) << shell.err;
  EXPECT_THAT(shell.out, AllOf(HasSubstr("at P2"),
                               HasSubstr("response is due within 45 minutes, around the clock instead of 30 minutes")));
  EXPECT_EQ(shell.Run({"policy", "diff", path, path}), 0);
  EXPECT_THAT(shell.out, HasSubstr("No case is led in another way"));
  EXPECT_THAT(shell.services.asked, IsEmpty());
}

TEST_F(PolicyCommands, DiffOfOneFileComparesWithWhatIsInForce) {
  shell.services.answers["PolicyService/Get"] = {
      Json{{"policy", {{"id", "shop"}, {"version", 7}}}, {"yaml", TextOf(Shipped("starter.yaml"))}}};
  const std::string path = Changed("starter.yaml", "repeat: 1", "repeat: 2");
  EXPECT_EQ(shell.Run({"policy", "diff", path}), 0) << shell.err;
  EXPECT_THAT(shell.out, AllOf(HasSubstr("From shop@7"), HasSubstr("repeated 2 times instead of 1 times")));
}

TEST_F(PolicyCommands, HistoryTellsWhoChangedWhatAndWhy) {
  const std::string older = TextOf(Shipped("starter.yaml"));
  const std::string newer = TextOf(Changed("starter.yaml", "repeat: 1", "repeat: 2"));
  shell.services.answers["PolicyService/List"] = {
      Json{{"policies",
            {{{"id", "starter"}, {"version", 2}, {"active", true}, {"applied_by", "mira"}, {"comment", "once more"}},
             {{"id", "starter"}, {"version", 1}, {"applied_by", "ben"}}}}}};
  shell.services.answers["PolicyService/Get"] = {
      Json{{"policy", {{"id", "starter"}, {"version", 1}}}, {"yaml", older}},
      Json{{"policy", {{"id", "starter"}, {"version", 2}}}, {"yaml", newer}}};
  EXPECT_EQ(shell.Run({"policy", "history", "starter", "--changes"}), 0) << shell.err;
  EXPECT_THAT(shell.out, AllOf(HasSubstr("starter@2  in force"), HasSubstr("by mira: once more"),
                               HasSubstr("repeated 2 times instead of 1 times"), HasSubstr("the first version")));
}

TEST_F(PolicyCommands, ShowOfAFileWritesShortFormsOut) {
  EXPECT_EQ(shell.Run({"policy", "show", "--file", Shipped("starter.yaml")}), 0) << shell.err;
  EXPECT_THAT(shell.out, AllOf(HasSubstr("pause_stops:"), HasSubstr("acknowledgement_lease:"), HasSubstr("days: 1"),
                               HasSubstr("percent: 80"), Not(HasSubstr("mon-fri"))));
  const std::string expanded = File("expanded.yaml", shell.out);
  EXPECT_EQ(shell.Run({"policy", "diff", Shipped("starter.yaml"), expanded}), 0);
  EXPECT_THAT(shell.out, HasSubstr("No case is led in another way"));
}

}  // namespace
}  // namespace escalon::escalonctl
