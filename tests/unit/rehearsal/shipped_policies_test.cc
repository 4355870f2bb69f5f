#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/rehearsal/rehearsal.h"
#include "common/rehearsal/stand_ins.h"

namespace escalon::rehearsal {
namespace {

namespace fs = std::filesystem;

std::string TextOf(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> Policies() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(ESCALON_SHIPPED_POLICIES)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".yaml" && !name.ends_with("-roster")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::shared_ptr<const Roster> RosterOf(const fs::path& path) {
  Result<RosterDocument> document = ParseRoster(TextOf(path));
  if (!document) {
    ADD_FAILURE() << path << ": " << document.error().message;
    return Roster::Empty();
  }
  const auto roster = Roster::Build(std::move(*document));
  EXPECT_TRUE(roster);
  return roster ? *roster : Roster::Empty();
}

void ExpectAllPass(const PolicyDocument& document, const Roster& roster, const std::string& whose) {
  for (const Outcome& outcome : Rehearse(document.policy, roster, document.tests)) {
    for (const Miss& miss : outcome.misses) {
      ADD_FAILURE() << document.policy.id << ".yaml:" << miss.line << " with " << whose << ", \"" << outcome.name
                    << "\": expected " << miss.expected << "; happened: " << miss.happened;
    }
  }
}

class ShippedPolicy : public testing::TestWithParam<std::string> {};

TEST_P(ShippedPolicy, PassesItsOwnTests) {
  const fs::path folder(ESCALON_SHIPPED_POLICIES);
  const Result<PolicyDocument> document = ParsePolicyDocument(TextOf(folder / (GetParam() + ".yaml")), "local", 1);
  ASSERT_TRUE(document) << document.error().message;
  const bool from_a_log = GetParam() == "uci-replay";
  EXPECT_EQ(document->tests.empty(), from_a_log);
  const fs::path own = folder / (GetParam() + "-roster.yaml");
  if (fs::exists(own)) ExpectAllPass(*document, *RosterOf(own), "its roster");
  // Where a test rests on who is on duty only its own roster tells.
  if (GetParam() == "follow-the-sun") return;
  const auto stand_ins = StandIns(document->policy, document->tests);
  ASSERT_TRUE(stand_ins) << stand_ins.error().message;
  ExpectAllPass(*document, **stand_ins, "stand-ins");
}

INSTANTIATE_TEST_SUITE_P(All, ShippedPolicy, testing::ValuesIn(Policies()), [](const auto& param) {
  std::string name = param.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(ShippedPolicies, TheCustomersLadderPassesWithThePeopleOfTheShop) {
  const fs::path folder(ESCALON_SHIPPED_POLICIES);
  const Result<PolicyDocument> document = ParsePolicyDocument(TextOf(folder / "customer-ladder.yaml"), "local", 1);
  ASSERT_TRUE(document);
  ExpectAllPass(*document, *RosterOf(folder / "shop-roster.yaml"), "the shop's roster");
}

}  // namespace
}  // namespace escalon::rehearsal
