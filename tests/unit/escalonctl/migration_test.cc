#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "common/documents/policy_document.h"
#include "services/escalonctl/offline/event_gateway.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/domain/fixture.h"
#include "tests/unit/escalonctl/shell.h"
#include "tests/unit/escalonctl/shipped.h"

// policy migrate, and policy diff --open: what another version of the rules does to open cases.

namespace escalon::escalonctl {
namespace {

namespace fs = std::filesystem;
using escalon::test::World;
using test::Shell;
using test::Shipped;
using test::TextOf;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

/// A P2 of the starter policy that its desk has not taken yet; the newer version gives the response 45 minutes.
class MigrationCommand : public testing::Test {
 protected:
  MigrationCommand() : older_(TextOf(Shipped("starter.yaml"))), newer_(older_) {
    const std::string place = "P1: 15m, P2: 30m, P3: 4h";
    newer_.replace(newer_.find(place), place.size(), "P1: 15m, P2: 45m, P3: 4h");
    world_.policy = *ParsePolicy(older_, "acme", 1);
    world_.ChangeRoster([](RosterDocument& roster) {
      roster.teams[0].id = "service-desk";
      roster.teams[1].id = "specialists";
      roster.teams[2].id = "managers";
    });
    world_.OpenAt(Priority::kP2);
    shell_.clock.wall = world_.now + kMinuteMs;
    Intake(newer_, older_);
  }
  void Intake(const std::string& next, const std::string& before) {
    const auto version = [](int number, const std::string& yaml) {
      return Json{{"policy", {{"id", "starter"}, {"version", number}}}, {"yaml", yaml}};
    };
    shell_.services.answers["PolicyService/Get"] = {version(2, next), version(1, before)};
    shell_.services.answers["RosterService/Get"] = {Json{{"yaml", TextOf(Shipped("shop-roster.yaml"))}}};
  }
  /// What `escalonctl dump` prints of the world.
  std::string Dump() const {
    std::string out;
    uint64_t version = 0;
    for (const EventBatch& batch : world_.history) {
      const Json line{{"type", "events"},     {"verdict", "counts"},
                      {"tenant", "acme"},     {"case", world_.c().id.ToString()},
                      {"version", ++version}, {"body", BatchJson(batch)}};
      out += line.dump() + "\n";
    }
    return out;
  }
  int Run(std::vector<std::string> words) {
    shell_.input = Dump();
    words.insert(words.end(), {"--dump", "-"});
    return shell_.Run(words);
  }
  std::string File(const std::string& name, const std::string& text) {
    const std::string path = (fs::path(folder_.path()) / name).string();
    std::ofstream(path) << text;
    return path;
  }

  std::string older_, newer_;
  World world_;
  Shell shell_;
  escalon::test::TempDir folder_;
};

TEST_F(MigrationCommand, PreviewsCaseByCaseAndSendsNothing) {
  EXPECT_EQ(Run({"policy", "migrate", "starter@2"}), 0) << shell_.err;
  EXPECT_THAT(shell_.out, AllOf(HasSubstr("1 open cases: 1 would change under starter@2, 0 would break"),
                                HasSubstr("response due 2030-05-06T10:45:00Z instead of due 2030-05-06T10:30:00Z"),
                                HasSubstr("starter@1"), Not(HasSubstr("resolution"))));
  for (const auto& asked : shell_.services.asked) EXPECT_NE(asked.method, "CaseService/Execute");
}

TEST_F(MigrationCommand, SaysWhatWouldBreakAtOnce) {
  shell_.clock.wall = world_.now + 10 * kMinuteMs;
  std::string strict = older_;
  const std::string place = "P1: 15m, P2: 30m, P3: 4h";
  strict.replace(strict.find(place), place.size(), "P1: 15m, P2: 5m, P3: 4h");
  Intake(strict, older_);
  EXPECT_EQ(Run({"policy", "migrate", "starter@2", "--output", "json"}), 0) << shell_.err;
  const Json told = Json::parse(shell_.out);
  EXPECT_EQ(told["breaking"], 1);
  EXPECT_THAT(told["cases"][0]["changes"].get<std::string>(), HasSubstr("response is broken at once"));
}

TEST_F(MigrationCommand, FiltersByTheVersionAndTheTenant) {
  EXPECT_EQ(Run({"policy", "migrate", "starter@2", "--from", "starter@9"}), 0) << shell_.err;
  EXPECT_THAT(shell_.out, HasSubstr("0 open cases"));
  Intake(newer_, older_);
  EXPECT_EQ(Run({"policy", "migrate", "starter@2", "--tenant", "other"}), 0) << shell_.err;
  EXPECT_THAT(shell_.out, HasSubstr("0 open cases"));
}

TEST_F(MigrationCommand, AppliesUnderANameThatARepeatRecognises) {
  shell_.services.answers["CaseService/Execute"] = {Json{{"result", {{"outcome", "OUTCOME_KIND_DONE"}}}}};
  EXPECT_EQ(Run({"policy", "migrate", "starter@2", "--apply"}), 0) << shell_.err;
  const Json sent = shell_.services.last();
  EXPECT_EQ(sent["case_id"], world_.c().id.ToString());
  EXPECT_EQ(sent["command"]["command_id"], "migrate/starter@2/v2");
  EXPECT_EQ(sent["command"]["migrate"]["policy"], "starter@2");
  EXPECT_THAT(shell_.out, HasSubstr("1 cases go on under starter@2, 0 did already, 0 were refused"));
}

TEST_F(MigrationCommand, WaitsForAShardThatIsBeingTakenOver) {
  shell_.services.answers["CaseService/Execute"] = {Error{ErrorCode::kUnavailable, "shard 3 is being taken over"},
                                                    Json{{"result", {{"outcome", "OUTCOME_KIND_DONE"}}}}};
  EXPECT_EQ(Run({"policy", "migrate", "starter@2", "--apply"}), 0) << shell_.err;
  std::vector<Json> sent;
  for (const auto& asked : shell_.services.asked) {
    if (asked.method == "CaseService/Execute") sent.push_back(asked.request);
  }
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0], sent[1]) << "under the same name";
  EXPECT_THAT(shell_.out, HasSubstr("1 cases go on"));
}

TEST_F(MigrationCommand, TellsWhatWasRefusedAndWhy) {
  shell_.services.answers["CaseService/Execute"] = {Error{ErrorCode::kWrongState, "the case stands on level L9"}};
  EXPECT_EQ(Run({"policy", "migrate", "starter@2", "--apply"}), 5);
  EXPECT_THAT(shell_.out, AllOf(HasSubstr("1 were refused"), HasSubstr("stands on level L9")));
}

TEST_F(MigrationCommand, AnUnreadableVersionIsMisuse) {
  EXPECT_EQ(Run({"policy", "migrate", "starter"}), 2);
  EXPECT_THAT(shell_.err, HasSubstr("such as desk@7"));
}

TEST_F(MigrationCommand, DiffTellsTheSameOfTwoFiles) {
  const std::string a = File("a.yaml", older_), b = File("b.yaml", newer_);
  EXPECT_EQ(Run({"policy", "diff", a, b, "--open", "--roster", Shipped("shop-roster.yaml")}), 0) << shell_.err;
  EXPECT_THAT(shell_.out, AllOf(HasSubstr("45 minutes"), HasSubstr("1 open cases: 1 would change"),
                                HasSubstr("instead of due 2030-05-06T10:30:00Z")));
  EXPECT_TRUE(shell_.services.asked.empty());
}

}  // namespace
}  // namespace escalon::escalonctl
