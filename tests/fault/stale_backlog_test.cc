#include <set>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

// Notification was away for a while. When it comes back it does not page people for what is over (DESIGN §5.8).
TEST_F(Fault, after_an_outage_nobody_is_paged_for_what_was_taken_meanwhile) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  ASSERT_TRUE(cluster().node("notification").Kill9().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  std::set<std::string> taken;
  for (int i = 0; i < 50; ++i) {
    const auto opened = gate_->Execute(OpenCommand("stale-" + std::to_string(i)));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    const auto assigned = cluster().log().Wait(
        opened->case_id, [](const Case& c) { return !c.owner.person.empty() || !c.owner.team.empty(); });
    ASSERT_NE(assigned, nullptr);
    const auto acknowledged =
        gate_->Execute(CommandOn(opened->case_id, Acknowledge{}, "ack-" + std::to_string(i), "mia", {"manager"}));
    ASSERT_TRUE(acknowledged.ok()) << acknowledged.error().message;
    taken.insert(opened->case_id.ToString());
  }
  ASSERT_TRUE(cluster().node("notification").Start().ok());
  ASSERT_TRUE(cluster().node("notification").WaitReady(2 * kPatience).ok());
  End();
  for (const Message& message : sink_.All()) {
    if (taken.contains(message.case_id()) && message.body.value("type", "").find("assigned") != std::string::npos)
      ADD_FAILURE() << message.person << " was paged for " << message.case_id() << ", which somebody has taken";
  }
}

}  // namespace
}  // namespace escalon::test
