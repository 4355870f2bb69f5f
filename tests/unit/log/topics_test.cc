#include "common/log/topics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/log/manifest.h"
#include "common/log/topic_admin.h"

namespace escalon::log {
namespace {

using testing::HasSubstr;

TopicPlan OneBox() {
  TopicPlan plan;
  plan.prefix = "p.";
  plan.shards = 8;
  return plan;
}

ClusterState AsPlanned(const TopicPlan& plan) {
  ClusterState cluster;
  cluster.brokers = plan.brokers;
  const std::vector<TopicSpec> specs = TopicCatalogue(plan).value();
  for (const TopicSpec& spec : specs) cluster.topics[spec.name] = {spec.partitions, spec.replication, spec.settings};
  return cluster;
}

std::vector<TopicFinding> Findings(const TopicPlan& plan, const ClusterState& cluster) {
  return CompareTopics(plan, TopicCatalogue(plan).value(), cluster);
}

TEST(TopicCatalogue, NamesEveryTopicOfTheDesign) {
  const std::vector<TopicSpec> specs = TopicCatalogue(OneBox()).value();
  std::vector<std::string> names;
  for (const TopicSpec& spec : specs) names.push_back(spec.name);
  EXPECT_THAT(
      names, testing::UnorderedElementsAre("p.escalon.case.v1", "p.escalon.delivery.v1", "p.escalon.policy.v1",
                                           "p.escalon.roster.v1", "p.escalon.subject-key.v1", "p.escalon.submission.v1",
                                           "p.escalon.dlq.v1", "p.escalon.root.v1", "p.escalon.cluster.v1"));
  EXPECT_EQ(specs[0].settings.at("flush.messages"), "1");
  EXPECT_EQ(specs[0].partitions, 8);
  EXPECT_EQ(TopicNames("p.", 2).cases, "p.escalon.case.v1.g2");
  EXPECT_EQ(TopicNames("p.").Group("triage"), "p.escalon.triage");
}

TEST(TopicCatalogue, RefusesAPlanThatCannotWork) {
  const auto refused = [](auto change, const char* field) {
    TopicPlan plan = OneBox();
    change(plan);
    const Result<std::vector<TopicSpec>> specs = TopicCatalogue(plan);
    ASSERT_FALSE(specs.ok()) << field;
    EXPECT_EQ(specs.error().fields[0].field, field);
  };
  refused([](auto& p) { p.shards = 12; }, "shards");
  refused([](auto& p) { p.shards = 0; }, "shards");
  refused([](auto& p) { p.shards = 8192; }, "shards");
  refused([](auto& p) { p.generation = 0; }, "generation");
  refused([](auto& p) { p.case_retention = 3 * kDayMs - 1; }, "case_retention");
}

TEST(TopicCheck, topic_settings_are_checked_at_start) {
  const std::string cases = "p.escalon.case.v1";
  const auto finds = [&](const char* setting, auto change, bool fatal = true) {
    ClusterState cluster = AsPlanned(OneBox());
    change(cluster, cluster.topics.at(cases));
    const std::vector<TopicFinding> findings = Findings(OneBox(), cluster);
    ASSERT_EQ(findings.size(), 1u) << setting;
    EXPECT_EQ(findings[0].topic, cases);
    EXPECT_EQ(findings[0].setting, setting);
    EXPECT_EQ(findings[0].fatal, fatal);
    EXPECT_THAT(findings[0].ToString(), HasSubstr(setting));
  };
  EXPECT_TRUE(Findings(OneBox(), AsPlanned(OneBox())).empty());
  finds("cleanup.policy", [](auto&, auto& t) { t.settings["cleanup.policy"] = "compact"; });
  finds("cleanup.policy", [](auto&, auto& t) { t.settings["cleanup.policy"] = "compact,delete"; });
  finds("retention.bytes", [](auto&, auto& t) { t.settings["retention.bytes"] = "1073741824"; });
  finds("retention.ms", [](auto&, auto& t) { t.settings["retention.ms"] = std::to_string(3 * kDayMs - 1); });
  finds("message.timestamp.type", [](auto&, auto& t) { t.settings["message.timestamp.type"] = "CreateTime"; });
  finds("max.message.bytes", [](auto&, auto& t) { t.settings["max.message.bytes"] = "1048588"; });
  finds("partitions", [](auto&, auto& t) { t.partitions = 16; });
  finds(
      "flush.messages", [](auto&, auto& t) { t.settings["flush.messages"] = "9223372036854775807"; }, false);
  finds("topic", [&](auto& c, auto&) { c.topics.erase(cases); });
}

TEST(TopicCheck, DemandsReplicationFromTheSecondBrokerOn) {
  TopicPlan plan = OneBox();
  plan.brokers = 3;
  EXPECT_TRUE(Findings(plan, AsPlanned(plan)).empty());
  ClusterState cluster = AsPlanned(plan);
  TopicState& cases = cluster.topics.at("p.escalon.case.v1");
  cases.replication = 1;
  cases.settings["min.insync.replicas"] = "1";
  cases.settings["unclean.leader.election.enable"] = "true";
  std::vector<std::string> settings;
  for (const TopicFinding& f : Findings(plan, cluster)) settings.push_back(f.setting);
  EXPECT_THAT(settings, testing::UnorderedElementsAre("replication.factor", "min.insync.replicas",
                                                      "unclean.leader.election.enable"));
}

Manifest Ours() { return {3, 8, 1, "p.escalon.case.v1", 1, false}; }

TEST(ClusterManifest, ComesBackFromItsText) {
  EXPECT_EQ(DecodeManifest(EncodeManifest(Ours())).value(), Ours());
  for (const char* bad : {"", "[]", "{}", "{\"cell\":1}", "{\"cell\":\"1\"}", "\xff"})
    EXPECT_FALSE(DecodeManifest(bad).ok()) << bad;
  std::string text = EncodeManifest(Ours());
  text.replace(text.find("\"cell\":3"), 8, "\"cell\":999");
  EXPECT_EQ(DecodeManifest(text).error().fields[0].field, "manifest.cell");
}

TEST(ClusterManifest, manifest_mismatch_refuses_to_start) {
  const auto refused = [](auto change, const char* field) {
    Manifest mine = Ours();
    change(mine);
    const Status s = CompareManifest(Ours(), mine);
    ASSERT_FALSE(s.ok()) << field;
    EXPECT_EQ(s.error().code, ErrorCode::kWrongState);
    ASSERT_EQ(s.error().fields.size(), 1u);
    EXPECT_EQ(s.error().fields[0].field, field);
    EXPECT_THAT(s.error().message, HasSubstr(field));
  };
  EXPECT_TRUE(CompareManifest(Ours(), Ours()).ok());
  refused([](auto& m) { m.cell = 4; }, "cell");
  refused([](auto& m) { m.shards = 64; }, "shards");
  refused([](auto& m) { m.generation = 2; }, "generation");
  refused([](auto& m) { m.case_topic = "escalon.case.v1"; }, "case_topic");
  refused([](auto& m) { m.dev = true; }, "dev");
  refused([](auto& m) { m.feature_level = 0; }, "feature_level");
  Manifest newer = Ours();
  newer.feature_level = 2;
  EXPECT_TRUE(CompareManifest(Ours(), newer).ok()) << "a newer binary may run in an older cluster";
}

}  // namespace
}  // namespace escalon::log
