// An alert storm on the running keeper (DESIGN §6 "Storms", reliability.md RES-4): the parent is paged, its children
// are not, and they are let go when it is resolved.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/cluster/gate.h"

namespace escalon::test {
namespace {

using ::testing::IsEmpty;

constexpr size_t kLeast = 5;
constexpr char kStorms[] = "storms: {parent: {link_on: same_service, min: 5, within: 10m}}\n";

class Storm : public ::testing::Test {
 protected:
  void SetUp() override {
    ClusterOptions options;
    options.policy = TestPolicy() + kStorms;
    auto started = Cluster::Start(std::move(options));
    ASSERT_TRUE(started.ok()) << started.error().message;
    cluster_ = std::move(*started);
    gate_ = std::make_unique<Gate>(*cluster_);
  }

  /// Opens the next one of the service, and waits until it has an owner.
  std::shared_ptr<const Case> Next() {
    Command command = OpenCommand("storm" + std::to_string(cases_.size()));
    std::get<OpenCase>(command.body).facts.service = "mail";
    const auto opened = gate_->Execute(std::move(command));
    if (!opened.ok()) return nullptr;
    cases_.push_back(opened->case_id);
    return cluster_->log().Wait(opened->case_id, [](const Case& c) { return c.state == CaseState::kAssigned; });
  }

  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Gate> gate_;
  std::vector<CaseId> cases_;
};

TEST_F(Storm, TwentyAlertsOfOneServicePageForTheParentAndNotForItsChildren) {
  const auto first = Next();
  ASSERT_NE(first, nullptr);
  for (size_t i = 2; i <= 20; ++i) {
    const auto c = Next();
    ASSERT_NE(c, nullptr) << i;
    if (i < kLeast) {
      EXPECT_TRUE(c->parent.empty()) << i;
      EXPECT_FALSE(c->intents.empty()) << i;
    } else {
      EXPECT_EQ(c->parent, first->id) << i;
      EXPECT_TRUE(c->intents.empty()) << "somebody is paged for child " << i;
      EXPECT_NE(c->snoozed_until, 0) << i;
      EXPECT_EQ(c->owner.team, "desk") << i;
    }
  }
  const size_t children = cases_.size() - kLeast + 1;
  const auto joined = [children](const Case& c) { return c.links.size() == children; };
  ASSERT_NE(cluster_->log().Wait(first->id, joined), nullptr) << "not every child was taken in";
  // The way out: each of them begins its climb.
  const auto resolved =
      gate_->Execute(CommandOn(first->id, Resolve{}, "resolved", first->owner.person, {"agent", "manager"}));
  ASSERT_TRUE(resolved.ok()) << resolved.error().message;
  for (size_t i = kLeast - 1; i < cases_.size(); ++i) {
    const auto let_go = [](const Case& c) { return c.snoozed_until == 0 && !c.intents.empty(); };
    EXPECT_NE(cluster_->log().Wait(cases_[i], let_go), nullptr) << "child " << i + 1 << " is stuck";
  }
  const auto owes_nothing = [](const Case& c) { return c.cross_case.empty(); };
  EXPECT_NE(cluster_->log().Wait(first->id, owes_nothing), nullptr);
  EXPECT_THAT(cluster_->log().Faults(), IsEmpty());
}

TEST_F(Storm, ANewOwnerKnowsOfTheStormThatTheOldOneSaw) {
  std::shared_ptr<const Case> first = Next();
  ASSERT_NE(first, nullptr);
  for (size_t i = 2; i < kLeast; ++i) ASSERT_NE(Next(), nullptr);
  ASSERT_TRUE(cluster_->Restart("routing-0").ok());
  ASSERT_TRUE(cluster_->WaitReady().ok());
  const auto child = Next();
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(child->parent, first->id);
  EXPECT_TRUE(child->intents.empty());
  EXPECT_THAT(cluster_->log().Faults(), IsEmpty());
}

}  // namespace
}  // namespace escalon::test
