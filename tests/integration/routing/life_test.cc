// routing, triage and sla-timer as real processes on real Kafka and Redis: a case is judged, assigned, climbs on time,
// and is told the truth about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/snapshot_codec.h"
#include "tests/support/cluster/gate.h"

namespace escalon::test {
namespace {

using ::testing::IsEmpty;

/// More than a machine with other work needs; how late in milliseconds is measured by scripts/bench.
constexpr DurationMs kLate = 5 * kSecondMs;

bool Assigned(const Case& c) { return c.state == CaseState::kAssigned; }

TEST(Life, ACaseIsTriagedAndAssignedAtOnce) {
  auto started = Cluster::Start();
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  ASSERT_TRUE(gate.Execute(OpenCommand("warm")).ok());
  std::vector<CaseId> ids;
  for (int i = 0; i < 20; ++i) {
    const auto opened = gate.Execute(OpenCommand("k" + std::to_string(i)));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    EXPECT_EQ(opened->version, 1u);
    ids.push_back(opened->case_id);
  }
  for (const CaseId& id : ids) {
    const auto c = cluster.log().Wait(id, Assigned);
    ASSERT_NE(c, nullptr) << id.ToString();
    EXPECT_LE(c->owner.since - c->opened_at, kLate);
    EXPECT_FALSE(c->triaged_by_fallback) << "triage was silent";
    EXPECT_EQ(c->priority, Priority::kP3);
    EXPECT_EQ(c->owner.person, "ann");
    EXPECT_FALSE(c->intents.empty()) << "nobody is told";
    // What the owner answers with is what the log says.
    const auto read = gate.Read(id, c->version);
    ASSERT_TRUE(read.ok());
    EXPECT_GE(read->version, c->version);
    if (read->version == c->version) {
      EXPECT_EQ(wire::EncodeCase(*read), wire::EncodeCase(*c));
    }
  }
  EXPECT_THAT(cluster.log().Faults(), IsEmpty());
  // Counted when the answer arrives, which the log may show before.
  EXPECT_TRUE(cluster.node("triage").AwaitMetric("escalon_triage_advice_total", 21, "accepted").ok());
  EXPECT_EQ(cluster.node("triage").Metric("escalon_triage_advice_total", "accepted").value(), 21);
}

TEST(Life, AStepThatNobodyAnswersIsLeftOnTime) {
  ClusterOptions options;
  options.policy = TestPolicy({.step = "700ms"});
  auto started = Cluster::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  const auto left = gate.Execute(OpenCommand("left"));
  const auto taken = gate.Execute(OpenCommand("taken"));
  ASSERT_TRUE(left.ok() && taken.ok());
  ASSERT_NE(cluster.log().Wait(taken->case_id, Assigned), nullptr);
  const auto ack = gate.Execute(CommandOn(taken->case_id, Acknowledge{}, "ack"));
  ASSERT_TRUE(ack.ok()) << ack.error().message;
  InstantMs reached = 0;
  cluster.log().Wait(left->case_id, [&](const Case& c) {
    if (c.functional.level == "L1") reached = c.functional.reached_at;
    return Assigned(c);
  });
  ASSERT_GT(reached, 0);
  for (const char* level : {"L2", "L1", "L2"}) {  // two passes
    const auto c = cluster.log().Wait(left->case_id, [&](const Case& now) {
      return now.functional.level == level && now.functional.reached_at > reached;
    });
    ASSERT_NE(c, nullptr) << level;
    EXPECT_GE(c->functional.reached_at, reached + 700) << "early";
    EXPECT_LE(c->functional.reached_at, reached + 700 + kLate) << "late";
    reached = c->functional.reached_at;
  }
  // Nobody left: the catch-all, loudly.
  const auto last = cluster.log().Wait(left->case_id, [](const Case& c) { return c.functional.step == -1; });
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->owner.team, "managers");
  const auto held = cluster.log().Get(taken->case_id);
  EXPECT_EQ(held->escalations, 0u) << "an acknowledged case climbed";
  EXPECT_EQ(held->acknowledged_by, "ann");
  EXPECT_THAT(cluster.log().Faults(), IsEmpty());
  EXPECT_EQ(cluster.node("routing-0").Metric("escalon_keeper_rescued_total").value(), 0) << "sla-timer missed one";
}

TEST(Life, WithoutTriageTheRulesDefaultActs) {
  ClusterOptions options;
  options.services = {"sla-timer"};
  options.policy = TestPolicy({.triage = "300ms"});
  auto started = Cluster::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  const auto opened = gate.Execute(OpenCommand("k"));
  ASSERT_TRUE(opened.ok());
  const auto c = cluster.log().Wait(opened->case_id, Assigned);
  ASSERT_NE(c, nullptr);
  EXPECT_TRUE(c->triaged_by_fallback);
}

TEST(Life, WithoutSlaTimerTheOwnerItselfMovesTheCase) {
  ClusterOptions options;
  options.services = {"triage"};
  options.policy = TestPolicy({.step = "300ms"});
  auto started = Cluster::Start(std::move(options));
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  const auto opened = gate.Execute(OpenCommand("k"));
  ASSERT_TRUE(opened.ok());
  const auto c = cluster.log().Wait(opened->case_id, [](const Case& now) { return now.functional.level == "L2"; });
  ASSERT_NE(c, nullptr) << "nobody acted";
  EXPECT_GT(cluster.node("routing-0").Metric("escalon_keeper_rescued_total").value(), 0);
}

TEST(Life, ANewRuleIsAdoptedWithoutRestartAndOpenCasesKeepTheirs) {
  auto started = Cluster::Start();
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  const auto before = gate.Execute(OpenCommand("before"));
  ASSERT_TRUE(before.ok());
  ASSERT_TRUE(cluster.PublishPolicy(TestPolicy({.step = "20m"})).ok());
  // The next case is opened under whichever its owner knows: ask until it is the new one.
  std::shared_ptr<const Case> c;
  for (int i = 0; i < 100 && (c == nullptr || c->policy != "test@2"); ++i) {
    const auto opened = gate.Execute(OpenCommand("after" + std::to_string(i)));
    ASSERT_TRUE(opened.ok());
    c = cluster.log().Wait(opened->case_id, [](const Case&) { return true; });
    ASSERT_NE(c, nullptr);
  }
  EXPECT_EQ(c->policy, "test@2");
  EXPECT_EQ(cluster.log().Get(before->case_id)->policy, "test@1");
  const auto second = cluster.log().Wait(c->id, Assigned);
  ASSERT_NE(second, nullptr);
}

}  // namespace
}  // namespace escalon::test
