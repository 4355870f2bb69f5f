// An open case moved to another policy version on the running keeper (DESIGN §7.16).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster/gate.h"

namespace escalon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Migration : public testing::Test {
 protected:
  void SetUp() override {
    auto started = Cluster::Start();
    ASSERT_TRUE(started.ok()) << started.error().message;
    cluster_ = std::move(*started);
    gate_ = std::make_unique<Gate>(*cluster_);
  }

  Result<ports::Answered> Move(const CaseId& id, const std::string& command_id) {
    return gate_->Execute(CommandOn(id, Migrate{"test@2"}, command_id, "opal", {"operator"}));
  }

  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Gate> gate_;
};

TEST_F(Migration, IsRefusedBeforeTheVersionIsKnownAndThenDoneOnceForAll) {
  const auto opened = gate_->Execute(OpenCommand("printer"));
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const CaseId id = opened->case_id;
  const auto before = cluster_->log().Wait(id, [](const Case& one) { return one.state == CaseState::kAssigned; });
  ASSERT_NE(before, nullptr);
  ASSERT_EQ(before->policy, "test@1");
  const auto unknown = Move(id, "too-early");
  ASSERT_FALSE(unknown.ok());
  ASSERT_FALSE(unknown.error().fields.empty());
  EXPECT_THAT(unknown.error().fields[0].message, HasSubstr("no version 'test@2' is known"));

  ASSERT_TRUE(cluster_->PublishPolicy(TestPolicy({.resolve = "2h"})).ok());
  Result<ports::Answered> moved = Error{};
  for (int i = 0; i < 200 && !moved.ok(); ++i) moved = Move(id, "move");  // as soon as the owner has adopted it
  ASSERT_TRUE(moved.ok()) << moved.error().message;
  const auto after = cluster_->log().Wait(id, [](const Case& one) { return one.policy == "test@2"; });
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(after->clock("resolution")->due_at, before->clock("resolution")->started_at + 2 * kHourMs);
  const auto again = Move(id, "move");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->version, moved->version) << "a repeat had an effect of its own";

  // Whoever takes the shard over reads of the new pin.
  ASSERT_TRUE(cluster_->Restart("routing-0").ok());
  ASSERT_TRUE(cluster_->WaitReady().ok());
  const auto read = gate_->Read(id, moved->version);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->policy, "test@2");
  EXPECT_THAT(cluster_->log().Faults(), IsEmpty());
}

}  // namespace
}  // namespace escalon::test
