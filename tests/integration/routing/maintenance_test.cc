// A maintenance window of the live roster on the running keeper (DESIGN §6 "Holding off").
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster/gate.h"

namespace escalon::test {
namespace {

using ::testing::IsEmpty;

/// More than a machine with other work needs; how late in milliseconds is measured by scripts/bench.
constexpr DurationMs kLate = 5 * kSecondMs;

TEST(Maintenance, ACaseInAWindowRestsAndIsToldAtItsEnd) {
  auto started = Cluster::Start();
  ASSERT_TRUE(started.ok()) << started.error().message;
  Cluster& cluster = **started;
  Gate gate(cluster);
  const InstantMs now = gate.clock().WallMs();
  const InstantMs until = now + 8 * kSecondMs;
  ASSERT_TRUE(
      cluster
          .PublishRoster(TestRoster() + "maintenance:\n  - {id: move, when: {field: service, is: mail}, from: \"" +
                         FormatInstant(now - kHourMs) + "\", until: \"" + FormatInstant(until) + "\", do: hold}\n")
          .ok());
  // The roster is adopted by itself: ask until a case rests.
  std::shared_ptr<const Case> c;
  for (int i = 0; i < 200 && (c == nullptr || c->snoozed_until == 0) && gate.clock().WallMs() < until; ++i) {
    Command command = OpenCommand("mail" + std::to_string(i));
    std::get<OpenCase>(command.body).facts.service = "mail";
    const auto opened = gate.Execute(std::move(command));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    c = cluster.log().Wait(opened->case_id, [](const Case& one) { return one.state == CaseState::kAssigned; });
    ASSERT_NE(c, nullptr);
  }
  ASSERT_EQ(c->snoozed_until, until) << "the roster was not adopted in time";
  EXPECT_TRUE(c->intents.empty());
  EXPECT_EQ(c->owner.team, "desk");
  const auto told = cluster.log().Wait(c->id, [](const Case& one) { return !one.intents.empty(); });
  ASSERT_NE(told, nullptr) << "nobody is told at the end";
  EXPECT_GE(told->functional.reached_at, until);
  EXPECT_LE(told->functional.reached_at, until + kLate);
  EXPECT_THAT(cluster.log().Faults(), IsEmpty());
}

}  // namespace
}  // namespace escalon::test
