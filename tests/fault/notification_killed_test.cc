#include <set>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

TEST_F(Fault, kill_9_of_notification_loses_no_page) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  for (int i = 0; i < 2; ++i) ASSERT_NO_FATAL_FAILURE(KillAndRestart("notification"));
  End();
  // A page may come twice when its sender died between sending and noting it, and then with the same id.
  std::map<std::string, std::set<std::string>> ids;
  for (const Message& message : sink_.All()) {
    if (!message.case_id().empty()) ids[message.case_id() + "/" + message.person].insert(message.id);
  }
  for (const auto& [whom, seen] : ids) EXPECT_EQ(seen.size(), 1u) << whom << " was sent two messages for one page";
}

}  // namespace
}  // namespace escalon::test
